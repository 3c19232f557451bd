/*
 * The page and its API over HTTP: what is static is sent, what reads a
 * stranger's bytes becomes a job (web/job), and everything is counted.
 *
 *	GET /	GET /healthz	GET /metrics	GET /api/codes	GET /api/check	POST /api/why	POST /api/verify
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "catalog/load.h"
#include "web/access.h"
#include "web/engine.h"

enum {
	WEB_BODY_SIZE_MAX = 25 * 1024 * 1024,
	WEB_HEADER_SIZE_MAX = 16 * 1024,
	WEB_SECONDS_MAX = 10, /* of a job; of a client that neither reads nor writes */
	WEB_LISTEN_SIZE_MAX = 64,
};

struct web_server_options {
	const char *listen; /* "127.0.0.1:8025", "[::1]:8025"; port 0: any that is free */
	struct access access;
	const struct catalog *catalog;
	unsigned workers; /* at a time */
	void *context;
	void (*ready)(void *context, const char *url); /* it listens: "http://127.0.0.1:8025/" */
};

/* Whether only this machine can reach it; false, too, where it is no address. */
bool web_server_is_local(const char *listen);

/* Runs until SIGINT or SIGTERM. False: `what` says why it could not begin. */
bool web_server_run(const struct web_server_options *options, const struct web_engine *engine, const char **what);

#endif
