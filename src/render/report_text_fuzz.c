/* Whatever text is explained: each form of the explanation is UTF-8, steers nothing, and JSON is JSON. */
#include <stdlib.h>

#include "base/utf8.h"
#include "catalog/builtin.h"
#include "grammar/json.h"
#include "intake/explain.h"
#include "render/html_card.h"
#include "render/report_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look(const struct out *out)
{
	struct span s = out_view(out);
	uint32_t code;

	while (s.len > 0)
		if (!utf8_take(&s, &code) || (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0))
			abort();
}

static void
look_at_json(const struct out *out)
{
	struct span rest = out_view(out), value;

	if (!json_take_value(&rest, &value) || !json_is_object(value) || rest.len > 0 || out->at[out->len - 1] != '\n')
		abort();
	look(out);
}

static void
tell(void *context, struct batch *batch, const struct work *work, const struct verdict *v)
{
	const struct json_source source = json_source_of(work, v);
	struct out out = { 0 };

	(void)batch;
	report_page_add(context, v, &source);
	json_write_verdict(&out, v, &source, NULL);
	look_at_json(&out);
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		out_clear(&out);
		report_page_write_brief(&out, (enum lang)lang, v, &source);
		look(&out);
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
	look(&out);
	out_deinit(&out);
}

static void
draw(const struct report_page *page, unsigned width)
{
	const struct terminal t = { .colour = false, .width = width };
	struct out out = { 0 };

	for (int lang = 0; lang < LANG_COUNT; lang++) {
		out_clear(&out);
		report_text_write(page, &out, &t, (enum lang)lang);
		look(&out);
		out_clear(&out);
		for (size_t i = 0; i < page->n_groups; i++)
			html_card_write(&out, (enum lang)lang, page->groups[i], page->verbose, i + 1);
		look(&out);
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
