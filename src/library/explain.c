#include <todoku/todoku.h>

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "catalog/builtin.h"
#include "intake/explain.h"
#include "intake/input.h"
#include "render/fill.h"
#include "render/verdict_json.h"

struct todoku_explainer {
	struct memory account;
	bool dead;
};

/* One call, with its work in hand. */
struct call {
	struct todoku_explainer *explainer;
	todoku_read_fn *read;
	void *read_context;
	const char *name;
	todoku_verdict_fn *tell;
	void *context;
	struct arena arena;
	bool stopped, unreadable;
};

/* Texts are filled when they are asked for, from an account of their own: memory that runs out within the caller's
   callback must not end in front of it. */
struct todoku_verdict {
	enum todoku_outcome outcome;
	const struct verdict *verdict; /* NULL: no failure */
	const struct work *work;
	struct memory account;
	bool failed;
};

todoku_explainer *
todoku_explainer_create(size_t memory_max)
{
	struct todoku_explainer *e = calloc(1, sizeof(*e));

	if (e != NULL)
		e->account.most = memory_max;
	return e;
}

void
todoku_explainer_free(todoku_explainer *e)
{
	if (e == NULL)
		return;
	memory_release(&e->account);
	free(e);
}

static void
hand_over(struct call *c, struct todoku_verdict *v)
{
	if (c->stopped)
		return;
	v->account.most = c->explainer->account.most;
	c->stopped = !c->tell(c->context, v);
	memory_release(&v->account);
	if (v->failed)
		memory_fail(0);
}

static void
tell(void *context, struct batch *batch, const struct work *work, const struct verdict *verdict)
{
	struct todoku_verdict v = {
		.outcome = verdict->cause ? TODOKU_EXPLAINED : TODOKU_UNDETERMINED, .verdict = verdict, .work = work
	};

	(void)batch;
	hand_over(context, &v);
}

static void
tell_nothing(void *context, struct batch *batch, const struct work *work, enum outcome outcome)
{
	static const enum todoku_outcome outcomes[OUTCOME_COUNT] = { [OUTCOME_EMPTY] = TODOKU_EMPTY,
		[OUTCOME_NOT_A_BOUNCE] = TODOKU_NOT_A_BOUNCE,
		[OUTCOME_AUTOMATIC_REPLY] = TODOKU_AUTOMATIC_REPLY,
		[OUTCOME_NO_FAILED_RECIPIENT] = TODOKU_NO_FAILED_RECIPIENT,
		[OUTCOME_DELIVERED] = TODOKU_DELIVERED,
		[OUTCOME_NOT_AN_EVENT] = TODOKU_NOT_AN_EVENT,
		[OUTCOME_NOT_A_REPLY] = TODOKU_NOT_A_REPLY,
		[OUTCOME_BINARY] = TODOKU_NO_TEXT,
		[OUTCOME_PDF] = TODOKU_NO_TEXT,
		[OUTCOME_OUTLOOK_MSG] = TODOKU_NO_TEXT };
	struct todoku_verdict v = { .outcome = outcomes[outcome], .work = work };

	(void)batch;
	hand_over(context, &v);
}

static void
run(void *context, unsigned thread, void *batch)
{
	struct call *c = context;
	const struct explainer e = { &catalog_builtin, false, c, tell, tell_nothing };

	(void)thread;
	explain_batch(&e, &c->arena, batch);
}

static bool
finish(void *context, void *batch)
{
	const struct call *c = context;

	(void)batch;
	return !c->stopped;
}

static void
release(void *batch)
{
	batch_free(batch);
}

static void
note_unreadable(void *context, const char *name, const char *what)
{
	struct call *c = context;

	(void)name;
	(void)what;
	c->unreadable = true;
}

static void
advance(void *context, uint64_t files, uint64_t bytes)
{
	(void)context;
	(void)files;
	(void)bytes;
}

static ssize_t
read_from_caller(void *context, char *to, size_t size)
{
	const struct call *c = context;
	const ptrdiff_t n = c->read(c->read_context, to, size);

	if (n >= 0 && (size_t)n <= size)
		return n;
	errno = EIO;
	return -1;
}

static void
explain(void *context)
{
	struct call *c = context;
	struct pool pool = { .run = run, .finish = finish, .release = release, .context = c };
	struct input in = { .pool = &pool, .context = c, .tell = note_unreadable, .advance = advance };

	pool_init(&pool);
	input_read_from(&in, read_from_caller, c, c->name);
	input_end(&in);
	pool_deinit(&pool);
	arena_deinit(&c->arena);
}

todoku_status
todoku_explain_stream(todoku_explainer *explainer, todoku_read_fn *read, void *read_context, const char *name,
    todoku_verdict_fn *tell_caller, void *context)
{
	struct call c = { explainer, read, read_context, name ? name : "", tell_caller, context, { 0 }, false, false };

	if (explainer->dead || !memory_try(&explainer->account, explain, &c)) {
		explainer->dead = true;
		return TODOKU_NO_MEMORY;
	}
	return c.stopped ? TODOKU_STOPPED : c.unreadable ? TODOKU_UNREADABLE : TODOKU_OK;
}

static ptrdiff_t
read_span(void *context, char *to, size_t size)
{
	struct span *rest = context;
	const size_t n = rest->len < size ? rest->len : size;

	if (n > 0)
		memcpy(to, rest->at, n);
	*rest = span_skip(*rest, n);
	return (ptrdiff_t)n;
}

todoku_status
todoku_explain(todoku_explainer *explainer, const void *bytes, size_t len, const char *name,
    todoku_verdict_fn *tell_caller, void *context)
{
	struct span rest = { bytes, len };

	return todoku_explain_stream(explainer, read_span, &rest, name, tell_caller, context);
}

static todoku_span
given(struct span s)
{
	return (todoku_span){ s.len ? s.at : "", s.len };
}

static todoku_span
member(const todoku_verdict *v, size_t offset)
{
	return v->verdict ? given(*(const struct span *)((const char *)v->verdict->failure + offset))
			  : todoku_span_of("");
}

todoku_outcome
todoku_verdict_outcome(const todoku_verdict *v)
{
	return v->outcome;
}

todoku_span
todoku_verdict_recipient(const todoku_verdict *v)
{
	return member(v, offsetof(struct failure, recipient));
}

todoku_span
todoku_verdict_sender(const todoku_verdict *v)
{
	return member(v, offsetof(struct failure, sender));
}

todoku_span
todoku_verdict_reply(const todoku_verdict *v)
{
	return member(v, offsetof(struct failure, reply));
}

todoku_span
todoku_verdict_receiver(const todoku_verdict *v)
{
	return v->verdict && v->verdict->receiver ? given(v->verdict->receiver->name) : todoku_span_of("");
}

unsigned
todoku_verdict_code(const todoku_verdict *v)
{
	return v->verdict ? v->verdict->code : 0;
}

bool
todoku_verdict_status(const todoku_verdict *v, unsigned status[3])
{
	if (v->verdict == NULL || v->verdict->status.class == 0)
		return false;
	status[0] = v->verdict->status.class;
	status[1] = v->verdict->status.subject;
	status[2] = v->verdict->status.detail;
	return true;
}

todoku_span
todoku_verdict_cause(const todoku_verdict *v)
{
	return v->verdict && v->verdict->cause ? given(v->verdict->cause->name) : todoku_span_of("");
}

todoku_span
todoku_verdict_rule(const todoku_verdict *v)
{
	return v->verdict && v->verdict->rule ? given(v->verdict->rule->name) : todoku_span_of("");
}

todoku_permanence
todoku_verdict_permanence(const todoku_verdict *v)
{
	const enum permanence p = v->verdict ? v->verdict->permanence : PERMANENCE_UNKNOWN;

	return p == PERMANENCE_PERMANENT ? TODOKU_PERMANENT
	    : p == PERMANENCE_TEMPORARY  ? TODOKU_TEMPORARY
					 : TODOKU_PERMANENCE_UNKNOWN;
}

todoku_confidence
todoku_verdict_confidence(const todoku_verdict *v)
{
	static const todoku_confidence as[] = { [CONFIDENCE_UNDETERMINED] = TODOKU_CONFIDENCE_NONE,
		[CONFIDENCE_UNKNOWABLE] = TODOKU_UNKNOWABLE,
		[CONFIDENCE_LIKELY] = TODOKU_LIKELY,
		[CONFIDENCE_CERTAIN] = TODOKU_CERTAIN };

	return v->verdict ? as[v->verdict->confidence] : TODOKU_CONFIDENCE_NONE;
}

uint32_t
todoku_verdict_retry_after(const todoku_verdict *v)
{
	return v->verdict ? v->verdict->retry.after : 0;
}

todoku_suppress
todoku_verdict_suppress(const todoku_verdict *v, uint32_t *count)
{
	const struct suppress s = v->verdict ? v->verdict->suppress : (struct suppress){ 0 };

	if (count != NULL)
		*count = s.when == SUPPRESS_AFTER ? s.count : 0;
	return s.when == SUPPRESS_AT_ONCE ? TODOKU_SUPPRESS_NOW
	    : s.when == SUPPRESS_AFTER    ? TODOKU_SUPPRESS_AFTER
					  : TODOKU_KEEP;
}

todoku_span
todoku_verdict_fact(const todoku_verdict *v, const char *name)
{
	return v->verdict ? given(verdict_fact(v->verdict, name)) : todoku_span_of("");
}

struct writing {
	const todoku_verdict *v;
	void (*fill)(struct out *out, const struct verdict *v, enum lang lang, enum fill_as as); /* NULL: JSON */
	enum lang lang;
	struct out out;
};

static void
write_text(void *context)
{
	struct writing *w = context;
	const struct json_source source = json_source_of(w->v->work, w->v->verdict);

	if (w->fill != NULL)
		w->fill(&w->out, w->v->verdict, w->lang, FILL_PLAIN);
	else
		json_write_verdict(&w->out, w->v->verdict, &source, NULL);
}

static todoku_span
written(const todoku_verdict *v, struct writing w)
{
	struct todoku_verdict *own = (struct todoku_verdict *)v;

	w.v = v;
	if (v->verdict == NULL || v->failed)
		return todoku_span_of("");
	if (memory_try(&own->account, write_text, &w))
		return given(out_view(&w.out));
	own->failed = true;
	return todoku_span_of("");
}

static enum lang
lang_of(todoku_language language)
{
	return language == TODOKU_JAPANESE ? LANG_JA : LANG_EN;
}

todoku_span
todoku_verdict_title(const todoku_verdict *v, todoku_language language)
{
	return written(v, (struct writing){ .fill = fill_title, .lang = lang_of(language) });
}

todoku_span
todoku_verdict_why(const todoku_verdict *v, todoku_language language)
{
	return written(v, (struct writing){ .fill = fill_why, .lang = lang_of(language) });
}

todoku_span
todoku_verdict_remedy(const todoku_verdict *v, todoku_language language)
{
	return written(v, (struct writing){ .fill = fill_remedy, .lang = lang_of(language) });
}

todoku_span
todoku_verdict_json(const todoku_verdict *v)
{
	return written(v, (struct writing){ .fill = NULL });
}
