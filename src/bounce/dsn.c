/*
 * message/delivery-status and message/global-delivery-status.
 * RFC 3464 section 2, RFC 6533 section 3
 */
#include "bounce/dsn.h"

#include "bounce/report_field.h"

static struct span
without_type(struct span value)
{
	struct span type;

	return report_field_split_type(value, &type);
}

static struct span
address(struct span value)
{
	return report_field_without_brackets(without_type(value));
}

static void
set_first(struct span *to, struct span value)
{
	if (to->len == 0)
		*to = value;
}

/* RFC 3464 section 2.2 */
static bool
read_message_field(struct dsn *d, struct span name, struct span value)
{
	const struct {
		struct span name, *to;
		bool typed;
	} fields[] = {
		{ SPAN_INIT("Reporting-MTA"), &d->reporting_mta, true },
		{ SPAN_INIT("Received-From-MTA"), &d->received_from_mta, true },
		{ SPAN_INIT("Arrival-Date"), &d->arrival_date, false },
		{ SPAN_INIT("Original-Envelope-Id"), &d->original_envelope_id, false },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (span_equal_folded(name, fields[i].name)) {
			set_first(fields[i].to, fields[i].typed ? without_type(value) : value);
			return true;
		}
	return false;
}

static struct span
first_word(struct span value)
{
	size_t n = 0;

	while (n < value.len && !ascii_is_space(value.at[n]) && value.at[n] != '(' && value.at[n] != ';')
		n++;
	return span_first(value, n);
}

/* "5.1.1", "5.1.1 (bad destination)", and older MTAs' "550 5.1.1".
   RFC 3464 section 2.3.4 */
static struct enhanced_status
status(struct span value)
{
	struct enhanced_status s = { 0 };
	struct span rest = value;

	if (!enhanced_status_take(&rest, &s))
		enhanced_status_find(value, &s);
	return s;
}

enum field {
	UNKNOWN,
	ORIGINAL_RECIPIENT,
	FINAL_RECIPIENT,
	ACTION,
	STATUS,
	REMOTE_MTA,
	DIAGNOSTIC_CODE,
	LAST_ATTEMPT_DATE,
	WILL_RETRY_UNTIL,
	FINAL_LOG_ID,
	X_ACTUAL_RECIPIENT
};

/* RFC 3464 section 2.3 */
static enum field
recipient_field(struct span name)
{
	static const struct span names[] = {
		[ORIGINAL_RECIPIENT] = SPAN_INIT("Original-Recipient"),
		[FINAL_RECIPIENT] = SPAN_INIT("Final-Recipient"),
		[ACTION] = SPAN_INIT("Action"),
		[STATUS] = SPAN_INIT("Status"),
		[REMOTE_MTA] = SPAN_INIT("Remote-MTA"),
		[DIAGNOSTIC_CODE] = SPAN_INIT("Diagnostic-Code"),
		[LAST_ATTEMPT_DATE] = SPAN_INIT("Last-Attempt-Date"),
		[WILL_RETRY_UNTIL] = SPAN_INIT("Will-Retry-Until"),
		[FINAL_LOG_ID] = SPAN_INIT("Final-Log-ID"),
		[X_ACTUAL_RECIPIENT] = SPAN_INIT("X-Actual-Recipient"),
	};

	for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal_folded(name, names[i]))
			return (enum field)i;
	return UNKNOWN;
}

static void
set_diagnostic_code(struct dsn_recipient *r, struct span value)
{
	if (r->diagnostic_code.len == 0)
		r->diagnostic_code = report_field_split_type(value, &r->diagnostic_type);
}

static void
set_recipient_field(struct dsn_recipient *r, enum field field, struct span value)
{
	switch (field) {
	case ORIGINAL_RECIPIENT: set_first(&r->original_recipient, address(value)); break;
	case FINAL_RECIPIENT: set_first(&r->final_recipient, address(value)); break;
	case ACTION: set_first(&r->action, first_word(value)); break;
	case STATUS:
		if (r->status.class == 0)
			r->status = status(value);
		break;
	case REMOTE_MTA: set_first(&r->remote_mta, without_type(value)); break;
	case DIAGNOSTIC_CODE: set_diagnostic_code(r, value); break;
	case LAST_ATTEMPT_DATE: set_first(&r->last_attempt_date, value); break;
	case WILL_RETRY_UNTIL: set_first(&r->will_retry_until, value); break;
	case FINAL_LOG_ID: set_first(&r->final_log_id, value); break;
	case X_ACTUAL_RECIPIENT: set_first(&r->x_actual_recipient, address(value)); break;
	case UNKNOWN: break;
	}
}

/* Whether a block that has `seen` these fields cannot be the one `field` is of:
   some reports have no blank line between two recipients. */
static bool
begins_block(enum field field, unsigned seen)
{
	return (field == FINAL_RECIPIENT || field == ORIGINAL_RECIPIENT) && (seen & 1U << field);
}

static bool
skip_blank_line(struct span *s)
{
	struct span rest = *s, line;

	if (!report_field_take_line(&rest, &line) || !report_field_is_end(line))
		return false;
	*s = rest;
	return true;
}

/* delivery-status-content = per-message-fields 1*( CRLF per-recipient-fields ).
   RFC 3464 section 2.1 */
void
dsn_parse(struct span part, struct dsn *d, struct span *recipients)
{
	struct span name, value;

	*d = (struct dsn){ 0 };
	do {
		*recipients = part;
		if (!report_field_take(&part, &name, &value))
			continue;
		if (!read_message_field(d, name, value) && recipient_field(name) != UNKNOWN)
			return;
	} while (part.len > 0 && (part.at != recipients->at || skip_blank_line(&part)));
	*recipients = part;
}

/* Takes the fields of one block up to a blank line; says which it has seen. */
static unsigned
take_block(struct span *rest, struct dsn_recipient *r)
{
	struct span name, value, before = *rest;
	unsigned seen = 0;

	while (report_field_take(rest, &name, &value)) {
		enum field field = recipient_field(name);

		if (begins_block(field, seen)) {
			*rest = before;
			break;
		}
		set_recipient_field(r, field, value);
		if (field != UNKNOWN)
			seen |= 1U << field;
		before = *rest;
	}
	return seen;
}

bool
dsn_take_recipient(struct span *recipients, struct dsn_recipient *r)
{
	struct span rest = *recipients;
	struct dsn_recipient block;
	unsigned seen = 0;

	while (seen == 0) {
		const char *start;

		while (skip_blank_line(&rest))
			;
		if (rest.len == 0)
			return false;
		block = (struct dsn_recipient){ 0 };
		start = rest.at;
		seen = take_block(&rest, &block);
		block.block = (struct span){ start, (size_t)(rest.at - start) };
	}
	*recipients = rest;
	*r = block;
	return true;
}
