#include <stdlib.h>

#include "grammar/cfws.h"
#include "record/received_spf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_printable(struct span s)
{
	while (s.len > 0)
		if (!cfws_take_char(&s))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span in = { (const char *)data, len };
	struct arena arena = { 0 };
	struct received_spf r;

	if (received_spf_parse(&arena, in, &r) != (r.fault == NULL) || r.at > len ||
	    (r.fault == NULL && r.result.len == 0))
		abort();
	check_printable(r.comment);
	check_printable(r.client_ip);
	check_printable(r.envelope_from);
	check_printable(r.helo);
	check_printable(r.problem);
	check_printable(r.receiver);
	check_printable(r.identity);
	check_printable(r.mechanism);
	arena_deinit(&arena);
	return 0;
}
