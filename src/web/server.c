#include "web/server.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "render/html_codes.h"
#include "web/arguments.h"
#include "web/asset.h"
#include "web/budget.h"
#include "web/job.h"
#include "web/reply.h"

enum {
	WAITING_MAX = 1024,
	INPUT_SIZE_MAX = 512 * 1024 * 1024,
	BODIES_SIZE_MAX = 512 * 1024 * 1024,
	DESCRIPTORS_MAX = 8192,
	PAUSE = 100 * 1000,
	STATUSES = 6
};

enum route { ROUTE_FILE, ROUTE_HEALTH, ROUTE_METRICS, ROUTE_CODES, ROUTE_CHECK, ROUTE_WHY, ROUTE_VERIFY, ROUTES };

struct server {
	const struct web_server_options *options;
	struct event_base *base;
	struct evhttp *http;
	struct jobs *jobs;
	uint64_t answered[ROUTES][STATUSES]; /* by route and by the first digit of the status */
};

/* A request whose job is not done yet. */
struct pending {
	struct server *server;
	struct evhttp_request *request;
	struct evhttp_connection *connection;
	struct job *job;
	enum route route;
	bool html;
};

static const char html_type[] = "text/html; charset=utf-8", lines_type[] = "application/jsonl; charset=utf-8";

static void
count(struct server *s, enum route route, int status)
{
	s->answered[route][status / 100 < STATUSES ? status / 100 : 5]++;
}

static struct span
field_of(struct evhttp_request *request, const char *name)
{
	const char *value = evhttp_find_header(evhttp_request_get_input_headers(request), name);

	return value ? span_of(value) : (struct span){ "", 0 };
}

static bool
wants_html(struct evhttp_request *request)
{
	return span_holds(field_of(request, "Accept"), "text/html");
}

static const char *
parameter_of(const struct evkeyvalq *query, const char *name)
{
	const char *value = evhttp_find_header(query, name);

	return value ? value : "";
}

/* ?lang=, else what the browser prefers. */
static bool
wants_japanese(struct evhttp_request *request, const struct evkeyvalq *query)
{
	const char *lang = parameter_of(query, "lang");

	return lang[0] != '\0' ? strcmp(lang, "ja") == 0
			       : span_starts_folded(field_of(request, "Accept-Language"), "ja");
}

static int
send_bytes(struct evhttp_request *request, const char *type, struct span bytes)
{
	struct evbuffer *body = evbuffer_new();
	int status;

	if (body == NULL || evbuffer_add(body, bytes.at, bytes.len) != 0)
		status = reply_refuse(request, WEB_BUSY, span_of(""));
	else
		status = reply_send(request, type, body);
	if (body != NULL)
		evbuffer_free(body);
	return status;
}

/* --- jobs --- */

static void
forget(struct evhttp_connection *connection, void *context)
{
	struct pending *p = context;

	(void)connection;
	job_cancel(p->job);
	free(p);
}

static int
send_result(struct pending *p, struct job_result *r)
{
	struct evbuffer *body = evbuffer_new();
	int status;

	if (body == NULL || (r->size > 0 && evbuffer_add_file(body, r->out, 0, (ev_off_t)r->size) != 0))
		status = reply_refuse(p->request, WEB_BUSY, span_of(""));
	else
		status = reply_send(p->request, p->html ? html_type : lines_type, body);
	if (body != NULL && r->size > 0)
		r->out = -1; /* the buffer's now */
	if (body != NULL)
		evbuffer_free(body);
	return status;
}

/* What the program's exit status means here. */
static int
answer(struct pending *p, struct job_result *r)
{
	enum { USAGE = 64, UNREADABLE = 65, IO = 74 };
	const struct span says = span_trim(span_of(r->says));

	if (r->end == JOB_TOO_LONG)
		return reply_refuse(p->request, WEB_TOO_LONG, span_of(""));
	if (r->end == JOB_NOT_STARTED)
		return reply_refuse(p->request, WEB_BUSY, span_of(""));
	if (r->end == JOB_DIED || (r->status == IO && says.len == 0) || r->status == JOB_NOT_CLOSED)
		return reply_refuse(p->request, WEB_DIED, says);
	if (r->status == USAGE)
		return reply_refuse(p->request, WEB_BAD_REQUEST, says);
	if (r->status == UNREADABLE || r->status == IO)
		return reply_refuse(p->request, WEB_UNREADABLE, says);
	return send_result(p, r);
}

static void
be_done(void *context, struct job_result *r)
{
	struct pending *p = context;

	evhttp_connection_set_closecb(p->connection, NULL, NULL);
	count(p->server, p->route, answer(p, r));
	free(p);
}

/* The body, as a descriptor that stands at its beginning; -1: no memory. */
static int
descriptor_of(struct evbuffer *body, size_t *size)
{
	const int fd = memfd_create("input", MFD_CLOEXEC);

	*size = evbuffer_get_length(body);
	while (fd >= 0 && evbuffer_get_length(body) > 0)
		if (evbuffer_write(body, fd) <= 0) {
			close(fd);
			return -1;
		}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static int
begin_job(
    struct server *s, struct evhttp_request *request, enum route route, const struct arguments *a, bool asks, bool html)
{
	struct pending *p = calloc(1, sizeof(*p));
	size_t size;
	const int input = descriptor_of(evhttp_request_get_input_buffer(request), &size);

	if (p != NULL && input >= 0) {
		*p = (struct pending){ s, request, evhttp_request_get_connection(request), NULL, route, html };
		p->job = jobs_start(s->jobs, input, size, a->at, a->n, asks, be_done, p);
	}
	if (p == NULL || p->job == NULL) {
		free(p);
		return reply_refuse(request, WEB_BUSY, span_of(""));
	}
	evhttp_connection_set_closecb(p->connection, forget, p);
	return 0;
}

static int
serve_job(struct server *s, struct evhttp_request *request, enum route route, const struct evkeyvalq *query)
{
	static const enum arguments_of commands[ROUTES] = {
		[ROUTE_CHECK] = ARGUMENTS_OF_CHECK, [ROUTE_WHY] = ARGUMENTS_OF_WHY, [ROUTE_VERIFY] = ARGUMENTS_OF_VERIFY
	};
	const struct arguments_wanted wanted = { commands[route], wants_html(request), wants_japanese(request, query),
		query };
	struct arguments a;
	const char *what = "";
	bool asks;
	int status;

	if (arguments_make(&a, &wanted, &asks, &what))
		status = begin_job(s, request, route, &a, asks, wanted.html);
	else
		status = reply_refuse(request, WEB_BAD_REQUEST, span_of(what));
	arguments_deinit(&a);
	return status;
}

/* --- what is answered at once --- */

static int
serve_file(struct evhttp_request *request, struct span path)
{
	const struct asset *asset = asset_find(path);

	if (asset == NULL)
		return reply_refuse(request, WEB_NOT_FOUND, span_of(""));
	return send_bytes(request, asset->type, (struct span){ asset->bytes, *asset->size });
}

static int
serve_codes(struct server *s, struct evhttp_request *request, const struct evkeyvalq *query)
{
	const char *receiver = evhttp_find_header(query, "receiver");
	const struct span name = span_of(receiver ? receiver : "google");
	const bool html = wants_html(request) && name.len > 0;
	struct out out = { 0 };
	bool known = true;
	int status;

	if (name.len == 0)
		receivers_write_json(&out, s->options->catalog);
	else if (html)
		known = html_codes_write(
		    &out, wants_japanese(request, query) ? LANG_JA : LANG_EN, s->options->catalog, name);
	else
		known = codes_write_json(&out, s->options->catalog, name);
	status = known ? send_bytes(request, html ? html_type : lines_type, out_view(&out))
		       : reply_refuse(request, WEB_NO_RECEIVER, span_of(""));
	out_deinit(&out);
	return status;
}

static void
put_metric(struct out *out, const char *name, const char *kind, const char *help, uint64_t value)
{
	const char *const parts[] = { "# HELP ", name, " ", help, "\n# TYPE ", name, " ", kind, "\n", name, " " };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		out_str(out, parts[i]);
	out_number(out, value);
	out_char(out, '\n');
}

static void
put_answered(struct out *out, const struct server *s)
{
	static const char *const names[ROUTES] = { "file", "healthz", "metrics", "codes", "check", "why", "verify" };

	out_str(
	    out, "# HELP todoku_http_requests_total Requests answered\n# TYPE todoku_http_requests_total counter\n");
	for (size_t r = 0; r < ROUTES; r++)
		for (size_t i = 2; i < STATUSES; i++) {
			out_str(out, "todoku_http_requests_total{route=\"");
			out_str(out, names[r]);
			out_str(out, "\",status=\"");
			out_number(out, i);
			out_str(out, "xx\"} ");
			out_number(out, s->answered[r][i]);
			out_char(out, '\n');
		}
}

/* Prometheus' text format, version 0.0.4. */
static int
serve_metrics(struct server *s, struct evhttp_request *request)
{
	const struct jobs_count c = jobs_count(s->jobs);
	struct out out = { 0 };
	int status;

	put_answered(&out, s);
	put_metric(&out, "todoku_jobs_started_total", "counter", "Processes that read an input", c.started);
	put_metric(
	    &out, "todoku_jobs_died_total", "counter", "Of these, killed at their bounds or by a defect", c.died);
	put_metric(
	    &out, "todoku_jobs_late_total", "counter", "Of these, killed because they took too long", c.too_long);
	put_metric(&out, "todoku_jobs_refused_total", "counter", "Requests refused because there was too much to do",
	    c.refused);
	put_metric(&out, "todoku_jobs_running", "gauge", "Processes that read an input now", c.running);
	put_metric(&out, "todoku_jobs_waiting", "gauge", "Requests that wait for one", c.waiting);
	put_metric(&out, "todoku_buffers_bytes", "gauge", "Memory that connections and bodies take", budget_used());
	status = send_bytes(request, "text/plain; version=0.0.4; charset=utf-8", out_view(&out));
	out_deinit(&out);
	return status;
}

static const struct {
	const char *path;
	enum evhttp_cmd_type method;
	enum route route;
	bool guarded; /* by the token */
} routes[] = {
	{ "/healthz", EVHTTP_REQ_GET, ROUTE_HEALTH, false },
	{ "/metrics", EVHTTP_REQ_GET, ROUTE_METRICS, true },
	{ "/api/codes", EVHTTP_REQ_GET, ROUTE_CODES, true },
	{ "/api/check", EVHTTP_REQ_GET, ROUTE_CHECK, true },
	{ "/api/why", EVHTTP_REQ_POST, ROUTE_WHY, true },
	{ "/api/verify", EVHTTP_REQ_POST, ROUTE_VERIFY, true },
};

enum { KNOWN = sizeof(routes) / sizeof(routes[0]) };

/* Another site's page may neither ask nor learn of the answer. */
static bool
is_foreign(struct evhttp_request *request)
{
	const struct span origin = field_of(request, "Origin"), site = field_of(request, "Sec-Fetch-Site");

	if (origin.len > 0 && !access_is_own_origin(origin, field_of(request, "Host")))
		return true;
	return span_equal(site, span_of("cross-site")) || span_equal(site, span_of("same-site"));
}

static int
serve_route(struct server *s, struct evhttp_request *request, size_t at, const struct evkeyvalq *query)
{
	const enum evhttp_cmd_type method = evhttp_request_get_command(request);

	if (method != routes[at].method && !(method == EVHTTP_REQ_HEAD && routes[at].method == EVHTTP_REQ_GET))
		return reply_refuse(request, WEB_NOT_ALLOWED, span_of(""));
	if (routes[at].guarded && is_foreign(request))
		return reply_refuse(request, WEB_WRONG_ORIGIN, span_of(""));
	if (routes[at].guarded && !access_has_token(&s->options->access, field_of(request, "Authorization")))
		return reply_refuse(request, WEB_NO_TOKEN, span_of(""));
	switch (routes[at].route) {
	case ROUTE_HEALTH: return send_bytes(request, "text/plain; charset=utf-8", span_of("ok\n"));
	case ROUTE_METRICS: return serve_metrics(s, request);
	case ROUTE_CODES: return serve_codes(s, request, query);
	default: return serve_job(s, request, routes[at].route, query);
	}
}

static int
serve_path(struct server *s, struct evhttp_request *request, struct span path, const struct evkeyvalq *query,
    enum route *route)
{
	const enum evhttp_cmd_type method = evhttp_request_get_command(request);

	if (!access_knows_host(&s->options->access, field_of(request, "Host")))
		return reply_refuse(request, WEB_WRONG_HOST, span_of(""));
	for (size_t i = 0; i < KNOWN; i++)
		if (span_equal(path, span_of(routes[i].path))) {
			*route = routes[i].route;
			return serve_route(s, request, i, query);
		}
	if (method != EVHTTP_REQ_GET && method != EVHTTP_REQ_HEAD)
		return reply_refuse(request, WEB_NOT_ALLOWED, span_of(""));
	return serve_file(request, path);
}

static void
serve(struct evhttp_request *request, void *context)
{
	struct server *s = context;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const char *path = uri ? evhttp_uri_get_path(uri) : NULL, *text = uri ? evhttp_uri_get_query(uri) : NULL;
	struct evkeyvalq query = { NULL, &query.tqh_first };
	enum route route = ROUTE_FILE;
	int status;

	if (path == NULL || (text != NULL && evhttp_parse_query_str(text, &query) != 0))
		status = reply_refuse(request, WEB_BAD_REQUEST, span_of(""));
	else
		status = serve_path(s, request, span_of(path), &query, &route);
	if (status != 0)
		count(s, route, status);
	evhttp_clear_headers(&query);
}

/* --- listening --- */

/* "192.0.2.1" or "[2001:db8::1]" before the last colon, a port of 0 to 65535 behind it. */
static bool
read_address(const char *listen, struct sockaddr_storage *address, int *len)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
	const char *colon = strrchr(listen, ':');
	char host[INET6_ADDRSTRLEN + 2];
	const size_t n = colon ? (size_t)(colon - listen) : sizeof(host);
	char *end = NULL;
	const unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;

	memset(address, 0, sizeof(*address));
	if (n >= sizeof(host) || n == 0 || !ascii_is_digit(colon[1]) || *end != '\0' || port > UINT16_MAX)
		return false;
	memcpy(host, listen, n);
	host[n] = '\0';
	*len = sizeof(*four);
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
		return true;
	}
	if (host[0] != '[' || host[n - 1] != ']')
		return false;
	host[n - 1] = '\0';
	*len = sizeof(*six);
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)port);
	return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1;
}

bool
web_server_is_local(const char *listen)
{
	struct sockaddr_storage address;
	int len;

	if (!read_address(listen, &address, &len))
		return false;
	if (address.ss_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)&address)->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&address)->sin6_addr);
}

static void
tell_ready(const struct web_server_options *o, int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);
	char ip[INET6_ADDRSTRLEN] = "", port[8] = "", url[INET6_ADDRSTRLEN + 32];

	if (getsockname(fd, (struct sockaddr *)&address, &len) == 0)
		getnameinfo((struct sockaddr *)&address, len, ip, sizeof(ip), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(url, sizeof(url), strchr(ip, ':') ? "http://[%s]:%s/" : "http://%s:%s/", ip, port);
	o->ready(o->context, url);
}

static void
accept_again(evutil_socket_t fd, short what, void *listener)
{
	(void)fd;
	(void)what;
	evconnlistener_enable(listener);
}

/* There are no more descriptors: those who wait are taken a little later. */
static void
pause_accepting(struct evconnlistener *listener, void *context)
{
	const struct timeval soon = { 0, PAUSE };

	(void)context;
	evconnlistener_disable(listener);
	event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT, accept_again, listener, &soon);
}

static bool
listen_at(struct server *s, const char **what)
{
	struct sockaddr_storage address;
	struct evconnlistener *listener;
	int len;

	*what = "not an address and a port to listen at";
	if (!read_address(s->options->listen, &address, &len))
		return false;
	*what = "cannot listen there";
	listener = evconnlistener_new_bind(s->base, NULL, NULL,
	    LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, SOMAXCONN, (struct sockaddr *)&address,
	    len);
	if (listener == NULL || evhttp_bind_listener(s->http, listener) == NULL)
		return false;
	evconnlistener_set_error_cb(listener, pause_accepting);
	tell_ready(s->options, evconnlistener_get_fd(listener));
	return true;
}

static void
end(evutil_socket_t fd, short what, void *base)
{
	(void)fd;
	(void)what;
	event_base_loopexit(base, NULL);
}

static void
bound_clients(struct server *s)
{
	evhttp_set_max_body_size(s->http, WEB_BODY_SIZE_MAX);
	evhttp_set_max_headers_size(s->http, WEB_HEADER_SIZE_MAX);
	evhttp_set_timeout(s->http, WEB_SECONDS_MAX);
	evhttp_set_allowed_methods(s->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
	evhttp_set_gencb(s->http, serve, s);
}

/* A client is a descriptor; the usual 1,024 are few. */
static void
raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS_MAX)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool
run(struct server *s, const struct web_engine *engine, const char **what)
{
	const struct jobs_bounds bounds = { .running_max = s->options->workers,
		.waiting_max = WAITING_MAX,
		.input_max = INPUT_SIZE_MAX,
		.seconds = WEB_SECONDS_MAX,
		.sandbox = { WEB_SECONDS_MAX, (size_t)1 << 30, (size_t)64 << 20 } };
	struct event *ends[2];
	bool ran;

	*what = "no memory";
	budget_set(BODIES_SIZE_MAX);
	raise_descriptors();
	s->base = event_base_new();
	s->http = s->base ? evhttp_new(s->base) : NULL;
	s->jobs = s->http ? jobs_create(s->base, &bounds, engine) : NULL;
	if (s->jobs == NULL)
		return false;
	bound_clients(s);
	ends[0] = evsignal_new(s->base, SIGINT, end, s->base);
	ends[1] = evsignal_new(s->base, SIGTERM, end, s->base);
	for (size_t i = 0; i < 2; i++)
		evsignal_add(ends[i], NULL);
	ran = listen_at(s, what) && event_base_dispatch(s->base) >= 0;
	for (size_t i = 0; i < 2; i++)
		event_free(ends[i]);
	return ran;
}

bool
web_server_run(const struct web_server_options *options, const struct web_engine *engine, const char **what)
{
	struct server s = { .options = options };
	const bool ran = run(&s, engine, what);

	if (s.http != NULL)
		evhttp_free(s.http);
	jobs_free(s.jobs);
	if (s.base != NULL)
		event_base_free(s.base);
	return ran;
}
