#include "gate/listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/span.h"
#include "grammar/ip_address.h"

enum { BACKLOG = 1024 };

/* One that was left behind by a process that is gone. */
static void
remove_stale(const struct sockaddr_un *un)
{
	struct stat st;
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && lstat(un->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    connect(fd, (const struct sockaddr *)un, sizeof(*un)) != 0 && errno == ECONNREFUSED)
		unlink(un->sun_path);
	if (fd >= 0)
		close(fd);
}

static evutil_socket_t
bind_and_listen(const struct sockaddr *address, socklen_t size, const char **what)
{
	const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

	*what = strerror(errno);
	if (fd < 0)
		return -1;
	if (address->sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, address, size) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	*what = strerror(errno);
	close(fd);
	return -1;
}

static evutil_socket_t
listen_on_path(const char *path, char name[LISTEN_NAME_SIZE_MAX], const char **what)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	*what = "the path of the socket is too long";
	if (strlen(path) >= sizeof(un.sun_path))
		return -1;
	memcpy(un.sun_path, path, strlen(path) + 1);
	remove_stale(&un);
	snprintf(name, LISTEN_NAME_SIZE_MAX, "unix:%s", path);
	return bind_and_listen((const struct sockaddr *)&un, sizeof(un), what);
}

static void
write_name(evutil_socket_t fd, char name[LISTEN_NAME_SIZE_MAX])
{
	struct sockaddr_storage at = { .ss_family = AF_UNSPEC };
	socklen_t size = sizeof(at);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	name[0] = '\0';
	if (getsockname(fd, (struct sockaddr *)&at, &size) == 0 &&
	    getnameinfo((struct sockaddr *)&at, size, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV) == 0)
		snprintf(name, LISTEN_NAME_SIZE_MAX, at.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

/* "[::1]:2525" → "::1", "2525" */
static bool
split(const char *address, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(address, ':');
	struct span h;

	if (colon == NULL || colon[1] == '\0')
		return false;
	h = (struct span){ address, (size_t)(colon - address) };
	if (h.len > 1 && h.at[0] == '[' && h.at[h.len - 1] == ']')
		h = (struct span){ h.at + 1, h.len - 2 };
	else if (span_index(h, ':') < h.len)
		return false;
	if (h.len >= size)
		return false;
	memcpy(host, h.at, h.len);
	host[h.len] = '\0';
	*port = colon + 1;
	return true;
}

evutil_socket_t
listen_on(const char *address, char name[LISTEN_NAME_SIZE_MAX], const char **what)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found;
	char host[NI_MAXHOST];
	const char *port;
	evutil_socket_t fd;

	if (strncmp(address, "unix:", 5) == 0)
		return listen_on_path(address + 5, name, what);
	*what = "an address and a port are wanted, as 127.0.0.1:2525 or [::1]:2525";
	if (!split(address, host, sizeof(host), &port) || getaddrinfo(host[0] ? host : NULL, port, &hints, &found) != 0)
		return -1;
	fd = bind_and_listen(found->ai_addr, found->ai_addrlen, what);
	freeaddrinfo(found);
	if (fd >= 0)
		write_name(fd, name);
	return fd;
}
