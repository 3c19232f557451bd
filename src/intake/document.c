#include "intake/document.h"

#include "base/ascii.h"
#include "event/event.h"
#include "grammar/json.h"
#include "log/log_journald.h"
#include "log/log_formats.h"
#include "message/mbox.h"

enum { LOG_LINES_LOOKED_AT = 2000, HEADER_FIELDS_LOOKED_AT = 40, HEADER_FIELDS_MIN = 2, BINARY_LOOK_SIZE = 4096 };

static bool
is_compressed(struct span s)
{
	static const struct {
		const char *magic;
		size_t len;
	} formats[] = { { "\x1f\x8b", 2 }, { "BZh", 3 },
		{ "\xfd"
		  "7zXZ",
		    5 },
		{ "\x28\xb5\x2f\xfd", 4 } };

	if (s.len >= 4 && (s.at[0] & 0xf0) == 0x50 && memcmp(s.at + 1, "\x2a\x4d\x18", 3) == 0)
		return true; /* zstd's skippable frame. RFC 8878 section 3.1.2 */
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (s.len >= formats[i].len && memcmp(s.at, formats[i].magic, formats[i].len) == 0)
			return true;
	return false;
}

/* One line off the front; its end may be CR, LF or CRLF. */
static struct span
take_any_line(struct span *s)
{
	size_t lf = span_index(*s, '\n'), cr = span_index(span_first(*s, lf), '\r'), n = cr < lf ? cr : lf;
	struct span line = span_first(*s, n);

	if (cr < lf && cr + 1 == lf)
		n++;
	*s = span_skip(*s, n < s->len ? n + 1 : n);
	return line;
}

/* field-name of a header field, empty if the line is none. RFC 5322 section 2.2 */
static struct span
field_name(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.at[n] > ' ' && line.at[n] < 127 && line.at[n] != ':')
		n++;
	if (n == line.len || line.at[n] != ':' || n == 0 || n > 76)
		n = 0;
	return span_first(line, n);
}

static bool
is_one_of(struct span name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (span_equal_folded(name, span_of(*names)))
			return true;
	return false;
}

static const char *const message_fields[] = { "received", "return-path", "delivered-to", "from", "to", "subject",
	"date", "message-id", "mime-version", "content-type", "x-failed-recipients", "dkim-signature",
	"authentication-results", "x-original-to", "auto-submitted", "reply-to", "sender", "cc", "arc-seal", NULL };

static const char *const report_fields[] = { "reporting-mta", "final-recipient", "original-recipient", "action",
	"diagnostic-code", "remote-mta", "feedback-type", NULL };

/* What the first lines are, if they are header fields at all. */
static enum document_kind
recognise_fields(struct span s)
{
	unsigned of_message = 0, of_report = 0;

	for (unsigned i = 0; i < HEADER_FIELDS_LOOKED_AT && s.len > 0; i++) {
		struct span line = take_any_line(&s), name = field_name(line);

		if (line.len == 0)
			break;
		if ((i > 0 && (line.at[0] == ' ' || line.at[0] == '\t')) ||
		    (i == 0 && span_starts_folded(line, "From ")))
			continue; /* folded; a mailbox's line, whatever follows in it */
		if (name.len == 0)
			break;
		of_message += is_one_of(name, message_fields);
		of_report += is_one_of(name, report_fields);
	}
	if (of_report > 0 && of_message == 0)
		return DOCUMENT_REPORT;
	return of_message > 0 ? DOCUMENT_MESSAGE : DOCUMENT_TEXT;
}

static size_t
blanks_before(struct span line)
{
	size_t n = 0;

	while (n < line.len && ascii_is_blank(line.at[n]))
		n++;
	return n;
}

/* One field alone may be a line of prose: "Subject: what is this?" */
static bool
counts_as_header(struct span s, size_t indent)
{
	unsigned n = 0;

	while (s.len > 0 && n < HEADER_FIELDS_MIN) {
		const struct span line = take_any_line(&s);
		const size_t blanks = blanks_before(line);
		const struct span name = field_name(span_skip(line, blanks));

		if (n > 0 && blanks > indent)
			continue;
		if (name.len == 0)
			return false;
		n += is_one_of(name, message_fields);
	}
	return n == HEADER_FIELDS_MIN;
}

size_t
document_find_message(struct span text, size_t *indent)
{
	struct span rest = span_first(text, DOCUMENT_LOOK_SIZE);
	bool paragraph = true;

	while (rest.len > 0) {
		const struct span here = rest, line = take_any_line(&rest);

		*indent = blanks_before(line);
		if (paragraph && field_name(span_skip(line, *indent)).len > 0 && counts_as_header(here, *indent))
			return (size_t)(here.at - text.at);
		paragraph = span_trim(line).len == 0 || span_starts(span_skip(line, *indent), "From ");
	}
	return text.len;
}

static size_t
skip_digits(struct span s, size_t i)
{
	while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
		i++;
	return i;
}

/* "Nov 23 10:00:00 host " or "2026-11-23T10:00:00…": how log lines begin. */
static bool
has_log_date(struct span line)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (line.len < 16)
		return false;
	for (size_t i = 0; i < 36; i += 3)
		if (memcmp(line.at, months + i, 3) == 0)
			return line.at[3] == ' ' && line.at[6] == ' ' && line.at[9] == ':' && line.at[12] == ':';
	return skip_digits(line, 0) == 4 && line.at[4] == '-' && line.at[7] == '-' && line.at[10] == 'T';
}

static bool
is_journald(struct span line)
{
	return line.len > 0 && line.at[0] == '{' && log_journald_is(line);
}

static bool
is_log(struct span s)
{
	const bool goes_on = s.len >= DOCUMENT_LOOK_SIZE;
	unsigned dated = 0, i;

	for (i = 0; i < LOG_LINES_LOOKED_AT && s.len > 0; i++) {
		struct span line = take_any_line(&s);
		enum log_kind kind;

		if (log_format_of(line, &kind) != NULL || is_journald(line))
			return true;
		dated += has_log_date(line);
	}
	return goes_on && dated > 1 && dated >= i - i / 4; /* a short one is read as text */
}

/* Text holds no NUL, unless it is UTF-16, and few control characters. */
static bool
is_binary(struct span s)
{
	size_t controls = 0;

	if (s.len > 1 && (memcmp(s.at, "\xff\xfe", 2) == 0 || memcmp(s.at, "\xfe\xff", 2) == 0))
		return false;
	s = span_first(s, BINARY_LOOK_SIZE);
	for (size_t i = 0; i < s.len; i++)
		controls += (unsigned char)s.at[i] < ' ' && !ascii_is_space(s.at[i]) && s.at[i] != '\033' &&
		    s.at[i] != '\b';
	return controls > s.len / 16 || (s.len > 4 && memcmp(s.at, "\177ELF", 4) == 0);
}

static enum document_kind
recognise_foreign(struct span s)
{
	if (span_starts(s, "%PDF-"))
		return DOCUMENT_PDF;
	if (span_starts(s, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
		return DOCUMENT_OUTLOOK_MSG;
	return is_binary(s) ? DOCUMENT_BINARY : DOCUMENT_TEXT;
}

/* JSON of whatever kind, whole or one value a line. */
static bool
is_json(struct span s)
{
	struct span value;

	return json_take_value(&s, &value) && (s.len == 0 || s.at[0] == '{' || s.at[0] == '[');
}

size_t
document_blank_front(struct span s)
{
	size_t n = span_starts(s, "\xef\xbb\xbf") ? 3 : 0, line = n;

	for (size_t i = n; i < s.len && ascii_is_space(s.at[i]); i++)
		if (s.at[i] == '\n' || s.at[i] == '\r')
			line = i + 1;
	return line;
}

enum document_kind
document_recognise(struct span s)
{
	s = span_first(s, DOCUMENT_LOOK_SIZE);
	s = span_skip(s, document_blank_front(s));
	if (is_compressed(s))
		return DOCUMENT_COMPRESSED;
	if (recognise_foreign(s) != DOCUMENT_TEXT)
		return recognise_foreign(s);
	if (span_trim(s).len == 0)
		return DOCUMENT_EMPTY;
	if (mbox_is_start(s))
		return DOCUMENT_MBOX;
	if (s.at[0] == '{' || s.at[0] == '[')
		return is_log(s) ? DOCUMENT_LOG : event_looks_like(s) || is_json(s) ? DOCUMENT_EVENTS : DOCUMENT_TEXT;
	if (recognise_fields(s) != DOCUMENT_TEXT)
		return recognise_fields(s);
	return is_log(s) ? DOCUMENT_LOG : DOCUMENT_TEXT;
}

bool
document_has_cr_lines(struct span s)
{
	s = span_first(s, DOCUMENT_LOOK_SIZE);
	return span_index(s, '\n') == s.len && span_index(s, '\r') < s.len;
}
