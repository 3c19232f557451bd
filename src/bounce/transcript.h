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

#include "base/arena.h"

/* "RCPT TO" "MAIL FROM" "DATA" "end of DATA" "EHLO" …, or empty. Where several were refused, `*several`
   is set, and the one that stands with the recipient is given. */
struct span transcript_command(struct span text, struct span recipient, bool *several);

/* The same from what other mailers write before a command: "did not like our RCPT TO:" (dma), "error from remote
   server after RCPT command:" (GMX). */
struct span transcript_command_in_words(struct span text);

/* A transcript read once for any number of recipients. */
struct transcript {
	struct span text;
	struct span replied; /* what all of it is in reply to; empty: that is not told */
	struct span otherwise; /* what was refused of a recipient whom no refused RCPT names */
	bool several, any_recipient;
	struct span *slots; /* by hash: recipients whose RCPT was refused, first lines of replies that go on */
	size_t n_slots;
	unsigned n_searches; /* for first lines that are cut */
};

enum { TRANSCRIPT_SEARCHES_MAX = 16 };

/* Borrows the text. */
void transcript_read(struct arena *arena, struct span text, struct transcript *t);

/* transcript_command(), at the cost of one look. */
struct span transcript_find_command(const struct transcript *t, struct span recipient, bool *several);

/* The whole of a reply that it holds and whose first line is known ("<<< 550-5.7.26 …", "<<< 550 5.7.26 …"), marks kept;
   empty where it holds none. */
struct span transcript_find_reply(struct transcript *t, struct span first_line);

#endif
