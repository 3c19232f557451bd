#include "gate/api.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "grammar/json.h"
#include "render/json_writer.h"

enum { PAGE = 50, TERMS_MAX = 16, IDS_MAX = 10000, SECONDS = 30 };

struct api {
	struct gate *gate;
	struct evhttp *http;
	struct evhttp_bound_socket *socket;
};

/* One request being answered. */
struct call {
	struct api *api;
	struct evhttp_request *request;
	struct evkeyvalq query;
	struct span path, body;
	struct out out;
};

static void
answer(struct call *c, int status, const char *reason, const char *type)
{
	struct evbuffer *body = evbuffer_new();
	struct evkeyvalq *headers = evhttp_request_get_output_headers(c->request);

	evhttp_add_header(headers, "Content-Type", type);
	evhttp_add_header(headers, "Cache-Control", "no-store");
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	if (body != NULL)
		evbuffer_add(body, c->out.at, c->out.len);
	evhttp_send_reply(c->request, status, reason, body);
	if (body != NULL)
		evbuffer_free(body);
}

static void
answer_json(struct call *c)
{
	answer(c, 200, "OK", "application/json");
}

static void
answer_ok(struct call *c)
{
	out_clear(&c->out);
	out_str(&c->out, "ok");
	answer(c, 200, "OK", "text/plain; charset=utf-8");
}

/* RFC 9457 */
static void
refuse(struct call *c, int status, const char *title, struct span detail)
{
	out_clear(&c->out);
	out_str(&c->out, "{\"status\":");
	out_number(&c->out, (uint64_t)status);
	json_write_member(&c->out, "title", span_of(title));
	if (detail.len > 0)
		json_write_member(&c->out, "detail", detail);
	out_str(&c->out, "}");
	answer(c, status, title, "application/problem+json");
}

static size_t
number_of(const struct call *c, const char *name, size_t otherwise, size_t most)
{
	const char *value = evhttp_find_header(&c->query, name);
	char *end;
	unsigned long n;

	if (value == NULL || !ascii_is_digit(value[0]))
		return otherwise;
	n = strtoul(value, &end, 10);
	return *end != '\0' ? otherwise : n < most ? n : most;
}

/* "to:taro subject:"your order" !draft" */
struct terms {
	struct {
		struct span field, words;
		bool negated;
	} all[TERMS_MAX];
	size_t n;
};

static void
read_terms(const char *query, struct terms *t)
{
	struct span s = span_of(query != NULL ? query : "");

	t->n = 0;
	while ((s = span_trim(s)).len > 0 && t->n < TERMS_MAX) {
		static const char *const fields[] = { "from:", "to:", "subject:", "message-id:" };
		struct span field = { "", 0 }, words;
		const bool negated = span_take_char(&s, '!') || span_take_char(&s, '-');

		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
			if (span_starts_folded(s, fields[i])) {
				field = span_first(s, strlen(fields[i]));
				s = span_skip(s, field.len);
			}
		if (span_take_char(&s, '"')) {
			words = span_first(s, span_index(s, '"'));
			s = span_skip(s, words.len + (words.len < s.len));
		} else {
			words = span_first(s, span_index(s, ' '));
			s = span_skip(s, words.len);
		}
		t->all[t->n].field = field;
		t->all[t->n].words = words;
		t->all[t->n++].negated = negated;
	}
}

static bool
holds(struct span s, struct span words)
{
	for (size_t i = 0; words.len > 0 && i + words.len <= s.len; i++)
		if (ascii_lower(s.at[i]) == ascii_lower(words.at[0]) &&
		    span_equal_folded((struct span){ s.at + i, words.len }, words))
			return true;
	return words.len == 0;
}

static bool
fits(const struct terms *t, const struct stored *m)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct span f = t->all[i].field, w = t->all[i].words;
		const bool found = f.len == 0          ? holds(m->raw, w) || holds(m->subject, w) || holds(m->to, w)
		    : f.at[0] == 'f' || f.at[0] == 'F' ? holds(m->from, w) || holds(m->summary, w)
		    : f.at[0] == 't' || f.at[0] == 'T' ? holds(m->to, w)
		    : f.at[0] == 's' || f.at[0] == 'S' ? holds(m->subject, w)
						       : holds(m->message_id, w);

		if (found == t->all[i].negated)
			return false;
	}
	return true;
}

/* A page of a list. */
struct page {
	struct out *out;
	struct terms terms;
	size_t start, limit, total, written;
	bool transactions;
};

static bool
list_one(void *context, const struct stored *m)
{
	struct page *p = context;

	if (!p->transactions && (!m->taken || !fits(&p->terms, m)))
		return true;
	if (p->total++ < p->start || p->written == p->limit)
		return true;
	if (p->written++ > 0)
		out_char(p->out, ',');
	out_span(p->out, p->transactions ? m->record : m->summary);
	return true;
}

static void
list(struct call *c, bool transactions)
{
	struct out items = { 0 };
	struct page p = { .out = &items,
		.start = number_of(c, "start", 0, STORE_MAX),
		.limit = number_of(c, "limit", PAGE, API_PAGE_MAX),
		.transactions = transactions };

	read_terms(evhttp_find_header(&c->query, "query"), &p.terms);
	store_visit(&c->api->gate->store, list_one, &p);
	out_str(&c->out, "{\"total\":");
	out_number(&c->out, p.total);
	json_write_number(&c->out, "unread", p.total);
	json_write_number(&c->out, "count", p.written);
	json_write_number(&c->out, "messages_count", p.total);
	json_write_number(&c->out, "messages_unread", p.total);
	json_write_number(&c->out, "start", p.start);
	out_str(&c->out, ",\"tags\":[]");
	json_write_key(&c->out, transactions ? "transactions" : "messages");
	out_char(&c->out, '[');
	out_span(&c->out, out_view(&items));
	out_str(&c->out, "]}");
	out_deinit(&items);
	answer_json(c);
}

static void
list_messages(struct call *c)
{
	list(c, false);
}

static void
list_transactions(struct call *c)
{
	list(c, true);
}

struct wanted {
	struct span id;
	struct terms terms;
	bool latest, raw, found;
	struct out *out;
};

static bool
write_if_wanted(void *context, const struct stored *m)
{
	struct wanted *w = context;

	if (!m->taken || (w->latest ? !fits(&w->terms, m) : !span_equal(m->id, w->id)))
		return true;
	w->found = true;
	out_span(w->out, w->raw ? m->raw : m->summary);
	return false;
}

/* "/api/v1/message/ID", "…/ID/raw" */
static void
show_message(struct call *c)
{
	const struct span rest = span_skip(c->path, strlen("/api/v1/message/"));
	struct wanted w = { .id = span_first(rest, span_index(rest, '/')), .out = &c->out };
	const struct span below = span_skip(rest, w.id.len);

	w.latest = span_equal(w.id, span_of("latest"));
	w.raw = span_equal(below, span_of("/raw"));
	read_terms(evhttp_find_header(&c->query, "query"), &w.terms);
	if (below.len == 0 || w.raw)
		store_visit(&c->api->gate->store, write_if_wanted, &w);
	if (!w.found)
		refuse(c, 404, "no such message", w.id);
	else if (w.raw)
		answer(c, 200, "OK", "text/plain; charset=utf-8");
	else
		answer_json(c);
}

struct doomed {
	struct span *ids;
	size_t n;
	struct terms terms;
	bool all;
};

static bool
is_doomed(void *context, const struct stored *m)
{
	const struct doomed *d = context;

	if (d->terms.n > 0)
		return fits(&d->terms, m);
	for (size_t i = 0; i < d->n; i++)
		if (span_equal(d->ids[i], m->id))
			return true;
	return d->all;
}

/* False: the body is neither empty nor {"IDs":[…]}. */
static bool
read_ids(struct arena *arena, struct span body, struct doomed *d)
{
	struct span ids, id;

	d->all = span_trim(body).len == 0;
	if (d->all)
		return true;
	ids = json_find(body, "IDs");
	if (!json_is_array(ids))
		return json_is_object(span_trim(body)) && (d->all = ids.len == 0);
	d->ids = arena_take_items(arena, IDS_MAX, sizeof(*d->ids));
	while (d->n < IDS_MAX && json_take_element(&ids, &id))
		d->ids[d->n++] = json_text(arena, id);
	d->all = d->n == 0;
	return true;
}

static void
forget_messages(struct call *c)
{
	struct arena arena = { 0 };
	struct doomed d = { .n = 0 };

	if (!read_ids(&arena, c->body, &d)) {
		refuse(c, 400, "{\"IDs\":[…]} or nothing is wanted", (struct span){ "", 0 });
	} else {
		store_forget(&c->api->gate->store, is_doomed, &d);
		answer_ok(c);
	}
	arena_deinit(&arena);
}

static void
forget_found(struct call *c)
{
	struct doomed d = { .n = 0 };

	read_terms(evhttp_find_header(&c->query, "query"), &d.terms);
	if (d.terms.n == 0) {
		refuse(c, 400, "a query is wanted", (struct span){ "", 0 });
		return;
	}
	store_forget(&c->api->gate->store, is_doomed, &d);
	answer_ok(c);
}

static void
set_rules(struct call *c)
{
	struct mailbox_fault fault;
	struct out detail = { 0 };

	if (gate_set_rules(c->api->gate, c->body, &fault)) {
		answer_ok(c);
		return;
	}
	out_str(&detail, "line ");
	out_number(&detail, fault.line);
	out_str(&detail, ": ");
	out_str(&detail, fault.what);
	out_str(&detail, ": ");
	out_span(&detail, fault.at);
	refuse(c, 400, "these rules cannot be read", out_view(&detail));
	out_deinit(&detail);
}

static void
show_info(struct call *c)
{
	struct gate *g = c->api->gate;

	out_str(&c->out, "{\"Version\":\"todoku\"");
	json_write_number(&c->out, "Messages", g->n[TRANSACTION_TAKEN]);
	json_write_number(&c->out, "Refused", g->n[TRANSACTION_REFUSED]);
	json_write_number(&c->out, "Deferred", g->n[TRANSACTION_DEFERRED]);
	json_write_member(&c->out, "Policy", g->policy->name);
	out_char(&c->out, '}');
	answer_json(c);
}

/* Prometheus' text format, version 0.0.4 */
static void
show_metrics(struct call *c)
{
	struct gate *g = c->api->gate;
	const struct {
		const char *name, *type, *help;
		uint64_t value;
	} rows[] = {
		{ "todoku_gate_connections_total", "counter", "Connections that were accepted.", g->n_connections },
		{ "todoku_gate_sessions", "gauge", "Connections that are open.", g->n_sessions },
		{ "todoku_gate_messages_taken_total", "counter", "Transactions that were taken.",
		    g->n[TRANSACTION_TAKEN] },
		{ "todoku_gate_messages_refused_total", "counter", "Transactions that were refused.",
		    g->n[TRANSACTION_REFUSED] },
		{ "todoku_gate_messages_deferred_total", "counter", "Transactions refused for now.",
		    g->n[TRANSACTION_DEFERRED] },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		out_str(&c->out, "# HELP ");
		out_str(&c->out, rows[i].name);
		out_char(&c->out, ' ');
		out_str(&c->out, rows[i].help);
		out_str(&c->out, "\n# TYPE ");
		out_str(&c->out, rows[i].name);
		out_char(&c->out, ' ');
		out_str(&c->out, rows[i].type);
		out_char(&c->out, '\n');
		out_str(&c->out, rows[i].name);
		out_char(&c->out, ' ');
		out_number(&c->out, rows[i].value);
		out_char(&c->out, '\n');
	}
	answer(c, 200, "OK", "text/plain; version=0.0.4; charset=utf-8");
}

static const struct {
	enum evhttp_cmd_type method;
	const char *path;
	bool below; /* and what is below it */
	void (*call)(struct call *c);
} calls[] = {
	{ EVHTTP_REQ_GET, "/api/v1/messages", false, list_messages },
	{ EVHTTP_REQ_GET, "/api/v1/search", false, list_messages },
	{ EVHTTP_REQ_GET, "/api/v1/message/", true, show_message },
	{ EVHTTP_REQ_DELETE, "/api/v1/messages", false, forget_messages },
	{ EVHTTP_REQ_DELETE, "/api/v1/search", false, forget_found },
	{ EVHTTP_REQ_GET, "/api/v1/transactions", false, list_transactions },
	{ EVHTTP_REQ_PUT, "/api/v1/rules", false, set_rules },
	{ EVHTTP_REQ_GET, "/api/v1/info", false, show_info },
	{ EVHTTP_REQ_GET, "/livez", false, answer_ok },
	{ EVHTTP_REQ_GET, "/readyz", false, answer_ok },
	{ EVHTTP_REQ_GET, "/metrics", false, show_metrics },
};

static bool
is_path(struct span path, const char *wanted, bool below)
{
	return below ? span_starts(path, wanted) : span_equal(path, span_of(wanted));
}

/* A page of another site must not speak to us through a name it makes point here (DNS rebinding): an address or
   localhost is asked for. */
static bool
is_our_host(struct evhttp_request *request)
{
	const char *host = evhttp_request_get_host(request);
	struct ip_address ip;
	struct span name = span_of(host != NULL ? host : "");

	if (name.len > 1 && name.at[0] == '[' && name.at[name.len - 1] == ']')
		name = (struct span){ name.at + 1, name.len - 2 };
	return name.len == 0 || span_equal_folded(name, span_of("localhost")) || ip_address_read(name, &ip);
}

static void
dispatch(struct call *c)
{
	const enum evhttp_cmd_type method = evhttp_request_get_command(c->request);
	bool known = false;

	if (!is_our_host(c->request)) {
		refuse(c, 403, "this host is not served here", (struct span){ "", 0 });
		return;
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (!is_path(c->path, calls[i].path, calls[i].below))
			continue;
		known = true;
		if (calls[i].method == method) {
			calls[i].call(c);
			return;
		}
	}
	refuse(c, known ? 405 : 404, known ? "not by this method" : "no such path", c->path);
}

static void
on_request(struct evhttp_request *request, void *context)
{
	struct call c = { .api = context, .request = request };
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	struct evbuffer *in = evhttp_request_get_input_buffer(request);
	const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL,
		   *query = uri != NULL ? evhttp_uri_get_query(uri) : NULL;
	const size_t n = evbuffer_get_length(in);
	const bool has_query = query != NULL && evhttp_parse_query_str(query, &c.query) == 0;

	c.path = span_of(path != NULL ? path : "");
	c.body = (struct span){ n > 0 ? (const char *)evbuffer_pullup(in, -1) : "", n };
	dispatch(&c);
	if (has_query)
		evhttp_clear_headers(&c.query);
	out_deinit(&c.out);
}

struct api *
api_start(
    struct gate *gate, struct event_base *base, const char *address, char name[LISTEN_NAME_SIZE_MAX], const char **what)
{
	struct api *api = memory_take_cleared(sizeof(*api));
	struct listening l = { .fd = -1 };

	api->gate = gate;
	api->http = listen_on(address, &l, 1, what) > 0 ? evhttp_new(base) : NULL;
	if (api->http != NULL)
		api->socket = evhttp_accept_socket_with_handle(api->http, l.fd);
	memcpy(name, l.name, sizeof(l.name));
	if (api->socket == NULL) {
		listen_close(&l);
		api_free(api);
		return NULL;
	}
	evhttp_set_max_body_size(api->http, API_BODY_MAX);
	evhttp_set_max_headers_size(api->http, 16 * 1024);
	evhttp_set_timeout(api->http, SECONDS);
	evhttp_set_allowed_methods(api->http, EVHTTP_REQ_GET | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_HEAD);
	evhttp_set_gencb(api->http, on_request, api);
	return api;
}

void
api_stop(struct api *api)
{
	if (api->socket != NULL)
		evhttp_del_accept_socket(api->http, api->socket);
	api->socket = NULL;
}

void
api_free(struct api *api)
{
	if (api->http != NULL)
		evhttp_free(api->http);
	memory_free(api);
}
