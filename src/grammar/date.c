#include "grammar/date.h"

#include <stdio.h>
#include <time.h>

enum { TAI_OFFSET = 10 }; /* what multilog's clock counts ahead of 1970: 2^62 + 10 */

static void
skip_blanks(struct span *s)
{
	while (s->len > 0 && (s->at[0] == ' ' || s->at[0] == '\t' || s->at[0] == '\n' || s->at[0] == '\r'))
		*s = span_skip(*s, 1);
}

static bool
take_number(struct span *s, size_t max, int64_t *number)
{
	size_t n = 0;

	*number = 0;
	while (n < s->len && n < max && ascii_is_digit(s->at[n]))
		*number = *number * 10 + (s->at[n++] - '0');
	*s = span_skip(*s, n);
	return n > 0;
}

/* Days since 1970 of a date of the Gregorian calendar. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "Nov", or 0. */
static int64_t
take_month(struct span *s)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
		"nov", "dec" };

	for (int64_t i = 0; i < 12; i++)
		if (span_starts_folded(*s, months[i])) {
			*s = span_skip(*s, 3);
			return i + 1;
		}
	return 0;
}

/* "10:00", "10:00:00.5": seconds of the day. */
static bool
take_time(struct span *s, int64_t *seconds)
{
	int64_t hour, minute, second = 0, fraction;

	skip_blanks(s);
	if (!take_number(s, 2, &hour) || !span_take_char(s, ':') || !take_number(s, 2, &minute))
		return false;
	if (span_take_char(s, ':') && !take_number(s, 2, &second))
		return false;
	if (span_take_char(s, '.') || span_take_char(s, ','))
		take_number(s, 18, &fraction);
	*seconds = hour * 3600 + minute * 60 + second;
	return hour < 24 && minute < 60 && second < 61;
}

/* "+0900", "+09:00", "JST", "EST"; what is not known is UTC. RFC 5322 section 4.3 */
static int
take_zone(struct span *s)
{
	static const struct {
		const char *name;
		int minutes;
	} names[] = { { "jst", 540 }, { "edt", -240 }, { "est", -300 }, { "cdt", -300 }, { "cst", -360 },
		{ "mdt", -360 }, { "mst", -420 }, { "pdt", -420 }, { "pst", -480 } };
	int64_t hours, minutes = 0;
	int sign;

	skip_blanks(s);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_starts_folded(*s, names[i].name))
			return names[i].minutes;
	if (s->len == 0 || (s->at[0] != '+' && s->at[0] != '-'))
		return 0;
	sign = s->at[0] == '-' ? -1 : 1;
	*s = span_skip(*s, 1);
	if (!take_number(s, 2, &hours))
		return 0;
	span_take_char(s, ':');
	take_number(s, 2, &minutes);
	return hours > 14 ? 0 : sign * (int)(hours * 60 + minutes % 60);
}

static bool
parse_iso(struct span s, int64_t *seconds, int *zone)
{
	int64_t year, month, day, time;

	if (!take_number(&s, 4, &year) || !span_take_char(&s, '-') || !take_number(&s, 2, &month) ||
	    !span_take_char(&s, '-') || !take_number(&s, 2, &day) || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	if (!span_take_char(&s, 'T') && !span_take_char(&s, 't'))
		skip_blanks(&s);
	if (!take_time(&s, &time))
		return false;
	*zone = take_zone(&s);
	*seconds = days_of(year, month, day) * 86400 + time - *zone * 60;
	return true;
}

/* date-time = [ day-of-week "," ] date time [CFWS]. RFC 5322 section 3.3, and two-digit years of its section 4.3 */
static bool
parse_mail(struct span s, int64_t *seconds, int *zone)
{
	int64_t year, month, day, time;
	const size_t comma = span_index(s, ',');

	if (comma < s.len && comma < 12)
		s = span_skip(s, comma + 1);
	skip_blanks(&s);
	if (!take_number(&s, 2, &day))
		return false;
	skip_blanks(&s);
	span_take_char(&s, '-');
	month = take_month(&s);
	while (s.len > 0 && !ascii_is_digit(s.at[0]) && s.at[0] != ' ' && s.at[0] != '-')
		s = span_skip(s, 1); /* the rest of a month written out */
	skip_blanks(&s);
	span_take_char(&s, '-');
	if (month == 0 || day < 1 || day > 31 || !take_number(&s, 4, &year) || !take_time(&s, &time))
		return false;
	if (year < 100)
		year += year < 50 ? 2000 : 1900;
	*zone = take_zone(&s);
	*seconds = days_of(year, month, day) * 86400 + time - *zone * 60;
	return true;
}

static bool
parse_tai64n(struct span s, int64_t *seconds)
{
	uint64_t n = 0;

	for (size_t i = 1; i < 17; i++) {
		const char c = ascii_lower(s.at[i]);

		if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
		n = n << 4 | (uint64_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	n -= (UINT64_C(1) << 62) + TAI_OFFSET;
	*seconds = (int64_t)n;
	return n < UINT64_C(1) << 40;
}

bool
date_parse(struct span s, int64_t *seconds, int *zone)
{
	size_t digits = 0;

	s = span_trim(s);
	*zone = 0;
	while (digits < s.len && ascii_is_digit(s.at[digits]))
		digits++;
	if (s.len >= 17 && s.at[0] == '@')
		return parse_tai64n(s, seconds);
	if (digits == 4 && s.len > 4 && s.at[4] == '-')
		return parse_iso(s, seconds, zone);
	if (digits >= 9 && digits <= 11 && (digits == s.len || s.at[digits] == '.'))
		return take_number(&s, digits, seconds);
	return parse_mail(s, seconds, zone);
}

size_t
date_write(char text[DATE_TEXT_MAX], int64_t seconds, int zone)
{
	const time_t local = (time_t)(seconds + zone * INT64_C(60));
	const int east = zone < 0 ? -zone : zone;
	struct tm tm;
	size_t n;

	if (seconds < INT64_C(-62135596800) || seconds > INT64_C(253402300799) || gmtime_r(&local, &tm) == NULL ||
	    tm.tm_year > 8099)
		return 0;
	n = strftime(text, DATE_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	if (n != 19)
		return 0;
	if (zone == 0)
		return n + (size_t)snprintf(text + n, DATE_TEXT_MAX - n, "Z");
	return n +
	    (size_t)snprintf(
		text + n, DATE_TEXT_MAX - n, "%c%02d:%02d", zone < 0 ? '-' : '+', east / 60 % 100, east % 60);
}
