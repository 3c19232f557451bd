/*
 * Replies as a person pastes them and as programs print them: several in one
 * text, between prose, in lists and tables, in log lines of any program, in
 * tracebacks, dictionaries and JSON, in whole SMTP sessions.
 *
 *	smtplib.SMTPRecipientsRefused: {'taro@example.jp': (550, b'5.1.1 no')}
 *	response: '550 5.7.1 Unable to relay', command: 'RCPT TO'
 *	① 550-5.1.1 The email account …
 */
#ifndef FAILURE_PASTED_H
#define FAILURE_PASTED_H

#include "base/arena.h"
#include "failure/failure.h"

enum {
	PASTED_WORDS_MAX = 8 * 1024, /* a longer text without any code is no reply */
	PASTED_REPEATS_MAX = 8, /* a program tells the same thing so often, an error object above all */
};

/* Tells each reply of `text` (UTF-8) as a failure of its own; says how many. Where there is no code at all, a short text is told
   as it stands: it may be a reply's words alone. */
size_t pasted_read(
    struct arena *arena, struct span text, void (*tell)(void *context, const struct failure *f), void *context);

/* Whether a reply's code stands where one would. Costs little where there is none. */
bool pasted_holds_reply(struct span text);

#endif
