#include "wire/transcript.h"

static const char *const commands[] = { "RCPT TO", "MAIL FROM", "end of DATA", "pipelined end of DATA", "DATA", "EHLO",
	"HELO", "LHLO", "STARTTLS", "AUTH", "RCPT", "MAIL" };
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]), PIPELINED = 3, END_OF_DATA = 2, RCPT = 10, MAIL = 11 };

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
names(struct span line, struct span address)
{
	for (; address.len > 0 && line.len >= address.len; line = span_skip(line, 1))
		if (span_equal_folded(span_first(line, address.len), address))
			return true;
	return address.len == 0;
}

/* The command before the first "<<< 4…" or "<<< 5…"; of RCPT the one that names the recipient. */
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
			if (i == 0 && names(command, recipient))
				return span_of(commands[0]);
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
