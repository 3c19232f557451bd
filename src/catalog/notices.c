#include "catalog/notices.h"

static const struct {
	const char *field;
	enum notice_mark_kind kind;
} kinds[] = { { "From", NOTICE_FROM }, { "Subject", NOTICE_SUBJECT }, { "Words", NOTICE_WORDS },
	{ "Opening", NOTICE_OPENING }, { "Copy", NOTICE_COPY }, { "Delayed", NOTICE_DELAYED },
	{ "Success", NOTICE_SUCCESS }, { "Reply", NOTICE_REPLY } };

static void
blame(struct notices *n, const char *file, unsigned line, const char *what, struct span detail)
{
	catalog_fault_note(n->faults, (struct catalog_fault){ file, line, what, detail });
}

static uint8_t
kind_of(struct span field)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_equal(field, span_of(kinds[i].field)))
			return (uint8_t)kinds[i].kind;
	return 0;
}

/* As it is searched: ASCII letters in lower case. */
static bool
is_lower(struct span words)
{
	for (size_t i = 0; i < words.len; i++)
		if (ascii_is_upper(words.at[i]))
			return false;
	return true;
}

static void
add_mark(struct notices *n, const char *file, const struct stanza_field *f)
{
	const uint8_t kind = kind_of(f->name);

	if (kind == 0) {
		blame(n, file, f->line, "a notice has no such field", f->name);
	} else if (f->value.len < NOTICE_MARK_MIN || f->value.len > UINT16_MAX) {
		blame(n, file, f->line, "a notice is known by three bytes at least", f->value);
	} else if (!is_lower(f->value)) {
		blame(n, file, f->line, "words of a notice are written in lower case", f->value);
	} else if (n->n_marks + 1 >= NOTICE_MARKS_MAX) {
		blame(n, file, f->line, "too many words of notices", f->value);
	} else {
		n->marks[++n->n_marks] = (struct notice_mark){ .words = f->value.at,
			.len = (uint16_t)f->value.len,
			.kind = kind,
			.format = (uint8_t)(n->n_formats - 1) };
	}
}

static bool
begin_format(struct notices *n, const char *file, unsigned line, struct span name)
{
	if (n->marks == NULL) {
		n->marks = arena_take_items(n->arena, NOTICE_MARKS_MAX, sizeof(*n->marks));
		n->formats = arena_take_items(n->arena, NOTICE_FORMATS_MAX, sizeof(*n->formats));
	}
	for (uint16_t i = 0; i < n->n_formats; i++)
		if (span_equal(n->formats[i], name)) {
			blame(n, file, line, "a notice of this name stands already", name);
			return false;
		}
	if (n->n_formats == NOTICE_FORMATS_MAX) {
		blame(n, file, line, "too many notices", name);
		return false;
	}
	n->formats[n->n_formats++] = name;
	return true;
}

void
notices_add(struct notices *n, const char *file, struct stanza st, struct span name)
{
	struct stanza_field f;

	if (!begin_format(n, file, st.line, name))
		return;
	stanza_take_field(&st, &f); /* its name */
	while (stanza_take_field(&st, &f))
		add_mark(n, file, &f);
	if (st.text.len > 0)
		blame(n, file, st.line, "neither a field nor its continuation", (struct span){ "", 0 });
}

const struct notice_index *
notices_file(struct notices *n)
{
	struct notice_index *ix = arena_take_items(n->arena, 1, sizeof(*ix));

	ix->marks = n->marks;
	ix->formats = n->formats;
	ix->n_marks = n->n_marks;
	ix->n_formats = n->n_formats;
	for (uint16_t i = 1; i <= n->n_marks; i++) {
		uint16_t *head = &ix->heads[notice_slot(n->marks[i].words)];

		n->marks[i].next = *head;
		*head = i;
	}
	return ix;
}
