#include "diagnose/verdict.h"

#include "catalog/check.h"
#include "catalog/match.h"
#include "dns/reverse.h"
#include "wire/diagnostic_code.h"
#include "wire/mailbox.h"

/* What is at hand while one verdict is reached. */
struct inquiry {
	struct arena *arena;
	const struct catalog *catalog;
	struct diagnostic_code reply;
	struct catalog_scan scan;
	struct catalog_query query;
	struct catalog_match match;
};

struct span
verdict_fact(const struct verdict *v, const char *name)
{
	for (size_t i = 0; i < v->n_facts; i++)
		if (span_equal(v->facts[i].name, span_of(name)))
			return v->facts[i].value;
	return (struct span){ "", 0 };
}

/* Notes a fact unless it is empty or known already: who comes first is believed. */
static void
note_fact(struct verdict *v, struct span name, struct span value, enum seen seen)
{
	if (value.len == 0 || v->n_facts == FACTS_MAX)
		return;
	for (size_t i = 0; i < v->n_facts; i++)
		if (v->facts[i].name.at[0] == name.at[0] && span_equal(v->facts[i].name, name))
			return;
	v->facts[v->n_facts++] = (struct fact){ name, value, seen };
}

static void
note(struct verdict *v, const char *name, struct span value, enum seen seen)
{
	note_fact(v, span_of(name), value, seen);
}

static enum seen
seen_in_document(const struct failure *f)
{
	return f->told_by == FAILURE_LOG   ? SEEN_LOG
	    : f->told_by == FAILURE_REPLY  ? SEEN_REPLY
	    : f->told_by == FAILURE_NOTICE ? SEEN_NOTICE
					   : SEEN_REPORT;
}

/* Who refused: the reply's own marks, then the host that spoke, then the recipient's domain. */
static void
judge_receiver(struct inquiry *q, struct verdict *v)
{
	const struct failure *f = v->failure;
	const struct span domain = mailbox_domain(f->recipient);

	v->receiver = catalog_marked(q->catalog, &q->scan, &v->receiver_mark);
	v->receiver_seen = SEEN_REPLY;
	q->query.provider_by_mark = v->receiver != NULL;
	if (v->receiver == NULL) {
		v->receiver = catalog_provider_of_host(q->catalog, f->remote_mta);
		v->receiver_mark = f->remote_mta;
		v->receiver_seen = f->told_by == FAILURE_LOG ? SEEN_LOG : SEEN_REMOTE_MTA;
	}
	if (v->receiver == NULL) {
		v->receiver = catalog_provider_of_host(q->catalog, q->reply.host);
		v->receiver_mark = q->reply.host;
		v->receiver_seen = SEEN_REPLY;
	}
	if (v->receiver == NULL) {
		v->receiver = catalog_provider_of_domain(q->catalog, domain);
		v->receiver_mark = domain;
		v->receiver_seen = SEEN_RECIPIENT;
	}
	q->query.provider = v->receiver;
}

/* Words of one receiver alone give it away behind whatever host spoke. */
static void
learn_receiver_from_rule(const struct inquiry *q, struct verdict *v)
{
	const struct provider *p = v->rule ? v->rule->provider : NULL;

	if (p != NULL && p != v->receiver && q->match.hit != NULL) {
		v->receiver = p;
		v->receiver_seen = SEEN_REPLY;
		v->receiver_mark = q->match.hit->found;
	}
	if (v->receiver == NULL) {
		v->receiver_seen = SEEN_NOWHERE;
		v->receiver_mark = (struct span){ "", 0 };
	}
}

/* What a hole held, without the punctuation around it. */
static struct span
bare(struct span s)
{
	while (s.len > 0 && memchr("<>[]()\"'`,;:.", s.at[s.len - 1], 13) != NULL)
		s.len--;
	while (s.len > 0 && memchr("<>[](\"'`,;", s.at[0], 10) != NULL)
		s = span_skip(s, 1);
	return s;
}

static void
collect_holes(const struct inquiry *q, struct verdict *v)
{
	const struct words_hit *hit = q->match.hit;

	if (hit == NULL)
		return;
	for (size_t p = 0; p + 1u < hit->words->n_pieces; p++) {
		struct span name = hit->words->pieces[p].hole;

		if (!span_equal(name, span_of("any")))
			note_fact(v, name, bare(hit->holes[p]), SEEN_REPLY);
	}
}

static bool
cause_is(const struct verdict *v, const char *prefix)
{
	return v->cause != NULL && span_starts_folded(v->cause->name, prefix);
}

/* Whose domain it is, where the reply does not say. */
static void
collect_domain(struct verdict *v)
{
	const struct failure *f = v->failure;
	const struct span sender = mailbox_domain(f->sender), author = mailbox_domain(f->author);
	bool author_first = cause_is(v, "auth.dmarc") || cause_is(v, "auth.alignment");

	if (cause_is(v, "recipient.")) {
		note(v, "domain", mailbox_domain(f->recipient), SEEN_RECIPIENT);
		return;
	}
	if (author_first)
		note(v, "domain", author, SEEN_MESSAGE);
	note(v, "domain", sender, SEEN_SENDER);
	note(v, "domain", author, SEEN_MESSAGE);
}

static enum seen
recipient_seen_in(const struct failure *f)
{
	switch (f->named_by) {
	case FAILURE_NAMED_BY_HEADER: return SEEN_HEADER;
	case FAILURE_NAMED_BY_COPY: return SEEN_MESSAGE;
	case FAILURE_NAMED_BY_VERP: return SEEN_VERP;
	default: return seen_in_document(f);
	}
}

static void
collect_facts(struct inquiry *q, struct verdict *v)
{
	const struct failure *f = v->failure;
	enum seen seen = seen_in_document(f);

	collect_holes(q, v);
	note(v, "ip", q->reply.client_ip, SEEN_REPLY);
	note(v, "recipient", f->recipient, recipient_seen_in(f));
	note(v, "recipient_domain", mailbox_domain(f->recipient), SEEN_RECIPIENT);
	note(v, "sender", f->sender, seen);
	note(v, "sender_domain", mailbox_domain(f->sender), SEEN_SENDER);
	note(v, "author_domain", mailbox_domain(f->author), SEEN_MESSAGE);
	note(v, "host", f->remote_mta.len ? f->remote_mta : q->reply.host, seen);
	note(v, "command", f->command.len ? f->command : q->reply.command, seen);
	note(v, "message_id", f->message_id, SEEN_MESSAGE);
	collect_domain(v);
}

static struct span
joined(struct arena *arena, const char *before, struct span s, const char *behind)
{
	const size_t b = strlen(before), e = strlen(behind);
	char *to = arena_take(arena, b + s.len + e);

	memcpy(to, before, b);
	memcpy(to + b, s.at, s.len);
	memcpy(to + b + s.len, behind, e);
	return (struct span){ to, b + s.len + e };
}

static void
derive_facts(struct inquiry *q, struct verdict *v)
{
	const struct span text = verdict_fact(v, "ip"), domain = verdict_fact(v, "domain");
	char canonical[IP_ADDRESS_TEXT_MAX];
	struct ip_address ip;

	if (text.len > 0 && ip_address_read(text, &ip)) {
		ip_address_write(&ip, canonical);
		note(v, "spf_mechanism", joined(q->arena, ip.is_v6 ? "ip6:" : "ip4:", span_of(canonical), ""),
		    SEEN_DERIVED);
		note(v, "ptr_name", dns_reverse_name(q->arena, &ip), SEEN_DERIVED);
	}
	if (domain.len > 0)
		note(v, "dmarc_name", joined(q->arena, "_dmarc.", domain, ""), SEEN_DERIVED);
}

static enum permanence
permanence_as_replied(const struct verdict *v)
{
	unsigned class = v->code ? v->code / 100u : v->status.class;

	if (class == 5 || class == 4)
		return class == 5 ? PERMANENCE_PERMANENT : PERMANENCE_TEMPORARY;
	if (span_equal_folded(v->failure->action, span_of("delayed")))
		return PERMANENCE_TEMPORARY;
	if (v->cause != NULL && span_equal_folded(v->failure->action, span_of("failed")))
		return PERMANENCE_PERMANENT;
	return PERMANENCE_UNKNOWN;
}

static void
judge_permanence(struct verdict *v)
{
	enum permanence p = PERMANENCE_AS_REPLIED;

	if (v->rule != NULL)
		p = v->rule->says.permanence ? v->rule->says.permanence : v->cause->says.permanence;
	v->permanence = p == PERMANENCE_AS_REPLIED ? permanence_as_replied(v) : p;
	v->given_up = v->permanence == PERMANENCE_TEMPORARY && span_equal_folded(v->failure->action, span_of("failed"));
}

static struct span
either(struct span own, struct span common)
{
	return own.len > 0 ? own : common;
}

static void
take_advice(struct verdict *v)
{
	static const struct retry usual = { 1800, 3600, 5 * 86400 };
	const struct advice_text *own = &v->rule->says, *common = &v->cause->says;

	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		v->title[lang] = either(own->title[lang], common->title[lang]);
		v->why[lang] = either(own->why[lang], common->why[lang]);
		v->remedy[lang] = either(own->remedy[lang], common->remedy[lang]);
	}
	v->sisimai = either(own->sisimai, common->sisimai);
	v->acts = own->acts[0] ? own->acts : common->acts;
	v->suppress = own->suppress.when ? own->suppress : common->suppress;
	v->confidence = own->confidence ? own->confidence : common->confidence ? common->confidence : CONFIDENCE_LIKELY;
	if (v->permanence == PERMANENCE_TEMPORARY) {
		v->retry = own->has_retry ? own->retry : common->retry;
		if (v->retry.after == 0)
			v->retry = usual;
	}
}

static bool
same_family(const struct cause *a, const struct cause *b)
{
	size_t n = span_index(a->name, '.');

	return span_equal(span_first(a->name, n), span_first(b->name, span_index(b->name, '.'))) &&
	    !span_starts_folded(a->name, "recipient.");
}

/* What the codes alone would say, where it is something else than the words. */
static void
compare_codes_with_words(const struct inquiry *q, struct verdict *v)
{
	struct catalog_match by_codes;

	if (q->match.hit == NULL || q->match.asked_status)
		return;
	by_codes = catalog_choose_by_codes(q->catalog, &q->query);
	if (by_codes.rule == NULL || by_codes.rule->cause == v->cause || by_codes.rule->cause->general ||
	    v->cause->general || same_family(v->cause, by_codes.rule->cause))
		return;
	if (!by_codes.asked_status && q->match.asked_code)
		return;
	v->codes_say = by_codes.rule->cause;
	v->contradictions |= by_codes.asked_status ? CONTRADICTION_STATUS_AND_WORDS : CONTRADICTION_CODE_AND_WORDS;
}

static void
find_contradictions(const struct inquiry *q, struct verdict *v)
{
	const struct enhanced_status said = q->reply.status, reported = v->failure->status;

	if (v->code >= 400 && said.class != 0 && v->code / 100 != said.class)
		v->contradictions |= CONTRADICTION_CODE_AND_STATUS_CLASS;
	if (said.class != 0 && reported.class != 0 && !enhanced_status_equal(said, reported) &&
	    (said.class != reported.class || reported.subject != 0 || reported.detail != 0))
		v->contradictions |= CONTRADICTION_REPORT_AND_REPLY;
	if (v->rule != NULL)
		compare_codes_with_words(q, v);
}

/* 4.4.7 says that it expired; a warning with it, that it may. */
static const struct cause *
cause_while_tried(const struct catalog *catalog, const struct cause *cause)
{
	const struct cause *delayed;

	if (!span_equal(cause->name, span_of("delivery.expired")))
		return cause;
	delayed = catalog_find_cause(catalog, span_of("delivery.delayed"));
	return delayed != NULL ? delayed : cause;
}

/* Where in the reply as received the words that decided stand, line by line. */
static void
mark_words(const struct inquiry *q, struct verdict *v)
{
	const struct span raw = v->failure->reply, found = q->match.hit->found;
	const uint32_t *at = q->reply.offsets + (found.at - q->reply.text.at);
	size_t start = 0;

	for (size_t i = 1; i <= found.len && v->n_marks < VERDICT_MARKS_MAX; i++) {
		if (i < found.len && at[i] - at[i - 1] <= 2)
			continue;
		v->marks[v->n_marks++] = (struct span){ raw.at + at[start], at[i - 1] - at[start] + 1 };
		start = i;
	}
}

void
verdict_reach(struct arena *arena, const struct catalog *catalog, const struct failure *failure, bool want_marks,
    struct verdict *v)
{
	static const uint8_t nobody_known[1] = { 0 };
	struct inquiry q;

	q.arena = arena;
	q.catalog = catalog;
	q.query = (struct catalog_query){ 0 };
	memset(v, 0, offsetof(struct verdict, facts));
	v->n_facts = v->n_marks = 0;
	for (enum lang lang = 0; lang < LANG_COUNT; lang++)
		v->title[lang] = v->why[lang] = v->remedy[lang] = (struct span){ "", 0 };
	v->failure = failure;
	v->acts = nobody_known;
	v->suppress.when = SUPPRESS_NEVER;
	diagnostic_code_read(arena, failure->reply, want_marks, &q.reply);
	catalog_scan(catalog, q.reply.text, &q.scan);
	v->code = q.reply.code;
	v->status = q.reply.status.class ? q.reply.status : failure->status;
	judge_receiver(&q, v);
	q.query.code = v->code;
	q.query.status = v->status;
	q.query.stage = catalog_stage_of(failure->command.len ? failure->command : q.reply.command);
	q.match = catalog_choose(catalog, &q.scan, &q.query);
	v->rule = q.match.rule;
	v->cause = v->rule ? v->rule->cause : NULL;
	if (v->rule != NULL && span_equal_folded(failure->action, span_of("delayed")))
		v->cause = cause_while_tried(catalog, v->cause);
	learn_receiver_from_rule(&q, v);
	judge_permanence(v);
	if (v->rule != NULL)
		take_advice(v);
	find_contradictions(&q, v);
	collect_facts(&q, v);
	derive_facts(&q, v);
	if (want_marks && q.match.hit != NULL && q.reply.offsets != NULL)
		mark_words(&q, v);
}
