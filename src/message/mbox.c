#include "message/mbox.h"

enum { DATE_WORDS_MAX = 8 }; /* Mon Nov 23 10:00:00 JST DST +0900 2026 */

/* A word, and the blanks behind it. */
static bool
take_word(struct span *s, struct span *word)
{
	size_t n = 0;

	while (n < s->len && s->at[n] != ' ' && s->at[n] != '\t' && s->at[n] != '\r')
		n++;
	*word = span_first(*s, n);
	while (n < s->len && (s->at[n] == ' ' || s->at[n] == '\t' || s->at[n] == '\r'))
		n++;
	*s = span_skip(*s, n);
	return word->len > 0;
}

static bool
is_one_of(struct span word, const char *names)
{
	return word.len == 3 && memmem(names, strlen(names), word.at, 3) != NULL && word.at[0] >= 'A' &&
	    word.at[0] <= 'Z';
}

static bool
is_day_name(struct span word)
{
	if (word.len == 4 && word.at[3] == ',')
		word.len--;
	return is_one_of(word, "Sun,Mon,Tue,Wed,Thu,Fri,Sat");
}

static bool
is_month_name(struct span word)
{
	return is_one_of(word, "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec");
}

/* 10:00 or 10:00:00 */
static bool
is_time(struct span word)
{
	uint16_t n;

	if (!span_take_digits(&word, 1, 2, &n) || !span_take_char(&word, ':') || !span_take_digits(&word, 2, 2, &n))
		return false;
	return word.len == 0 || (span_take_char(&word, ':') && span_take_digits(&word, 2, 2, &n) && word.len == 0);
}

static bool
is_year(struct span word)
{
	uint16_t n;

	return span_take_digits(&word, 4, 4, &n) && word.len == 0;
}

/* `Mon Nov 23 10:00:00 2026`, a zone somewhere in it; or with the day first,
   as RFC 5322 has it, which some exporters write. RFC 4155 appendix A */
static bool
is_date(struct span s)
{
	bool month = false, time = false, year = false;
	struct span word;

	if (!take_word(&s, &word) || !is_day_name(word))
		return false;
	for (size_t i = 0; i < DATE_WORDS_MAX && take_word(&s, &word); i++) {
		month |= is_month_name(word);
		time |= is_time(word);
		year |= is_year(word);
	}
	return month && time && year;
}

/* A sender is one word, but blanks may stand in quotes; or there is none. */
static bool
is_sender_and_date(struct span line)
{
	struct span word;

	while (span_take_char(&line, ' '))
		;
	if (is_date(line))
		return true;
	if (line.len > 0 && line.at[0] == '"') {
		size_t n = 1 + span_index(span_skip(line, 1), '"');

		line = span_skip(line, n < line.len ? n + 1 : line.len);
	}
	take_word(&line, &word);
	return is_date(line);
}

bool
mbox_is_start(struct span s)
{
	if (s.len < 5 || memcmp(s.at, "From ", 5) != 0)
		return false;
	s = span_skip(span_first(s, MBOX_START_SIZE_MAX), 5);
	return is_sender_and_date(span_first(s, span_index(s, '\n')));
}

/* Whether the line at the front of `s` is there as far as it is looked at. */
static bool
has_line(struct span s)
{
	return s.len >= MBOX_START_SIZE_MAX || span_index(s, '\n') < s.len;
}

bool
mbox_find_end(struct span bytes, size_t *from, size_t *end)
{
	size_t at = *from < bytes.len ? *from : bytes.len;

	while (at < bytes.len) {
		struct span rest = span_skip(bytes, at);
		const char *p = memmem(rest.at, rest.len, "\nFrom ", 6);

		if (p == NULL) {
			*from = bytes.len - at > 5 ? bytes.len - 5 : at;
			return false;
		}
		at = (size_t)(p - bytes.at);
		rest = span_skip(bytes, at + 1);
		*from = at;
		if (!has_line(rest))
			return false;
		if (mbox_is_start(rest)) {
			*end = at + 1;
			return true;
		}
		at++;
	}
	*from = at;
	return false;
}

bool
mbox_take_message(struct span *bytes, struct span *message)
{
	size_t from = 0, end = bytes->len;

	if (bytes->len == 0)
		return false;
	mbox_find_end(*bytes, &from, &end);
	*message = span_first(*bytes, end);
	*bytes = span_skip(*bytes, end);
	return true;
}
