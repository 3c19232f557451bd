/*
 * "550-5.7.26 first line\r\n550 5.7.26 last line\r\n". RFC 5321 section 4.2
 */
#include "wire/smtp_reply.h"

/* Reply-code = %x32-35 %x30-35 %x30-39, then "-", SP or the end of the line.
   RFC 5321 section 4.2 */
static bool
take_reply_code(struct span *line, uint16_t *code, bool *last)
{
	if (!span_take_digits(line, 3, 3, code))
		return false;
	if (*code < 200 || *code > 559 || *code / 10 % 10 > 5)
		return false;
	*last = !span_take_char(line, '-');
	return !*last || line->len == 0 || span_take_char(line, ' ');
}

enum parse
smtp_reply_parse(struct span *in, struct smtp_reply *reply)
{
	struct span rest = *in, line;
	struct smtp_reply r = { 0 };
	uint16_t code;
	bool last = false;

	while (!last) {
		if (!span_take_line(&rest, &line))
			return in->len < SMTP_REPLY_SIZE_MAX ? PARSE_MORE : PARSE_BAD;
		if (!take_reply_code(&line, &code, &last))
			return PARSE_BAD;
		if (r.code == 0) {
			r.code = code;
			enhanced_status_take(&line, &r.status);
		}
		if (r.code != code)
			return PARSE_BAD; /* RFC 5321 section 4.2.1 */
	}
	r.lines = (struct span){ in->at, in->len - rest.len };
	*in = rest;
	*reply = r;
	return PARSE_OK;
}

bool
smtp_reply_take_text(struct span *lines, struct span *text)
{
	struct enhanced_status status;
	uint16_t code;
	bool last;

	if (!span_take_line(lines, text) || !take_reply_code(text, &code, &last))
		return false;
	enhanced_status_take(text, &status);
	return true;
}
