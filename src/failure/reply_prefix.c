#include "failure/reply_prefix.h"

#include "failure/reply_bytes.h"

enum {
	WINDOW = 1024, /* what an MTA writes before the reply is shorter */
	HOST_MAX = 255,
	COMMAND_MAX = 64,
	LOG_WORDS_MAX = 8
};

/* Commands under one name each: Exim says "end of data". */
static struct span
command_name(struct span s)
{
	static const char *const names[] = { "RCPT TO", "MAIL FROM", "end of DATA", "DATA", "EHLO", "HELO", "LHLO",
		"AUTH", "STARTTLS", "QUIT" };

	reply_take_phrase(&s, "pipelined ");
	reply_take_phrase(&s, "sending ");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char phrase[16];
		size_t n = strlen(names[i]);
		struct span rest = s;

		for (size_t k = 0; k <= n; k++)
			phrase[k] = ascii_lower(names[i][k]);
		if (reply_take_phrase(&rest, phrase))
			return span_of(names[i]);
	}
	if (reply_take_phrase(&s, "rcpt")) /* smtpd: "reject: RCPT from" */
		return span_of("RCPT TO");
	if (reply_take_phrase(&s, "mail"))
		return span_of("MAIL FROM");
	if (reply_take_phrase(&s, "initial connection") || reply_take_phrase(&s, "connect"))
		return span_of("connect");
	return span_trim(span_first(s, COMMAND_MAX));
}

void
reply_set_command(struct reply_reader *r, struct span command)
{
	r->d->command = command_name(command);
}

/* Postfix: "host H[I] said: ", "host H[I] refused to talk to me: ";
   Exim: "host H [I]: " */
static bool
take_host_said(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, host = { 0 }, ip = { 0 };

	if (!reply_take_phrase(&rest, "host ") || !reply_take_host(&rest, &host, &ip))
		return false;
	if (reply_take_phrase(&rest, " refused to talk to me:"))
		r->d->command = span_of("connect");
	else if (!reply_take_phrase(&rest, " said:") && (ip.len == 0 || !reply_take_phrase(&rest, ":")))
		return false;
	r->d->host = host;
	r->d->ip = ip;
	*s = rest;
	return true;
}

/* Exim: "SMTP error from remote mail server after RCPT TO:<a@b>: " */
static bool
take_exim_error(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, command, between;

	if (!reply_take_phrase(&rest, "smtp error from remote mail server after ") &&
	    !reply_take_phrase(&rest, "smtp error from remote mailer after ") &&
	    !reply_take_phrase(&rest, "remote mail server error after ") &&
	    !reply_take_phrase(&rest, "lmtp error after "))
		return false;
	if (!reply_take_until(&rest, ":", COMMAND_MAX, &command))
		return false;
	if (rest.len > 0 && rest.at[0] == '<' && !reply_take_until(&rest, ">", WINDOW, &between))
		return false;
	if (rest.len > 0 && reply_blank_len(rest) == 0)
		reply_take_until(&rest, ":", WINDOW, &between);
	else if (reply_take_phrase(&rest, " size="))
		reply_take_until(&rest, ":", WINDOW, &between);
	reply_set_command(r, command);
	*s = rest;
	return true;
}

/* qmail-remote: "192.0.2.1 does not like recipient." */
static bool
take_qmail_words(struct reply_reader *r, struct span *s)
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

	reply_take_phrase(&rest, "connected to ");
	if (!reply_take_ip(&rest, &ip))
		return false;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (reply_take_phrase(&rest, said[i].phrase)) {
			r->d->ip = ip;
			r->d->command = span_of(said[i].command);
			*s = rest;
			return true;
		}
	return false;
}

static bool
take_giving_up(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, ip;

	(void)r;
	if (!reply_take_phrase(&rest, "giving up on ") || !reply_take_ip(&rest, &ip))
		return false;
	span_take_char(&rest, '.');
	*s = rest;
	return true;
}

/* Sendmail: "... while talking to mx.example.jp.:" */
static bool
take_talking_to(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, host = { 0 }, ip = { 0 };

	if (!reply_take_phrase(&rest, "... while talking to ") || !reply_take_host(&rest, &host, &ip) ||
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
take_sent_line(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, line;

	if (!reply_take_phrase(&rest, ">>> "))
		return false;
	line = rest;
	reply_skip_line(&rest);
	if (r->d->code == 0)
		reply_set_command(r, span_first(line, (size_t)(rest.at - line.at)));
	*s = rest;
	return true;
}

static bool
take_answer_mark(struct reply_reader *r, struct span *s)
{
	if (!reply_take_phrase(s, "<<< "))
		return false;
	r->answer = true;
	return true;
}

/* "> ", "* ", "- " */
static bool
take_list_mark(struct reply_reader *r, struct span *s)
{
	(void)r;
	if (s->len < 2 || (s->at[0] != '>' && s->at[0] != '*' && s->at[0] != '-') ||
	    reply_blank_len(span_skip(*s, 1)) == 0)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

static bool
take_type(struct reply_reader *r, struct span *s)
{
	static const char *const types[] = { "smtp;", "x-postfix;", "x-unix;", "unix;", "lmtp;", "x-exim;",
		"x-sendmail;", "x-local;", "diagnostic-code:", "remote host said:", "remote server returned",
		"the response was:", "the response from the remote server was:", "delivery temporarily suspended:",
		"smtp; smtp;" };

	(void)r;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (reply_take_phrase(s, types[i]))
			return true;
	return false;
}

/* "<taro@example.jp>: " before what a host said of it; "<taro@example.jp>:
   Recipient address rejected" are a reply's own words. */
static bool
take_recipient(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, address, note;

	if (r->d->code != 0 || r->len > 0 || rest.len < 2 || rest.at[0] != '<' ||
	    !reply_take_until(&rest, ">", WINDOW, &address))
		return false;
	if (reply_take_phrase(&rest, " (expanded from "))
		reply_take_until(&rest, ")", WINDOW, &note);
	if (!span_take_char(&rest, ':') || !reply_skip_blanks(&rest))
		return false;
	*s = rest;
	return true;
}

static bool
take_opening(struct reply_reader *r, struct span *s)
{
	static const char *const marks[] = { "\"", "'", "\xe2\x80\x9c", "\xe2\x80\x98", "\xe3\x80\x8c", "\xe3\x80\x8e",
		"`" };
	struct span rest = *s;

	if (r->len > 0)
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (reply_take_phrase(s, marks[i]))
			return r->quoted = true;
	if (!span_take_char(&rest, '(') || rest.len < 5 ||
	    !(ascii_is_digit(rest.at[0]) || span_starts_folded(rest, "host ")))
		return false;
	*s = rest;
	return r->quoted = true;
}

static bool
starts_with_date(struct span s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (s.len < 15)
		return false;
	if (s.at[4] == '-' && s.at[7] == '-' && ascii_is_digit(s.at[0]) && ascii_is_digit(s.at[9]))
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
		if (!ascii_is_digit(word.at[i]) && (ascii_lower(word.at[i]) < 'a' || ascii_lower(word.at[i]) > 'z'))
			return false;
	return word.len >= 6 && word.len <= 20;
}

/* Postfix: "to=<a@b>, relay=..., status=bounced (" */
static void
skip_delivery_fields(struct reply_reader *r, struct span *s)
{
	struct span before, outcome, rest = *s;

	if (!span_starts_folded(rest, "to=<") || !reply_take_until(&rest, "status=", 4 * WINDOW, &before) ||
	    !reply_take_until(&rest, "(", COMMAND_MAX, &outcome))
		return;
	r->quoted = true;
	*s = rest;
}

/* Postfix: "reject: RCPT from unknown[192.0.2.9]: " */
static void
skip_reject(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, host = { 0 }, ip = { 0 }, command;

	if (!reply_take_phrase(&rest, "reject: ") || !reply_take_until(&rest, " from ", COMMAND_MAX, &command) ||
	    !reply_take_host(&rest, &host, &ip) || !span_take_char(&rest, ':'))
		return;
	reply_set_command(r, command);
	r->d->client_ip = ip;
	*s = rest;
}

/* Exim: "1abcde-000000-00 ** a@b R=r T=t H=mx.example.jp [192.0.2.1]: " */
static bool
skip_exim_fields(struct reply_reader *r, struct span *s)
{
	struct span window = span_first(*s, WINDOW), rest = *s, before, host = { 0 }, ip = { 0 };
	const char *error = memmem(window.at, window.len, "SMTP error", 10);

	if (error == NULL)
		return false;
	if (reply_take_until(&rest, " H=", WINDOW, &before) && reply_take_host(&rest, &host, &ip)) {
		r->d->host = host;
		r->d->ip = ip;
	}
	*s = span_skip(*s, (size_t)(error - s->at));
	return true;
}

/* "Nov 23 10:00:00 mx1 postfix/smtp[123]: 4ABC1234: " */
static bool
take_log_prefix(struct reply_reader *r, struct span *s)
{
	struct span rest = *s, word, after;

	if (r->len > 0 || !starts_with_date(rest))
		return false;
	if (skip_exim_fields(r, s))
		return true;
	reply_take_word(&rest);
	after = rest;
	for (int i = 0; i < LOG_WORDS_MAX && reply_skip_blanks(&rest); i++) {
		word = reply_take_word(&rest);
		if (word.len == 0 || word.at[word.len - 1] != ':' || word.len > HOST_MAX)
			continue;
		after = rest;
		reply_skip_blanks(&rest);
		word = reply_take_word(&rest);
		if (word.len > 0 && word.at[word.len - 1] == ':' && is_queue_id(span_first(word, word.len - 1)))
			after = rest;
		break;
	}
	reply_skip_blanks(&after);
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
	default: return ascii_is_digit(c) ? LOG_PREFIX | QMAIL_WORDS : (unsigned char)c >= 0x80 ? OPENING : 0;
	}
}

bool
reply_take_prefix(struct reply_reader *r, struct span *s)
{
	static bool (*const takers[])(struct reply_reader *, struct span *) = { take_sent_line, take_answer_mark,
		take_list_mark, take_opening, take_log_prefix, take_type, take_recipient, take_host_said,
		take_exim_error, take_qmail_words, take_giving_up, take_talking_to };

	for (unsigned bits = s->len > 0 ? prefixes_at(s->at[0]) : 0; bits != 0; bits &= bits - 1)
		if (takers[__builtin_ctz(bits)](r, s))
			return true;
	return false;
}

bool
reply_leads(struct span line)
{
	struct diagnostic_code d = { 0 };
	struct reply_reader r = { .d = &d };
	struct span rest = line;

	return take_log_prefix(&r, &rest) || take_recipient(&r, &rest) ||
	    (line.len > 0 && line.at[0] == '<' && line.at[line.len - 1] == ':') || take_host_said(&r, &rest) ||
	    take_exim_error(&r, &rest) || take_talking_to(&r, &rest) || take_qmail_words(&r, &rest) ||
	    reply_take_phrase(&rest, ">>> ");
}
