#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>

#include "web/arguments.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The command, options that a stranger may give, "--", and one operand: nothing names a file, or follows as another option. */
static void
look(const struct arguments *a)
{
	static const char *const options[] = { "--lang=", "--format=html", "--html", "--json", "--answers-from=3",
		"--quiet", "--jobs=1", "--offline", "--authserv-id=todoku", "--final", "--summary", "--bulk",
		"--selector=", "--ip=", "--helo=", "--mail-from=" };
	int i = 1;

	for (; i < a->n && strcmp(a->at[i], "--") != 0; i++) {
		size_t k = 0;

		while (
		    k < sizeof(options) / sizeof(options[0]) && strncmp(a->at[i], options[k], strlen(options[k])) != 0)
			k++;
		if (k == sizeof(options) / sizeof(options[0]))
			abort();
	}
	if (i + 2 != a->n)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct evkeyvalq query = { NULL, &query.tqh_first };
	char *text = malloc(len + 1);

	memcpy(text, data, len);
	text[len] = '\0';
	if (evhttp_parse_query_str(text, &query) == 0)
		for (enum arguments_of command = ARGUMENTS_OF_WHY; command <= ARGUMENTS_OF_VERIFY; command++) {
			const struct arguments_wanted wanted = { command, len % 2 == 0, len % 3 == 0, &query };
			struct arguments a;
			const char *what = NULL;
			bool asks;

			if (arguments_make(&a, &wanted, &asks, &what))
				look(&a);
			else if (what == NULL)
				abort();
			arguments_deinit(&a);
		}
	evhttp_clear_headers(&query);
	free(text);
	return 0;
}
