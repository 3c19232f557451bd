/*
 * A reply as it is quoted:
 *
 *	smtp; 550-5.7.26 The MAIL FROM domain [example.jp] has an SPF\n550 5.7.26 ...
 *	<taro@example.jp>: host mx.example.jp[192.0.2.1] said: 550 5.1.1 no such
 *	    user (in reply to RCPT TO command)
 *
 * The bytes between two oddities are copied by one tight loop; an oddity (a
 * line's start, a blank behind a blank, a code, a byte beyond ASCII) is looked
 * at by itself.
 */
#include "wire/diagnostic_code.h"

enum {
	WINDOW = 1024, /* what an MTA writes before the reply is shorter */
	HOST_MAX = 255,
	COMMAND_MAX = 64,
	LOG_WORDS_MAX = 8
};

struct reader {
	struct diagnostic_code *d;
	const char *start;
	char *out; /* the words; never longer than what they are read from */
	size_t len;
	uint32_t *offsets; /* NULL: not wanted */
	const uint32_t *origin; /* where start[i] stood in raw; NULL: at i */
	bool open; /* the last code was "550-" */
	bool answer; /* the line began with "<<<" */
	bool quoted; /* an opening quote or bracket was dropped */
};

/*
 * Bytes.
 */

/* The length of the blank at the front, 0 for none. Exim's log writes a line
   end as two characters. */
static size_t
blank_len(struct span s)
{
	const unsigned char *b = (const unsigned char *)s.at;

	if (s.len == 0)
		return 0;
	if (b[0] <= ' ' || b[0] == 127)
		return 1;
	if (s.len >= 2 && ((b[0] == '\\' && (b[1] == 'n' || b[1] == 'r')) || (b[0] == 0xc2 && b[1] == 0xa0)))
		return 2;
	if (s.len >= 3 &&
	    ((b[0] == 0xe3 && b[1] == 0x80 && b[2] == 0x80) ||
		(b[0] == 0xe2 && b[1] == 0x80 && (b[2] == 0x8b || b[2] == 0xaf)) ||
		(b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf)))
		return 3;
	return 0;
}

static bool
is_line_end(struct span s)
{
	return s.len > 0 &&
	    (s.at[0] == '\n' || s.at[0] == '\r' ||
		(s.len > 1 && s.at[0] == '\\' && (s.at[1] == 'n' || s.at[1] == 'r')));
}

static bool
skip_blanks(struct span *s)
{
	size_t n, all = 0;

	while ((n = blank_len(*s)) > 0) {
		*s = span_skip(*s, n);
		all += n;
	}
	return all > 0;
}

static void
skip_line(struct span *s)
{
	while (s->len > 0 && !is_line_end(*s))
		*s = span_skip(*s, 1);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes words in any case (`phrase` is in lower case); a blank in it stands
   for any run of blanks, so that folded lines are read too. */
static bool
take_phrase(struct span *s, const char *phrase)
{
	struct span rest = *s;

	for (; *phrase != '\0'; phrase++) {
		if (*phrase == ' ') {
			if (!skip_blanks(&rest))
				return false;
		} else if (rest.len == 0 || ascii_lower(rest.at[0]) != *phrase) {
			return false;
		} else {
			rest = span_skip(rest, 1);
		}
	}
	*s = rest;
	return true;
}

/* Takes what stands before `mark`, and the mark; at most `max` bytes. */
static bool
take_until(struct span *s, const char *mark, size_t max, struct span *before)
{
	struct span window = span_first(*s, max), m = span_of(mark);
	const char *p = window.len ? memmem(window.at, window.len, m.at, m.len) : NULL;

	if (p == NULL)
		return false;
	*before = (struct span){ s->at, (size_t)(p - s->at) };
	*s = span_skip(*s, before->len + m.len);
	return true;
}

/* A run without blanks. */
static struct span
take_word(struct span *s)
{
	size_t n = 0;
	struct span word;

	while (n < s->len && blank_len(span_skip(*s, n)) == 0)
		n++;
	word = span_first(*s, n);
	*s = span_skip(*s, n);
	return word;
}

static bool
is_address_byte(char c)
{
	char l = ascii_lower(c);

	return is_digit(c) || (l >= 'a' && l <= 'f') || c == '.' || c == ':';
}

/* An IPv4 or IPv6 address; the words of it are not checked further. */
static bool
take_ip(struct span *s, struct span *ip)
{
	size_t n = 0, marks = 0;
	struct span rest = *s;

	if (span_starts_folded(rest, "IPv6:"))
		rest = span_skip(rest, 5);
	while (n < rest.len && n < 46 && is_address_byte(rest.at[n])) {
		marks += rest.at[n] == '.' || rest.at[n] == ':';
		n++;
	}
	while (n > 0 && rest.at[n - 1] == '.')
		n--;
	if (n < 3 || marks < 2)
		return false;
	*ip = span_first(rest, n);
	*s = span_skip(rest, n);
	return true;
}

/*
 * What an MTA writes around a reply.
 */

/* Commands under one name each: Exim says "end of data". */
static struct span
command_name(struct span s)
{
	static const char *const names[] = { "RCPT TO", "MAIL FROM", "end of DATA", "DATA", "EHLO", "HELO", "LHLO",
		"AUTH", "STARTTLS", "QUIT" };

	take_phrase(&s, "pipelined ");
	take_phrase(&s, "sending ");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char phrase[16];
		size_t n = strlen(names[i]);
		struct span rest = s;

		for (size_t k = 0; k <= n; k++)
			phrase[k] = ascii_lower(names[i][k]);
		if (take_phrase(&rest, phrase))
			return span_of(names[i]);
	}
	if (take_phrase(&s, "rcpt")) /* smtpd: "reject: RCPT from" */
		return span_of("RCPT TO");
	if (take_phrase(&s, "mail"))
		return span_of("MAIL FROM");
	if (take_phrase(&s, "initial connection") || take_phrase(&s, "connect"))
		return span_of("connect");
	return span_trim(span_first(s, COMMAND_MAX));
}

static void
set_command(struct reader *r, struct span command)
{
	r->d->command = command_name(command);
}

static bool
is_host_byte(char c)
{
	char l = ascii_lower(c);

	return is_digit(c) || (l >= 'a' && l <= 'z') || c == '.' || c == '-' || c == '_';
}

/* "mx.example.jp[192.0.2.1]", "mx.example.jp [192.0.2.1]" or the name alone */
static bool
take_host(struct span *s, struct span *host, struct span *ip)
{
	size_t n = 0;
	struct span rest = *s, address = { 0 };

	while (n < rest.len && n < HOST_MAX && is_host_byte(rest.at[n]))
		n++;
	*host = span_first(rest, n);
	rest = span_skip(rest, n);
	*s = rest;
	skip_blanks(&rest);
	if (span_take_char(&rest, '[') && take_ip(&rest, &address) && span_take_char(&rest, ']')) {
		*ip = address;
		*s = rest;
	}
	if (span_take_char(&rest, ':') && is_digit(rest.len ? rest.at[0] : 'x')) {
		while (rest.len > 0 && is_digit(rest.at[0]))
			rest = span_skip(rest, 1);
		*s = rest;
	}
	return host->len > 0 || ip->len > 0;
}

/* Postfix: "host H[I] said: ", "host H[I] refused to talk to me: ";
   Exim: "host H [I]: " */
static bool
take_host_said(struct reader *r, struct span *s)
{
	struct span rest = *s, host = { 0 }, ip = { 0 };

	if (!take_phrase(&rest, "host ") || !take_host(&rest, &host, &ip))
		return false;
	if (take_phrase(&rest, " refused to talk to me:"))
		r->d->command = span_of("connect");
	else if (!take_phrase(&rest, " said:") && (ip.len == 0 || !take_phrase(&rest, ":")))
		return false;
	r->d->host = host;
	r->d->ip = ip;
	*s = rest;
	return true;
}

/* Exim: "SMTP error from remote mail server after RCPT TO:<a@b>: " */
static bool
take_exim_error(struct reader *r, struct span *s)
{
	struct span rest = *s, command, between;

	if (!take_phrase(&rest, "smtp error from remote mail server after ") &&
	    !take_phrase(&rest, "smtp error from remote mailer after ") &&
	    !take_phrase(&rest, "remote mail server error after ") && !take_phrase(&rest, "lmtp error after "))
		return false;
	if (!take_until(&rest, ":", COMMAND_MAX, &command))
		return false;
	if (rest.len > 0 && rest.at[0] == '<' && !take_until(&rest, ">", WINDOW, &between))
		return false;
	if (rest.len > 0 && blank_len(rest) == 0)
		take_until(&rest, ":", WINDOW, &between);
	else if (take_phrase(&rest, " size="))
		take_until(&rest, ":", WINDOW, &between);
	set_command(r, command);
	*s = rest;
	return true;
}

/* qmail-remote: "192.0.2.1 does not like recipient." */
static bool
take_qmail_words(struct reader *r, struct span *s)
{
	static const struct {
		const char *phrase, *command;
	} said[] = {
		{ " does not like recipient.", "RCPT TO" },
		{ " failed after i sent the message.", "end of DATA" },
		{ " but sender was rejected.", "MAIL FROM" },
		{ " but greeting failed.", "connect" },
		{ " but my name was rejected.", "HELO" },
	};
	struct span rest = *s, ip;

	take_phrase(&rest, "connected to ");
	if (!take_ip(&rest, &ip))
		return false;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (take_phrase(&rest, said[i].phrase)) {
			r->d->ip = ip;
			r->d->command = span_of(said[i].command);
			*s = rest;
			return true;
		}
	return false;
}

static bool
take_giving_up(struct reader *r, struct span *s)
{
	struct span rest = *s, ip;

	(void)r;
	if (!take_phrase(&rest, "giving up on ") || !take_ip(&rest, &ip))
		return false;
	span_take_char(&rest, '.');
	*s = rest;
	return true;
}

/* Sendmail: "... while talking to mx.example.jp.:" */
static bool
take_talking_to(struct reader *r, struct span *s)
{
	struct span rest = *s, host = { 0 }, ip = { 0 };

	if (!take_phrase(&rest, "... while talking to ") || !take_host(&rest, &host, &ip) ||
	    !span_take_char(&rest, ':'))
		return false;
	while (host.len > 0 && host.at[host.len - 1] == '.')
		host.len--;
	r->d->host = host;
	r->d->ip = ip;
	*s = rest;
	return true;
}

/* ">>> RCPT To:<taro@example.jp>" is what the sender said. */
static bool
take_sent_line(struct reader *r, struct span *s)
{
	struct span rest = *s, line;

	if (!take_phrase(&rest, ">>> "))
		return false;
	line = rest;
	skip_line(&rest);
	if (r->d->code == 0)
		set_command(r, span_first(line, (size_t)(rest.at - line.at)));
	*s = rest;
	return true;
}

static bool
take_answer_mark(struct reader *r, struct span *s)
{
	if (!take_phrase(s, "<<< "))
		return false;
	r->answer = true;
	return true;
}

/* "> ", "* ", "- " */
static bool
take_list_mark(struct reader *r, struct span *s)
{
	(void)r;
	if (s->len < 2 || (s->at[0] != '>' && s->at[0] != '*' && s->at[0] != '-') || blank_len(span_skip(*s, 1)) == 0)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

static bool
take_type(struct reader *r, struct span *s)
{
	static const char *const types[] = { "smtp;", "x-postfix;", "x-unix;", "unix;", "lmtp;", "x-exim;",
		"x-sendmail;", "x-local;", "diagnostic-code:", "remote host said:", "remote server returned",
		"the response was:", "the response from the remote server was:", "delivery temporarily suspended:",
		"smtp; smtp;" };

	(void)r;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (take_phrase(s, types[i]))
			return true;
	return false;
}

/* "<taro@example.jp>: " before what a host said of it; "<taro@example.jp>:
   Recipient address rejected" are a reply's own words. */
static bool
take_recipient(struct reader *r, struct span *s)
{
	struct span rest = *s, address, note;

	if (r->d->code != 0 || r->len > 0 || rest.len < 2 || rest.at[0] != '<' ||
	    !take_until(&rest, ">", WINDOW, &address))
		return false;
	if (take_phrase(&rest, " (expanded from "))
		take_until(&rest, ")", WINDOW, &note);
	if (!span_take_char(&rest, ':') || !skip_blanks(&rest))
		return false;
	*s = rest;
	return true;
}

static bool
take_opening(struct reader *r, struct span *s)
{
	static const char *const marks[] = { "\"", "'", "\xe2\x80\x9c", "\xe2\x80\x98", "\xe3\x80\x8c", "\xe3\x80\x8e",
		"`" };
	struct span rest = *s;

	if (r->len > 0)
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (take_phrase(s, marks[i]))
			return r->quoted = true;
	if (!span_take_char(&rest, '(') || rest.len < 5 || !(is_digit(rest.at[0]) || span_starts_folded(rest, "host ")))
		return false;
	*s = rest;
	return r->quoted = true;
}

/*
 * A log's words before the reply.
 */

static bool
starts_with_date(struct span s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (s.len < 15)
		return false;
	if (s.at[4] == '-' && s.at[7] == '-' && is_digit(s.at[0]) && is_digit(s.at[9]))
		return true;
	if (s.at[3] != ' ' || s.at[9] != ':' || s.at[12] != ':')
		return false;
	for (size_t i = 0; i < sizeof(months) - 1; i += 3)
		if (span_equal_folded(span_first(s, 3), (struct span){ months + i, 3 }))
			return true;
	return false;
}

static bool
is_queue_id(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!is_digit(word.at[i]) && (ascii_lower(word.at[i]) < 'a' || ascii_lower(word.at[i]) > 'z'))
			return false;
	return word.len >= 6 && word.len <= 20;
}

/* Postfix: "to=<a@b>, relay=..., status=bounced (" */
static void
skip_delivery_fields(struct reader *r, struct span *s)
{
	struct span before, outcome, rest = *s;

	if (!span_starts_folded(rest, "to=<") || !take_until(&rest, "status=", 4 * WINDOW, &before) ||
	    !take_until(&rest, "(", COMMAND_MAX, &outcome))
		return;
	r->quoted = true;
	*s = rest;
}

/* Postfix: "reject: RCPT from unknown[192.0.2.9]: " */
static void
skip_reject(struct reader *r, struct span *s)
{
	struct span rest = *s, host = { 0 }, ip = { 0 }, command;

	if (!take_phrase(&rest, "reject: ") || !take_until(&rest, " from ", COMMAND_MAX, &command) ||
	    !take_host(&rest, &host, &ip) || !span_take_char(&rest, ':'))
		return;
	set_command(r, command);
	r->d->client_ip = ip;
	*s = rest;
}

/* Exim: "1abcde-000000-00 ** a@b R=r T=t H=mx.example.jp [192.0.2.1]: " */
static bool
skip_exim_fields(struct reader *r, struct span *s)
{
	struct span window = span_first(*s, WINDOW), rest = *s, before, host = { 0 }, ip = { 0 };
	const char *error = memmem(window.at, window.len, "SMTP error", 10);

	if (error == NULL)
		return false;
	if (take_until(&rest, " H=", WINDOW, &before) && take_host(&rest, &host, &ip)) {
		r->d->host = host;
		r->d->ip = ip;
	}
	*s = span_skip(*s, (size_t)(error - s->at));
	return true;
}

/* "Nov 23 10:00:00 mx1 postfix/smtp[123]: 4ABC1234: " */
static bool
take_log_prefix(struct reader *r, struct span *s)
{
	struct span rest = *s, word, after;

	if (r->len > 0 || !starts_with_date(rest))
		return false;
	if (skip_exim_fields(r, s))
		return true;
	take_word(&rest);
	after = rest;
	for (int i = 0; i < LOG_WORDS_MAX && skip_blanks(&rest); i++) {
		word = take_word(&rest);
		if (word.len == 0 || word.at[word.len - 1] != ':' || word.len > HOST_MAX)
			continue;
		after = rest;
		skip_blanks(&rest);
		word = take_word(&rest);
		if (word.len > 0 && word.at[word.len - 1] == ':' && is_queue_id(span_first(word, word.len - 1)))
			after = rest;
		break;
	}
	skip_blanks(&after);
	skip_delivery_fields(r, &after);
	skip_reject(r, &after);
	*s = after;
	return true;
}

enum { /* one bit a prefix, in the order they are tried */
	SENT_LINE = 1,
	ANSWER_MARK = 2,
	LIST_MARK = 4,
	OPENING = 8,
	LOG_PREFIX = 16,
	TYPE = 32,
	RECIPIENT = 64,
	HOST_SAID = 128,
	EXIM_ERROR = 256,
	QMAIL_WORDS = 512,
	GIVING_UP = 1024,
	TALKING_TO = 2048
};

/* Which prefixes a line that begins with `c` may have: most need not be tried. */
static unsigned
prefixes_at(char c)
{
	switch (ascii_lower(c)) {
	case '>': return SENT_LINE | LIST_MARK;
	case '<': return ANSWER_MARK | RECIPIENT;
	case '*':
	case '-': return LIST_MARK;
	case '"':
	case '\'':
	case '`':
	case '(': return OPENING;
	case '.': return TALKING_TO;
	case ':':
	case 'b':
	case 'c':
	case 'e':
	case 'i': return QMAIL_WORDS;
	case 'a':
	case 'f': return QMAIL_WORDS | LOG_PREFIX;
	case 'd': return QMAIL_WORDS | LOG_PREFIX | TYPE;
	case 'g': return GIVING_UP;
	case 'h': return HOST_SAID;
	case 'j':
	case 'm':
	case 'n':
	case 'o': return LOG_PREFIX;
	case 'l':
	case 'r': return TYPE | EXIM_ERROR;
	case 's': return TYPE | EXIM_ERROR | LOG_PREFIX;
	case 't':
	case 'u':
	case 'x': return TYPE;
	default: return is_digit(c) ? LOG_PREFIX | QMAIL_WORDS : (unsigned char)c >= 0x80 ? OPENING : 0;
	}
}

static bool
take_prefix(struct reader *r, struct span *s)
{
	static bool (*const takers[])(struct reader *, struct span *) = { take_sent_line, take_answer_mark,
		take_list_mark, take_opening, take_log_prefix, take_type, take_recipient, take_host_said,
		take_exim_error, take_qmail_words, take_giving_up, take_talking_to };

	for (unsigned bits = s->len > 0 ? prefixes_at(s->at[0]) : 0; bits != 0; bits &= bits - 1)
		if (takers[__builtin_ctz(bits)](r, s))
			return true;
	return false;
}

/*
 * Codes.
 */

enum place { AT_LINE_START, BEHIND_COLON, WITHIN };

/* Reply-code, then "-", a blank or the end; "#" before Exchange's.
   RFC 5321 section 4.2 */
static bool
take_reply_code(struct span *s, uint16_t *code, bool *more)
{
	struct span rest = *s;

	span_take_char(&rest, '#');
	if (!span_take_digits(&rest, 3, 3, code) || *code < 200 || *code > 599 || *code / 10 % 10 > 7)
		return false;
	*more = span_take_char(&rest, '-');
	if (!*more && rest.len > 1 && rest.at[0] == ':' && rest.at[1] == ' ')
		rest = span_skip(rest, 1); /* Yahoo: "554: delivery error" */
	if (!*more && rest.len > 0 && blank_len(rest) == 0)
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
	skip_blanks(&rest);
	span_take_char(&rest, 'b');
	if (!span_take_char(&rest, '\'') && !span_take_char(&rest, '"'))
		return false;
	*s = rest;
	return true;
}

static bool
is_believed(const struct reader *r, uint16_t code, bool more, struct enhanced_status status, enum place place)
{
	const struct diagnostic_code *d = r->d;

	if (d->code == 0)
		return place == AT_LINE_START || (code >= 400 && (place == BEHIND_COLON || status.class == code / 100));
	if (code != d->code)
		return place == AT_LINE_START && (status.class != 0 || more || r->answer);
	if (place == AT_LINE_START || more)
		return true;
	if (d->status.class != 0)
		return enhanced_status_equal(status, d->status);
	return r->open;
}

static bool
take_code(struct reader *r, struct span *s, enum place place)
{
	struct diagnostic_code *d = r->d;
	struct span rest = *s;
	struct enhanced_status status = { 0 };
	uint16_t code;
	bool more = false;

	if (!take_reply_code(&rest, &code, &more) && (d->code != 0 || !take_tuple_code(&rest, &code)))
		return false;
	skip_blanks(&rest);
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
take_status_alone(struct reader *r, struct span *s, enum place place)
{
	struct span rest = *s;
	struct enhanced_status status;

	if (!enhanced_status_take(&rest, &status) || (rest.len > 0 && rest.at[-1] != ' ' && blank_len(rest) == 0))
		return false;
	if (place == AT_LINE_START && r->d->status.class == 0 && r->len == 0)
		r->d->status = status;
	else if (!enhanced_status_equal(status, r->d->status))
		return false;
	*s = rest;
	return true;
}

static bool
take_codes(struct reader *r, struct span *s, enum place place)
{
	return take_code(r, s, place) ||
	    ((place != WITHIN || r->len == 0 || r->out[r->len - 1] == ' ') && take_status_alone(r, s, place));
}

static void
begin_line(struct reader *r, struct span *s)
{
	r->answer = false;
	do {
		skip_blanks(s);
		if (take_codes(r, s, AT_LINE_START))
			break;
	} while (take_prefix(r, s));
	if (r->len == 0) { /* "550 5.7.1 550 user unknown", "550 5.7.1: no" */
		skip_blanks(s);
		take_codes(r, s, AT_LINE_START);
		span_take_char(s, ':');
	}
}

/*
 * Words.
 */

enum { /* what a byte is; the high byte is what it makes of the next one */
	ODD = 1,
	BLANK = 2,
	CODE_DIGIT = 4
};

#define BEHIND(bits) ((bits) << 8)

#define PLAIN BEHIND(ODD)
#define EDGE BEHIND(ODD | CODE_DIGIT)

static const uint16_t classes[256] = {
	[0 ... ' ' - 1] = ODD | EDGE,
	[' '] = BLANK | EDGE | BEHIND(BLANK),
	['!'] = PLAIN,
	['"' ... '#'] = EDGE,
	['$' ... '&'] = PLAIN,
	['\''] = EDGE,
	['('] = ODD | EDGE,
	[')' ... '+'] = PLAIN,
	[','] = EDGE,
	['-' ... '3'] = PLAIN,
	['4' ... '5'] = CODE_DIGIT | PLAIN,
	['6' ... '9'] = PLAIN,
	[':' ... '<'] = EDGE,
	['=' ... 'Z'] = PLAIN,
	['[' ... '\\'] = ODD | EDGE,
	[']' ... '~'] = PLAIN,
	['~' + 1 ... 255] = ODD | EDGE,
};

/* Copies bytes that need no second look, ASCII letters folded; says how many. */
static size_t
copy_bytes(char *to, struct span from, char before)
{
	unsigned stop = classes[(unsigned char)before] >> 8;
	size_t i;

	for (i = 0; i < from.len; i++) {
		unsigned char c = (unsigned char)from.at[i];
		unsigned class = classes[c];

		if (class & stop)
			break;
		stop = class >> 8;
		to[i] = ascii_lower((char)c);
	}
	return i;
}

enum { CHUNK = 16 };
typedef signed char chunk __attribute__((vector_size(CHUNK)));

static bool
any(chunk c)
{
	uint64_t halves[2];

	memcpy(halves, &c, sizeof(halves));
	return (halves[0] | halves[1]) != 0;
}

/* The same for a whole chunk at once, or not at all; from[-1] is read too. */
static bool
copy_chunk(char *to, const char *from)
{
	chunk c, before, odd;

	memcpy(&c, from, sizeof(c));
	memcpy(&before, from - 1, sizeof(before));
	odd = (c < ' ') | (c == 127) | (c == '\\') | (c == '(') | (c == '[');
	odd |= (c == ' ') & (before == ' ');
	odd |= ((c == '4') | (c == '5')) &
	    ((before < '-') | ((before >= ':') & (before <= '<')) | (before == '[') | (before == '\\'));
	if (any(odd))
		return false;
	c |= ((c >= 'A') & (c <= 'Z')) & ' ';
	memcpy(to, &c, sizeof(c));
	return true;
}

/* The hot loop. */
static size_t
copy_plain(char *to, struct span from, char before)
{
	size_t i = copy_bytes(to, span_first(from, 1), before);

	while (i > 0 && i < from.len) {
		struct span next = span_first(span_skip(from, i), CHUNK);
		size_t n;

		if (next.len == CHUNK && copy_chunk(to + i, next.at)) {
			i += CHUNK;
			continue;
		}
		n = copy_bytes(to + i, next, from.at[i - 1]);
		i += n;
		if (n < next.len)
			break;
	}
	return i;
}

static void
note_offsets(struct reader *r, const char *from, size_t count)
{
	size_t at = (size_t)(from - r->start);

	if (r->offsets == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		r->offsets[r->len + i] = r->origin ? r->origin[at + i] : (uint32_t)(at + i);
}

static void
write_bytes(struct reader *r, struct span bytes, const char *from)
{
	memcpy(r->out + r->len, bytes.at, bytes.len);
	note_offsets(r, from, bytes.len);
	r->len += bytes.len;
}

static void
write_blank(struct reader *r, const char *from)
{
	if (r->len > 0 && r->out[r->len - 1] != ' ')
		write_bytes(r, (struct span){ " ", 1 }, from);
}

/* "(in reply to end of DATA command)" */
static bool
take_in_reply_to(struct reader *r, struct span *s)
{
	struct span rest = *s, command;

	if (!take_phrase(&rest, "(in reply to ") || !take_until(&rest, ")", COMMAND_MAX, &command))
		return false;
	set_command(r, command);
	*s = rest;
	return true;
}

/* Google: "[203.0.113.9      15]" */
static bool
take_client_ip(struct reader *r, struct span *s)
{
	struct span rest = *s, ip;
	size_t digits = 0;

	if (!span_take_char(&rest, '[') || !take_ip(&rest, &ip) || !skip_blanks(&rest))
		return false;
	while (digits < rest.len && is_digit(rest.at[digits]))
		digits++;
	rest = span_skip(rest, digits);
	if (digits == 0 || !span_take_char(&rest, ']'))
		return false;
	r->d->client_ip = ip;
	skip_blanks(&rest);
	*s = rest;
	return true;
}

/* The length of the UTF-8 character at the front, 0 when it is none.
   RFC 3629 section 4 */
static size_t
character_len(struct span s)
{
	const unsigned char *b = (const unsigned char *)s.at;
	size_t n = b[0] < 0x80 ? 1 : b[0] < 0xc2 ? 0 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : b[0] < 0xf5 ? 4 : 0;

	if (n > s.len || (b[0] == 0xe0 && n == 3 && b[1] < 0xa0) || (b[0] == 0xed && b[1] >= 0xa0) ||
	    (b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xf4 && b[1] >= 0x90))
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static void
read_character(struct reader *r, struct span *s)
{
	size_t n = character_len(*s);
	struct span bytes = n > 0 ? span_first(*s, n) : (struct span){ "?", 1 };

	write_bytes(r, bytes, s->at);
	*s = span_skip(*s, bytes.len);
}

static void
read_blank(struct reader *r, struct span *s)
{
	bool line_end = is_line_end(*s);

	write_blank(r, s->at);
	*s = span_skip(*s, blank_len(*s));
	if (line_end)
		begin_line(r, s);
}

static enum place
place_of(const struct reader *r)
{
	return r->len >= 2 && r->out[r->len - 1] == ' ' && r->out[r->len - 2] == ':' ? BEHIND_COLON : WITHIN;
}

static void
read_odd(struct reader *r, struct span *s)
{
	char c = s->at[0];

	if (blank_len(*s) > 0)
		read_blank(r, s);
	else if (!(c == '(' && take_in_reply_to(r, s)) && !(c == '[' && take_client_ip(r, s)) &&
	    !((c == '4' || c == '5') && take_codes(r, s, place_of(r))))
		read_character(r, s);
}

static void
read_words(struct reader *r, struct span s)
{
	begin_line(r, &s);
	while (s.len > 0) {
		size_t n = copy_plain(r->out + r->len, s, r->len ? r->out[r->len - 1] : ' ');

		note_offsets(r, s.at, n);
		r->len += n;
		s = span_skip(s, n);
		if (s.len > 0)
			read_odd(r, &s);
	}
}

/* What closes a quotation that was opened in front, and blanks. */
static void
trim_end(struct reader *r)
{
	static const char *const marks[] = { " ", "\"", "'", ")", "}", "\xe2\x80\x9d", "\xe2\x80\x99", "\xe3\x80\x8d",
		"\xe3\x80\x8f", "`" };
	size_t count = r->quoted ? sizeof(marks) / sizeof(marks[0]) : 1;

	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(marks[i]);

		if (r->len >= n && memcmp(r->out + r->len - n, marks[i], n) == 0) {
			r->len -= n;
			trim_end(r);
			return;
		}
	}
}

/* Full-width digits, "-" and "." as their ASCII. */
static struct span
narrow(struct arena *arena, struct span raw, uint32_t *origin)
{
	char *to = arena_take(arena, raw.len);
	size_t len = 0;

	for (size_t i = 0; i < raw.len; len++) {
		unsigned char last = i + 2 < raw.len ? (unsigned char)raw.at[i + 2] : 0;

		origin[len] = (uint32_t)i;
		if (last >= 0x8d && last <= 0x99 && memcmp(raw.at + i, "\xef\xbc", 2) == 0) {
			to[len] = (char)(last - 0x8d + '-');
			i += 3;
		} else {
			to[len] = raw.at[i++];
		}
	}
	return (struct span){ to, len };
}

void
diagnostic_code_read(struct arena *arena, struct span raw, bool want_offsets, struct diagnostic_code *d)
{
	struct reader r = { .d = d };
	uint32_t *origin;

	*d = (struct diagnostic_code){ 0 };
	raw = span_first(raw.at ? raw : (struct span){ "", 0 }, DIAGNOSTIC_CODE_SIZE_MAX);
	if (raw.len > 0 && memchr(raw.at, 0xef, raw.len) != NULL) {
		origin = arena_take(arena, raw.len * sizeof(*origin));
		raw = narrow(arena, raw, origin);
		r.origin = origin;
	}
	r.start = raw.at;
	if (want_offsets)
		r.offsets = arena_take(arena, raw.len * sizeof(*r.offsets) + 1);
	r.out = arena_take(arena, raw.len + 1);
	read_words(&r, raw);
	trim_end(&r);
	r.out = arena_grow(arena, r.out, raw.len + 1, r.len + 1);
	if (d->status.class == 0)
		enhanced_status_find(raw, &d->status);
	d->text = (struct span){ r.out, r.len };
	d->offsets = r.offsets;
}

/*
 * Several replies pasted one below the other.
 */

/* Skips what may stand before a code at a line's start. */
static void
skip_marks(struct span *line)
{
	static bool (*const takers[])(
	    struct reader *, struct span *) = { take_answer_mark, take_list_mark, take_opening, take_type };
	struct diagnostic_code d = { 0 };
	struct reader r = { .d = &d };
	size_t i;

	do {
		skip_blanks(line);
		for (i = 0; i < sizeof(takers) / sizeof(takers[0]) && !takers[i](&r, line); i++)
			;
	} while (i < sizeof(takers) / sizeof(takers[0]));
}

/* "550", status behind it or not, at a word's edge within the line */
static bool
find_code(struct span line, uint16_t *code, bool *more)
{
	bool found = false;

	for (size_t i = 1; i + 3 <= line.len; i++) {
		struct span rest = span_skip(line, i), behind;
		struct enhanced_status status = { 0 };
		uint16_t n;
		bool m;

		if ((rest.at[0] != '4' && rest.at[0] != '5') || is_host_byte(rest.at[-1]) ||
		    !take_reply_code(&rest, &n, &m))
			continue;
		behind = rest;
		skip_blanks(&behind);
		enhanced_status_take(&behind, &status);
		if (status.class != n / 100 && !(found && n == *code && m) &&
		    !(i >= 2 && line.at[i - 1] == ' ' && line.at[i - 2] == ':'))
			continue;
		*code = n;
		*more = m;
		found = true;
		i += 2;
	}
	return found;
}

struct line {
	uint16_t code; /* 0: none */
	bool more; /* "550-" */
	bool leads; /* what an MTA writes before a reply begins here */
};

/* "host mx said:", "<a@b>:", a log's date or ">>> " */
static bool
is_lead(struct span line)
{
	struct diagnostic_code d = { 0 };
	struct reader r = { .d = &d };
	struct span rest = line;

	return take_log_prefix(&r, &rest) || take_recipient(&r, &rest) ||
	    (line.len > 0 && line.at[0] == '<' && line.at[line.len - 1] == ':') || take_host_said(&r, &rest) ||
	    take_exim_error(&r, &rest) || take_talking_to(&r, &rest) || take_qmail_words(&r, &rest) ||
	    take_phrase(&rest, ">>> ");
}

static struct line
look_at(struct span text)
{
	struct line line = { 0 };
	struct span rest = text;
	uint16_t code;
	bool more;

	skip_marks(&rest);
	line.leads = is_lead(rest);
	if (take_reply_code(&rest, &line.code, &line.more)) {
		if (find_code(rest, &code, &more) && code == line.code)
			line.more = more;
	} else if (!find_code(rest, &line.code, &line.more)) {
		line.code = 0;
	}
	return line;
}

bool
diagnostic_code_take_reply(struct span *rest, struct span *reply)
{
	struct span all, s, text;
	struct line now = { 0 }; /* of the reply so far */
	bool any = false;

	skip_blanks(rest);
	all = s = *rest;
	while (s.len > 0) {
		struct span before = s;
		struct line line;

		if (!span_take_line(&s, &text)) {
			text = s;
			s = span_skip(s, s.len);
		}
		line = look_at(text);
		if (any && now.code != 0 && (line.leads || (line.code != 0 && !(now.more && line.code == now.code)))) {
			s = before;
			break;
		}
		any = true;
		if (line.code != 0)
			now = line;
	}
	*rest = s;
	*reply = span_trim((struct span){ all.at, all.len - s.len });
	return any;
}

bool
diagnostic_code_looks_like_reply(struct span s)
{
	struct span rest = span_first(s, DIAGNOSTIC_CODE_SIZE_MAX), text;

	while (rest.len > 0) {
		struct enhanced_status status;
		struct line line;

		if (!span_take_line(&rest, &text)) {
			text = rest;
			rest = span_skip(rest, rest.len);
		}
		line = look_at(text);
		skip_marks(&text);
		if (line.code >= 400 || enhanced_status_take(&text, &status))
			return true;
	}
	return false;
}
