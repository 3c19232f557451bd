/*
 * Lines of a log that tell no failed delivery of an MTA's, and yet hold a
 * reply: another program's, or the own server's that refused a message coming
 * in. They are told only where the log tells nothing else.
 */
#ifndef INTAKE_LOG_LEFTOVERS_H
#define INTAKE_LOG_LEFTOVERS_H

#include "base/out.h"
#include "intake/work.h"

enum { LEFTOVERS_MAX = 2000, LEFTOVERS_SIZE_MAX = 1 << 20 };

struct log_leftovers {
	struct out bytes;
	struct leftover *lines;
	size_t n;
};

/* Keeps a copy of what the work borrows, while there is room. */
void log_leftovers_keep(struct log_leftovers *l, const struct work *w);

void log_leftovers_hand_on(const struct log_leftovers *l, void (*hand_on)(void *context, struct work w), void *context);

void log_leftovers_deinit(struct log_leftovers *l);

#endif
