#include <todoku/todoku.h>

#include <string.h>

const char *
todoku_version(void)
{
	return TODOKU_VERSION;
}

todoku_span
todoku_span_of(const char *s)
{
	return (todoku_span){ s ? s : "", s ? strlen(s) : 0 };
}

const char *
todoku_status_words(todoku_status status)
{
	static const char *const words[] = { [TODOKU_OK] = "done",
		[TODOKU_WANTS_ANSWERS] = "DNS answers are wanted",
		[TODOKU_STOPPED] = "stopped by the caller",
		[TODOKU_NO_MEMORY] = "no memory",
		[TODOKU_BAD_ARGUMENT] = "an unsound argument",
		[TODOKU_UNREADABLE] = "the input cannot be read",
		[TODOKU_NO_RESOLVER] = "no resolver" };

	return (unsigned)status < sizeof(words) / sizeof(words[0]) ? words[status] : "unknown";
}
