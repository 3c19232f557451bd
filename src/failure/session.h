/*
 * The lines of an SMTP session, as people and programs show them:
 *
 *	 -> RCPT TO:<taro@example.jp>		swaks
 *	> RCPT TO:<taro@example.jp>		curl -v
 *	C: RCPT TO:<taro@example.jp>		MailKit
 *	CLIENT -> SERVER: RCPT TO:<…>		PHPMailer
 *	send: 'rcpt TO:<taro@example.jp>\r\n'	smtplib
 */
#ifndef FAILURE_SESSION_H
#define FAILURE_SESSION_H

#include "base/span.h"

struct session {
	struct span command; /* that was answered: "RCPT TO", "end of DATA"; empty: no session */
	struct span recipient, sender; /* addr-spec, or empty */
};

/* Whether a line is a command the client sent; `command` is its name, "" for QUIT and the like. */
bool session_is_command(struct span line, struct span *command, struct span *argument);

/* What went before `at`, no further back than `from`. */
void session_before(struct span text, size_t from, size_t at, struct session *s);

#endif
