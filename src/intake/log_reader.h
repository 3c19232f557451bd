/*
 * A log read line by line: which format each line has, who sent what failed,
 * and what became of it later. One that is tried again is held back until its
 * outcome is known or too many wait; all leave in the order of their lines.
 */
#ifndef INTAKE_LOG_READER_H
#define INTAKE_LOG_READER_H

#include "intake/log_leftovers.h"
#include "intake/work.h"
#include "log/log_join.h"

enum {
	ATTEMPTS_HELD_MAX = 1 << 15,
	ATTEMPTS_HELD_SIZE_MAX = 16 << 20,
	LOG_READER_CHAINS = 2,
	MILTER_LINES_MAX = 500, /* a filter's trouble explains what fails so soon after */
};

struct log_reader {
	void (*hand_on)(void *context, struct work w);
	void *context;
	const char *file;
	bool final; /* only the last word on each recipient of a message */
	/* the rest is the reader's own */
	struct log_join join;
	struct arena line_arena; /* of a line that had to be unwrapped */
	const struct log_format *format; /* of the last line that told something */
	struct log_scan scan;
	struct out heading, milter;
	struct out partial; /* a record whose end is on a line to come */
	uint64_t partial_line, partial_byte; /* where it begins */
	uint64_t milter_line;
	struct attempt *first, *last, **chains[LOG_READER_CHAINS];
	size_t n_held, held_size;
	bool told; /* a failed delivery */
	struct log_leftovers leftovers;
};

void log_reader_init(struct log_reader *r);

/* Without its line end; `line` counts from 1. */
void log_reader_take(struct log_reader *r, struct span text, uint64_t line, uint64_t byte);

/* Hands on all that is still held. */
void log_reader_end(struct log_reader *r);

#endif
