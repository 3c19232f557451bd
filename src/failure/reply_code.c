#include "failure/reply_code.h"

#include "failure/reply_bytes.h"
#include "failure/reply_prefix.h"

/* Reply-code, then "-", a blank or the end; "#" before Exchange's.
   RFC 5321 section 4.2 */
/* Reply-code, then "-" (`*more`), a blank or the end. */
static bool
reply_take_code(struct span *s, uint16_t *code, bool *more)
{
	struct span rest = *s;

	span_take_char(&rest, '#');
	if (!span_take_digits(&rest, 3, 3, code) || *code < 200 || *code > 599 || *code / 10 % 10 > 7)
		return false;
	*more = span_take_char(&rest, '-');
	if (!*more && rest.len > 1 && rest.at[0] == ':' && rest.at[1] == ' ')
		rest = span_skip(rest, 1); /* Yahoo: "554: delivery error" */
	if (!*more && rest.len > 0 && reply_blank_len(rest) == 0)
		return false;
	*s = rest;
	return true;
}

/* smtplib: "550, b'5.1.1 no such user'" */
static bool
take_tuple_code(struct span *s, uint16_t *code)
{
	struct span rest = *s;

	if (!span_take_digits(&rest, 3, 3, code) || *code < 400 || *code > 599 || !span_take_char(&rest, ','))
		return false;
	reply_skip_blanks(&rest);
	span_take_char(&rest, 'b');
	if (!span_take_char(&rest, '\'') && !span_take_char(&rest, '"'))
		return false;
	*s = rest;
	return true;
}

static bool
is_believed(
    const struct reply_reader *r, uint16_t code, bool more, struct enhanced_status status, enum reply_place place)
{
	const struct diagnostic_code *d = r->d;

	if (d->code == 0)
		return place == REPLY_AT_LINE_START ||
		    (code >= 400 && (place == REPLY_BEHIND_COLON || status.class == code / 100));
	if (code != d->code)
		return place == REPLY_AT_LINE_START && (status.class != 0 || more || r->answer);
	if (place == REPLY_AT_LINE_START || more)
		return true;
	if (d->status.class != 0)
		return enhanced_status_equal(status, d->status);
	return r->open;
}

static bool
take_code(struct reply_reader *r, struct span *s, enum reply_place place)
{
	struct diagnostic_code *d = r->d;
	struct span rest = *s;
	struct enhanced_status status = { 0 };
	uint16_t code;
	bool more = false;

	if (!reply_take_code(&rest, &code, &more) && (d->code != 0 || !take_tuple_code(&rest, &code)))
		return false;
	reply_skip_blanks(&rest);
	enhanced_status_take(&rest, &status);
	if (!is_believed(r, code, more, status, place))
		return false;
	if (d->code == 0 && code >= 400) {
		d->code = code;
		d->status = status;
	} else if (d->code == code && d->status.class == 0) {
		d->status = status;
	}
	r->open = more;
	*s = rest;
	return true;
}

/* Mail libraries drop the reply code and keep "5.7.26 " on each line. */
static bool
take_status_alone(struct reply_reader *r, struct span *s, enum reply_place place)
{
	struct span rest = *s;
	struct enhanced_status status;

	if (!enhanced_status_take(&rest, &status) || (rest.len > 0 && rest.at[-1] != ' ' && reply_blank_len(rest) == 0))
		return false;
	if (place == REPLY_AT_LINE_START && r->d->status.class == 0 && r->len == 0)
		r->d->status = status;
	else if (!enhanced_status_equal(status, r->d->status))
		return false;
	*s = rest;
	return true;
}

bool
reply_take_codes(struct reply_reader *r, struct span *s, enum reply_place place)
{
	return take_code(r, s, place) ||
	    ((place != REPLY_WITHIN || r->len == 0 || r->out[r->len - 1] == ' ') && take_status_alone(r, s, place));
}

void
reply_begin_line(struct reply_reader *r, struct span *s)
{
	r->answer = false;
	do {
		reply_skip_blanks(s);
		if (reply_take_codes(r, s, REPLY_AT_LINE_START))
			break;
	} while (reply_take_prefix(r, s));
	if (r->len == 0) { /* "550 5.7.1 550 user unknown", "550 5.7.1: no" */
		reply_skip_blanks(s);
		reply_take_codes(r, s, REPLY_AT_LINE_START);
		span_take_char(s, ':');
	}
}
