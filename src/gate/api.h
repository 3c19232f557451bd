/*
 * The gate over HTTP, for tests: what came, as Mailpit's API has it, and what
 * that has not – refusals with their reasons, and rules set while it runs.
 *
 *	GET    /api/v1/messages?start=0&limit=50   what was taken, the latest first
 *	GET    /api/v1/search?query=to:taro        the same, those that fit
 *	GET    /api/v1/message/ID                  one; "latest" is an ID
 *	GET    /api/v1/message/ID/raw              its bytes
 *	DELETE /api/v1/messages                    {"IDs":["…"]}, or all
 *	DELETE /api/v1/search?query=…
 *	GET    /api/v1/transactions                all, also what was refused, and why
 *	PUT    /api/v1/rules                       as a file of --mailboxes
 *	GET    /api/v1/info, /livez, /readyz, /metrics
 */
#ifndef GATE_API_H
#define GATE_API_H

#include <event2/event.h>

#include "gate/gate.h"
#include "gate/listen.h"

enum { API_BODY_MAX = 16 * 1024 * 1024, API_PAGE_MAX = 1000 };

struct api;

/* Serves within the loop of `base`; `name` gets the address. NULL: `what` says why. */
struct api *api_start(struct gate *gate, struct event_base *base, const char *address, char name[LISTEN_NAME_SIZE_MAX],
    const char **what);

void api_stop(struct api *api); /* takes nothing more */
void api_free(struct api *api);

#endif
