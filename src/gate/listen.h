/* Listening sockets by their addresses as people write them. */
#ifndef GATE_LISTEN_H
#define GATE_LISTEN_H

#include <event2/util.h>
#include <stdbool.h>
#include <stddef.h>

enum { LISTEN_NAME_SIZE_MAX = 256 };

struct listening {
	evutil_socket_t fd;
	char name[LISTEN_NAME_SIZE_MAX]; /* "127.0.0.1:2525", port 0 resolved; "unix:PATH" */
	bool inherited; /* handed over: its path is not ours to remove */
};

/* "127.0.0.1:2525", "[::1]:0", "localhost:25", "unix:PATH"; "fd:3", a descriptor that is handed over; "systemd", all that the
   service manager hands over, or "systemd:NAME", those with that name. Returns how many sockets came of it, at most `max`.
   0: `what` says why. */
size_t listen_on(const char *address, struct listening *sockets, size_t max, const char **what);

/* Its path goes, too, where it was made here. */
void listen_close(struct listening *socket);

#endif
