/*
 * One connection of an MTA within a loop: between the socket, the milter's
 * machine, the filter, and the judge.
 */
#ifndef GATE_MILTER_SESSION_H
#define GATE_MILTER_SESSION_H

#include <event2/bufferevent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "gate/filter.h"
#include "gate/judge.h"

enum { MILTER_SESSIONS_MAX = 20000 };

/* Settings as they were read, with all they borrow. Whoever reads them anew frees the old ones when the last message that
   goes by them is done. */
struct milter_settings {
	struct filter_settings filter;
	struct signing_table keys;
	struct arena arena;
	atomic_uint users;
};

/* What all connections share. */
struct milter_gate {
	/* set before it serves */
	const struct catalog *catalog;
	const struct public_suffixes *suffixes;
	struct resolver_options resolver;
	const struct zone *zone; /* NULL: the resolver */
	uint64_t now; /* 0: the clock's; for tests */
	enum lang lang;
	FILE *log; /* NULL: not written */

	/* shared while it serves */
	pthread_mutex_t lock; /* of the settings and the log */
	struct milter_settings *settings;
	atomic_uint n_sessions;
};

void milter_gate_init(struct milter_gate *gate);
void milter_gate_deinit(struct milter_gate *gate);

/* Takes them over; those before go when nobody uses them any more. */
void milter_gate_set(struct milter_gate *gate, struct milter_settings *settings);

struct milter_session;

/* What a loop has; one a thread. */
struct milter_loop {
	struct milter_gate *gate;
	struct event_base *base;
	struct judge judge;
	struct milter_session *first; /* all that are open */
	size_t n;
	bool stopping; /* nobody new is served */
	void (*emptied)(void *context); /* called when the last goes while it stops */
	void *context;
};

/* Serves a connection that was accepted; the descriptor is the session's. */
void milter_session_begin(struct milter_loop *loop, evutil_socket_t fd);

/* Closes all, whatever they do. */
void milter_session_end_all(struct milter_loop *loop);

#endif
