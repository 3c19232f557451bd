/*
 * `todoku why` in a browser's worker: the same rooms, compiled to WebAssembly.
 * The page hands out the input in pieces and takes the answer in pieces.
 *
 *	why(FORM_JSON, LANG_JA, 0) → read(…), read(…), write("{…}\n"), …
 */
#include <locale.h>
#include <stdlib.h>

#include "catalog/load.h"
#include "intake/explain.h"
#include "intake/input.h"
#include "render/html_codes.h"
#include "render/html_report.h"
#include "render/verdict_json.h"

#define IMPORT(name) __attribute__((import_module("page"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

/* How many bytes were put at `to`; 0: the end. */
IMPORT("read") int page_read(char *to, int size);
IMPORT("write") void page_write(const char *at, int size);

/* The files of catalog/, without what a browser does not need (slim.py). */
extern const struct catalog_source rules[];
extern const size_t rules_n;

enum form { FORM_HTML, FORM_JSON, FORM_SUMMARY };

struct why {
	enum form form;
	struct explainer explainer;
	struct pool pool;
	struct arena scratch;
	struct summary summary;
	struct report_page page;
	unsigned nothing[OUTCOME_COUNT];
	bool unreadable;
};

static const struct catalog *catalog;

/* Loads the catalogue; before anything else. 0: done. */
EXPORT("begin")
int
begin(void)
{
	static struct arena arena;
	struct catalog_faults faults = { .n = 0 };

	setlocale(LC_ALL, "C.UTF-8"); /* iconv writes UTF-8 in no other */

	catalog = catalog_load(&arena, rules, rules_n, &faults);
	return catalog == NULL;
}

static ssize_t
read_piece(void *from, char *to, size_t size)
{
	(void)from;
	return page_read(to, (int)(size < 1 << 20 ? size : 1 << 20));
}

static void
write_out(struct out *out)
{
	const struct span s = out_view(out);

	page_write(s.at, (int)s.len);
	out_clear(out);
}

static void
tell(void *context, struct batch *batch, const struct work *w, const struct verdict *v)
{
	struct why *why = context;
	const struct json_source source = json_source_of(w, v);

	if (why->form == FORM_JSON) {
		json_write_verdict(&batch->out, v, &source, NULL);
		return;
	}
	summary_add(&why->summary, v);
	if (why->form == FORM_HTML)
		report_page_add(&why->page, v, &source);
}

static void
tell_nothing(void *context, struct batch *batch, const struct work *w, enum outcome outcome)
{
	struct why *why = context;

	(void)batch;
	(void)w;
	why->nothing[outcome]++;
}

static void
tell_unreadable(void *context, const char *name, const char *what)
{
	(void)name;
	(void)what;
	((struct why *)context)->unreadable = true;
}

static void
advance(void *context, uint64_t files, uint64_t bytes)
{
	(void)context;
	(void)files;
	(void)bytes;
}

static void
run(void *context, unsigned thread, void *batch)
{
	struct why *why = context;

	(void)thread;
	explain_batch(&why->explainer, &why->scratch, batch);
}

static bool
finish(void *context, void *batch)
{
	(void)context;
	write_out(&((struct batch *)batch)->out);
	return true;
}

static void
release(void *batch)
{
	batch_free(batch);
}

static void
read_all(struct why *why, bool final)
{
	struct input in = {
		.pool = &why->pool, .context = why, .tell = tell_unreadable, .advance = advance, .final = final
	};

	why->pool = (struct pool){ .run = run, .finish = finish, .release = release, .context = why };
	pool_init(&why->pool);
	input_read_from(&in, read_piece, NULL, "(stdin)");
	input_end(&in);
	pool_deinit(&why->pool);
}

static void
write_gathered(struct why *why, enum lang lang)
{
	const struct html_report report = { &why->page, &why->summary, why->form == FORM_SUMMARY, why->nothing };
	struct out out = { 0 };

	if (why->form != FORM_JSON)
		html_report_write(&out, lang, &report);
	write_out(&out);
	out_deinit(&out);
}

/* 0: read; 1: it cannot be read. */
EXPORT("why")
int
why(int form, int lang, int final)
{
	struct why *w = calloc(1, sizeof(*w));
	bool unreadable;

	if (w == NULL)
		abort();
	w->form = (enum form)form;
	w->explainer = (struct explainer){ catalog, w->form != FORM_JSON, w, tell, tell_nothing };
	summary_init(&w->summary);
	report_page_init(&w->page);
	read_all(w, final != 0);
	write_gathered(w, (enum lang)lang);
	unreadable = w->unreadable;
	summary_deinit(&w->summary);
	report_page_deinit(&w->page);
	arena_deinit(&w->scratch);
	free(w);
	return unreadable;
}

/* The replies of the receiver whose name is read; without a name, the receivers as JSON. 1: there is none of this name. */
EXPORT("codes")
int
codes(int lang)
{
	char name[64];
	const int n = page_read(name, (int)sizeof(name));
	struct out out = { 0 };
	bool known = true;

	if (n <= 0)
		receivers_write_json(&out, catalog);
	else
		known = html_codes_write(&out, (enum lang)lang, catalog, (struct span){ name, (size_t)n });
	write_out(&out);
	out_deinit(&out);
	return !known;
}
