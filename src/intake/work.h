/*
 * Works – one message, text, log line or run of events each –, and batches of
 * them as the pool shares them out.
 */
#ifndef INTAKE_WORK_H
#define INTAKE_WORK_H

#include "base/arena.h"
#include "base/out.h"
#include "intake/outcome.h"
#include "log/log_failure.h"

enum { BATCH_SIZE = 1024 * 1024, BATCH_WORKS_MAX = 512 };

enum work_kind { WORK_MESSAGE, WORK_TEXT, WORK_REPORT, WORK_LOG_LINE, WORK_EVENTS, WORK_FOREIGN };

struct work { /* borrowed from its batch */
	enum work_kind kind;
	const char *file;
	uint64_t message, line, byte; /* where it stands; message and line from 1, 0: none */
	struct span bytes;
	struct log_told log; /* of a log line */
	enum outcome foreign; /* of what cannot be read: what it is */
};

struct batch {
	uint64_t number;
	struct arena bytes; /* what the works are borrowed from */
	size_t size; /* of these bytes */
	struct work works[BATCH_WORKS_MAX];
	size_t n;
	struct out out; /* what its worker wrote */
	void *gathered; /* what its worker gathered: whoever is told of verdicts makes and frees it */
	size_t n_explained, n_undetermined, n_nothing;
};

struct batch *batch_create(void);
void batch_free(struct batch *batch);

#endif
