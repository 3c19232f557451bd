/* In one piece and in random pieces, the canonical body is the same; once canonical, it stays so. */
#include <stdlib.h>

#include "auth/canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
gather(void *context, struct span bytes)
{
	out_span(context, bytes);
}

static void
run(struct out *out, enum canonicalization way, uint64_t limit, struct span body, unsigned seed)
{
	struct canonical_body c;

	out_clear(out);
	canonical_body_init(&c, way, limit, gather, out);
	while (body.len > 0) {
		size_t n = body.len;

		if (seed > 0) {
			seed = seed * 1103515245u + 12345u;
			n = (seed >> 16) % 40;
			n = n > body.len ? body.len : n;
		}
		canonical_body_add(&c, span_first(body, n));
		body = span_skip(body, n);
	}
	canonical_body_end(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span body = { (const char *)data, size };
	struct out whole = { 0 }, pieces = { 0 };

	for (enum canonicalization way = CANONICALIZATION_SIMPLE; way <= CANONICALIZATION_RELAXED; way++)
		for (unsigned seed = 1; seed < 5; seed++) {
			const uint64_t limit = seed == 4 ? size / 2 : UINT64_MAX;

			run(&whole, way, limit, body, 0);
			run(&pieces, way, limit, body, seed);
			if (!span_equal(out_view(&whole), out_view(&pieces)))
				abort();
			if (limit == UINT64_MAX) {
				run(&pieces, way, limit, out_view(&whole), 0);
				if (!span_equal(out_view(&whole), out_view(&pieces)))
					abort();
			}
		}
	out_clear(&whole);
	canonical_header(&whole, CANONICALIZATION_RELAXED, body, (struct span){ body.at, 0 });
	out_deinit(&whole);
	out_deinit(&pieces);
	return 0;
}
