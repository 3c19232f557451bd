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

static bool
mentions_address(struct span line, struct span address)
{
	for (; address.len > 0 && line.len >= address.len; line = span_skip(line, 1))
		if (span_equal_folded(span_first(line, address.len), address))
			return true;
	return address.len == 0;
}

/* The command before the first "<<< 4…" or "<<< 5…"; of RCPT the one that names the recipient. A refused MAIL
   ends its session: what is refused behind it was said in another, and whose this is cannot be told. */
static struct span
sent(struct span text, struct span recipient)
{
	struct span rest = text, command = { "", 0 }, line;
	size_t found = N_COMMANDS;

	while (rest.len > 0) {
		const size_t n = span_index(rest, '\n');

		line = span_trim(span_first(rest, n));
		rest = span_skip(rest, n < rest.len ? n + 1 : n);
		if (line.len > 6 && memcmp(line.at, ">>> ", 4) == 0) {
			command = span_skip(line, 4);
		} else if (line.len > 6 && memcmp(line.at, "<<< ", 4) == 0 &&
		    (line.at[4] == '4' || line.at[4] == '5') && command.len > 0) {
			const size_t i = command_at(command);

			if (i == N_COMMANDS)
				continue;
			if (i == 0 && mentions_address(command, recipient))
				return span_of(commands[0]);
			if (found == MAIL_FROM && i != MAIL_FROM && !span_starts_folded(line, "<<< 503"))
				return (struct span){ "", 0 };
			found = found == N_COMMANDS && i != 0 ? i : found;
		}
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

struct span
transcript_whole_reply(struct span text, struct span first_line)
{
	const struct span code = span_first(first_line, 3);
	struct span rest, whole;
	const char *at = NULL;
	bool more = first_line.len > 4 && first_line.at[3] == '-' && text.len > 0;

	if (more)
		at = memmem(text.at, text.len, first_line.at, first_line.len);
	while (at != NULL && !(at - text.at >= 4 && memcmp(at - 4, "<<< ", 4) == 0)) {
		rest = span_skip(text, (size_t)(at - text.at) + 1);
		at = rest.len > 0 ? memmem(rest.at, rest.len, first_line.at, first_line.len) : NULL;
	}
	if (at == NULL)
		return (struct span){ "", 0 };
	rest = span_skip(text, (size_t)(at - text.at) - 4);
	whole = span_first(rest, 0);
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
