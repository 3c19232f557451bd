/* Whatever text is explained: each form of the explanation is UTF-8, steers nothing, and JSON is JSON. */
#include "catalog/builtin.h"
#include "intake/explain.h"
#include "render/fuzz_look.h"
#include "render/html_card.h"
#include "render/report_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
tell(void *context, struct batch *batch, const struct work *work, const struct verdict *v)
{
	const struct json_source source = json_source_of(work, v);
	struct out out = { 0 };

	(void)batch;
	report_page_add(context, v, &source);
	json_write_verdict(&out, v, &source, NULL);
	fuzz_look_at_json(&out);
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		report_page_write_brief(&out, (enum lang)lang, v, &source);
		fuzz_look_at_text(&out);
	}
	out_deinit(&out);
}

static void
tell_nothing(void *context, struct batch *batch, const struct work *work, enum outcome outcome)
{
	struct out out = { 0 };

	(void)context;
	(void)batch;
	(void)work;
	report_page_say_nothing(&out, LANG_EN, outcome);
	fuzz_look_at_text(&out);
	out_deinit(&out);
}

static void
draw(const struct report_page *page, unsigned width)
{
	const struct terminal t = { .colour = false, .width = width };
	struct out out = { 0 };

	for (int lang = 0; lang < LANG_COUNT; lang++) {
		report_text_write(page, &out, &t, (enum lang)lang);
		fuzz_look_at_text(&out);
		for (size_t i = 0; i < page->n_groups; i++)
			html_card_write(&out, (enum lang)lang, page->groups[i], page->verbose, i + 1);
		fuzz_look_at_text(&out);
	}
	out_deinit(&out);
}

/* The first byte says as what it is read, and how wide the terminal is. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct batch *batch;
	struct report_page page;
	const struct explainer e = { .catalog = &catalog_builtin,
		.want_marks = true,
		.context = &page,
		.tell = tell,
		.tell_nothing = tell_nothing };
	struct arena arena = { 0 };

	if (size == 0)
		return 0;
	if (batch == NULL)
		batch = batch_create();
	report_page_init(&page);
	page.verbose = data[0] % 2 != 0;
	batch->n = 1;
	batch->works[0] = (struct work){ .kind = data[0] % 3 == 0 ? WORK_MESSAGE : WORK_TEXT,
		.file = "a\x1b[2J",
		.message = 1,
		.line = 1,
		.bytes = { (const char *)data + 1, size - 1 } };
	explain_batch(&e, &arena, batch);
	draw(&page, data[0]);
	report_page_deinit(&page);
	arena_deinit(&arena);
	return 0;
}
