/*
 * The service manager that started us: the sockets that it hands over, and
 * what it is told of our state. Its protocols are spoken by hand, of
 * sd_listen_fds(3) and sd_notify(3); without one nothing happens.
 */
#ifndef GATE_SERVICE_H
#define GATE_SERVICE_H

#include <event2/event.h>
#include <stdatomic.h>

#include "base/span.h"

enum { SERVICE_SOCKETS_MAX = 64, SERVICE_LOOPS_MAX = 64 };

/* The descriptors that were handed over to this process, at most `max`: those named `name` (FileDescriptorName=), or with an
   empty one all. Returns how many; they stay the service manager's, too. */
size_t service_sockets(struct span name, int *fds, size_t max);

/* "READY=1", "STOPPING=1". Mail does not wait for a service manager that does not listen: after a second nothing is told. */
void service_tell(const char *state);

/* Around what SIGHUP makes us do: told as RELOADING, then READY. */
void service_tell_reloading(void);

/* The file of a credential: of LoadCredential=keys:/etc/todoku/keys, "keys/mail.pem" is "keys_mail.pem" in a folder that nobody
   else can read. systemd.exec(5). False: there is none. */
bool service_credential(struct span name, char *path, size_t size);

/* The watchdog: all loops must come by within half of the time that the service manager waits (WATCHDOG_USEC). One that is
   stuck makes us silent, and the service manager starts us anew. */
struct service_watch {
	_Atomic uint64_t came, all; /* a bit a loop; all == 0: they do not run yet */
};

struct service_beat { /* of one loop */
	struct service_watch *watch;
	uint64_t bit;
	struct event *event; /* NULL: no watchdog was asked for */
};

void service_beat_begin(struct service_beat *beat, struct service_watch *watch, struct event_base *base, size_t loop);
void service_beat_end(struct service_beat *beat);

/* The first `loops` of them run from now on. */
void service_watch_begin(struct service_watch *watch, size_t loops);

#endif
