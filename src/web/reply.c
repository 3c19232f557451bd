#include "web/reply.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>

#include "render/json_writer.h"

/* RFC 9457 section 3: `type` names the kind for machines, `title` is the same for every one of it. */
static const struct {
	int status;
	const char *type, *title;
} problems[WEB_PROBLEMS] = {
	[WEB_NOT_FOUND] = { 404, "not-found", "There is nothing here" },
	[WEB_NOT_ALLOWED] = { 405, "method-not-allowed", "This is asked with another method" },
	[WEB_WRONG_HOST] = { 421, "wrong-host", "The server is not called this; name it with --host" },
	[WEB_WRONG_ORIGIN] = { 403, "wrong-origin", "Another site's page may not ask" },
	[WEB_NO_TOKEN] = { 401, "token-wanted", "A token is wanted: Authorization: Bearer TOKEN" },
	[WEB_BAD_REQUEST] = { 400, "bad-request", "What was asked cannot be understood" },
	[WEB_UNREADABLE] = { 422, "unreadable", "The input cannot be read" },
	[WEB_BUSY] = { 503, "busy", "There is too much to do; try again" },
	[WEB_TOO_LONG] = { 503, "too-long", "It took too long and was given up" },
	[WEB_DIED] = { 500, "died", "The process that read it exceeded its bounds" },
	[WEB_NO_RECEIVER] = { 404, "no-receiver", "The catalogue knows no receiver of this name" },
};

static void
add_fields(struct evhttp_request *request, const char *type)
{
	static const char *const fields[][2] = {
		{ "Content-Security-Policy",
		    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
		    "form-action 'none'; frame-ancestors 'none'" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cross-Origin-Opener-Policy", "same-origin" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
		{ "Cache-Control", "no-store" },
	};
	struct evkeyvalq *out = evhttp_request_get_output_headers(request);

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		evhttp_add_header(out, fields[i][0], fields[i][1]);
	evhttp_add_header(out, "Content-Type", type);
}

int
reply_send(struct evhttp_request *request, const char *type, struct evbuffer *body)
{
	add_fields(request, type);
	evhttp_send_reply(request, 200, "OK", body);
	return 200;
}

int
reply_refuse(struct evhttp_request *request, enum problem_kind kind, struct span detail)
{
	struct evbuffer *body = evbuffer_new();
	struct evkeyvalq *fields = evhttp_request_get_output_headers(request);
	struct out out = { 0 };

	out_str(&out, "{\"type\":\"urn:todoku:problem:");
	out_str(&out, problems[kind].type);
	out_str(&out, "\",\"title\":\"");
	out_str(&out, problems[kind].title);
	out_char(&out, '"');
	json_write_number(&out, "status", (uint64_t)problems[kind].status);
	if (detail.len > 0)
		json_write_member(&out, "detail", detail);
	out_str(&out, "}\n");
	if (body != NULL)
		evbuffer_add(body, out.at, out.len);
	add_fields(request, "application/problem+json");
	if (kind == WEB_NO_TOKEN)
		evhttp_add_header(fields, "WWW-Authenticate", "Bearer");
	if (kind == WEB_BUSY)
		evhttp_add_header(fields, "Retry-After", "2");
	evhttp_send_reply(request, problems[kind].status, problems[kind].type, body);
	if (body != NULL)
		evbuffer_free(body);
	out_deinit(&out);
	return problems[kind].status;
}
