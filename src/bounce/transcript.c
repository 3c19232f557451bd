#include "bounce/transcript.h"

static const char *const commands[] = { "RCPT TO", "MAIL FROM", "end of DATA", "pipelined end of DATA", "DATA", "EHLO",
	"HELO", "LHLO", "STARTTLS", "AUTH", "RCPT", "MAIL" };
enum {
	N_COMMANDS = sizeof(commands) / sizeof(commands[0]),
	MAIL_FROM = 1,
	PIPELINED = 3,
	END_OF_DATA = 2,
	RCPT = 10,
	MAIL = 11
};

static void
skip_blanks(struct span *s)
{
	while (s->len > 0 && (s->at[0] == ' ' || s->at[0] == '\t' || s->at[0] == '\r' || s->at[0] == '\n'))
		*s = span_skip(*s, 1);
}

/* Words of a phrase, with any blanks and line ends between them: prose is folded. */
static bool
starts_with_words(struct span s, const char *phrase)
{
	for (; *phrase != '\0'; phrase++) {
		if (*phrase == ' ') {
			if (s.len == 0 || (s.at[0] != ' ' && s.at[0] != '\n' && s.at[0] != '\r' && s.at[0] != '\t'))
				return false;
			skip_blanks(&s);
			continue;
		}
		if (s.len == 0 || ascii_lower(s.at[0]) != ascii_lower(*phrase))
			return false;
		s = span_skip(s, 1);
	}
	return true;
}

/* Its number, or N_COMMANDS. */
static size_t
command_at(struct span s)
{
	skip_blanks(&s);
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (starts_with_words(s, commands[i]))
			return i == PIPELINED ? END_OF_DATA : i == RCPT ? 0 : i == MAIL ? 1 : i;
	return N_COMMANDS;
}

/* "in reply to RCPT TO command": what all of them say; the first where they differ. */
static size_t
replied_to(struct span text, const char *lead, size_t found, bool *several)
{
	const size_t n = strlen(lead);
	struct span rest = text;
	const char *at;

	while (rest.len > n && (at = memmem(rest.at, rest.len, lead, n)) != NULL) {
		size_t command;

		rest = span_skip(rest, (size_t)(at - rest.at) + n);
		command = command_at(rest);
		if (command == N_COMMANDS)
			continue;
		*several = *several || (found != N_COMMANDS && found != command);
		found = found == N_COMMANDS ? command : found;
	}
	return found;
}

/* Forward-path, without its route: "RCPT To:<@a.example:taro@example.jp> NOTIFY=NEVER". RFC 5321 section 4.1.2 */
static struct span
address_in(struct span command)
{
	const size_t open = span_index(command, '<'), colon = span_index(command, ':');
	struct span s = span_skip(command,
	    open < command.len        ? open + 1
		: colon < command.len ? colon + 1
				      : command.len);

	s = span_trim(span_first(s, span_index(s, open < command.len ? '>' : '\n')));
	if (open == command.len)
		s = span_first(s, span_index(s, ' '));
	if (s.len > 0 && s.at[0] == '@' && span_index(s, ':') < s.len)
		s = span_skip(s, span_index(s, ':') + 1);
	return s;
}

struct refusal {
	struct span command; /* what was sent */
	struct span reply; /* "<<< 550 …", its first line */
	size_t i; /* of the commands */
};

/* The next command that a reply refuses: what stands before "<<< 4…" or "<<< 5…". */
static bool
take_refusal(struct span *rest, struct refusal *r)
{
	struct span line;

	while (rest->len > 0) {
		const size_t n = span_index(*rest, '\n');

		line = span_trim(span_first(*rest, n));
		*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
		if (line.len <= 6)
			continue;
		if (memcmp(line.at, ">>> ", 4) == 0)
			r->command = span_skip(line, 4);
		if (memcmp(line.at, "<<< ", 4) != 0 || (line.at[4] != '4' && line.at[4] != '5') || r->command.len == 0)
			continue;
		r->i = command_at(r->command);
		r->reply = line;
		if (r->i < N_COMMANDS)
			return true;
	}
	return false;
}

/* A refused MAIL ends its session: what is refused behind it was said in another, and whose this is cannot be told. */
static bool
is_of_another(size_t found, const struct refusal *r)
{
	return found == MAIL_FROM && r->i != MAIL_FROM && !span_starts_folded(r->reply, "<<< 503");
}

/* The first command refused; of RCPT the one that names the recipient. */
static struct span
sent(struct span text, struct span recipient)
{
	struct span rest = text;
	struct refusal r = { .command = { "", 0 } };
	size_t found = N_COMMANDS;

	while (take_refusal(&rest, &r)) {
		if (r.i == 0 && (recipient.len == 0 || span_equal_folded(address_in(r.command), recipient)))
			return span_of(commands[0]);
		if (is_of_another(found, &r))
			return (struct span){ "", 0 };
		found = found == N_COMMANDS && r.i != 0 ? r.i : found;
	}
	return span_of(found < N_COMMANDS ? commands[found] : "");
}

struct span
transcript_command(struct span text, struct span recipient, bool *several)
{
	size_t found;

	if (text.len == 0)
		return (struct span){ "", 0 };
	found = replied_to(text, "in reply to", N_COMMANDS, several);
	if (found < N_COMMANDS)
		return span_of(commands[found]);
	return memmem(text.at, text.len, ">>> ", 4) != NULL ? sent(text, recipient) : (struct span){ "", 0 };
}

struct span
transcript_command_in_words(struct span text)
{
	static const char *const leads[] = { "did not like our", "remote server after", "error following" };
	size_t found = N_COMMANDS;
	bool several = false;

	for (size_t i = 0; text.len > 0 && found == N_COMMANDS && i < sizeof(leads) / sizeof(leads[0]); i++)
		found = replied_to(text, leads[i], found, &several);
	return span_of(found < N_COMMANDS ? commands[found] : "");
}

/* "550-5.7.26 " and the next line's "550 5.7.26 ": the same reply goes on. */
static bool
goes_on(struct span line, struct span code)
{
	line = span_trim(line);
	return span_take(&line, "<<< ") && line.len > 3 && span_equal(span_first(line, 3), code);
}

/* The lines of the reply that begins at `at`, marks kept. */
static struct span
reply_at(struct span text, size_t at)
{
	struct span rest = span_skip(text, at), whole = span_first(rest, 0);
	const struct span code = span_first(span_skip(rest, 4), 3);
	bool more = true;

	while (more && rest.len > 0) {
		const size_t n = span_index(rest, '\n');
		const struct span line = span_first(rest, n);

		if (!goes_on(line, code))
			break;
		more = span_trim(line).at[7] == '-';
		whole.len = (size_t)(line.at + line.len - whole.at);
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
	}
	return whole;
}

/* Where a line "<<< " and these first words of it stands; text.len: nowhere. */
static size_t
search_reply(struct span text, struct span first_line)
{
	size_t from = 0;

	while (from < text.len) {
		const char *at = memmem(text.at + from, text.len - from, first_line.at, first_line.len);

		if (at == NULL)
			break;
		if (at - text.at >= 4 && memcmp(at - 4, "<<< ", 4) == 0)
			return (size_t)(at - text.at) - 4;
		from = (size_t)(at - text.at) + 1;
	}
	return text.len;
}

static uint32_t
hash_of(struct span s)
{
	uint32_t hash = 2166136261; /* FNV-1a */

	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (uint8_t)ascii_lower(s.at[i])) * 16777619;
	return hash;
}

/* The slot where it is, or should be put. The table is never full. */
static struct span *
find_slot(const struct transcript *t, struct span s)
{
	size_t i = hash_of(s) & (t->n_slots - 1);

	while (t->slots[i].len > 0 && !span_equal_folded(t->slots[i], s))
		i = (i + 1) & (t->n_slots - 1);
	return &t->slots[i];
}

/* The first of equal ones stays. */
static void
put_slot(const struct transcript *t, struct span s)
{
	struct span *slot = s.len > 0 ? find_slot(t, s) : NULL;

	if (slot != NULL && slot->len == 0)
		*slot = s;
}

static size_t
count_marks(struct span text)
{
	size_t n = 0;

	while (text.len > 0) {
		const size_t end = span_index(text, '\n');
		const struct span line = span_trim(span_first(text, end));

		n += span_starts(line, ">>> ") || span_starts(line, "<<< ");
		text = span_skip(text, end < text.len ? end + 1 : end);
	}
	return n;
}

/* "<<< 550-5.7.26 …": each reply of several lines by its first. */
static void
put_replies(const struct transcript *t)
{
	for (struct span rest = t->text; rest.len > 0;) {
		const size_t n = span_index(rest, '\n');
		struct span line = span_trim(span_first(rest, n));

		if (span_take(&line, "<<< ") && line.len > 4 && line.at[3] == '-')
			put_slot(t, line);
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
	}
}

/* Recipients whose RCPT was refused, up to where another session begins; and what was refused for all others. */
static void
put_recipients(struct transcript *t)
{
	struct span rest = t->text;
	struct refusal r = { .command = { "", 0 } };
	size_t found = N_COMMANDS;

	while (take_refusal(&rest, &r)) {
		if (r.i == 0)
			put_slot(t, address_in(r.command));
		t->any_recipient = t->any_recipient || r.i == 0;
		if (is_of_another(found, &r)) {
			found = N_COMMANDS;
			break;
		}
		found = found == N_COMMANDS && r.i != 0 ? r.i : found;
	}
	t->otherwise = span_of(found < N_COMMANDS ? commands[found] : "");
}

void
transcript_read(struct arena *arena, struct span text, struct transcript *t)
{
	const size_t n_marks = count_marks(text);
	size_t replied;

	*t = (struct transcript){ .text = text, .replied = { "", 0 }, .otherwise = { "", 0 }, .n_slots = 2 };
	replied = replied_to(text, "in reply to", N_COMMANDS, &t->several);
	if (replied < N_COMMANDS)
		t->replied = span_of(commands[replied]);
	while (t->n_slots < 2 * n_marks)
		t->n_slots *= 2;
	t->slots = arena_take_items(arena, t->n_slots, sizeof(*t->slots));
	if (n_marks > 0) {
		put_replies(t);
		put_recipients(t);
	}
}

struct span
transcript_find_command(const struct transcript *t, struct span recipient, bool *several)
{
	*several = *several || t->several;
	if (t->replied.len > 0)
		return t->replied;
	if (recipient.len > 0 ? find_slot(t, recipient)->len > 0 : t->any_recipient)
		return span_of(commands[0]);
	return t->otherwise;
}

struct span
transcript_find_reply(struct transcript *t, struct span first_line)
{
	const struct span none = { "", 0 };
	size_t at = t->text.len;
	const struct span *slot;

	if (first_line.len <= 4 || first_line.at[3] != '-' || t->text.len == 0)
		return none;
	slot = find_slot(t, first_line);
	if (slot->len > 0)
		at = (size_t)(slot->at - t->text.at) - 4;
	else if (t->n_searches++ < TRANSCRIPT_SEARCHES_MAX)
		at = search_reply(t->text, first_line);
	return at < t->text.len ? reply_at(t->text, at) : none;
}
