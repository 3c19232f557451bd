/*
 * Input of every kind – files, folders, Maildirs, mailboxes, logs, pasted
 * text, standard input – cut into works, as a stream in bounded memory.
 */
#ifndef CMD_INPUT_H
#define CMD_INPUT_H

#include "cmd/pool.h"
#include "cmd/progress.h"

enum {
	MESSAGE_SIZE_MAX = 64 * 1024 * 1024, /* a longer message is read so far */
	LINE_SIZE_MAX = 16 * 1024 * 1024, /* a longer log line is cut */
	FOLDER_DEPTH_MAX = 32,
};

struct input {
	struct pool *pool;
	struct progress *progress;
	struct batch *batch; /* being filled */
	const char *file; /* the name of its last work's, in its arena */
	uint64_t n_batches;
	uint64_t n_files, n_unreadable, n_failed_reads;
	bool final; /* of a log: only the last word on each recipient of a message */
	bool stop; /* the pool wants nothing more */
};

/* Reads a file or folder; what cannot be read is told on standard error, and the rest goes on. */
void input_read_path(struct input *in, const char *path);

/* Reads an open stream; `name` is for people. */
void input_read_stream(struct input *in, int fd, const char *name);

/* A pasted text. */
void input_read_text(struct input *in, struct span text, const char *name);

/* Hands in what is still in the last batch. */
void input_end(struct input *in);

#endif
