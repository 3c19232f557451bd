/*
 * What `todoku why --json` prints: cc why.c $(pkg-config --cflags --libs todoku) -o why && ./why bounce.eml
 */
#include <stdio.h>

#include <todoku/todoku.h>

static ptrdiff_t
read_file(void *file, char *to, size_t size)
{
	const size_t n = fread(to, 1, size, file);

	return n == 0 && ferror((FILE *)file) ? -1 : (ptrdiff_t)n;
}

static bool
print(void *context, const todoku_verdict *verdict)
{
	const todoku_span json = todoku_verdict_json(verdict);

	return fwrite(json.at, 1, json.len, context) == json.len;
}

int
main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	todoku_explainer *explainer = todoku_explainer_create(256u << 20);
	todoku_status status = TODOKU_UNREADABLE;

	if (file != NULL && explainer != NULL)
		status = todoku_explain_stream(explainer, read_file, file, argv[1], print, stdout);
	if (status != TODOKU_OK)
		fprintf(stderr, "%s\n", todoku_status_words(status));
	todoku_explainer_free(explainer);
	return status == TODOKU_OK ? 0 : 1;
}
