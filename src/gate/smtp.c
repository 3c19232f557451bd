#include "gate/smtp.h"

#include "catalog/load.h"
#include "gate/proxy.h"
#include "gate/smtp_path.h"

/* What becomes of a command in a state. */
enum course {
	DO, /* what it asks */
	ORDER, /* 503: not now */
	NONE, /* 503 or 554: no valid recipient */
	CLOSED /* 503: there is no service */
};

static const struct {
	const char *name;
	enum course in[SMTP_STATES]; /* refused, start, ready, mail, rcpt, chunks, chunks lost */
} verbs[SMTP_VERBS] = {
	[SMTP_EHLO] = { "EHLO", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_HELO] = { "HELO", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_MAIL_FROM] = { "MAIL", { CLOSED, ORDER, DO, ORDER, ORDER, ORDER, ORDER } },
	[SMTP_RCPT_TO] = { "RCPT", { CLOSED, ORDER, ORDER, DO, DO, ORDER, ORDER } },
	[SMTP_DATA] = { "DATA", { CLOSED, ORDER, ORDER, NONE, DO, ORDER, ORDER } },
	[SMTP_BDAT] = { "BDAT", { DO, DO, DO, DO, DO, DO, DO } }, /* its bytes come, whatever the answer */
	[SMTP_RSET] = { "RSET", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_NOOP] = { "NOOP", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_QUIT] = { "QUIT", { DO, DO, DO, DO, DO, DO, DO } },
	[SMTP_VRFY] = { "VRFY", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_EXPN] = { "EXPN", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_HELP] = { "HELP", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_STARTTLS] = { "STARTTLS", { CLOSED, ORDER, DO, ORDER, ORDER, ORDER, ORDER } },
	[SMTP_AUTH] = { "AUTH", { CLOSED, DO, DO, DO, DO, DO, DO } },
	[SMTP_XCLIENT] = { "XCLIENT", { CLOSED, DO, DO, ORDER, ORDER, ORDER, ORDER } },
	[SMTP_UNKNOWN] = { "", { CLOSED, DO, DO, DO, DO, DO, DO } },
};

const char *
smtp_verb_name(enum smtp_verb verb)
{
	return verbs[verb].name;
}

/* What is said where the policy has no words of its own. */
static const struct {
	enum concern concern;
	const char *reply;
} words[] = {
	{ CONCERN_COMMAND_UNKNOWN, "500 5.5.1 Unrecognized command" },
	{ CONCERN_COMMAND_SYNTAX, "501 5.5.4 Syntax error in parameters" },
	{ CONCERN_COMMAND_ORDER, "503 5.5.1 Bad sequence of commands" },
	{ CONCERN_NO_RECIPIENT, "503 5.5.1 RCPT first" },
	{ CONCERN_HELO_SYNTAX, "501 5.5.4 The argument of HELO or EHLO is no host name" },
	{ CONCERN_SENDER_SYNTAX, "553 5.1.7 The sender address is not valid" },
	{ CONCERN_RECIPIENT_SYNTAX, "553 5.1.3 The recipient address is not valid" },
	{ CONCERN_TOO_MANY_RECIPIENTS, "452 4.5.3 Too many recipients" },
	{ CONCERN_SIZE, "552 5.3.4 The message is larger than is taken here" },
	{ CONCERN_STARTTLS_TROUBLE, "503 5.5.1 STARTTLS cannot be done now" },
};

static void
put(struct smtp *s, const char *text)
{
	out_str(&s->out, text);
}

/* "250 2.1.0 OK <id> - gsmtp" */
static void
say(struct smtp *s, const char *reply)
{
	put(s, reply);
	if (s->id.len > 0) {
		put(s, " ");
		out_span(&s->out, s->id);
	}
	if (s->options->policy->ending.len > 0) {
		put(s, " ");
		out_span(&s->out, s->options->policy->ending);
	}
	put(s, "\r\n");
}

/* Lines with LF, as lines with CRLF; nothing else may break one. RFC 5321 section 4.2 */
static void
put_lines(struct smtp *s, struct span lines)
{
	struct span line;

	while (span_take_line(&lines, &line)) {
		for (size_t i = 0; i < line.len; i++)
			out_char(&s->out, (uint8_t)line.at[i] < ' ' ? '?' : line.at[i]);
		put(s, "\r\n");
	}
}

static bool
put_reply(struct smtp *s, const struct receiver_reply *reply)
{
	struct out lines = { 0 };
	const struct receiver_words w = { &s->client.ip, s->id, s->options->policy->ending };
	const bool known = receiver_write_reply(&lines, reply, catalog_find_rule(s->options->catalog, reply->rule), &w);

	put_lines(s, out_view(&lines));
	out_deinit(&lines);
	return known;
}

static void
object(struct smtp *s, enum concern concern, struct span what)
{
	const struct policy_row *row = policy_on(s->options->policy, concern);

	s->errors++;
	if (row != NULL &&
	    put_reply(s,
		&(struct receiver_reply){ .rule = row->rule,
		    .temporary = row->temporary,
		    .domain = what,
		    .size = s->message_size,
		    .limit = s->options->size_limit }))
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].concern == concern) {
			say(s, words[i].reply);
			return;
		}
	say(s, "554 5.0.0 Refused");
}

static void
forget_transaction(struct smtp *s)
{
	arena_reset(&s->transaction);
	if (!s->keeps_message) {
		out_deinit(&s->message);
		s->message = (struct out){ 0 };
	}
	s->message_size = 0;
	s->sender = s->asked = (struct span){ "", 0 };
	s->n_recipients = 0;
	s->utf8 = s->body_8bit = false;
	if (s->state > SMTP_READY)
		s->state = SMTP_READY;
}

void
smtp_init(struct smtp *s, const struct smtp_options *options, const struct smtp_client *client)
{
	*s = (struct smtp){ .options = options, .state = SMTP_START, .id = { "", 0 }, .helo = { "", 0 } };
	s->client = *client;
	forget_transaction(s);
}

void
smtp_deinit(struct smtp *s)
{
	arena_deinit(&s->session);
	arena_deinit(&s->transaction);
	out_deinit(&s->message);
	out_deinit(&s->out);
}

void
smtp_greet(struct smtp *s)
{
	s->waits = SMTP_MORE;
	s->state = SMTP_START;
	s->helo = (struct span){ "", 0 };
	put(s, "220 ");
	out_span(&s->out, s->options->host);
	say(s, " ESMTP");
}

static bool
is_421(const struct out *out, size_t from)
{
	return out->len - from >= 3 && memcmp(out->at + from, "421", 3) == 0;
}

void
smtp_refuse_service(struct smtp *s, const struct receiver_reply *reply)
{
	const size_t from = s->out.len;

	if (!put_reply(s, reply))
		say(s, "554 5.0.0 No service");
	s->state = SMTP_REFUSED;
	s->waits = is_421(&s->out, from) ? SMTP_CLOSES : SMTP_MORE;
}

void
smtp_close(struct smtp *s, const char *why)
{
	put(s, "421 4.4.2 ");
	out_span(&s->out, s->options->host);
	put(s, " ");
	say(s, why);
	s->waits = SMTP_CLOSES;
}

void
smtp_has_tls(struct smtp *s)
{
	forget_transaction(s);
	s->waits = SMTP_MORE;
	s->tls = true;
	s->state = SMTP_START;
	s->helo = (struct span){ "", 0 };
	s->line_size = 0;
	s->line_too_long = false;
}

/* A word of the command line, blanks before it skipped. */
static struct span
take_word(struct span *rest)
{
	struct span word;

	while (span_take_char(rest, ' ') || span_take_char(rest, '\t'))
		;
	word.at = rest->at;
	for (word.len = 0; word.len < rest->len && !ascii_is_blank(rest->at[word.len]); word.len++)
		;
	*rest = span_skip(*rest, word.len);
	return word;
}

static enum smtp_verb
find_verb(struct span word)
{
	for (unsigned v = 0; v < SMTP_UNKNOWN; v++)
		if (span_equal_folded(word, span_of(verbs[v].name)))
			return (enum smtp_verb)v;
	return SMTP_UNKNOWN;
}

static void
put_ehlo(struct smtp *s)
{
	char ip[IP_ADDRESS_TEXT_MAX];

	put(s, "250-");
	out_span(&s->out, s->options->host);
	put(s, " at your service, [");
	out_span(&s->out, (struct span){ ip, ip_address_write(&s->client.ip, ip) });
	put(s, "]\r\n250-SIZE ");
	out_number(&s->out, s->options->size_limit);
	put(s, "\r\n250-8BITMIME\r\n");
	if (s->options->offers_tls && !s->tls)
		put(s, "250-STARTTLS\r\n");
	put(s, "250-ENHANCEDSTATUSCODES\r\n250-PIPELINING\r\n250-CHUNKING\r\n");
	if (s->options->offers_xclient)
		put(s, "250-XCLIENT NAME ADDR PORT PROTO HELO\r\n");
	put(s, "250 SMTPUTF8\r\n");
}

static enum smtp_event
hello(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	const struct span name = take_word(&rest);

	if (!smtp_is_helo(name) || span_trim(rest).len > 0) {
		object(s, CONCERN_HELO_SYNTAX, name);
		return SMTP_MORE;
	}
	forget_transaction(s);
	arena_reset(&s->session);
	s->helo = arena_copy(&s->session, name);
	s->extended = verb == SMTP_EHLO;
	s->state = SMTP_READY;
	if (s->extended) {
		put_ehlo(s);
	} else {
		put(s, "250 ");
		out_span(&s->out, s->options->host);
		put(s, " at your service\r\n");
	}
	return SMTP_MORE;
}

/* SIZE=n, BODY=7BIT or 8BITMIME, SMTPUTF8. RFC 1870, 6152, 6531 */
static bool
take_parameter(struct smtp *s, struct span word)
{
	if (span_starts_folded(word, "size=")) {
		struct span digits = span_skip(word, 5);

		s->message_size = 0;
		for (size_t i = 0; i < digits.len; i++) {
			if (!ascii_is_digit(digits.at[i]) || digits.len > 19)
				return false;
			s->message_size = s->message_size * 10 + (uint64_t)(digits.at[i] - '0');
		}
		return digits.len > 0;
	}
	s->utf8 = s->utf8 || span_equal_folded(word, span_of("smtputf8"));
	s->body_8bit = s->body_8bit || span_equal_folded(word, span_of("body=8bitmime"));
	return span_equal_folded(word, span_of("smtputf8")) || span_equal_folded(word, span_of("body=8bitmime")) ||
	    span_equal_folded(word, span_of("body=7bit"));
}

static bool
take_parameters(struct smtp *s, struct span rest)
{
	struct span word;

	while ((word = take_word(&rest)).len > 0)
		if (!s->extended || !take_parameter(s, word))
			return false;
	return true;
}

static bool
needs_utf8(const struct smtp *s, struct span address)
{
	return !s->utf8 && !span_is_ascii(address);
}

static enum smtp_event
mail(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	struct span address;
	enum smtp_path path = smtp_take_path(&rest, "from:", &address);

	(void)verb;
	forget_transaction(s);
	if (path == SMTP_PATH_NONE || !take_parameters(s, rest)) {
		object(s, CONCERN_COMMAND_SYNTAX, rest);
	} else if (path == SMTP_PATH_BAD || (address.len > 0 && !smtp_is_mailbox(address))) {
		object(s, CONCERN_SENDER_SYNTAX, address);
	} else if (needs_utf8(s, address)) {
		say(s, "553 5.6.7 An address that is not ASCII needs SMTPUTF8");
	} else if (s->message_size > s->options->size_limit) {
		object(s, CONCERN_SIZE, address);
	} else {
		s->sender = arena_copy(&s->transaction, address);
		return SMTP_ASKS_SENDER;
	}
	forget_transaction(s);
	return SMTP_MORE;
}

static enum smtp_event
rcpt(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	struct span address;
	enum smtp_path path = smtp_take_path(&rest, "to:", &address);

	(void)verb;
	if (path == SMTP_PATH_NONE || take_word(&rest).len > 0) {
		object(s, CONCERN_COMMAND_SYNTAX, rest);
	} else if (path == SMTP_PATH_BAD || !(smtp_is_mailbox(address) || smtp_is_postmaster(address))) {
		object(s, CONCERN_RECIPIENT_SYNTAX, address);
	} else if (needs_utf8(s, address)) {
		say(s, "553 5.6.7 An address that is not ASCII needs SMTPUTF8");
	} else if (s->n_recipients == SMTP_RECIPIENTS_MAX) {
		object(s, CONCERN_TOO_MANY_RECIPIENTS, address);
	} else {
		s->asked = arena_copy(&s->transaction, address);
		return SMTP_ASKS_RECIPIENT;
	}
	return SMTP_MORE;
}

static enum smtp_event
data(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	(void)verb;
	if (span_trim(rest).len > 0) {
		object(s, CONCERN_COMMAND_SYNTAX, rest);
		return SMTP_MORE;
	}
	s->by_chunks = false;
	return SMTP_ASKS_DATA;
}

/* "BDAT 86 LAST". RFC 3030 section 2 */
static bool
read_chunk_size(struct span rest, uint64_t *size, bool *last)
{
	const struct span digits = take_word(&rest), word = take_word(&rest);

	*size = 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (!ascii_is_digit(digits.at[i]) || digits.len > 18)
			return false;
		*size = *size * 10 + (uint64_t)(digits.at[i] - '0');
	}
	*last = span_equal_folded(word, span_of("last"));
	return digits.len > 0 && (word.len == 0 || *last) && span_trim(rest).len == 0;
}

static enum smtp_event
begin_chunk(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	const bool in_order = s->state == SMTP_RCPT || s->state == SMTP_CHUNKS;

	(void)verb;
	if (!read_chunk_size(rest, &s->chunk_left, &s->chunk_is_last)) {
		object(s, CONCERN_COMMAND_SYNTAX, rest);
		return SMTP_MORE;
	}
	s->chunk = in_order ? SMTP_CHUNK_KEPT : SMTP_CHUNK_OUT_OF_ORDER;
	s->by_chunks = true;
	if (s->state == SMTP_RCPT)
		return SMTP_ASKS_DATA;
	s->reading = SMTP_READS_CHUNK;
	return SMTP_MORE;
}

static enum smtp_event
reset(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	(void)verb;
	(void)rest;
	forget_transaction(s);
	say(s, "250 2.1.5 Flushed");
	return SMTP_MORE;
}

static enum smtp_event
quit(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	(void)verb;
	(void)rest;
	say(s, "221 2.0.0 closing connection");
	return SMTP_CLOSES;
}

static enum smtp_event
small_talk(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	(void)rest;
	say(s,
	    verb == SMTP_NOOP       ? "250 2.0.0 OK"
		: verb == SMTP_HELP ? "214 2.0.0 https://www.rfc-editor.org/rfc/rfc5321"
				    : "252 2.1.5 Send some mail, I'll try my best");
	return SMTP_MORE;
}

static enum smtp_event
start_tls(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	(void)verb;
	if (s->tls || !s->options->offers_tls || span_trim(rest).len > 0) {
		object(s,
		    s->tls                       ? CONCERN_COMMAND_ORDER
			: s->options->offers_tls ? CONCERN_COMMAND_SYNTAX
						 : CONCERN_COMMAND_UNKNOWN,
		    span_of("STARTTLS"));
		return SMTP_MORE;
	}
	say(s, "220 2.0.0 Ready to start TLS");
	return SMTP_STARTS_TLS;
}

static enum smtp_event
unknown(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	object(s, CONCERN_COMMAND_UNKNOWN, verb == SMTP_UNKNOWN ? rest : span_of(verbs[verb].name));
	return SMTP_MORE;
}

static enum smtp_event
xclient(struct smtp *s, enum smtp_verb verb, struct span rest)
{
	struct smtp_client client = s->client;
	struct span helo = { "", 0 }, word;

	if (!s->options->offers_xclient)
		return unknown(s, verb, rest);
	forget_transaction(s);
	while ((word = take_word(&rest)).len > 0)
		if (!xclient_take(&s->transaction, word, &client, &helo)) {
			object(s, CONCERN_COMMAND_SYNTAX, word);
			return SMTP_MORE;
		}
	s->client = client;
	s->client.name = arena_copy(&s->session, client.name);
	s->helo = arena_copy(&s->session, helo);
	s->tls = false;
	return SMTP_CLIENT_CHANGED;
}

static enum smtp_event (*const courses[SMTP_VERBS])(struct smtp *s, enum smtp_verb verb, struct span rest) = {
	[SMTP_EHLO] = hello,
	[SMTP_HELO] = hello,
	[SMTP_MAIL_FROM] = mail,
	[SMTP_RCPT_TO] = rcpt,
	[SMTP_DATA] = data,
	[SMTP_BDAT] = begin_chunk,
	[SMTP_RSET] = reset,
	[SMTP_NOOP] = small_talk,
	[SMTP_QUIT] = quit,
	[SMTP_VRFY] = small_talk,
	[SMTP_EXPN] = unknown,
	[SMTP_HELP] = small_talk,
	[SMTP_STARTTLS] = start_tls,
	[SMTP_AUTH] = unknown,
	[SMTP_XCLIENT] = xclient,
	[SMTP_UNKNOWN] = unknown,
};

/* A line with its CRLF; what ends otherwise or holds other controls is no command. RFC 5321 section 2.3.8 */
static enum smtp_event
obey(struct smtp *s, struct span line)
{
	struct span rest = { line.at, line.len - 1 }, word;
	enum smtp_verb verb;

	s->commands++;
	if (rest.len == 0 || rest.at[rest.len - 1] != '\r') {
		s->errors++;
		say(s, "500 5.5.2 This line ends in LF alone: a line of SMTP ends in CRLF");
		return SMTP_MORE;
	}
	rest.len--;
	if (span_index(rest, '\r') < rest.len || span_index(rest, '\0') < rest.len) {
		s->errors++;
		say(s, "500 5.5.2 There is a CR or NUL within this line");
		return SMTP_MORE;
	}
	word = take_word(&rest);
	verb = find_verb(word);
	switch (verbs[verb].in[s->state]) {
	case DO: return courses[verb](s, verb, verb == SMTP_UNKNOWN ? word : rest);
	case NONE: object(s, CONCERN_NO_RECIPIENT, rest); return SMTP_MORE;
	case CLOSED:
	case ORDER: break;
	}
	object(s, CONCERN_COMMAND_ORDER, span_of(verbs[verb].name));
	return SMTP_MORE;
}

static bool
has_had_enough(const struct smtp *s)
{
	return s->errors > SMTP_ERRORS_MAX || s->commands > SMTP_COMMANDS_MAX;
}

/* Gathers a command line; past its limit the rest is thrown away to its end. False: it is not all there. */
static bool
take_command(struct smtp *s, struct span *in, struct span *line)
{
	const char *lf = memchr(in->at, '\n', in->len);
	const size_t n = lf != NULL ? (size_t)(lf - in->at) + 1 : in->len;

	*line = (struct span){ in->at, n };
	*in = span_skip(*in, n);
	s->line_too_long = s->line_too_long || n > SMTP_LINE_MAX - s->line_size;
	if (!s->line_too_long && (lf == NULL || s->line_size > 0)) {
		memcpy(s->line + s->line_size, line->at, n);
		s->line_size += n;
		*line = (struct span){ s->line, s->line_size };
	}
	return lf != NULL;
}

static enum smtp_event
feed_command(struct smtp *s, struct span *in)
{
	enum smtp_event event = SMTP_MORE;
	struct span line;

	if (!take_command(s, in, &line))
		return SMTP_MORE;
	if (s->line_too_long) {
		s->errors++;
		say(s, "500 5.5.2 This line is too long");
	} else {
		event = obey(s, line);
	}
	s->line_size = 0;
	s->line_too_long = false;
	if (event == SMTP_MORE && has_had_enough(s))
		smtp_close(s, "Too many errors or commands");
	return event != SMTP_MORE ? event : s->waits;
}

static void
keep(struct smtp *s, struct span bytes)
{
	s->message_size += bytes.len;
	if (s->message_size <= s->options->size_limit)
		out_span(&s->message, bytes);
	else if (s->message.size > 0) {
		out_deinit(&s->message);
		s->message = (struct out){ 0 };
	}
}

enum { AT_LINE_START, DOT_SEEN, DOT_CR_SEEN, IN_LINE, CR_SEEN };

/* The text up to the end of a line, or as far as it has come. */
static void
feed_text(struct smtp *s, struct span *in)
{
	const char *lf = memchr(in->at, '\n', in->len);
	const size_t n = lf != NULL ? (size_t)(lf - in->at) + 1 : in->len;
	const bool after_cr = n > 1 ? in->at[n - 2] == '\r' : s->dot == CR_SEEN;

	keep(s, span_first(*in, n));
	if (lf != NULL)
		s->dot = after_cr ? AT_LINE_START : IN_LINE;
	else
		s->dot = in->at[n - 1] == '\r' ? CR_SEEN : IN_LINE;
	*in = span_skip(*in, n);
}

/* A dot that begins a line goes; CRLF.CRLF alone is the end. RFC 5321 sections 4.1.1.4, 4.5.2 */
static enum smtp_event
feed_data(struct smtp *s, struct span *in)
{
	while (in->len > 0) {
		switch (s->dot) {
		case AT_LINE_START: s->dot = span_take_char(in, '.') ? DOT_SEEN : IN_LINE; break;
		case DOT_SEEN: s->dot = span_take_char(in, '\r') ? DOT_CR_SEEN : IN_LINE; break;
		case DOT_CR_SEEN:
			if (span_take_char(in, '\n')) {
				s->reading = SMTP_READS_COMMANDS;
				return SMTP_ASKS_MESSAGE;
			}
			keep(s, span_of("\r"));
			s->dot = CR_SEEN;
			break;
		default: feed_text(s, in);
		}
	}
	return SMTP_MORE;
}

static enum smtp_event
end_chunk(struct smtp *s)
{
	s->reading = SMTP_READS_COMMANDS;
	if (s->chunk != SMTP_CHUNK_KEPT) {
		if (s->state > SMTP_READY)
			s->state = SMTP_CHUNKS_LOST;
		if (s->chunk == SMTP_CHUNK_OUT_OF_ORDER)
			object(
			    s, s->state == SMTP_MAIL ? CONCERN_NO_RECIPIENT : CONCERN_COMMAND_ORDER, span_of("BDAT"));
		return SMTP_MORE;
	}
	s->state = SMTP_CHUNKS;
	if (s->chunk_is_last)
		return SMTP_ASKS_MESSAGE;
	say(s, "250 2.0.0 OK");
	return SMTP_MORE;
}

static enum smtp_event
feed_chunk(struct smtp *s, struct span *in)
{
	const size_t n = in->len < s->chunk_left ? in->len : (size_t)s->chunk_left;

	if (s->chunk == SMTP_CHUNK_KEPT)
		keep(s, span_first(*in, n));
	*in = span_skip(*in, n);
	s->chunk_left -= n;
	return s->chunk_left == 0 ? end_chunk(s) : SMTP_MORE;
}

bool
smtp_can_go_on(const struct smtp *s)
{
	return s->waits != SMTP_MORE || (s->reading == SMTP_READS_CHUNK && s->chunk_left == 0);
}

struct out
smtp_take_message(struct smtp *s)
{
	const struct out message = s->message;

	s->keeps_message = false;
	s->message = (struct out){ 0 };
	return message;
}

enum smtp_event
smtp_feed(struct smtp *s, struct span *in)
{
	static enum smtp_event (*const feeds[])(struct smtp * s, struct span * in) = {
		[SMTP_READS_COMMANDS] = feed_command, [SMTP_READS_DATA] = feed_data, [SMTP_READS_CHUNK] = feed_chunk
	};

	while (s->waits == SMTP_MORE && (in->len > 0 || (s->reading == SMTP_READS_CHUNK && s->chunk_left == 0)))
		s->waits = feeds[s->reading](s, in);
	return s->waits;
}

/* What follows an answer of 2yz or 3yz. */
static void
go_on(struct smtp *s, enum smtp_event waited)
{
	if (waited == SMTP_ASKS_SENDER) {
		s->state = SMTP_MAIL;
		s->message_size = 0;
	} else if (waited == SMTP_ASKS_RECIPIENT) {
		s->recipients[s->n_recipients++].address = s->asked;
		s->state = SMTP_RCPT;
	} else if (waited == SMTP_ASKS_MESSAGE) {
		forget_transaction(s);
		s->commands = 0;
	}
}

static void
begin_message(struct smtp *s)
{
	s->dot = AT_LINE_START;
	s->reading = s->by_chunks ? SMTP_READS_CHUNK : SMTP_READS_DATA;
}

/* What follows one of 4yz or 5yz. A chunk comes all the same. */
static void
stop(struct smtp *s, enum smtp_event waited)
{
	if (waited == SMTP_ASKS_DATA && s->by_chunks) {
		s->chunk = SMTP_CHUNK_REFUSED;
		s->reading = SMTP_READS_CHUNK;
	} else if (waited != SMTP_ASKS_RECIPIENT) {
		forget_transaction(s);
	}
	if (waited == SMTP_ASKS_MESSAGE)
		s->commands = 0;
}

static void
end_answer(struct smtp *s, size_t from, bool taken)
{
	const enum smtp_event waited = s->waits;

	s->waits = is_421(&s->out, from) ? SMTP_CLOSES : SMTP_MORE;
	if (!taken)
		stop(s, waited);
	else if (waited == SMTP_ASKS_DATA)
		begin_message(s);
	else
		go_on(s, waited);
}

void
smtp_answer(struct smtp *s, struct span lines)
{
	const size_t from = s->out.len;

	put_lines(s, lines);
	end_answer(s, from, lines.len > 0 && (lines.at[0] == '2' || lines.at[0] == '3'));
}

void
smtp_accept(struct smtp *s)
{
	static const char *const said[] = { [SMTP_ASKS_SENDER] = "250 2.1.0 OK",
		[SMTP_ASKS_RECIPIENT] = "250 2.1.5 OK",
		[SMTP_ASKS_DATA] = "354 Go ahead",
		[SMTP_ASKS_MESSAGE] = "250 2.0.0 OK" };
	const size_t from = s->out.len;

	if (s->waits != SMTP_ASKS_DATA || !s->by_chunks) /* a chunk is answered when it is there */
		say(s, said[s->waits]);
	end_answer(s, from, true);
}

void
smtp_refuse(struct smtp *s, const struct receiver_reply *reply)
{
	const size_t from = s->out.len;

	if (!put_reply(s, reply))
		say(s, "554 5.0.0 Refused");
	end_answer(s, from, false);
}
