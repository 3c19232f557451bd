#include "gate/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/span.h"
#include "gate/service.h"

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

static bool
listen_on_path(const char *path, struct listening *l, const char **what)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	*what = "the path of the socket is too long";
	if (strlen(path) >= sizeof(un.sun_path))
		return false;
	memcpy(un.sun_path, path, strlen(path) + 1);
	remove_stale(&un);
	snprintf(l->name, sizeof(l->name), "unix:%s", path);
	l->fd = bind_and_listen((const struct sockaddr *)&un, sizeof(un), what);
	return l->fd >= 0;
}

static void
write_name(struct listening *l)
{
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_storage room;
	} at = { .room = { .ss_family = AF_UNSPEC } };
	socklen_t size = sizeof(at);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getsockname(l->fd, &at.any, &size) != 0)
		return;
	if (at.any.sa_family == AF_UNIX)
		snprintf(l->name, sizeof(l->name), "unix:%.*s", (int)sizeof(at.un.sun_path), at.un.sun_path);
	else if (getnameinfo(&at.any, size, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) ==
	    0)
		snprintf(l->name, sizeof(l->name), at.any.sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
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

static bool
listen_on_host(const char *address, struct listening *l, const char **what)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found;
	char host[NI_MAXHOST];
	const char *port;

	*what = "an address and a port are wanted, as 127.0.0.1:2525 or [::1]:2525";
	if (!split(address, host, sizeof(host), &port) || getaddrinfo(host[0] ? host : NULL, port, &hints, &found) != 0)
		return false;
	l->fd = bind_and_listen(found->ai_addr, found->ai_addrlen, what);
	freeaddrinfo(found);
	if (l->fd < 0)
		return false;
	write_name(l);
	return true;
}

/* One that somebody else made: it must listen already. */
static bool
take_over(int fd, struct listening *l, const char **what)
{
	int listens = 0;
	socklen_t size = sizeof(listens);

	*what = "a descriptor that was handed over is no listening socket";
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens)
		return false;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	evutil_make_socket_nonblocking(fd);
	*l = (struct listening){ .fd = fd, .inherited = true };
	write_name(l);
	return true;
}

static size_t
take_over_all(struct span name, struct listening *sockets, size_t max, const char **what)
{
	int fds[SERVICE_SOCKETS_MAX];
	const size_t n = service_sockets(name, fds, max < SERVICE_SOCKETS_MAX ? max : SERVICE_SOCKETS_MAX);

	*what = name.len > 0 ? "the service manager handed over no socket of this name (FileDescriptorName=)"
			     : "the service manager handed over no socket (LISTEN_FDS)";
	for (size_t i = 0; i < n; i++)
		if (!take_over(fds[i], &sockets[i], what))
			return 0;
	return n;
}

static bool
take_over_number(struct span digits, struct listening *l, const char **what)
{
	uint16_t fd;

	*what = "a descriptor's number is wanted, as fd:3";
	return span_take_digits(&digits, 1, 4, &fd) && digits.len == 0 && take_over(fd, l, what);
}

size_t
listen_on(const char *address, struct listening *sockets, size_t max, const char **what)
{
	struct span s = span_of(address);

	*what = "too many sockets";
	if (max == 0)
		return 0;
	if (span_equal(s, span_of("systemd")))
		return take_over_all(span_of(""), sockets, max, what);
	if (span_take(&s, "systemd:"))
		return take_over_all(s, sockets, max, what);
	sockets[0] = (struct listening){ .fd = -1 };
	if (span_take(&s, "fd:"))
		return take_over_number(s, sockets, what);
	return span_take(&s, "unix:") ? listen_on_path(s.at, sockets, what) : listen_on_host(address, sockets, what);
}

void
listen_close(struct listening *l)
{
	if (l->fd < 0)
		return;
	close(l->fd);
	if (!l->inherited && strncmp(l->name, "unix:", 5) == 0)
		unlink(l->name + 5);
	l->fd = -1;
}
