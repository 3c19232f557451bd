/*
 * The milter at work: listening sockets, an event loop a core, signals.
 */
#ifndef GATE_MILTER_SERVER_H
#define GATE_MILTER_SERVER_H

#include "gate/milter_session.h"

enum {
	MILTER_ADDRESSES_MAX = 8,
	MILTER_LOOPS_MAX = 64,
	/* Seconds for the SMTP sessions that were begun, at SIGTERM: less than Postfix waits for the next of us, 30
	   (milter_command_timeout). */
	MILTER_GRACE = 20
};

struct milter_server_options {
	const char
	    *addresses[MILTER_ADDRESSES_MAX]; /* as MTAs write them: "unix:PATH", "inet:PORT@HOST", "inet6:PORT@HOST";
					     or handed over: "systemd", "systemd:NAME", "fd:3" */
	size_t n_addresses;
	const char *group; /* that may use the sockets with paths; NULL: that of this process */
	unsigned loops; /* 0: one a core */
	void (*ready)(void *context, const char *address);
	void (*reload)(void *context); /* at SIGHUP */
	void *context;
};

/* Serves until SIGTERM or SIGINT: 0; or -1: `what` says why it cannot. */
int milter_server_run(struct milter_gate *gate, const struct milter_server_options *options, const char **what);

#endif
