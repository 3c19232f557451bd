#include <todoku/todoku.h>

#include <stdlib.h>

#include "base/memory.h"
#include "catalog/builtin.h"
#include "diagnose/repair.h"
#include "dns/resolver.h"
#include "dns/zone.h"
#include "grammar/line_ends.h"
#include "intake/sender.h"
#include "render/dkim.h"
#include "render/dmarc.h"
#include "render/spf.h"
#include "render/verify.h"

enum { ROUNDS_MAX = 64 };

struct spf_state {
	struct spf_query query;
	struct spf_evaluation found;
	bool wants_repair;
	struct iprev_evaluation address;
	struct repair_spf repair;
};

struct dkim_state {
	struct dkim_message message;
	struct dkim_evaluation found;
	struct dkim_findings findings;
	uint64_t now;
};

struct verify_state {
	struct authentication_query query;
	struct authentication found;
	struct sender_sources sources;
	struct span authserv_id;
	bool restored; /* line ends: they are not as they came */
	struct prospect prospect;
};

struct dmarc_state {
	struct authors authors;
	struct dmarc_identifier identifiers[2];
	struct dmarc_query query;
	struct dmarc_evaluation found;
};

/* One kind of evaluation. */
struct kind {
	todoku_status (*open)(todoku_evaluation *e, const void *query);
	bool (*evaluate)(todoku_evaluation *e); /* false: answers are missing */
	void (*write_json)(const todoku_evaluation *e, struct out *out);
	const char *(*result)(const todoku_evaluation *e, const char *method); /* NULL: not evaluated */
};

struct todoku_evaluation {
	struct memory account;
	struct arena arena;
	struct dns_answers answers;
	const struct kind *kind;
	void *state;
	struct crypto *crypto;
	struct public_suffixes *suffixes;
	struct resolver *resolver;
	struct out json;
	bool done, dead;
};

static struct span
copy(todoku_evaluation *e, todoku_span s)
{
	return s.len > 0 ? arena_copy(&e->arena, (struct span){ s.at, s.len }) : (struct span){ "", 0 };
}

/* False: it is given, and no address. */
static bool
read_ip(todoku_span s, struct ip_address *ip, bool *given)
{
	*given = s.len > 0;
	return s.len == 0 || ip_address_read((struct span){ s.at, s.len }, ip);
}

static todoku_status
spf_open(todoku_evaluation *e, const void *query)
{
	const todoku_spf_query *q = query;
	struct spf_state *s = e->state = arena_take_items(&e->arena, 1, sizeof(*s));
	bool has_ip;

	if (!read_ip(q->ip, &s->query.ip, &has_ip) || !has_ip || (q->mail_from.len == 0 && q->helo.len == 0))
		return TODOKU_BAD_ARGUMENT;
	s->query.helo = copy(e, q->helo);
	s->query.mail_from = copy(e, q->mail_from);
	s->query.receiver = (struct span){ "", 0 };
	s->query.now = q->now;
	s->wants_repair = q->repair;
	return TODOKU_OK;
}

static bool
spf_evaluate_all(todoku_evaluation *e)
{
	struct spf_state *s = e->state;
	bool known;

	spf_evaluate(&e->arena, &s->query, &e->answers, &s->found);
	known = s->found.result != SPF_NEEDS_ANSWERS;
	if (!s->wants_repair)
		return known;
	iprev_evaluate(&e->arena, &s->query.ip, &e->answers, &s->address);
	return known && repair_spf(&e->arena, &catalog_builtin, &s->query, &e->answers, &s->found, &s->repair) &&
	    s->address.result != IPREV_NEEDS_ANSWERS;
}

static void
spf_json(const todoku_evaluation *e, struct out *out)
{
	const struct spf_state *s = e->state;

	spf_write_json(out, &s->query, &s->found, s->wants_repair ? &s->repair : NULL, &s->address);
}

static const char *
spf_result(const todoku_evaluation *e, const char *method)
{
	const struct spf_state *s = e->state;

	return strcmp(method, "spf") == 0 ? spf_result_name(s->found.result) : NULL;
}

static struct span
message_of(todoku_evaluation *e, todoku_span bytes, bool *restored)
{
	return line_ends_restore(&e->arena, copy(e, bytes), restored);
}

static todoku_status
dkim_open(todoku_evaluation *e, const void *query)
{
	const todoku_message_query *q = query;
	struct dkim_state *s = e->state = arena_take_items(&e->arena, 1, sizeof(*s));

	s->now = q->now;
	e->crypto = crypto_create();
	dkim_message_init(&s->message, &e->arena, e->crypto, message_of(e, q->message, NULL));
	return TODOKU_OK;
}

static bool
dkim_evaluate(todoku_evaluation *e)
{
	struct dkim_state *s = e->state;

	dkim_verify(&s->message, s->now, &e->answers, &s->found);
	return s->found.result != DKIM_NEEDS_ANSWERS &&
	    dkim_findings_collect(&s->message, &s->found, &e->answers, &s->findings);
}

static void
dkim_json(const todoku_evaluation *e, struct out *out)
{
	const struct dkim_state *s = e->state;

	dkim_write_document(out, &s->found, &s->findings);
}

static const char *
dkim_result(const todoku_evaluation *e, const char *method)
{
	const struct dkim_state *s = e->state;

	return strcmp(method, "dkim") == 0 ? dkim_result_name(s->found.result) : NULL;
}

static todoku_status
verify_open(todoku_evaluation *e, const void *query)
{
	const todoku_message_query *q = query;
	struct verify_state *s = e->state = arena_take_items(&e->arena, 1, sizeof(*s));

	if (!read_ip(q->ip, &s->query.ip, &s->query.has_ip))
		return TODOKU_BAD_ARGUMENT;
	e->crypto = crypto_create();
	e->suffixes = public_suffixes_builtin();
	s->query.message = message_of(e, q->message, &s->restored);
	s->query.helo = copy(e, q->helo);
	s->query.mail_from = copy(e, q->mail_from);
	s->query.has_mail_from = q->has_mail_from || q->mail_from.len > 0;
	s->query.receiver = (struct span){ "", 0 };
	s->query.now = q->now;
	s->query.suffixes = e->suffixes;
	s->authserv_id = q->authserv_id.len > 0 ? copy(e, q->authserv_id) : span_of("localhost");
	sender_take_from_message(&e->arena, &s->query, &s->sources);
	authentication_init(&e->arena, e->crypto, &s->query, &s->found);
	return TODOKU_OK;
}

static bool
verify_evaluate(todoku_evaluation *e)
{
	struct verify_state *s = e->state;

	return authentication_evaluate(&e->arena, &s->query, &e->answers, &s->found) &&
	    prospect_evaluate(
		&e->arena, &catalog_builtin, &s->query, s->restored, &s->found, &e->answers, &s->prospect);
}

static void
verify_json(const todoku_evaluation *e, struct out *out)
{
	const struct verify_state *s = e->state;
	const struct verify_view v = { .query = &s->query,
		.found = &s->found,
		.sources = s->sources,
		.authserv_id = s->authserv_id,
		.prospect = &s->prospect,
		.catalog = &catalog_builtin,
		.accepted = authentication_acceptance(&s->found) == AUTHENTICATION_ACCEPTED };

	verify_write_json(out, &v);
}

static const char *
verify_result(const todoku_evaluation *e, const char *method)
{
	const struct authentication *a = &((const struct verify_state *)e->state)->found;

	if (strcmp(method, "spf") == 0)
		return a->has_spf ? spf_result_name(a->spf.result) : NULL;
	if (strcmp(method, "dkim") == 0)
		return dkim_result_name(a->dkim.result);
	if (strcmp(method, "arc") == 0)
		return arc_result_name(a->arc.result);
	if (strcmp(method, "dmarc") == 0)
		return dmarc_result_name(a->dmarc.view.result);
	return strcmp(method, "iprev") == 0 && a->has_spf ? iprev_result_name(a->iprev.result) : NULL;
}

static todoku_status
dmarc_open(todoku_evaluation *e, const void *query)
{
	const todoku_dmarc_query *q = query;
	struct dmarc_state *s = e->state = arena_take_items(&e->arena, 1, sizeof(*s));
	size_t n = 0;

	if (q->from.len == 0)
		return TODOKU_BAD_ARGUMENT;
	e->suffixes = public_suffixes_builtin();
	authors_add(&e->arena, copy(e, q->from), &s->authors);
	if (q->spf_domain.len > 0)
		s->identifiers[n++] = (struct dmarc_identifier){ DMARC_BY_SPF, DMARC_AUTHENTICATED,
			copy(e, q->spf_domain) };
	if (q->dkim_domain.len > 0)
		s->identifiers[n++] = (struct dmarc_identifier){ DMARC_BY_DKIM, DMARC_AUTHENTICATED,
			copy(e, q->dkim_domain) };
	s->query = (struct dmarc_query){ &s->authors, s->identifiers, n, e->suffixes };
	return TODOKU_OK;
}

static bool
dmarc_evaluate_all(todoku_evaluation *e)
{
	struct dmarc_state *s = e->state;

	dmarc_evaluate(&e->arena, &s->query, &e->answers, &s->found);
	return s->found.view.result != DMARC_NEEDS_ANSWERS;
}

static void
dmarc_json(const todoku_evaluation *e, struct out *out)
{
	const struct dmarc_state *s = e->state;

	dmarc_write_document(out, &s->found);
}

static const char *
dmarc_result(const todoku_evaluation *e, const char *method)
{
	const struct dmarc_state *s = e->state;

	return strcmp(method, "dmarc") == 0 ? dmarc_result_name(s->found.view.result) : NULL;
}

static const struct kind spf_kind = { spf_open, spf_evaluate_all, spf_json, spf_result },
			 dkim_kind = { dkim_open, dkim_evaluate, dkim_json, dkim_result },
			 verify_kind = { verify_open, verify_evaluate, verify_json, verify_result },
			 dmarc_kind = { dmarc_open, dmarc_evaluate_all, dmarc_json, dmarc_result };

/* What one call does within the evaluation's account. */
struct job {
	todoku_evaluation *e;
	const void *query;
	const todoku_answer *answer;
	struct span text;
	todoku_status status;
};

static todoku_status
attempt(todoku_evaluation *e, void (*run)(void *), struct job *job)
{
	job->e = e;
	if (!e->dead && memory_try(&e->account, run, job))
		return job->status;
	e->dead = true;
	e->answers.n_wanted = 0;
	return TODOKU_NO_MEMORY;
}

static void
open_evaluation(void *context)
{
	struct job *j = context;

	dns_answers_init(&j->e->answers, &j->e->arena);
	j->status = j->e->kind->open(j->e, j->query);
}

static todoku_status
create(const struct kind *kind, const void *query, size_t memory_max, todoku_evaluation **evaluation)
{
	todoku_evaluation *e = calloc(1, sizeof(*e));
	struct job j = { .query = query };
	todoku_status status;

	*evaluation = NULL;
	if (e == NULL)
		return TODOKU_NO_MEMORY;
	e->kind = kind;
	e->account.most = memory_max;
	status = attempt(e, open_evaluation, &j);
	if (status == TODOKU_OK)
		*evaluation = e;
	else
		todoku_evaluation_free(e);
	return status;
}

todoku_status
todoku_spf_create(const todoku_spf_query *query, todoku_evaluation **evaluation)
{
	return create(&spf_kind, query, query->memory_max, evaluation);
}

todoku_status
todoku_dkim_create(const todoku_message_query *query, todoku_evaluation **evaluation)
{
	return create(&dkim_kind, query, query->memory_max, evaluation);
}

todoku_status
todoku_verify_create(const todoku_message_query *query, todoku_evaluation **evaluation)
{
	return create(&verify_kind, query, query->memory_max, evaluation);
}

todoku_status
todoku_dmarc_create(const todoku_dmarc_query *query, todoku_evaluation **evaluation)
{
	return create(&dmarc_kind, query, query->memory_max, evaluation);
}

void
todoku_evaluation_free(todoku_evaluation *e)
{
	if (e == NULL)
		return;
	if (e->resolver != NULL)
		resolver_free(e->resolver);
	if (e->crypto != NULL)
		crypto_free(e->crypto);
	public_suffixes_free(e->suffixes);
	memory_release(&e->account);
	free(e);
}

static void
evaluate(void *context)
{
	struct job *j = context;

	j->e->answers.n_wanted = 0;
	j->e->done = j->e->kind->evaluate(j->e);
	j->status = j->e->done ? TODOKU_OK : TODOKU_WANTS_ANSWERS;
}

todoku_status
todoku_evaluate(todoku_evaluation *e)
{
	return attempt(e, evaluate, &(struct job){ .e = e });
}

size_t
todoku_n_wanted(const todoku_evaluation *e)
{
	return e->answers.n_wanted;
}

todoku_question
todoku_wanted(const todoku_evaluation *e, size_t i)
{
	const struct dns_question *q = &e->answers.wanted[i];

	return (todoku_question){ { q->name.at, q->name.len }, (todoku_dns_type)q->type };
}

static void
put(void *context)
{
	struct job *j = context;
	const todoku_answer *a = j->answer;
	struct dns_record *records = arena_take_items(&j->e->arena, a->n_records, sizeof(*records));
	struct dns_answer answer = { .name = copy(j->e, a->question.name),
		.type = (enum dns_type)a->question.type,
		.result = (enum dns_result)a->result,
		.secure = a->secure,
		.ttl = a->ttl,
		.records = records,
		.n_records = a->n_records };

	for (size_t i = 0; i < a->n_records; i++)
		records[i] = (struct dns_record){ { a->records[i].data.at, a->records[i].data.len },
			a->records[i].preference };
	j->status = dns_answers_put(&j->e->answers, &answer) ? TODOKU_OK : TODOKU_BAD_ARGUMENT;
}

todoku_status
todoku_put(todoku_evaluation *e, const todoku_answer *answer)
{
	return attempt(e, put, &(struct job){ .answer = answer });
}

/* Until all is known, or asking again shows nothing new. */
static void
evaluate_to_the_end(todoku_evaluation *e, const struct zone *zone)
{
	for (unsigned rounds = 0; !e->kind->evaluate(e) && e->answers.n_wanted > 0 && rounds < ROUNDS_MAX; rounds++)
		if (zone != NULL)
			zone_answer(zone, &e->answers);
		else
			resolver_answer(e->resolver, &e->answers);
	e->answers.n_wanted = 0;
	e->done = true;
}

static void
evaluate_with_zone(void *context)
{
	struct job *j = context;
	struct zone zone;
	struct zone_fault fault;

	if (!zone_parse(&j->e->arena, j->text, &zone, &fault)) {
		j->status = TODOKU_UNREADABLE;
		return;
	}
	j->e->answers.n_wanted = 0;
	evaluate_to_the_end(j->e, &zone);
	j->status = TODOKU_OK;
}

todoku_status
todoku_evaluate_with_zone(todoku_evaluation *e, const char *text, size_t len)
{
	if (len > ZONE_SIZE_MAX)
		return TODOKU_UNREADABLE;
	return attempt(e, evaluate_with_zone, &(struct job){ .text = { text, len } });
}

static void
evaluate_with_dns(void *context)
{
	struct job *j = context;

	j->e->answers.n_wanted = 0;
	evaluate_to_the_end(j->e, NULL);
	j->status = TODOKU_OK;
}

todoku_status
todoku_evaluate_with_dns(todoku_evaluation *e, const char *const *servers, unsigned seconds)
{
	struct resolver_options options = { .seconds = seconds };
	const char *what;

	for (; servers != NULL && *servers != NULL; servers++) {
		if (options.n_servers == RESOLVER_SERVERS_MAX)
			return TODOKU_BAD_ARGUMENT;
		options.servers[options.n_servers++] = *servers;
	}
	resolver_free(e->resolver);
	e->resolver = resolver_create(&options, &what);
	if (e->resolver == NULL)
		return TODOKU_NO_RESOLVER;
	return attempt(e, evaluate_with_dns, &(struct job){ .e = e });
}

todoku_span
todoku_result(const todoku_evaluation *e, const char *method)
{
	return todoku_span_of(e->done && !e->dead ? e->kind->result(e, method) : NULL);
}

static void
write_json(void *context)
{
	struct job *j = context;

	out_clear(&j->e->json);
	j->e->kind->write_json(j->e, &j->e->json);
	j->status = TODOKU_OK;
}

todoku_span
todoku_evaluation_json(todoku_evaluation *e)
{
	if (!e->done || attempt(e, write_json, &(struct job){ .e = e }) != TODOKU_OK)
		return todoku_span_of("");
	return (todoku_span){ e->json.at, e->json.len };
}

todoku_span
todoku_suggested_record(const todoku_evaluation *e, todoku_span *name)
{
	const struct spf_state *s = e->state;
	const bool proved = e->done && !e->dead && e->kind == &spf_kind && s->wants_repair &&
	    s->repair.obstacle == REPAIR_NONE;

	if (name != NULL)
		*name = proved ? (todoku_span){ s->repair.name.at, s->repair.name.len } : todoku_span_of("");
	return proved ? (todoku_span){ s->repair.after.at, s->repair.after.len } : todoku_span_of("");
}
