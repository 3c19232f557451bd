#include "failure/session.h"

#include "failure/reply_bytes.h"
#include "failure/reply_mark.h"
#include "message/mailbox.h"

enum { LINES_MAX = 60, LOOK_BACK_MAX = 8192 };

static const struct verb {
	const char *phrase, *command;
	bool whole; /* nothing stands behind it */
} verbs[] = { { "rcpt to:", "RCPT TO", false }, { "mail from:", "MAIL FROM", false }, { "ehlo ", "EHLO", false },
	{ "helo ", "HELO", false }, { "lhlo ", "LHLO", false }, { "auth ", "AUTH", false }, { "data", "DATA", true },
	{ ".", "end of DATA", true }, { "starttls", "STARTTLS", true }, { "quit", "", true }, { "rset", "", true },
	{ "noop", "", true }, { "rcpt to ", "RCPT TO", false } };

/* What shows that the client speaks. */
static void
skip_client_marks(struct span *line)
{
	static const char *const labels[] = { "client -> server:", "smtp>>", "send: '", "send: b'", "c:", "**>", "~>",
		"->", ">>>", "=>", ">", "[smtp]", "debug", "*" };
	bool more = true;

	while (more) {
		reply_mark_skip_before(line);
		more = false;
		for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]) && !more; i++)
			more = reply_take_phrase(line, labels[i]);
	}
}

/* The final dot behind a program's arrow, or alone. */
static bool
is_final_dot(struct span line)
{
	line = span_trim(line);
	return line.len > 0 && line.at[line.len - 1] == '.' &&
	    (line.len == 1 || (line.len < 40 && (line.at[line.len - 2] == ' ' || line.at[line.len - 2] == '\'')));
}

bool
session_is_command(struct span line, struct span *command, struct span *argument)
{
	struct span rest = line;

	if (is_final_dot(line)) {
		*command = span_of("end of DATA");
		*argument = (struct span){ "", 0 };
		return true;
	}
	skip_client_marks(&rest);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		struct span behind = rest;

		if (!reply_take_phrase(&behind, verbs[i].phrase))
			continue;
		if (verbs[i].whole && span_trim(behind).len > 0 && memchr("'\\\r", behind.at[0], 3) == NULL)
			continue;
		*command = span_of(verbs[i].command);
		*argument = behind;
		return true;
	}
	return false;
}

static bool
is_named(struct span command, const char *name)
{
	return span_equal(command, span_of(name));
}

static void
note_command(struct session *s, struct span command, struct span argument, bool *closed)
{
	struct span address;

	if (s->command.len == 0) {
		*closed = command.len == 0;
		s->command = command;
	}
	if (is_named(command, "RCPT TO") && s->recipient.len == 0 && !is_named(s->command, "MAIL FROM") &&
	    mailbox_find(span_first(argument, 400), &address))
		s->recipient = address;
	if (is_named(command, "MAIL FROM")) {
		if (mailbox_find(span_first(argument, 400), &address))
			s->sender = address;
		*closed = true;
	}
}

void
session_before(struct span text, size_t from, size_t at, struct session *s)
{
	const size_t floor = at > LOOK_BACK_MAX && at - LOOK_BACK_MAX > from ? at - LOOK_BACK_MAX : from;
	size_t end = at;
	bool closed = false;

	*s = (struct session){ { "", 0 }, { "", 0 }, { "", 0 } };
	for (unsigned i = 0; i < LINES_MAX && end > floor && !closed; i++) {
		size_t start = end;
		struct span command, argument;

		while (start > floor && text.at[start - 1] != '\n')
			start--;
		if (session_is_command((struct span){ text.at + start, end - start }, &command, &argument))
			note_command(s, command, argument, &closed);
		end = start > floor ? start - 1 : floor;
	}
}
