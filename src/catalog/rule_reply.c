#include "catalog/rule_reply.h"

#include "catalog/stanza.h"

/* "550 5.7.27" of "550 5.7.27, 421 4.7.27": the classes of both agree. */
static bool
take_codes(struct span *rest, uint16_t *code, struct span *status)
{
	const struct span one = span_first(*rest, span_index(*rest, ','));
	struct span words = one;
	struct enhanced_status read;

	*rest = span_trim(span_skip(*rest, one.len + (one.len < rest->len)));
	if (!span_take_digits(&words, 3, 3, code) || !span_take_char(&words, ' '))
		return false;
	*status = span_trim(words);
	return (*code / 100 == 4 || *code / 100 == 5) && enhanced_status_take(&words, &read) && words.len == 0 &&
	    read.class == *code / 100;
}

static bool
choose_codes(struct span given, bool temporary, struct rule_reply *reply)
{
	uint16_t code;
	struct span status;
	bool first = true;

	do {
		if (!take_codes(&given, &code, &status))
			return false;
		if (first || (reply->code / 100 == 4) != temporary) {
			reply->code = code;
			reply->status = status;
		}
		first = false;
	} while (given.len > 0);
	return true;
}

static struct span
take_line(struct span *rest)
{
	const struct span line = span_first(*rest, span_index(*rest, '\n'));

	*rest = span_skip(*rest, line.len + (line.len < rest->len));
	return span_trim(line);
}

bool
rule_reply_read(struct span value, bool temporary, struct rule_reply *reply)
{
	reply->n = 0;
	if (!choose_codes(take_line(&value), temporary, reply))
		return false;
	while (value.len > 0) {
		if (reply->n == RULE_REPLY_LINES_MAX)
			return false;
		reply->lines[reply->n++] = take_line(&value);
	}
	return reply->n > 0;
}

bool
rule_reply_find(const struct rule *rule, bool temporary, struct rule_reply *reply)
{
	struct stanza st = { rule->stanza, 1 };
	struct stanza_field f;

	while (stanza_take_field(&st, &f))
		if (span_equal(f.name, span_of("Reply")))
			return rule_reply_read(f.value, temporary, reply);
	return false;
}
