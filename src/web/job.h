/*
 * One request's work in a process of its own: it gets the bytes, is closed in
 * (web/sandbox), and what it writes is the answer. Where the DNS is to be
 * asked a second process does that, which has the network and not the bytes.
 * A job that exceeds its bounds is killed; no other one notices.
 */
#ifndef WEB_JOB_H
#define WEB_JOB_H

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

#include "web/engine.h"
#include "web/sandbox.h"

enum { JOB_ARGUMENTS_MAX = 64, JOB_SAYS_SIZE_MAX = 4096, JOB_NOT_CLOSED = 200 /* status: the sandbox is refused */ };

enum job_end {
	JOB_EXITED, /* status has what it says */
	JOB_DIED, /* killed: by its bounds, by a defect, from outside */
	JOB_TOO_LONG,
	JOB_NOT_STARTED, /* the system had no process or no memory for it */
};

struct job_result {
	enum job_end end;
	int status;
	int out; /* what it wrote; whoever takes it sets this to -1 and closes it */
	size_t size;
	char says[JOB_SAYS_SIZE_MAX]; /* on standard error; ends in NUL */
};

struct jobs_bounds {
	unsigned running_max, waiting_max;
	size_t input_max; /* bytes of all that run and wait */
	unsigned seconds; /* of one */
	struct sandbox_bounds sandbox;
};

struct jobs_count {
	uint64_t started, died, too_long, refused;
	unsigned running, waiting;
};

struct jobs;
struct job;

typedef void job_done_fn(void *context, struct job_result *result);

/* NULL: no memory. */
struct jobs *jobs_create(struct event_base *base, const struct jobs_bounds *bounds, const struct web_engine *engine);

/* Kills what runs; nobody is told. */
void jobs_free(struct jobs *jobs);

/* Takes `input` over, a descriptor of `size` bytes; copies the arguments. `asks`: with a second process for the DNS.
   NULL: there is too much to do; else `done` is called once, later. */
struct job *jobs_start(struct jobs *jobs, int input, size_t size, char *const *arguments, int n, bool asks,
    job_done_fn *done, void *context);

/* Kills it; `done` is not called. */
void job_cancel(struct job *job);

struct jobs_count jobs_count(const struct jobs *jobs);

#endif
