#include "gate/server.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/api.h"
#include "gate/listen.h"
#include "gate/service.h"
#include "gate/session.h"

enum { PAUSE = 100000 /* microseconds, when descriptors are used up */ };

struct loop {
	struct session_loop sessions;
	struct evconnlistener *listeners[SERVER_ADDRESSES_MAX];
	size_t n_listeners;
	struct event *pause, *wake; /* wake: the server stops */
	evutil_socket_t wakes;
	struct event *grace;
	struct service_beat beat;
	pthread_t thread;
};

struct server {
	struct gate *gate;
	const struct server_options *options;
	struct loop *loops;
	size_t n_loops;
	struct listening sockets[SERVER_ADDRESSES_MAX];
	size_t n_sockets;
	struct service_watch watch;
	struct api *api;
	struct event *signals[4];
	pid_t child;
	int status;
};

static void
accept_one(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer, int size, void *context)
{
	struct loop *l = context;

	(void)listener;
	(void)size;
	session_begin(&l->sessions, fd, peer);
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
stop_loop(evutil_socket_t fd, short what, void *context)
{
	static const struct timeval grace = { SERVER_GRACE, 0 };
	struct loop *l = context;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < l->n_listeners; i++)
		evconnlistener_disable(l->listeners[i]);
	event_add(l->grace, &grace);
	session_stop_all(&l->sessions);
}

static bool
start_loop(struct server *s, struct loop *l, const char **what)
{
	struct gate *g = s->gate;
	struct session_loop *sl = &l->sessions;

	*sl = (struct session_loop){ .gate = g, .base = event_base_new(), .emptied = break_loop, .context = l };
	sl->smtp = (struct smtp_options){ .policy = g->policy,
		.catalog = g->catalog,
		.host = g->host,
		.size_limit = g->size_limit,
		.offers_tls = g->tls != NULL };
	sl->smtp_trusted = sl->smtp;
	sl->smtp_trusted.offers_xclient = true;
	sl->judge = (struct judge){
		.base = sl->base, .zone = g->zone, .suffixes = g->suffixes, .catalog = g->catalog, .now = g->now
	};
	l->wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	*what = "no event loop can be had";
	if (sl->base == NULL || l->wakes < 0 || !judge_init(&sl->judge, &g->resolver, what))
		return false;
	l->pause = evtimer_new(sl->base, listen_again, l);
	l->grace = evtimer_new(sl->base, give_up_waiting, l);
	l->wake = event_new(sl->base, l->wakes, EV_READ, stop_loop, l);
	event_add(l->wake, NULL);
	service_beat_begin(&l->beat, &s->watch, sl->base, (size_t)(l - s->loops));
	for (size_t i = 0; i < s->n_sockets; i++) {
		struct evconnlistener *listener = evconnlistener_new(
		    sl->base, accept_one, l, LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_CLOSE_ON_FREE, 0, dup(s->sockets[i].fd));

		if (listener == NULL)
			return false;
		evconnlistener_set_error_cb(listener, pause_listening);
		l->listeners[l->n_listeners++] = listener;
	}
	return true;
}

static void
end_loop(struct loop *l)
{
	struct event *const events[] = { l->pause, l->grace, l->wake };

	if (l->sessions.base == NULL)
		return;
	l->sessions.stopping = false;
	session_end_all(&l->sessions);
	for (size_t i = 0; i < l->n_listeners; i++)
		evconnlistener_free(l->listeners[i]);
	judge_deinit(&l->sessions.judge);
	service_beat_end(&l->beat);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (l->wakes >= 0)
		close(l->wakes);
	event_base_free(l->sessions.base);
}

static void
stop(struct server *s)
{
	const uint64_t one = 1;

	service_tell("STOPPING=1");
	if (s->api != NULL)
		api_stop(s->api);
	for (size_t i = 0; i < s->n_loops; i++)
		if (write(s->loops[i].wakes, &one, sizeof(one)) != sizeof(one))
			continue; /* it is awake */
}

static void
on_term(evutil_socket_t signal, short what, void *context)
{
	(void)signal;
	(void)what;
	stop(context);
}

static void
on_reload(evutil_socket_t signal, short what, void *context)
{
	struct server *s = context;

	(void)signal;
	(void)what;
	service_tell_reloading();
	if (s->options->reload != NULL)
		s->options->reload(s->options->context);
	service_tell("READY=1");
}

static void
on_child(evutil_socket_t signal, short what, void *context)
{
	struct server *s = context;
	int status;

	(void)signal;
	(void)what;
	if (s->child <= 0 || waitpid(s->child, &status, WNOHANG) != s->child)
		return;
	s->child = 0;
	s->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	stop(s);
}

static void
catch_signals(struct server *s)
{
	struct event_base *base = s->loops[0].sessions.base;
	const struct {
		int signal;
		event_callback_fn on;
	} rows[] = { { SIGTERM, on_term }, { SIGINT, on_term }, { SIGHUP, on_reload }, { SIGCHLD, on_child } };

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s->signals[i] = evsignal_new(base, rows[i].signal, rows[i].on, s);
		if (s->signals[i] != NULL)
			event_add(s->signals[i], NULL);
	}
}

/* TODOKU_GATE=127.0.0.1:2525, and its parts. */
static void
set_environment(const struct server *s)
{
	const char *name = s->sockets[0].name, *colon = strrchr(name, ':');
	char host[LISTEN_NAME_SIZE_MAX];
	size_t n = colon != NULL ? (size_t)(colon - name) : 0;
	const bool bracketed = n > 1 && name[0] == '[';

	memcpy(host, name + bracketed, n - 2 * bracketed);
	host[n - 2 * bracketed] = '\0';
	setenv("TODOKU_GATE", name, 1);
	setenv("TODOKU_GATE_HOST", host, 1);
	setenv("TODOKU_GATE_PORT", colon != NULL ? colon + 1 : "", 1);
}

static bool
start_command(struct server *s)
{
	sigset_t none;

	if (s->options->command == NULL)
		return true;
	set_environment(s);
	s->child = fork();
	if (s->child != 0)
		return s->child > 0;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(s->options->command[0], s->options->command);
	_exit(errno == ENOENT ? 127 : 126);
}

static void *
run_loop(void *context)
{
	struct loop *l = context;

	event_base_dispatch(l->sessions.base);
	return NULL;
}

static bool
open_sockets(struct server *s, const char **what)
{
	for (size_t i = 0; i < s->options->n_addresses; i++) {
		const size_t n = listen_on(
		    s->options->addresses[i], s->sockets + s->n_sockets, SERVER_ADDRESSES_MAX - s->n_sockets, what);

		if (n == 0)
			return false;
		for (size_t k = 0; k < n; k++)
			s->options->ready(s->options->context, "SMTP", s->sockets[s->n_sockets++].name);
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
	if (s->options->api != NULL) {
		char name[LISTEN_NAME_SIZE_MAX];

		s->api = api_start(s->gate, s->loops[0].sessions.base, s->options->api, name, what);
		if (s->api == NULL)
			return false;
		s->options->ready(s->options->context, "HTTP", name);
	}
	catch_signals(s);
	*what = "the command cannot be started";
	return start_command(s);
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
	if (s->api != NULL)
		api_free(s->api);
	for (size_t i = 0; i < sizeof(s->signals) / sizeof(s->signals[0]); i++)
		if (s->signals[i] != NULL)
			event_free(s->signals[i]);
	for (size_t i = 0; i < s->n_loops; i++)
		end_loop(&s->loops[i]);
	for (size_t i = 0; i < s->n_sockets; i++)
		listen_close(&s->sockets[i]);
	memory_free(s->loops);
}

int
server_run(struct gate *gate, const struct server_options *options, const char **what)
{
	struct server s = { .gate = gate, .options = options };
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	bool started;

	s.n_loops = options->loops ? options->loops : cores > 0 ? (size_t)cores : 1;
	s.n_loops = s.n_loops < SERVER_LOOPS_MAX ? s.n_loops : SERVER_LOOPS_MAX;
	s.loops = memory_take_cleared(s.n_loops * sizeof(*s.loops));
	started = start(&s, what);
	if (started)
		serve(&s);
	end(&s);
	return started ? s.status : -1;
}
