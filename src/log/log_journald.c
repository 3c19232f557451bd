#include "log/log_journald.h"

#include <time.h>

#include "grammar/json.h"

enum { DATE_SIZE = 32, OF_LINE_SIZE = 8 };

/* The fields of an entry that matter, found in one walk. */
enum { TIME, SOURCE_TIME, HOST, IDENT, PID, MESSAGE, N_FIELDS };

static const struct span names[N_FIELDS] = { [TIME] = SPAN_INIT("__REALTIME_TIMESTAMP"),
	[SOURCE_TIME] = SPAN_INIT("_SOURCE_REALTIME_TIMESTAMP"),
	[HOST] = SPAN_INIT("_HOSTNAME"),
	[IDENT] = SPAN_INIT("SYSLOG_IDENTIFIER"),
	[PID] = SPAN_INIT("_PID"),
	[MESSAGE] = SPAN_INIT("MESSAGE") };

bool
log_journald_is(struct span line)
{
	static const char message[] = "\"MESSAGE\"";

	return memmem(line.at, line.len, message, sizeof(message) - 1) != NULL;
}

/* [53,53,48,32] */
static struct span
text_of_bytes(struct arena *arena, struct span array)
{
	char *to = arena_take(arena, array.len);
	size_t n = 0;
	struct span value;

	while (json_take_element(&array, &value)) {
		unsigned byte = 0;

		for (size_t i = 0; i < value.len && i < 3; i++)
			byte = byte * 10 + (unsigned)(value.at[i] - '0') % 10;
		to[n++] = (char)(uint8_t)byte;
	}
	return (struct span){ to, n };
}

/* Microseconds since 1970, as UTC. */
static struct span
date_of(struct arena *arena, struct span micros)
{
	char *to = arena_take(arena, DATE_SIZE);
	uint64_t n = 0;
	struct tm tm;
	time_t seconds;

	for (size_t i = 0; i < micros.len && i < 17 && micros.at[i] >= '0' && micros.at[i] <= '9'; i++)
		n = n * 10 + (uint64_t)(micros.at[i] - '0');
	seconds = (time_t)(n / 1000000);
	if (gmtime_r(&seconds, &tm) == NULL)
		return (struct span){ "", 0 };
	return (struct span){ to, strftime(to, DATE_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) };
}

static char *
put(char *to, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		*to++ = s.at[i] == '\n' || s.at[i] == '\r' ? ' ' : s.at[i]; /* one entry is one line */
	return to;
}

struct span
log_journald_unwrap(struct arena *arena, struct span line)
{
	struct span rest = line, name, value, found[N_FIELDS] = { 0 }, date, message;
	char *to, *start;

	while (json_take_member(&rest, &name, &value))
		for (size_t i = 0; i < N_FIELDS; i++)
			if (span_equal(name, names[i]))
				found[i] = value;
	message = json_is_array(found[MESSAGE]) ? text_of_bytes(arena, found[MESSAGE])
						: json_text(arena, found[MESSAGE]);
	date = date_of(arena, json_text(arena, found[TIME].len > 0 ? found[TIME] : found[SOURCE_TIME]));
	for (size_t i = HOST; i <= PID; i++) {
		found[i] = json_text(arena, found[i]);
		if (found[i].len == 0 && i == HOST)
			found[i] = span_of("localhost");
	}
	to = start = arena_take(
	    arena, date.len + found[HOST].len + found[IDENT].len + found[PID].len + message.len + OF_LINE_SIZE);
	to = put(to, date);
	*to++ = ' ';
	to = put(to, found[HOST]);
	*to++ = ' ';
	to = put(to, found[IDENT]);
	if (found[PID].len > 0) {
		*to++ = '[';
		to = put(to, found[PID]);
		*to++ = ']';
	}
	*to++ = ':';
	*to++ = ' ';
	to = put(to, message);
	return (struct span){ start, (size_t)(to - start) };
}
