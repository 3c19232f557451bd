#include "intake/log_leftovers.h"

#include "base/memory.h"

struct leftover {
	struct work work; /* its spans are set when it is handed on */
	size_t line_len, milter_len; /* in bytes, one behind the other */
};

void
log_leftovers_keep(struct log_leftovers *l, const struct work *w)
{
	const size_t size = w->bytes.len + w->log.milter.len;

	if (l->n == LEFTOVERS_MAX || l->bytes.len + size > LEFTOVERS_SIZE_MAX)
		return;
	if (l->lines == NULL)
		l->lines = memory_take(LEFTOVERS_MAX * sizeof(*l->lines));
	l->lines[l->n++] = (struct leftover){ *w, w->bytes.len, w->log.milter.len };
	out_span(&l->bytes, w->bytes);
	out_span(&l->bytes, w->log.milter);
}

void
log_leftovers_hand_on(const struct log_leftovers *l, void (*hand_on)(void *context, struct work w), void *context)
{
	struct span rest = out_view(&l->bytes);

	for (size_t i = 0; i < l->n; i++) {
		struct work w = l->lines[i].work;

		w.bytes = span_first(rest, l->lines[i].line_len);
		rest = span_skip(rest, l->lines[i].line_len);
		w.log.milter = span_first(rest, l->lines[i].milter_len);
		rest = span_skip(rest, l->lines[i].milter_len);
		hand_on(context, w);
	}
}

void
log_leftovers_deinit(struct log_leftovers *l)
{
	memory_free(l->lines);
	out_deinit(&l->bytes);
}
