#include "gate/milter.h"

enum { HEAD = 4, INTEGER = 4, NEGOTIATION = 3 * INTEGER, IPV6_MARK = 5, KEPT_MAX = 128 * 1024 };

/* What we may do. */
enum { ADD_HEADERS = 0x01, CHANGE_HEADERS = 0x10, QUARANTINE = 0x20, SET_MACROS = 0x100 };
enum { ACTIONS = ADD_HEADERS | CHANGE_HEADERS | QUARANTINE | SET_MACROS };

/* What need not be sent, and what is not answered. */
enum {
	NO_REPLY_HEADER = 0x80,
	NO_UNKNOWN = 0x100,
	CAN_SKIP = 0x400,
	NO_REPLY_CONNECT = 0x1000,
	NO_REPLY_HELO = 0x2000,
	NO_REPLY_MAIL = 0x4000,
	NO_REPLY_RCPT = 0x8000,
	NO_REPLY_DATA = 0x10000,
	NO_REPLY_UNKNOWN = 0x20000,
	NO_REPLY_END_OF_HEADER = 0x40000,
	NO_REPLY_BODY = 0x80000,
	KEEP_BLANKS = 0x100000,
	EVENTS = NO_UNKNOWN | CAN_SKIP | NO_REPLY_HEADER | NO_REPLY_CONNECT | NO_REPLY_HELO | NO_REPLY_MAIL |
	    NO_REPLY_RCPT | NO_REPLY_DATA | NO_REPLY_UNKNOWN | NO_REPLY_END_OF_HEADER | NO_REPLY_BODY | KEEP_BLANKS,
	ALWAYS = -1, /* answered */
	NEVER = 0
};

/* The macros we use, by the protocol's own numbers, which are not in order of time. */
static const struct {
	uint32_t stage;
	const char *names;
} wanted_macros[] = {
	{ 0, "j {daemon_name} {client_addr} {client_name}" },
	{ 1, "{tls_version}" },
	{ 2, "i {auth_type} {auth_authen} {mail_addr}" },
	{ 3, "i" },
	{ 4, "i" },
	{ 5, "i" },
	{ 6, "i" },
};

#define IN(state) (1U << (state))
enum {
	IN_MESSAGE = IN(MILTER_IN_ENVELOPE) | IN(MILTER_IN_HEADER) | IN(MILTER_IN_BODY),
	IN_SESSION = IN_MESSAGE | IN(MILTER_IN_SESSION),
	NEGOTIATED = IN_SESSION | IN(MILTER_IDLE),
	ANY = NEGOTIATED | IN(MILTER_FRESH),
};

static bool read_nothing(struct span, struct milter_event *);
static bool read_connect(struct span, struct milter_event *);
static bool read_text(struct span, struct milter_event *);
static bool read_texts(struct span, struct milter_event *);
static bool read_field(struct span, struct milter_event *);
static bool read_bytes(struct span, struct milter_event *);

/* A command: where it may come, where it leads, how it is read, and whether it is answered. MAIL and HELO within a message
   begin anew, for an MTA need not tell that it gave one up. */
static const struct command {
	char letter;
	enum milter_kind kind;
	unsigned from; /* states */
	enum milter_state to; /* MILTER_FRESH: no change */
	int unanswered; /* the bit that says it is not; ALWAYS, NEVER */
	bool (*read)(struct span data, struct milter_event *event);
} commands[] = {
	{ 'C', MILTER_CONNECT, IN(MILTER_IDLE), MILTER_IN_SESSION, NO_REPLY_CONNECT, read_connect },
	{ 'H', MILTER_HELO, IN_SESSION, MILTER_IN_SESSION, NO_REPLY_HELO, read_text },
	{ 'M', MILTER_MAIL, IN_SESSION, MILTER_IN_ENVELOPE, NO_REPLY_MAIL, read_texts },
	{ 'R', MILTER_RCPT, IN(MILTER_IN_ENVELOPE), MILTER_FRESH, NO_REPLY_RCPT, read_texts },
	{ 'T', MILTER_DATA, IN(MILTER_IN_ENVELOPE), MILTER_FRESH, NO_REPLY_DATA, read_nothing },
	{ 'L', MILTER_HEADER, IN(MILTER_IN_ENVELOPE) | IN(MILTER_IN_HEADER), MILTER_IN_HEADER, NO_REPLY_HEADER,
	    read_field },
	{ 'N', MILTER_END_OF_HEADER, IN(MILTER_IN_ENVELOPE) | IN(MILTER_IN_HEADER), MILTER_IN_BODY,
	    NO_REPLY_END_OF_HEADER, read_nothing },
	{ 'B', MILTER_BODY, IN(MILTER_IN_BODY), MILTER_FRESH, NO_REPLY_BODY, read_bytes },
	{ 'E', MILTER_END, IN(MILTER_IN_BODY), MILTER_AT_END, NEVER, read_bytes },
	{ 'U', MILTER_UNKNOWN, IN_SESSION, MILTER_FRESH, NO_REPLY_UNKNOWN, read_text },
	{ 'A', MILTER_ABORT, NEGOTIATED, MILTER_FRESH, ALWAYS, read_nothing },
	{ 'K', MILTER_NEXT, NEGOTIATED, MILTER_IDLE, ALWAYS, read_nothing },
	{ 'Q', MILTER_QUIT, ANY, MILTER_OVER, ALWAYS, read_nothing },
};

/* The stage that a macro packet's first byte names. */
static const char stage_letters[MILTER_STAGES + 1] = "CHMRTLNBE";

static uint32_t
integer_at(const char *at)
{
	const uint8_t *b = (const uint8_t *)at;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void
put_integer(struct out *out, uint32_t n)
{
	const char bytes[INTEGER] = { (char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n };

	out_span(out, (struct span){ bytes, sizeof(bytes) });
}

/* Begins a packet of unknown length; returns where, for end_packet(). */
static size_t
begin_packet(struct milter *m, char letter)
{
	const size_t at = m->to_mta.len;

	put_integer(&m->to_mta, 0);
	out_char(&m->to_mta, letter);
	return at;
}

static void
end_packet(struct milter *m, size_t at)
{
	const size_t end = m->to_mta.len;

	m->to_mta.len = at;
	put_integer(&m->to_mta, (uint32_t)(end - at - HEAD));
	m->to_mta.len = end;
}

static void
put_packet(struct milter *m, char letter)
{
	end_packet(m, begin_packet(m, letter));
}

static void
put_text(struct milter *m, struct span text)
{
	out_span(&m->to_mta, text);
	out_char(&m->to_mta, '\0');
}

/* Off the front: up to a NUL, which must be there. */
static bool
take_text(struct span *s, struct span *text)
{
	const size_t n = span_index(*s, '\0');

	if (n == s->len)
		return false;
	*text = span_first(*s, n);
	*s = span_skip(*s, n + 1);
	return true;
}

static bool
read_nothing(struct span data, struct milter_event *event)
{
	(void)data;
	(void)event;
	return true;
}

static bool
read_text(struct span data, struct milter_event *event)
{
	return take_text(&data, &event->text);
}

static bool
read_texts(struct span data, struct milter_event *event)
{
	if (!take_text(&data, &event->text) || (data.len > 0 && data.at[data.len - 1] != '\0'))
		return false;
	event->more = data;
	return true;
}

static bool
read_field(struct span data, struct milter_event *event)
{
	return take_text(&data, &event->text) && event->text.len > 0 && take_text(&data, &event->more);
}

static bool
read_bytes(struct span data, struct milter_event *event)
{
	event->text = data;
	return true;
}

/* host NUL family [port address NUL]; sendmail writes "IPv6:" before an address of that family */
static bool
read_connect(struct span data, struct milter_event *event)
{
	if (!take_text(&data, &event->text) || data.len == 0 || strchr("U46L", data.at[0]) == NULL ||
	    data.at[0] == '\0')
		return false;
	event->family = (enum milter_family)data.at[0];
	data = span_skip(data, 1);
	if (event->family == MILTER_FAMILY_UNKNOWN)
		return true;
	if (data.len < 2)
		return false;
	event->port = (uint16_t)((uint8_t)data.at[0] << 8 | (uint8_t)data.at[1]);
	data = span_skip(data, 2);
	if (!take_text(&data, &event->address))
		return false;
	if (event->family == MILTER_FAMILY_V6 && span_starts_folded(event->address, "IPv6:"))
		event->address = span_skip(event->address, IPV6_MARK);
	return true;
}

static enum parse
give_up(struct milter *m, const char *fault)
{
	if (m->owes)
		put_packet(m, MILTER_TEMPFAIL);
	m->owes = false;
	m->fault = fault;
	m->state = MILTER_OVER;
	return PARSE_BAD;
}

static void
forget_macros(struct milter *m, enum milter_stage from)
{
	for (size_t i = from; i < MILTER_STAGES; i++)
		out_clear(&m->macros[i]);
}

static void
put_wanted_macros(struct milter *m)
{
	for (size_t i = 0; i < sizeof(wanted_macros) / sizeof(wanted_macros[0]); i++) {
		put_integer(&m->to_mta, wanted_macros[i].stage);
		put_text(m, span_of(wanted_macros[i].names));
	}
}

static enum parse
negotiate(struct milter *m, struct span data, struct milter_event *event)
{
	size_t packet;

	m->owes = true;
	if (m->state != MILTER_FRESH)
		return give_up(m, "a second negotiation");
	if (data.len < NEGOTIATION || integer_at(data.at) < MILTER_VERSION_LEAST)
		return give_up(m, "a negotiation that is none");
	m->version = integer_at(data.at) < MILTER_VERSION ? integer_at(data.at) : MILTER_VERSION;
	m->actions = integer_at(data.at + INTEGER) & ACTIONS;
	m->events = integer_at(data.at + 2 * INTEGER) & EVENTS;
	packet = begin_packet(m, 'O');
	put_integer(&m->to_mta, m->version);
	put_integer(&m->to_mta, m->actions);
	put_integer(&m->to_mta, m->events);
	if (m->actions & SET_MACROS)
		put_wanted_macros(m);
	end_packet(m, packet);
	m->owes = false;
	m->state = MILTER_IDLE;
	event->kind = m->last = MILTER_NEGOTIATE;
	return PARSE_OK;
}

/* stage *(name NUL value NUL). A name without a value, as was seen to end other milters, is dropped. */
static enum parse
keep_macros(struct milter *m, struct span data)
{
	const char *letter = data.len > 0 && data.at[0] != '\0' ? strchr(stage_letters, data.at[0]) : NULL;
	struct span name, value;
	struct out *kept;

	if (m->state == MILTER_FRESH)
		return give_up(m, "macros before the negotiation");
	if (letter == NULL)
		return PARSE_OK; /* of a stage that is none of ours */
	data = span_skip(data, 1);
	kept = &m->macros[letter - stage_letters];
	for (out_clear(kept); take_text(&data, &name) && take_text(&data, &value);) {
		if (kept->len + name.len + value.len + 2 > MILTER_MACROS_SIZE_MAX)
			continue;
		out_span(kept, name);
		out_char(kept, '\0');
		out_span(kept, value);
		out_char(kept, '\0');
	}
	return PARSE_OK;
}

static const struct command *
find_command(char letter)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].letter == letter)
			return &commands[i];
	return NULL;
}

/* What belongs to a message goes with it, to an SMTP session with that. */
static void
enter(struct milter *m, const struct command *c)
{
	if (c->kind == MILTER_ABORT || c->kind == MILTER_HELO)
		forget_macros(m, MILTER_STAGE_MAIL);
	if (c->kind == MILTER_NEXT || c->kind == MILTER_QUIT)
		forget_macros(m, MILTER_STAGE_CONNECT);
	if (c->kind == MILTER_MAIL)
		forget_macros(m, MILTER_STAGE_RCPT);
	if (c->kind == MILTER_ABORT && m->state > MILTER_IN_SESSION)
		m->state = MILTER_IN_SESSION;
	else if (c->to != MILTER_FRESH)
		m->state = c->to;
}

static enum parse
read_command(struct milter *m, char letter, struct span data, struct milter_event *event)
{
	static const struct span nothing = { "", 0 };
	const struct command *c = find_command(letter);

	if (c == NULL)
		return give_up(m, "a command that is none");
	m->owes = c->unanswered != ALWAYS && (c->unanswered == NEVER || (m->events & (uint32_t)c->unanswered) == 0);
	if ((c->from & IN(m->state)) == 0)
		return give_up(m, "a command where it cannot stand");
	*event = (struct milter_event){ .kind = c->kind, .text = nothing, .more = nothing, .address = nothing };
	event->family = MILTER_FAMILY_UNKNOWN;
	if (!c->read(data, event))
		return give_up(m, "a command cut short");
	m->last = c->kind;
	enter(m, c);
	return PARSE_OK;
}

/* The next packet without its length, from `bytes` alone or joined with what came before. */
static enum parse
take_packet(struct milter *m, struct span *bytes, struct span *packet)
{
	size_t wanted = HEAD, n;

	for (;;) {
		const struct span have = m->packet.len > 0 ? out_view(&m->packet) : *bytes;

		if (have.len >= HEAD) {
			const uint32_t length = integer_at(have.at);

			if (length == 0 || length > MILTER_PACKET_MAX)
				return PARSE_BAD;
			wanted = HEAD + length;
		}
		if (have.len >= wanted) {
			*packet = (struct span){ have.at + HEAD, wanted - HEAD };
			if (m->packet.len == 0)
				*bytes = span_skip(*bytes, wanted);
			return PARSE_OK;
		}
		if (bytes->len == 0)
			return PARSE_MORE;
		n = wanted - m->packet.len < bytes->len ? wanted - m->packet.len : bytes->len;
		out_span(&m->packet, span_first(*bytes, n));
		*bytes = span_skip(*bytes, n);
	}
}

/* A packet that was joined has been used up; a large one leaves no memory behind. */
static void
drop_packet(struct milter *m)
{
	if (m->packet.len < HEAD || m->packet.len != HEAD + (size_t)integer_at(m->packet.at))
		return;
	out_clear(&m->packet);
	if (m->packet.size > KEPT_MAX)
		out_deinit(&m->packet);
}

enum parse
milter_take(struct milter *m, struct span *bytes, struct milter_event *event)
{
	struct span packet;
	enum parse parse;

	if (m->state == MILTER_OVER)
		return PARSE_BAD;
	while (!m->owes) {
		drop_packet(m);
		parse = take_packet(m, bytes, &packet);
		if (parse != PARSE_OK)
			return parse == PARSE_MORE ? parse : give_up(m, "a packet of no possible length");
		if (packet.at[0] == 'O')
			return negotiate(m, span_skip(packet, 1), event);
		if (packet.at[0] != 'D')
			return read_command(m, packet.at[0], span_skip(packet, 1), event);
		if (keep_macros(m, span_skip(packet, 1)) == PARSE_BAD)
			return PARSE_BAD;
	}
	return PARSE_MORE;
}

/* "{i}" and "i" are the same. */
static struct span
bare_name(struct span name)
{
	if (name.len > 2 && name.at[0] == '{' && name.at[name.len - 1] == '}')
		return (struct span){ name.at + 1, name.len - 2 };
	return name;
}

struct span
milter_macro(const struct milter *m, const char *name)
{
	const struct span wanted = span_of(name);

	for (size_t stage = MILTER_STAGES; stage-- > 0;) {
		struct span rest = out_view(&m->macros[stage]), key, value;

		while (take_text(&rest, &key) && take_text(&rest, &value))
			if (span_equal(bare_name(key), wanted))
				return value;
	}
	return (struct span){ NULL, 0 };
}

bool
milter_keeps_blanks(const struct milter *m)
{
	return (m->events & KEEP_BLANKS) != 0;
}

/* An answer that is no "go on" to MAIL or later ends the message, but one about a recipient only that. */
static void
answered(struct milter *m, char letter)
{
	const bool one_recipient = m->last == MILTER_RCPT && letter != MILTER_ACCEPT && letter != MILTER_DISCARD;
	const bool goes_on = m->state != MILTER_AT_END &&
	    (letter == MILTER_CONTINUE || letter == MILTER_SKIP || one_recipient);

	m->owes = false;
	if (goes_on || m->state <= MILTER_IN_SESSION || m->state == MILTER_OVER || m->last == MILTER_UNKNOWN)
		return;
	m->state = MILTER_IN_SESSION;
	forget_macros(m, MILTER_STAGE_MAIL);
}

bool
milter_answer(struct milter *m, enum milter_answer answer)
{
	const bool can_skip = (m->events & CAN_SKIP) != 0 && m->last == MILTER_BODY;
	const char letter = (char)(answer == MILTER_SKIP && !can_skip ? MILTER_CONTINUE : answer);

	if (!m->owes)
		return answer == MILTER_CONTINUE;
	put_packet(m, letter);
	answered(m, letter);
	return true;
}

/* One line behind its code: an enhanced code must be of the reply's class. Postfix takes other replies for a fault of the
   milter and answers with its own. */
static bool
is_sound_line(struct span line, char class)
{
	struct span s = line;
	uint16_t n;

	if (line.len > MILTER_REPLY_LINE_MAX)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if ((uint8_t)line.at[i] < ' ' || line.at[i] == 0x7f)
			return false;
	if (span_take_digits(&s, 1, 1, &n) && span_take_char(&s, '.') && span_take_digits(&s, 1, 3, &n) &&
	    span_take_char(&s, '.') && span_take_digits(&s, 1, 3, &n))
		return line.at[0] == class;
	return true;
}

/* 4yz or 5yz, y of 0 to 5. RFC 5321 section 4.2 */
static bool
is_code(struct span line)
{
	return line.len >= 4 && (line.at[0] == '4' || line.at[0] == '5') && line.at[1] >= '0' && line.at[1] <= '5' &&
	    ascii_is_digit(line.at[2]);
}

static bool
is_sound_reply(struct span reply)
{
	const struct span code = span_first(reply, 3);
	size_t lines = 0;

	if (!is_code(reply))
		return false;
	for (;;) {
		const size_t n = span_index(reply, '\n');
		const bool last = n == reply.len;
		const struct span line = span_first(reply, n);

		if (++lines > MILTER_REPLY_LINES_MAX || line.len < 4 || !span_equal(span_first(line, 3), code) ||
		    line.at[3] != (last ? ' ' : '-') || !is_sound_line(span_skip(line, 4), code.at[0]))
			return false;
		if (last)
			return true;
		reply = span_skip(reply, n + 1);
	}
}

bool
milter_reply(struct milter *m, struct span reply)
{
	const char class = reply.len > 0 ? reply.at[0] : '\0';
	size_t packet;

	if (!m->owes || !is_sound_reply(reply))
		return false;
	packet = begin_packet(m, 'y');
	for (size_t i = 0; i < reply.len; i++) {
		if (reply.at[i] == '\n')
			out_char(&m->to_mta, '\r');
		if (reply.at[i] == '%') /* sendmail takes it for a format */
			out_char(&m->to_mta, '%');
		out_char(&m->to_mta, reply.at[i]);
	}
	out_char(&m->to_mta, '\0');
	end_packet(m, packet);
	answered(m, class == '5' ? MILTER_REJECT : MILTER_TEMPFAIL);
	return true;
}

static bool
can(const struct milter *m, uint32_t action)
{
	return m->state == MILTER_AT_END && m->owes && (m->actions & action) == action;
}

/* Lines end in LF alone: CRLF would give empty lines within the header. */
static void
put_value(struct milter *m, struct span value)
{
	if (value.len > 0 && milter_keeps_blanks(m))
		out_char(&m->to_mta, ' ');
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] != '\r' && value.at[i] != '\0')
			out_char(&m->to_mta, value.at[i]);
	out_char(&m->to_mta, '\0');
}

static void
put_field(struct milter *m, char letter, uint32_t n, struct span name, struct span value)
{
	const size_t packet = begin_packet(m, letter);

	put_integer(&m->to_mta, n);
	put_text(m, name);
	put_value(m, value);
	end_packet(m, packet);
}

bool
milter_insert_header(struct milter *m, uint32_t at, struct span name, struct span value)
{
	if (!can(m, ADD_HEADERS))
		return false;
	put_field(m, 'i', at, name, value);
	return true;
}

bool
milter_change_header(struct milter *m, uint32_t n, struct span name, struct span value)
{
	if (!can(m, CHANGE_HEADERS))
		return false;
	put_field(m, 'm', n, name, value);
	return true;
}

bool
milter_quarantine(struct milter *m, struct span reason)
{
	size_t packet;

	if (!can(m, QUARANTINE))
		return false;
	packet = begin_packet(m, 'q');
	put_text(m, span_first(reason, MILTER_QUARANTINE_MAX));
	end_packet(m, packet);
	return true;
}

bool
milter_progress(struct milter *m)
{
	if (!can(m, 0))
		return false;
	put_packet(m, 'p');
	return true;
}

void
milter_deinit(struct milter *m)
{
	out_deinit(&m->packet);
	out_deinit(&m->to_mta);
	for (size_t i = 0; i < MILTER_STAGES; i++)
		out_deinit(&m->macros[i]);
	*m = (struct milter){ .state = MILTER_FRESH };
}
