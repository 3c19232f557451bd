/*
 * The fields of a report's part (message/delivery-status and
 * message/feedback-report): "Name: value", folded. RFC 3464 section 2.1.1
 *
 * Receivers fold badly: a line that is neither blank nor a field belongs to
 * the value before it.
 */
#ifndef BOUNCE_REPORT_FIELD_H
#define BOUNCE_REPORT_FIELD_H

#include "base/span.h"

enum { REPORT_FIELD_NAME_MAX = 76, REPORT_FIELD_TYPE_MAX = 32 };

/* Takes one line, also a last one without line end. Reports come with CRLF, LF,
   bare CR, and CRCRLF where a mailer has doubled the CR. */
static inline bool
report_field_take_line(struct span *s, struct span *line)
{
	size_t n = span_index(*s, '\n');

	n = span_index(span_first(*s, n), '\r');
	*line = span_first(*s, n);
	if (s->len == 0)
		return false;
	*s = span_skip(*s, n);
	if (s->len > 2 && memcmp(s->at, "\r\r\n", 3) == 0)
		*s = span_skip(*s, 3);
	else if (s->len > 1 && memcmp(s->at, "\r\n", 2) == 0)
		*s = span_skip(*s, 2);
	else if (s->len > 0)
		*s = span_skip(*s, 1);
	return true;
}

/* Takes "Name:" off the front of a line. */
static inline bool
report_field_take_name(struct span *line, struct span *name)
{
	size_t n = 0;

	while (
	    n < line->len && n < REPORT_FIELD_NAME_MAX && line->at[n] != ':' && line->at[n] > ' ' && line->at[n] < 127)
		n++;
	if (n == 0 || n == line->len || line->at[n] != ':' || (line->at[0] | 32) < 'a' || (line->at[0] | 32) > 'z')
		return false;
	*name = span_first(*line, n);
	*line = span_skip(*line, n + 1);
	return true;
}

static inline bool
report_field_is_end(struct span line)
{
	return span_trim(line).len == 0;
}

/* Takes one field, folding kept; false at a blank line or the end. Lines
   before the first field are dropped. field-name ":" value. RFC 822 section 3 */
static inline bool
report_field_take(struct span *fields, struct span *name, struct span *value)
{
	struct span rest = *fields, line, next, other;

	do {
		if (!report_field_take_line(&rest, &line) || report_field_is_end(line))
			return false;
		*fields = rest;
	} while (!report_field_take_name(&line, name));
	while (report_field_take_line(&rest, &next) && !report_field_is_end(next)) {
		struct span whole = next;

		if (report_field_take_name(&next, &other))
			break;
		line.len = (size_t)(whole.at + whole.len - line.at);
		*fields = rest;
	}
	*value = span_trim(line);
	return true;
}

/* Splits "dns; mx.example.jp" (also: "smtp;550"). RFC 3464 section 2.1.2 */
static inline struct span
report_field_split_type(struct span value, struct span *type)
{
	size_t n = 0;

	while (n < value.len && n < REPORT_FIELD_TYPE_MAX &&
	    ((value.at[n] >= '0' && value.at[n] <= '9') || ((value.at[n] | 32) >= 'a' && (value.at[n] | 32) <= 'z') ||
		value.at[n] == '-' || value.at[n] == '_'))
		n++;
	*type = span_first(value, n);
	while (n < value.len && value.at[n] == ' ')
		n++;
	if (n == 0 || n == value.len || value.at[n] != ';') {
		*type = span_first(value, 0);
		return value;
	}
	return span_trim(span_skip(value, n + 1));
}

static inline struct span
report_field_without_brackets(struct span s)
{
	if (s.len >= 2 && s.at[0] == '<' && s.at[s.len - 1] == '>')
		return span_trim((struct span){ s.at + 1, s.len - 2 });
	return s;
}

#endif
