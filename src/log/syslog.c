#include "log/syslog.h"

enum { DATE_LEN = 15 }; /* "Nov 23 10:00:00" */

/* Up to a blank, which is skipped. */
static bool
take_word(struct span *s, struct span *word)
{
	size_t n = span_index(*s, ' ');

	if (n == 0 || n == s->len)
		return false;
	*word = span_first(*s, n);
	*s = span_skip(*s, n + 1);
	return true;
}

/* "Nov 23 10:00:00", perhaps with a fraction. RFC 3164 section 4.1.2 */
static size_t
traditional_len(struct span s)
{
	size_t n = DATE_LEN;

	if (s.len <= DATE_LEN || !ascii_is_upper(s.at[0]) || s.at[3] != ' ' || s.at[6] != ' ' || s.at[9] != ':' ||
	    s.at[12] != ':' || !ascii_is_digit(s.at[5]) || !ascii_is_digit(s.at[14]))
		return 0;
	if (s.at[n] == '.')
		for (n++; n < s.len && ascii_is_digit(s.at[n]); n++)
			;
	return n < s.len && s.at[n] == ' ' ? n : 0;
}

/* "JST", "+0900", "UTC" */
static bool
is_zone(struct span word)
{
	if (word.len == 5 && (word.at[0] == '+' || word.at[0] == '-'))
		return ascii_is_digit(word.at[1]) && ascii_is_digit(word.at[4]);
	for (size_t i = 0; i < word.len; i++)
		if (!ascii_is_upper(word.at[i]))
			return false;
	return word.len >= 3 && word.len <= 4;
}

/* "2026-11-23T10:00:00.1+09:00", "2026-11-23 10:00:00.123 +0900" */
static size_t
iso_len(struct span s)
{
	struct span rest = s, word, zone;

	if (s.len < 19 || !ascii_is_digit(s.at[0]) || !ascii_is_digit(s.at[3]) || s.at[4] != '-' || s.at[7] != '-' ||
	    s.at[13] != ':' || !take_word(&rest, &word))
		return 0;
	if (word.len == 10 && !take_word(&rest, &word))
		return 0;
	s.len = (size_t)(word.at + word.len - s.at);
	if (take_word(&rest, &zone) && is_zone(zone))
		s.len = (size_t)(zone.at + zone.len - s.at);
	return s.len;
}

bool
syslog_take_date(struct span *s, struct span *date)
{
	struct span rest = *s;
	size_t n = traditional_len(rest);

	if (n == 0) {
		if (rest.len > 4 && ascii_is_upper(rest.at[0]) && rest.at[3] == ' ' && ascii_is_digit(rest.at[4]))
			rest = span_skip(rest, 4); /* the day of the week */
		n = iso_len(rest);
	}
	if (n == 0 || n >= rest.len)
		return false;
	*date = span_first(rest, n);
	*s = span_skip(rest, n + 1);
	return true;
}

/* "<22>", and RFC 5424's version behind it. */
static bool
take_priority(struct span *s)
{
	size_t n = 1;

	if (s->len < 3 || s->at[0] != '<')
		return false;
	while (n < s->len && n < 5 && ascii_is_digit(s->at[n]))
		n++;
	if (n == s->len || s->at[n] != '>')
		return false;
	*s = span_skip(*s, n + 1);
	return s->len > 2 && s->at[0] == '1' && s->at[1] == ' ';
}

bool
syslog_take_5424(struct span *s)
{
	struct span word;

	if (!take_word(s, &word) || !take_word(s, &word))
		return false;
	if (s->len > 0 && s->at[0] == '[') {
		for (size_t i = 1, quoted = 0; i < s->len; i++) {
			if (s->at[i] == '"' && s->at[i - 1] != '\\')
				quoted = !quoted;
			if (!quoted && s->at[i] == ']' && (i + 1 == s->len || s->at[i + 1] == ' ')) {
				*s = span_skip(*s, i + 1);
				break;
			}
		}
	} else if (!span_take_char(s, '-')) {
		return false;
	}
	span_take_char(s, ' ');
	if (s->len >= 3 && memcmp(s->at, "\xef\xbb\xbf", 3) == 0)
		*s = span_skip(*s, 3);
	return true;
}

/* "sendmail[123]: ", "sendmail: ", Solaris's "sendmail[123]: [ID 702911 mail.info] " */
static bool
take_ident(struct span *s, struct span *ident)
{
	struct span rest = *s;
	size_t n = 0;

	while (n < rest.len && rest.at[n] != '[' && rest.at[n] != ':' && rest.at[n] != ' ')
		n++;
	if (n == 0 || n == rest.len || rest.at[n] == ' ')
		return false;
	*ident = span_first(rest, n);
	rest = span_skip(rest, n);
	if (rest.at[0] == '[') {
		n = span_index(rest, ']');
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
	}
	if (!span_take_char(&rest, ':'))
		return false;
	span_take_char(&rest, ' ');
	if (span_starts_folded(rest, "[id ")) {
		n = span_index(rest, ']');
		rest = span_trim(span_skip(rest, n < rest.len ? n + 1 : n));
	}
	*s = rest;
	return true;
}

bool
syslog_parse(struct span line, struct syslog *s)
{
	const bool rfc5424 = take_priority(&line);

	if (rfc5424)
		line = span_skip(line, 2);
	if (!syslog_take_date(&line, &s->date) || !take_word(&line, &s->host))
		return false;
	if (rfc5424)
		return take_word(&line, &s->ident) && syslog_take_5424(&line) && (s->text = line, true);
	if (!take_ident(&line, &s->ident))
		return false;
	s->text = line;
	return true;
}
