#include "gate/milter_server.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <grp.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/listen.h"
#include "gate/service.h"

enum { PAUSE = 100000 /* microseconds, when descriptors are used up */, SOCKET_MODE = 0660 };

struct loop {
	struct milter_loop sessions;
	struct evconnlistener *listeners[MILTER_ADDRESSES_MAX];
	size_t n_listeners;
	struct event *pause, *wake, *grace; /* wake: the server stops */
	evutil_socket_t wakes;
	struct service_beat beat;
	pthread_t thread;
};

struct server {
	struct milter_gate *gate;
	const struct milter_server_options *options;
	struct loop *loops;
	size_t n_loops;
	struct listening sockets[MILTER_ADDRESSES_MAX];
	size_t n_sockets;
	struct service_watch watch;
	struct event *signals[3];
};

static void
accept_one(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer, int size, void *context)
{
	struct loop *l = context;

	(void)listener;
	(void)peer;
	(void)size;
	milter_session_begin(&l->sessions, fd);
}

static void
listen_again(evutil_socket_t fd, short what, void *context)
{
	struct loop *l = context;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < l->n_listeners && !l->sessions.stopping; i++)
		evconnlistener_enable(l->listeners[i]);
}

/* Descriptors are used up: those who wait are taken when some are free again. */
static void
pause_listening(struct evconnlistener *listener, void *context)
{
	static const struct timeval pause = { 0, PAUSE };
	struct loop *l = context;

	evconnlistener_disable(listener);
	event_add(l->pause, &pause);
}

static void
break_loop(void *context)
{
	struct loop *l = context;

	event_base_loopexit(l->sessions.base, NULL);
}

static void
give_up_waiting(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	break_loop(context);
}

static void
free_listeners(struct loop *l)
{
	for (size_t i = 0; i < l->n_listeners; i++)
		evconnlistener_free(l->listeners[i]);
	l->n_listeners = 0;
}

/* Connections go on until their MTA ends them or the grace is over: one that is closed between two messages costs the MTA's
   client a temporary refusal. */
static void
stop_loop(evutil_socket_t fd, short what, void *context)
{
	static const struct timeval grace = { MILTER_GRACE, 0 };
	struct loop *l = context;

	(void)fd;
	(void)what;
	free_listeners(l);
	l->sessions.stopping = true;
	event_add(l->grace, &grace);
	if (l->sessions.n == 0)
		break_loop(l);
}

static bool
add_listener(struct loop *l, evutil_socket_t fd)
{
	struct evconnlistener *listener = evconnlistener_new(
	    l->sessions.base, accept_one, l, LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_CLOSE_ON_FREE, 0, dup(fd));

	if (listener == NULL)
		return false;
	evconnlistener_set_error_cb(listener, pause_listening);
	l->listeners[l->n_listeners++] = listener;
	return true;
}

static bool
start_loop(struct server *s, struct loop *l, const char **what)
{
	struct milter_gate *g = s->gate;
	struct milter_loop *ml = &l->sessions;

	*ml = (struct milter_loop){ .gate = g, .base = event_base_new(), .emptied = break_loop, .context = l };
	ml->judge = (struct judge){
		.base = ml->base, .zone = g->zone, .suffixes = g->suffixes, .catalog = g->catalog, .now = g->now
	};
	l->wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	*what = "no event loop can be had";
	if (ml->base == NULL || l->wakes < 0 || !judge_init(&ml->judge, &g->resolver, what))
		return false;
	l->pause = evtimer_new(ml->base, listen_again, l);
	l->grace = evtimer_new(ml->base, give_up_waiting, l);
	l->wake = event_new(ml->base, l->wakes, EV_READ, stop_loop, l);
	event_add(l->wake, NULL);
	service_beat_begin(&l->beat, &s->watch, ml->base, (size_t)(l - s->loops));
	for (size_t i = 0; i < s->n_sockets; i++)
		if (!add_listener(l, s->sockets[i].fd))
			return false;
	return true;
}

static void
end_loop(struct loop *l)
{
	struct event *const events[] = { l->pause, l->grace, l->wake };

	if (l->sessions.base == NULL)
		return;
	l->sessions.stopping = false;
	milter_session_end_all(&l->sessions);
	free_listeners(l);
	judge_deinit(&l->sessions.judge);
	service_beat_end(&l->beat);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (l->wakes >= 0)
		close(l->wakes);
	event_base_free(l->sessions.base);
}

/* The path of a socket; NULL: it is none. */
static const char *
path_of(const char *address)
{
	static const char *const kinds[] = { "unix:", "local:" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_starts(span_of(address), kinds[i]))
			return address + strlen(kinds[i]);
	return NULL;
}

/* An MTA that comes now goes by its default action, instead of waiting for nobody; where the service manager made the socket,
   it waits for the next of us. */
static void
close_sockets(struct server *s)
{
	for (size_t i = 0; i < s->n_sockets; i++)
		listen_close(&s->sockets[i]);
	s->n_sockets = 0;
}

static void
on_term(evutil_socket_t signal, short what, void *context)
{
	const uint64_t one = 1;
	struct server *s = context;

	(void)signal;
	(void)what;
	service_tell("STOPPING=1");
	close_sockets(s);
	for (size_t i = 0; i < s->n_loops; i++)
		if (write(s->loops[i].wakes, &one, sizeof(one)) != sizeof(one))
			continue; /* it is awake */
}

static void
on_reload(evutil_socket_t signal, short what, void *context)
{
	struct server *s = context;

	(void)signal;
	(void)what;
	service_tell_reloading();
	s->options->reload(s->options->context);
	service_tell("READY=1");
}

static void
catch_signals(struct server *s)
{
	struct event_base *base = s->loops[0].sessions.base;
	const struct {
		int signal;
		event_callback_fn on;
	} rows[] = { { SIGTERM, on_term }, { SIGINT, on_term }, { SIGHUP, on_reload } };

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s->signals[i] = evsignal_new(base, rows[i].signal, rows[i].on, s);
		if (s->signals[i] != NULL)
			event_add(s->signals[i], NULL);
	}
}

static void *
run_loop(void *context)
{
	struct loop *l = context;

	event_base_dispatch(l->sessions.base);
	return NULL;
}

/* "inet:8891@127.0.0.1" → "127.0.0.1:8891", "inet6:8891@::1" → "[::1]:8891", "local:/x" → "unix:/x" */
static bool
translate(const char *address, char to[LISTEN_NAME_SIZE_MAX])
{
	const char *at = strchr(address, '@');
	struct span s = span_of(address);
	const bool v6 = span_take(&s, "inet6:");
	int n;

	if (span_starts(s, "systemd") || span_starts(s, "fd:")) {
		n = snprintf(to, LISTEN_NAME_SIZE_MAX, "%s", address);
	} else if (path_of(address) != NULL) {
		n = snprintf(to, LISTEN_NAME_SIZE_MAX, "unix:%s", path_of(address));
	} else {
		if (at == NULL || (!v6 && !span_take(&s, "inet:")))
			return false;
		n = snprintf(to, LISTEN_NAME_SIZE_MAX, v6 ? "[%s]:%.*s" : "%s:%.*s", at + 1, (int)(at - s.at), s.at);
	}
	return n > 0 && n < LISTEN_NAME_SIZE_MAX;
}

/* Who may connect may have mail signed: the MTA's group, and nobody else. */
static bool
grant(const char *path, const char *group, const char **what)
{
	const struct group *g = group != NULL ? getgrnam(group) : NULL;

	*what = "no such group";
	if (group != NULL && g == NULL)
		return false;
	if (g != NULL && chown(path, (uid_t)-1, g->gr_gid) != 0) {
		*what = strerror(errno);
		return false;
	}
	return chmod(path, SOCKET_MODE) == 0;
}

static bool
open_sockets(struct server *s, const char **what)
{
	for (size_t i = 0; i < s->options->n_addresses; i++) {
		const char *address = s->options->addresses[i], *path = path_of(address);
		char wanted[LISTEN_NAME_SIZE_MAX];
		size_t n;

		*what = "an address is wanted as unix:PATH, inet:PORT@HOST or inet6:PORT@HOST";
		if (!translate(address, wanted))
			return false;
		n = listen_on(wanted, s->sockets + s->n_sockets, MILTER_ADDRESSES_MAX - s->n_sockets, what);
		if (n == 0)
			return false;
		s->n_sockets += n;
		if (path != NULL && !grant(path, s->options->group, what))
			return false;
	}
	return true;
}

static bool
start(struct server *s, const char **what)
{
	if (!open_sockets(s, what))
		return false;
	for (size_t i = 0; i < s->n_loops; i++)
		if (!start_loop(s, &s->loops[i], what))
			return false;
	catch_signals(s);
	for (size_t i = 0; i < s->n_sockets; i++)
		s->options->ready(s->options->context, s->sockets[i].name);
	return true;
}

static void
serve(struct server *s)
{
	size_t started = 1;

	while (
	    started < s->n_loops && pthread_create(&s->loops[started].thread, NULL, run_loop, &s->loops[started]) == 0)
		started++;
	service_watch_begin(&s->watch, started);
	service_tell("READY=1");
	run_loop(&s->loops[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(s->loops[i].thread, NULL);
}

static void
end(struct server *s)
{
	for (size_t i = 0; i < sizeof(s->signals) / sizeof(s->signals[0]); i++)
		if (s->signals[i] != NULL)
			event_free(s->signals[i]);
	for (size_t i = 0; i < s->n_loops; i++)
		end_loop(&s->loops[i]);
	close_sockets(s);
	memory_free(s->loops);
}

int
milter_server_run(struct milter_gate *gate, const struct milter_server_options *options, const char **what)
{
	struct server s = { .gate = gate, .options = options };
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	bool started;

	s.n_loops = options->loops ? options->loops : cores > 0 ? (size_t)cores : 1;
	s.n_loops = s.n_loops < MILTER_LOOPS_MAX ? s.n_loops : MILTER_LOOPS_MAX;
	s.loops = memory_take_cleared(s.n_loops * sizeof(*s.loops));
	started = start(&s, what);
	if (started)
		serve(&s);
	end(&s);
	return started ? 0 : -1;
}
