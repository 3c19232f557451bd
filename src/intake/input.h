/*
 * Input of every kind – files, folders, Maildirs, mailboxes, logs, pasted
 * text, standard input – cut into works, as a stream in bounded memory.
 */
#ifndef INTAKE_INPUT_H
#define INTAKE_INPUT_H

#include <sys/types.h>

#include "intake/pool.h"
#include "intake/work.h"

enum {
	MESSAGE_SIZE_MAX = 64 * 1024 * 1024, /* a longer message is read so far */
	LINE_SIZE_MAX = 16 * 1024 * 1024, /* a longer log line is cut */
	FOLDER_DEPTH_MAX = 32,
};

/* As read(2): 0 at the end, -1 with errno set. */
typedef ssize_t input_read_fn(void *from, char *to, size_t size);

struct input {
	struct pool *pool;
	void *context; /* of these two: */
	void (*tell)(void *context, const char *name, const char *what); /* what cannot be read, for people */
	void (*advance)(void *context, uint64_t files, uint64_t bytes); /* how far it has come */
	struct batch *batch; /* being filled */
	const char *file; /* the name of its last work's, in its arena */
	uint64_t n_batches;
	uint64_t n_files, n_unreadable, n_failed_reads;
	bool final; /* of a log: only the last word on each recipient of a message */
	bool stop; /* the pool wants nothing more */
};

/* Reads a file or folder; what cannot be read is told, and the rest goes on. */
void input_read_path(struct input *in, const char *path);

/* Reads what a function hands out; `name` is for people. What is compressed is told as unreadable. */
void input_read_from(struct input *in, input_read_fn *from, void *context, const char *name);

/* Reads an open stream; `name` is for people. */
void input_read_stream(struct input *in, int fd, const char *name);

/* A pasted text. */
void input_read_text(struct input *in, struct span text, const char *name);

/* Hands in what is still in the last batch. */
void input_end(struct input *in);

#endif
