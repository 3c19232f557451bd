/* Listening sockets by their addresses as people write them. */
#ifndef GATE_LISTEN_H
#define GATE_LISTEN_H

#include <event2/util.h>
#include <stddef.h>

enum { LISTEN_NAME_SIZE_MAX = 256 };

/* "127.0.0.1:2525", "[::1]:0", "localhost:25", "unix:PATH". `name` gets the address that came of it, port 0 resolved.
   -1: `what` says why. */
evutil_socket_t listen_on(const char *address, char name[LISTEN_NAME_SIZE_MAX], const char **what);

#endif
