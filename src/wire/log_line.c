#include "wire/log_line.h"

#include "wire/log_exim.h"
#include "wire/log_haraka.h"
#include "wire/log_kumomta.h"
#include "wire/log_opensmtpd.h"
#include "wire/log_postfix.h"
#include "wire/log_powermta.h"
#include "wire/log_qmail.h"
#include "wire/log_sendmail.h"

const struct log_format *const log_formats[LOG_FORMATS_MAX] = { &log_postfix, &log_exim, &log_sendmail, &log_opensmtpd,
	&log_qmail, &log_kumomta, &log_powermta, &log_haraka };

static bool
take_one(struct span *list, struct span *recipient)
{
	struct span s = *list;
	size_t n = 0;

	while (s.len > 0 && (s.at[0] == ',' || s.at[0] == ' '))
		s = span_skip(s, 1);
	if (s.len == 0)
		return false;
	if (span_take_char(&s, '<')) {
		for (; n < s.len && !(s.at[n] == '>' && (n + 1 == s.len || s.at[n + 1] == ',')); n++)
			;
		*recipient = span_first(s, n);
		*list = span_skip(s, n < s.len ? n + 1 : n);
		return true;
	}
	for (bool quoted = false; n < s.len && (quoted || s.at[n] != ','); n++)
		if (s.at[n] == '"')
			quoted = !quoted;
	*recipient = span_trim(span_first(s, n));
	if (recipient->len > 1 && recipient->at[0] == '"' && recipient->at[recipient->len - 1] == '"')
		*recipient = (struct span){ recipient->at + 1, recipient->len - 2 }; /* of a JSON array */
	*list = span_skip(s, n);
	return true;
}

/* Programs and the mark of a list that was cut are nobody. */
bool
log_take_recipient(struct span *list, struct span *recipient)
{
	while (take_one(list, recipient))
		if (recipient->len > 0 && recipient->at[0] != '|' && !span_equal(*recipient, span_of("[more]")))
			return true;
	return false;
}

const struct log_format *
log_format_of(struct span line, enum log_kind *kind)
{
	for (size_t i = 0; log_formats[i] != NULL; i++) {
		struct log_scan s = { 0 };

		*kind = log_formats[i]->scan(line, &s);
		if (*kind > LOG_OTHER)
			return log_formats[i];
	}
	return NULL;
}
