/*
 * One SMTP connection within a loop: between the socket, the machine that
 * speaks SMTP, and the judge.
 */
#ifndef GATE_SESSION_H
#define GATE_SESSION_H

#include <event2/bufferevent.h>

#include "gate/gate.h"

struct session;

/* What a loop has; one a thread. */
struct session_loop {
	struct gate *gate;
	struct event_base *base;
	struct judge judge;
	struct smtp_options smtp, smtp_trusted; /* with XCLIENT, for those who may */
	struct session *first; /* all that are open */
	size_t n;
	bool stopping; /* no transaction begins any more */
	void (*emptied)(void *context); /* called when the last goes while it stops */
	void *context;
};

/* Serves a connection that was accepted; the descriptor is the session's. */
void session_begin(struct session_loop *loop, evutil_socket_t fd, const struct sockaddr *peer);

/* No transaction begins any more: who is idle is told 421. */
void session_stop_all(struct session_loop *loop);

/* Closes all, whatever they do. */
void session_end_all(struct session_loop *loop);

#endif
