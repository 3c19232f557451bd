#include "failure/reply_mark.h"

#include <string.h>

#include "failure/reply_bytes.h"

enum { CHUNK = 16, BEFORE_MAX = 160 };
typedef signed char chunk __attribute__((vector_size(CHUNK)));

static bool
any(chunk c)
{
	uint64_t halves[2];

	memcpy(halves, &c, sizeof(halves));
	return (halves[0] | halves[1]) != 0;
}

/* Whether one of the 16 bytes at `at` may begin a code; at[-1] and at[16] are read too. */
static bool
chunk_may_hold(const char *at)
{
	chunk c, before, behind;

	memcpy(&c, at, sizeof(c));
	memcpy(&before, at - 1, sizeof(before));
	memcpy(&behind, at + 1, sizeof(behind));
	return any(((c == '4') | (c == '5')) &
	    ((before < '-') | ((before > '9') & ((before | ' ') < 'a')) | (before > 'z')) & (behind < ':') &
	    (behind > '-') & (behind != '/'));
}

/* "4" or "5" at a word's start with a digit or dot behind it, or the text's length. */
static size_t
next_digit(struct span s, size_t i)
{
	for (; i + 1 < s.len; i++) {
		while (i > 0 && i + CHUNK < s.len && !chunk_may_hold(s.at + i))
			i += CHUNK;
		if ((s.at[i] == '4' || s.at[i] == '5') && (i == 0 || !reply_is_host_byte(s.at[i - 1])) &&
		    (ascii_is_digit(s.at[i + 1]) || s.at[i + 1] == '.'))
			return i;
	}
	return s.len;
}

/* A price, a clock, a list of numbers: "1,550", "10:45", "$550". */
static bool
is_part_of_number(struct span text, size_t at)
{
	if (at == 0)
		return false;
	if (memchr("$%/@+~", text.at[at - 1], 6) != NULL)
		return true;
	return at > 1 && memchr(",:", text.at[at - 1], 2) != NULL && ascii_is_digit(text.at[at - 2]);
}

/* What may stand behind the three digits. */
static bool
ends_code(struct span rest)
{
	const char c = rest.len > 0 ? rest.at[0] : ' ', next = rest.len > 1 ? rest.at[1] : ' ';

	if (c == '-')
		return !ascii_is_digit(next) || (rest.len > 2 && rest.at[2] == '.');
	if (c == '.' || c == ',' || c == ':')
		return !ascii_is_alnum(next);
	return !ascii_is_alnum(c) && c != '_' && c != '/' && c != '%' && c != '@';
}

/* "550 5.1.1", "550-5.1.1", "550: 5.1.1", "550 #5.1.1", "(421): 4.7.0" */
static bool
take_status_behind(struct span *rest, struct reply_mark *m)
{
	struct span behind = *rest;
	struct enhanced_status status;

	while (
	    !m->more && behind.len > 0 && rest->len - behind.len < 6 && memchr(":#)]\"', b", behind.at[0], 9) != NULL) {
		m->odd = m->odd || memchr(")]\"',", behind.at[0], 5) != NULL;
		behind = span_skip(behind, 1);
	}
	if (!enhanced_status_take(&behind, &status) || status.class != m->code / 100)
		return m->odd = false;
	m->status = status;
	*rest = behind;
	return true;
}

static bool
read_mark(struct span text, size_t at, struct reply_mark *m)
{
	struct span rest = span_skip(text, at);
	uint16_t code = 0;

	*m = (struct reply_mark){ .at = at };
	if (is_part_of_number(text, at))
		return false;
	if (span_take_digits(&rest, 3, 3, &code)) {
		if (code / 10 % 10 > 7 || !ends_code(rest))
			return false;
		m->code = code;
		m->more = span_take_char(&rest, '-');
		reply_skip_blanks(&rest);
		take_status_behind(&rest, m);
		m->more = m->more && !(m->status.class != 0 && rest.len > 0 && rest.at[0] == ')');
	} else if (!enhanced_status_take(&rest, &m->status) || m->status.class < 4 || m->status.subject > 7) {
		return false;
	}
	reply_skip_blanks(&rest);
	m->words = (size_t)(rest.at - text.at);
	return true;
}

bool
reply_mark_find(struct span text, size_t from, struct reply_mark *m)
{
	for (size_t i = from; (i = next_digit(text, i)) < text.len; i++)
		if (read_mark(text, i, m))
			return true;
	return false;
}

/* A character of punctuation, of arrows, bullets or enclosed numbers; not a letter. */
static size_t
symbol_len(struct span s)
{
	const unsigned char *b = (const unsigned char *)s.at;

	if (s.len < 3)
		return 0;
	if ((b[0] == 0xe2 && b[1] >= 0x80) || (b[0] == 0xe3 && (b[1] == 0x80 || (b[1] == 0x83 && b[2] == 0xbb))) ||
	    (b[0] == 0xef && b[1] == 0xbc && b[2] >= 0x81 && b[2] < 0x90) ||
	    (b[0] == 0xef && b[1] == 0xbd && b[2] >= 0x9b))
		return 3;
	return 0;
}

/* "1. ", "2) ", "(3) " */
static bool
take_number(struct span *s)
{
	struct span rest = *s;
	uint16_t n;
	bool open = span_take_char(&rest, '(');

	if (!span_take_digits(&rest, 1, 2, &n) ||
	    (!span_take_char(&rest, ')') && (open || !span_take_char(&rest, '.'))) ||
	    (rest.len > 0 && !reply_skip_blanks(&rest) && (unsigned char)rest.at[0] < 0x80))
		return false;
	*s = rest;
	return true;
}

bool
reply_mark_is_item(struct span line)
{
	reply_skip_blanks(&line);
	if (line.len < 2)
		return false;
	return symbol_len(line) > 0 || take_number(&line) ||
	    (memchr("*-+", line.at[0], 3) != NULL && reply_skip_blanks(&(struct span){ line.at + 1, line.len - 1 }));
}

/* "2025-03-03 01:00:00", "[2024-05-01T10:00:00.000Z]", "Mar  3 10:00:00" */
static bool
take_date(struct span *s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	size_t n = 0, digits = 0;
	struct span rest = *s;

	for (size_t i = 0; rest.len > 6 && i < sizeof(months) - 1; i += 3)
		if (span_equal_folded(span_first(rest, 3), (struct span){ months + i, 3 }) && rest.at[3] == ' ') {
			rest = span_skip(rest, 3);
			break;
		}
	for (; n < rest.len && n < 48; n++) {
		if (ascii_is_digit(rest.at[n]))
			digits++;
		else if (memchr("-/:.,TZ+[] ", rest.at[n], 11) == NULL)
			break;
	}
	if (digits < 6 || memchr(rest.at, ':', n) == NULL)
		return false;
	*s = span_skip(rest, n);
	return true;
}

static bool
take_label(struct span *s)
{
	static const char *const labels[] = { "server -> client:", "smtp<<", "<**", "<~*", "<-", "<~", "<<<", "=>",
		"<=", "->", "s:", "s>", "reply: b'", "reply: '", "reply:", "smtp;",
		"diagnostic-code:", "remote host said:", "[err]", "error:", "[error]", "[smtp]", "[info]", "[warn]",
		"info:", "warn:", "error ", "info ", "warn " };

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (reply_take_phrase(s, labels[i]))
			return true;
	return false;
}

void
reply_mark_skip_before(struct span *line)
{
	for (;;) {
		size_t n;

		reply_skip_blanks(line);
		if (line->len == 0)
			return;
		if (take_date(line) || take_number(line) || take_label(line))
			continue;
		n = memchr("<>*-|\"'`#([{=\t", line->at[0], 14) != NULL ? 1 : symbol_len(*line);
		if (n == 0)
			return;
		*line = span_skip(*line, n);
	}
}

/* What programs and people write where they tell of a reply. */
static bool
announces(struct span before)
{
	static const char *const words[] = { "err", "fail", "code", "smtp", "status", "respon", "repl", "reject",
		"refus", "said", "return", "messag", "msg", "bounce", "deliver", "exception", "fatal", "server",
		"denied", "reason", "diag", "greeting", "data", "rcpt", "invalid", "undeliver", "mailer",
		"\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc", "\xe3\x82\xb3\xe3\x83\xbc\xe3\x83\x89",
		"\xe5\xbf\x9c\xe7\xad\x94", "\xe6\x8b\x92\xe5\x90\xa6", "\xe5\xa4\xb1\xe6\x95\x97",
		"\xe5\xa4\xb1\xe8\xb4\xa5", "\xe9\x94\x99\xe8\xaf\xaf", "\xe4\xbb\xa3\xe7\xa0\x81",
		"\xe6\x8a\xa5\xe9\x94\x99", "\xe9\x80\x80\xe4\xbf\xa1", "mail" };
	char folded[BEFORE_MAX];

	if (before.len > BEFORE_MAX)
		before = span_skip(before, before.len - BEFORE_MAX);
	for (size_t i = 0; i < before.len; i++)
		folded[i] = ascii_lower(before.at[i]);
	before.at = folded;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (span_holds(before, words[i]))
			return true;
	return false;
}

static bool
speaks_of_http(struct span s)
{
	struct span window = span_first(s, 400);

	return span_holds(window, "HTTP") || span_holds(window, "httpStatus") || span_holds(window, "http_status") ||
	    span_holds(window, "http status") || span_holds(window, "Http") || span_holds(window, "GET /") ||
	    span_holds(window, "POST /");
}

/* "550 Mail content denied", "550-", '550"': words of a reply, or nothing, but no unit. */
static bool
is_followed_by_words(struct span text, const struct reply_mark *m)
{
	const struct span rest = span_skip(text, m->words);

	return m->more || reply_mark_is_bare(text, m) ||
	    (m->words > m->at + 3 &&
		(ascii_is_alpha(rest.at[0]) || memchr("<\"'([", rest.at[0], 5) != NULL ||
		    (unsigned char)rest.at[0] >= 0x80));
}

/* The reply stands behind a colon, an opening quotation mark, a bracket, or words that announce it at once. */
static bool
is_set_off(struct span before)
{
	const char *const marks = ":=('\"[{`>|;,/ \t";
	const size_t n = before.len;

	return n == 0 || strchr(marks, before.at[n - 1]) != NULL || (unsigned char)before.at[n - 1] >= 0x80;
}

/* "250 2.0.0 queued as 550": the server took it. */
static bool
is_good_answer(struct span line)
{
	uint16_t code;

	reply_mark_skip_before(&line);
	return span_take_digits(&line, 3, 3, &code) && code >= 200 && code < 400 &&
	    (span_take_char(&line, ' ') || span_take_char(&line, '-'));
}

bool
reply_mark_is_credible(struct span text, size_t line, const struct reply_mark *m)
{
	struct span before = { text.at + line, m->at - line }, rest = before, close = before;

	reply_mark_skip_before(&rest);
	if (rest.len == 0)
		return m->code == 0 || is_followed_by_words(text, m);
	if (is_good_answer(before))
		return false;
	while (close.len > 0 && ascii_is_blank(close.at[close.len - 1]))
		close.len--;
	if (m->code == 0) /* a status alone behind a quotation mark or a colon */
		return memchr("'\":([>", close.at[close.len - 1], 6) != NULL && announces(before);
	if (m->status.class != 0)
		return !reply_mark_is_bare(text, m) || announces(before);
	if ((m->code % 100 / 10 < 2 && m->code < 500) || m->code == 429) /* SMTP has none of these, HTTP has */
		return false;
	return is_set_off(before) && announces(before) && is_followed_by_words(text, m) &&
	    !speaks_of_http(span_skip(text, line));
}

/* "code=550 email=…": logfmt's next key. */
static bool
is_value_before_key(struct span text, const struct reply_mark *m)
{
	struct span rest = span_skip(text, m->at + 3);

	if (m->at == 0 || text.at[m->at - 1] != '=' || !span_take_char(&rest, ' '))
		return false;
	while (rest.len > 0 && (ascii_is_alnum(rest.at[0]) || rest.at[0] == '_' || rest.at[0] == '.'))
		rest = span_skip(rest, 1);
	return rest.len > 0 && rest.at[0] == '=';
}

bool
reply_mark_is_bare(struct span text, const struct reply_mark *m)
{
	struct span rest = span_skip(text, m->at + (m->code != 0 && m->status.class == 0 ? 3 : m->words - m->at));

	if (m->more)
		return false;
	if (m->status.class == 0 && is_value_before_key(text, m))
		return true;
	while (rest.len > 0 && memchr(" \t\"'.", rest.at[0], 5) != NULL)
		rest = span_skip(rest, 1);
	return rest.len == 0 || memchr(",;)]}\n\r|", rest.at[0], 8) != NULL;
}
