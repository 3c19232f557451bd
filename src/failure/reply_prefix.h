/*
 * What an MTA, a log, a mail reader or a person writes before a reply:
 *
 *	host mx.example.jp[192.0.2.1] said:
 *	SMTP error from remote mail server after RCPT TO:<taro@example.jp>:
 *	Nov 23 10:00:00 mx1 postfix/smtp[123]: 4ABC1234:
 *	<<<   > *   "
 */
#ifndef FAILURE_REPLY_PREFIX_H
#define FAILURE_REPLY_PREFIX_H

#include "failure/reply_reader.h"

/* Takes one of them off the front and keeps the host, address and command it names. */
bool reply_take_prefix(struct reply_reader *r, struct span *s);

/* Of "pipelined RCPT TO:<a@b>", "end of data": the command under one name. */
void reply_set_command(struct reply_reader *r, struct span command);

/* Whether a line begins as an MTA begins before a reply: a host that said, "<a@b>:", a log's date, ">>> ". */
bool reply_leads(struct span line);

#endif
