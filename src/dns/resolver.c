#include "dns/resolver.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unbound.h>
#include <unistd.h>

#include "dns/rdata.h"

enum { DNS_CLASS_IN = 1, SERVER_SIZE_MAX = 128, DUPLICATES_MAX = 64, PATIENCE = 1000, RCODE_REFUSED = 5 };

struct resolver {
	struct ub_ctx *context;
	uint64_t deadline; /* milliseconds of the monotonic clock */
	struct resolver_account account;
	void (*waits)(void);
};

/* One question on its way. */
struct asked {
	struct resolver_batch *batch;
	struct dns_question question;
	int id;
	bool done;
};

/* What was asked together; within the answers' arena. */
struct resolver_batch {
	struct resolver *resolver;
	struct dns_answers *answers;
	struct asked *asked;
	size_t n, n_left;
	bool asking; /* some are not on their way yet */
	void (*done)(void *context); /* NULL: somebody waits */
	void *context;
};

static uint64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* "192.0.2.1:53" → "192.0.2.1@53", as libunbound wants it */
static bool
add_server(struct ub_ctx *context, const char *server)
{
	char name[SERVER_SIZE_MAX];
	struct span s = span_of(server), port = { "", 0 };
	size_t colon = span_index(s, ':');

	if (s.len > 0 && s.at[0] == '[') {
		size_t close = span_index(s, ']');

		port = span_skip(s, close < s.len ? close + 1 : close);
		s = span_first(span_skip(s, 1), close - 1);
		span_take_char(&port, ':');
	} else if (colon < s.len && span_index(span_skip(s, colon + 1), ':') == s.len - colon - 1) {
		port = span_skip(s, colon + 1);
		s = span_first(s, colon);
	}
	if (s.len + port.len + 2 > sizeof(name))
		return false;
	snprintf(name, sizeof(name), port.len ? "%.*s@%.*s" : "%.*s", (int)s.len, s.at, (int)port.len, port.at);
	return ub_ctx_set_fwd(context, name) == 0;
}

struct resolver *
resolver_create(const struct resolver_options *options, const char **what)
{
	/* a resolver that was named is asked for these, too: RFC 6761 reserves them for tests */
	static const char *const own_zones[] = { "test.", "invalid.", "onion." };
	struct resolver *r = calloc(1, sizeof(*r));
	bool ready = true;

	if (r == NULL || (r->context = ub_ctx_create()) == NULL) {
		*what = "no memory for a resolver";
		free(r);
		return NULL;
	}
	ub_ctx_async(r->context, 1);
	ub_ctx_set_option(r->context, "do-not-query-localhost:", "no");
	ub_ctx_set_option(r->context, "unblock-lan-zones:", "yes"); /* names of inner addresses are asked for, too */
	for (size_t i = 0; i < options->n_servers && ready; i++)
		ready = add_server(r->context, options->servers[i]);
	if (options->n_servers == 0)
		ready = ub_ctx_resolvconf(r->context, NULL) == 0;
	if (ready && options->trust_anchor != NULL &&
	    (access(options->trust_anchor, R_OK) != 0 || ub_ctx_add_ta_file(r->context, options->trust_anchor) != 0)) {
		*what = "the trust anchor cannot be read";
		resolver_free(r);
		return NULL;
	}
	if (!ready) {
		*what = options->n_servers ? "not the address of a DNS server" : "/etc/resolv.conf cannot be read";
		resolver_free(r);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(own_zones) / sizeof(own_zones[0]) && options->n_servers > 0; i++)
		ub_ctx_zone_remove(r->context, own_zones[i]); /* last: it makes the context final */
	r->deadline = now() + 1000ULL * (options->seconds ? options->seconds : RESOLVER_SECONDS);
	return r;
}

void
resolver_free(struct resolver *r)
{
	if (r == NULL)
		return;
	if (r->context != NULL)
		ub_ctx_delete(r->context);
	free(r);
}

static size_t
count_records(const struct ub_result *result)
{
	size_t n = 0;

	while (result->data != NULL && result->data[n] != NULL)
		n++;
	return n;
}

/* A set holds a record once, whatever a server or a zone repeats. RFC 2181 section 5 */
static size_t
drop_duplicates(struct dns_record *records, size_t n)
{
	size_t kept = 0;

	if (n > DUPLICATES_MAX)
		return n;
	for (size_t i = 0; i < n; i++) {
		bool twice = false;

		for (size_t k = 0; k < kept && !twice; k++)
			twice = records[k].preference == records[i].preference &&
			    span_equal(records[k].data, records[i].data);
		if (!twice)
			records[kept++] = records[i];
	}
	return kept;
}

static void
put(struct dns_answers *answers, const struct dns_question *question, const struct ub_result *result)
{
	struct dns_answer a = { .name = question->name, .type = question->type, .result = DNS_FAILED };
	struct dns_record *records;
	size_t n;

	if (result != NULL && !result->bogus && (result->rcode == 0 || result->nxdomain)) {
		a.result = result->nxdomain ? DNS_NO_NAME : DNS_NO_DATA;
		a.secure = result->secure != 0;
		a.ttl = result->ttl > 0 ? (uint32_t)result->ttl : 0;
		n = count_records(result);
		records = arena_take_items(answers->arena, n + 1, sizeof(*records));
		for (size_t i = 0; i < n && a.result != DNS_FAILED; i++) {
			struct span data = { result->data[i], (size_t)result->len[i] };

			if (rdata_read(answers->arena, question->type, data, &records[a.n_records++]))
				a.result = DNS_ANSWERED;
			else
				a.result = DNS_FAILED;
		}
		a.records = records;
		a.n_records = a.result == DNS_ANSWERED ? drop_duplicates(records, a.n_records) : 0;
	}
	dns_answers_put(answers, &a);
}

struct resolver_account
resolver_account(const struct resolver *r)
{
	return r->account;
}

void
resolver_set_patience(struct resolver *r, void (*waits)(void))
{
	r->waits = waits;
}

static enum resolver_trouble
trouble_of(const struct ub_result *result)
{
	if (result == NULL)
		return RESOLVER_GARBAGE;
	if (result->bogus)
		return RESOLVER_BOGUS;
	return result->rcode == 0 || result->nxdomain ? RESOLVER_NO_TROUBLE
	    : result->rcode == RCODE_REFUSED          ? RESOLVER_REFUSED
						      : RESOLVER_SERVFAIL;
}

static void
count(struct resolver *r, enum resolver_trouble trouble)
{
	r->account.asked++;
	if (trouble == RESOLVER_NO_TROUBLE)
		return;
	r->account.failed++;
	r->account.trouble = trouble;
}

/* The batch is not touched behind it. */
static void
tell_if_done(struct resolver_batch *b)
{
	if (b->n_left == 0 && !b->asking && b->done != NULL)
		b->done(b->context);
}

static void
answered(void *context, int error, struct ub_result *result)
{
	struct asked *asked = context;
	struct resolver_batch *b = asked->batch;

	count(b->resolver, trouble_of(error == 0 ? result : NULL));
	put(b->answers, &asked->question, error == 0 ? result : NULL);
	asked->done = true;
	b->n_left--;
	if (result != NULL)
		ub_resolve_free(result);
	tell_if_done(b);
}

/* What cannot be asked has failed at once. */
static struct resolver_batch *
ask(struct resolver *r, struct dns_answers *answers)
{
	struct resolver_batch *b = arena_take_items(answers->arena, 1, sizeof(*b));

	*b = (struct resolver_batch){
		.resolver = r, .answers = answers, .n = answers->n_wanted, .n_left = answers->n_wanted, .asking = true
	};
	b->asked = arena_take_items(answers->arena, b->n + 1, sizeof(*b->asked));
	for (size_t i = 0; i < b->n; i++) {
		struct asked *a = &b->asked[i];
		struct span name = arena_copy(answers->arena, answers->wanted[i].name);

		*a = (struct asked){ .batch = b, .question = answers->wanted[i] };
		if (memchr(name.at, '\0', name.len) != NULL ||
		    ub_resolve_async(r->context, name.at, (int)a->question.type, DNS_CLASS_IN, a, answered, &a->id) !=
			0)
			answered(a, -1, NULL);
	}
	answers->n_wanted = 0;
	b->asking = false;
	return b;
}

static void
give_up(struct resolver_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!b->asked[i].done) {
			ub_cancel(b->resolver->context, b->asked[i].id);
			count(b->resolver, RESOLVER_TIME_OUT);
			put(b->answers, &b->asked[i].question, NULL);
		}
	b->n_left = 0;
}

static void
wait_for(struct resolver *r, const size_t *n_left)
{
	struct pollfd fd = { .fd = ub_fd(r->context), .events = POLLIN };

	while (*n_left > 0) {
		uint64_t t = now();
		const uint64_t left = t < r->deadline ? r->deadline - t : 0,
			       until = r->waits != NULL && left > PATIENCE ? PATIENCE : left;
		int ready = until > 0 ? poll(&fd, 1, (int)until) : 0;

		if (ready < 0 && errno == EINTR)
			continue; /* a signal is no answer, and no time-out */
		if (ready == 0 && until < left) {
			r->waits();
			r->waits = NULL;
			continue;
		}
		if (ready <= 0 || ub_process(r->context) != 0)
			return;
	}
}

void
resolver_answer(struct resolver *r, struct dns_answers *answers)
{
	struct resolver_batch *b = ask(r, answers);

	wait_for(r, &b->n_left);
	give_up(b);
}

int
resolver_descriptor(const struct resolver *r)
{
	return ub_fd(r->context);
}

void
resolver_process(struct resolver *r)
{
	ub_process(r->context);
}

struct resolver_batch *
resolver_start(struct resolver *r, struct dns_answers *answers, void (*done)(void *context), void *context)
{
	struct resolver_batch *b;

	if (answers->n_wanted == 0)
		return NULL;
	b = ask(r, answers);
	b->done = done;
	b->context = context;
	return b->n_left > 0 ? b : NULL;
}

void
resolver_expire(struct resolver_batch *b)
{
	give_up(b);
	tell_if_done(b);
}

void
resolver_abandon(struct resolver_batch *b)
{
	b->done = NULL;
	give_up(b);
}
