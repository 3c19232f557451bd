/*
 * message/feedback-report: fields as "Name: value", one block.
 * RFC 5965 section 3
 */
#include "bounce/arf.h"
#include "bounce/report_field.h"

/* Like report_field_take(), past blank lines: generators put some in. */
static bool
take_field(struct span *fields, struct span *name, struct span *value)
{
	while (fields->len > 0) {
		const char *before = fields->at;
		struct span line;

		if (report_field_take(fields, name, value))
			return true;
		if (fields->at == before)
			report_field_take_line(fields, &line);
	}
	return false;
}

static void
set_field(struct arf *a, struct span name, struct span value)
{
	const struct {
		const char *name;
		struct span *to;
	} fields[] = {
		{ "Feedback-Type", &a->feedback_type },
		{ "User-Agent", &a->user_agent },
		{ "Original-Mail-From", &a->original_mail_from },
		{ "Original-Rcpt-To", &a->original_rcpt_to },
		{ "Source-IP", &a->source_ip },
		{ "Arrival-Date", &a->arrival_date },
		{ "Received-Date", &a->arrival_date }, /* before RFC 5965 */
		{ "Reported-Domain", &a->reported_domain },
		{ "Authentication-Results", &a->authentication_results },
		{ "Auth-Failure", &a->auth_failure },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].to->len == 0 && span_equal_folded(name, span_of(fields[i].name)))
			*fields[i].to = value;
}

bool
arf_parse(struct span part, struct arf *a)
{
	struct arf r = { 0 };
	struct span name, value;

	while (take_field(&part, &name, &value))
		set_field(&r, name, value);
	r.original_mail_from = report_field_without_brackets(r.original_mail_from);
	r.original_rcpt_to = report_field_without_brackets(r.original_rcpt_to);
	*a = r;
	return r.feedback_type.len > 0;
}

bool
arf_take_original_rcpt_to(struct span *fields, struct span *recipient)
{
	struct span name, value;

	while (take_field(fields, &name, &value))
		if (span_equal_folded(name, span_of("Original-Rcpt-To"))) {
			*recipient = report_field_without_brackets(value);
			return true;
		}
	return false;
}
