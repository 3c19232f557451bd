#include "gate/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	FIRST = 3 /* SD_LISTEN_FDS_START */,
	BEATS = 4 /* within WATCHDOG_USEC */,
	PATIENCE = 1 /* s, with who does not listen */
};

/* A number in the environment; 0: none, or unsound. */
static uint64_t
number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	unsigned long long n;

	if (text == NULL || !ascii_is_digit(text[0]))
		return 0;
	errno = 0;
	n = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' ? n : 0;
}

/* "milter:api:" → "milter", and the rest */
static struct span
take_name(struct span *names)
{
	const struct span name = span_first(*names, span_index(*names, ':'));

	*names = span_skip(*names, name.len + (name.len < names->len));
	return name;
}

size_t
service_sockets(struct span name, int *fds, size_t max)
{
	const char *text = getenv("LISTEN_FDNAMES");
	struct span names = span_of(text != NULL ? text : "");
	const uint64_t given = number("LISTEN_PID") == (uint64_t)getpid() ? number("LISTEN_FDS") : 0;
	size_t n = 0;

	for (int i = 0; (uint64_t)i < given && i < SERVICE_SOCKETS_MAX && n < max; i++) {
		const struct span its = take_name(&names);

		if (name.len > 0 && !span_equal(its, name))
			continue;
		fcntl(FIRST + i, F_SETFD, FD_CLOEXEC);
		fds[n++] = FIRST + i;
	}
	return n;
}

/* "/run/systemd/notify", "@abstract" */
static bool
find_manager(struct sockaddr_un *un, socklen_t *size)
{
	const char *path = getenv("NOTIFY_SOCKET");
	const size_t n = path != NULL ? strlen(path) : 0;

	if (n < 2 || n >= sizeof(un->sun_path) || (path[0] != '/' && path[0] != '@'))
		return false;
	*un = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(un->sun_path, path, n);
	if (path[0] == '@')
		un->sun_path[0] = '\0';
	*size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	return true;
}

void
service_tell(const char *state)
{
	static const struct timeval patience = { PATIENCE, 0 };
	struct sockaddr_un un;
	socklen_t size;
	int fd;

	if (!find_manager(&un, &size))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	while (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&un, size) < 0 && errno == EINTR)
		;
	close(fd);
}

void
service_tell_reloading(void)
{
	struct timespec now = { 0, 0 };
	char state[64];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	service_tell(state);
}

bool
service_credential(struct span name, char *path, size_t size)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	int n;

	if (folder == NULL || name.len >= size)
		return false;
	n = snprintf(path, size, "%s/%.*s", folder, (int)name.len, name.at);
	if (n < 0 || (size_t)n >= size)
		return false;
	for (char *c = path + strlen(folder) + 1; *c != '\0'; c++)
		if (*c == '/')
			*c = '_';
	return access(path, R_OK) == 0;
}

static void
come_by(evutil_socket_t fd, short what, void *context)
{
	const struct service_beat *b = context;
	struct service_watch *w = b->watch;
	const uint64_t all = atomic_load(&w->all);

	(void)fd;
	(void)what;
	if (all == 0 || (atomic_fetch_or(&w->came, b->bit) | b->bit) != all)
		return;
	atomic_store(&w->came, 0);
	service_tell("WATCHDOG=1");
}

/* 0: nobody watches this process. */
static uint64_t
time_to_beat(void)
{
	const uint64_t pid = number("WATCHDOG_PID"), all = number("WATCHDOG_USEC");

	if (getenv("WATCHDOG_PID") != NULL && pid != (uint64_t)getpid())
		return 0;
	return all / BEATS;
}

void
service_beat_begin(struct service_beat *b, struct service_watch *w, struct event_base *base, size_t loop)
{
	const uint64_t pause = time_to_beat();
	const struct timeval time = { (time_t)(pause / 1000000), (suseconds_t)(pause % 1000000) };

	*b = (struct service_beat){ .watch = w, .bit = (uint64_t)1 << loop };
	if (pause == 0)
		return;
	b->event = event_new(base, -1, EV_PERSIST, come_by, b);
	if (b->event != NULL)
		event_add(b->event, &time);
}

void
service_beat_end(struct service_beat *b)
{
	if (b->event != NULL)
		event_free(b->event);
	b->event = NULL;
}

void
service_watch_begin(struct service_watch *w, size_t loops)
{
	atomic_store(&w->all, loops < SERVICE_LOOPS_MAX ? ((uint64_t)1 << loops) - 1 : UINT64_MAX);
}
