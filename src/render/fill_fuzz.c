#include <stdlib.h>
#include "render/fake_verdict.h"
#include "render/fill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The first half is a template, the other a fact's value. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct span in = { (const char *)data, len };
	struct out out = { 0 };
	struct fake f;
	size_t lines = 0, want = 0;

	fake_spf(&f);
	f.verdict.facts[0].value = span_skip(in, len / 2);
	for (size_t i = 0; i < len / 2; i++)
		want += data[i] == '\n';
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		out_clear(&out);
		lines = 0;
		fill_template(&out, span_first(in, len / 2), &f.verdict, (enum lang)lang, FILL_PLAIN);
		for (size_t i = 0; i < out.len; i++)
			lines += out.at[i] == '\n';
		if (lines != want)
			abort(); /* a fact neither adds a step nor takes one */
	}
	out_deinit(&out);
	return 0;
}
