/*
 * Which SMTP command a bounce's prose says was refused:
 *
 *	host mx.example.jp[192.0.2.1] said: 550 no (in reply to RCPT TO command)
 *
 *	>>> RCPT To:<taro@example.jp>
 *	<<< 550 5.1.1 no
 */
#ifndef BOUNCE_TRANSCRIPT_H
#define BOUNCE_TRANSCRIPT_H

#include "base/span.h"

/* "RCPT TO" "MAIL FROM" "DATA" "end of DATA" "EHLO" …, or empty. Where several were refused, `*several`
   is set, and the one that stands with the recipient is given. */
struct span transcript_command(struct span text, struct span recipient, bool *several);

/* The same from what other mailers write before a command: "did not like our RCPT TO:" (dma), "error from remote
   server after RCPT command:" (GMX). */
struct span transcript_command_in_words(struct span text);

/* The whole of a reply that a transcript holds and whose first line is known ("<<< 550-5.7.26 …", "<<< 550 5.7.26 …"),
   marks kept; empty where it holds none. */
struct span transcript_whole_reply(struct span text, struct span first_line);

#endif
