#include "log/log_formats.h"

#include "log/log_exim.h"
#include "log/log_haraka.h"
#include "log/log_kumomta.h"
#include "log/log_opensmtpd.h"
#include "log/log_postfix.h"
#include "log/log_powermta.h"
#include "log/log_qmail.h"
#include "log/log_sendmail.h"

const struct log_format *const log_formats[LOG_FORMATS_MAX] = { &log_postfix, &log_exim, &log_sendmail, &log_opensmtpd,
	&log_qmail, &log_kumomta, &log_powermta, &log_haraka };

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
