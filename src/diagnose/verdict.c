#include "diagnose/verdict.h"

#include "catalog/laws.h"
#include "catalog/match.h"
#include "dns/reverse.h"
#include "failure/diagnostic_code.h"
#include "message/mailbox.h"

enum {
	WORDLESS_SIZE = 12, /* fewer bytes of text are no words */
	MENTION_SIZE_MAX = 60, /* "gmail 421": longer text may name a receiver in passing */
};

/* What is at hand while one verdict is reached. */
struct inquiry {
	struct arena *arena;
	const struct catalog *catalog;
	struct diagnostic_code reply;
	struct catalog_scan scan;
	struct catalog_query query;
	struct catalog_match match, by_codes;
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
	if (v->receiver == NULL && domain.len == 0 && q->reply.text.len < MENTION_SIZE_MAX) {
		v->receiver = catalog_provider_mentioned(q->catalog, q->reply.text, &v->receiver_mark);
		v->receiver_seen = SEEN_REPLY;
	}
	q->query.provider = v->receiver;
}

/* A reply that stands alone names its receiver by the recipient's address: "550 Unknown user
   taro@docomo.ne.jp". Only where it is about the recipient: the sender's domain is not the receiver. */
static void
ask_receiver_of_address(struct inquiry *q, struct verdict *v)
{
	struct span address;

	if (v->receiver != NULL || q->match.rule == NULL || v->failure->recipient.len > 0 ||
	    !span_starts_folded(q->match.rule->cause->name, "recipient.") || !mailbox_find(q->reply.text, &address))
		return;
	v->receiver = catalog_provider_of_domain(q->catalog, mailbox_domain(address));
	if (v->receiver == NULL)
		return;
	v->receiver_mark = mailbox_domain(address);
	v->receiver_seen = SEEN_REPLY;
	q->query.provider = v->receiver;
	q->match = catalog_choose(q->catalog, &q->scan, &q->query, &q->by_codes);
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
	const struct text_hit *hit = q->match.hit;

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
	const bool author_first = v->cause != NULL && confirm_is_by_dmarc(v->cause->confirm);

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

/* 40z is HTTP's, told by a service's API: no reply of RFC 5321 section 4.2.3 has it, and "403" is no deferral. */
static unsigned
class_replied(const struct verdict *v)
{
	return v->code != 0 && v->code / 10 != 40 ? v->code / 100u : v->status.class;
}

/* What the rule says anew; nothing where its words were said of the sender and mean something else. */
static const struct advice_text *
own_advice(const struct inquiry *q)
{
	static const struct advice_text nothing;

	return q->match.cause == q->match.rule->cause ? &q->match.rule->says : &nothing;
}

/* By its nature, whatever the reply's class. */
static enum permanence
permanence_of_cause(const struct inquiry *q, const struct verdict *v)
{
	enum permanence own;

	if (v->rule == NULL)
		return PERMANENCE_AS_REPLIED;
	own = own_advice(q)->permanence;
	return own ? own : v->cause->says.permanence;
}

/* The reply's class decides (RFC 5321 section 4.2.1): a deferral is retried, whatever its cause. Only words
   or a status that tell of something passing outweigh a 5yz, and the cause's nature counts where there is no class. */
static enum permanence
permanence_of(const struct inquiry *q, const struct verdict *v, enum permanence nature)
{
	const unsigned class = class_replied(v);

	if (class == 4 || span_equal_folded(v->failure->action, span_of("delayed")))
		return PERMANENCE_TEMPORARY;
	if (class == 5)
		return nature == PERMANENCE_TEMPORARY && (q->match.hit != NULL || v->status.class == 4)
		    ? nature
		    : PERMANENCE_PERMANENT;
	if (nature != PERMANENCE_AS_REPLIED)
		return nature;
	return v->cause != NULL && span_equal_folded(v->failure->action, span_of("failed")) ? PERMANENCE_PERMANENT
											    : PERMANENCE_UNKNOWN;
}

static void
judge_permanence(const struct inquiry *q, struct verdict *v)
{
	const enum permanence nature = permanence_of_cause(q, v);

	v->permanence = permanence_of(q, v, nature);
	v->in_vain = v->permanence == PERMANENCE_TEMPORARY && nature == PERMANENCE_PERMANENT;
	v->given_up = v->permanence == PERMANENCE_TEMPORARY &&
	    (class_replied(v) == 5 || span_equal_folded(v->failure->action, span_of("failed")));
}

static struct span
either(struct span own, struct span common)
{
	return own.len > 0 ? own : common;
}

static void
take_advice(const struct inquiry *q, struct verdict *v)
{
	static const struct retry usual = { 1800, 3600, 5 * 86400 };
	const struct advice_text *own = own_advice(q), *common = &v->cause->says;

	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		v->title[lang] = either(own->title[lang], common->title[lang]);
		v->why[lang] = either(own->why[lang], common->why[lang]);
		v->remedy[lang] = either(own->remedy[lang], common->remedy[lang]);
		v->change[lang] = own->change[lang].len > 0 || own->remedy[lang].len > 0 ? own->change[lang]
											 : common->change[lang];
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
	const struct cause *said = q->by_codes.cause;

	if (q->match.hit == NULL || q->match.asked_status || q->match.by_stem || said == NULL)
		return;
	if (said == v->cause || said->general || v->cause->general || same_family(v->cause, said))
		return;
	if (!q->by_codes.asked_status && q->match.asked_code)
		return;
	v->codes_say = said;
	v->contradictions |= q->by_codes.asked_status ? CONTRADICTION_STATUS_AND_WORDS : CONTRADICTION_CODE_AND_WORDS;
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

static size_t
letters_of(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len && n < WORDLESS_SIZE; i++)
		n += ascii_is_alpha(text.at[i]);
	return n;
}

/* A code alone, or with words unknown, has no cause, but likely ones. A rule that goes by the code decides only where the
   commonest cause is its own. */
static void
find_candidates(struct inquiry *q, struct verdict *v)
{
	const bool wordless = v->failure->told_by == FAILURE_REPLY && q->reply.text.len < WORDLESS_SIZE;

	if (q->match.hit != NULL || (v->code == 0 && v->status.class == 0))
		return;
	if (v->cause != NULL && !v->cause->general && letters_of(q->reply.text) >= WORDLESS_SIZE)
		return;
	v->n_candidates = candidates_find(q->catalog, v->code, v->status, v->receiver, v->candidates);
	if (wordless && v->n_candidates > 0 && v->cause != NULL && !v->cause->general &&
	    v->candidates[0].cause != v->cause) {
		v->cause = NULL;
		v->rule = NULL;
		q->match.rule = NULL;
	}
}

/* "Other or undefined" beside a reply that came without any status (RFC 3463 section 3): the reporting MTA
   made it up, and the reply's own code says more. */
static bool
is_invented(const struct inquiry *q, const struct verdict *v)
{
	return q->reply.status.class == 0 && q->reply.code != 0 && v->status.detail == 0;
}

/* "554 mx.example.jp ESMTP not accepting messages": a greeting, said before anybody was named. RFC 5321 section 4.2 */
static bool
is_greeting(struct span text)
{
	const size_t host = span_index(text, ' ');
	const struct span rest = span_skip(text, host);

	return span_index(span_first(text, host), '.') < host && span_index(span_first(text, host), '@') == host &&
	    (span_starts(rest, " esmtp ") || span_starts(rest, " smtp "));
}

/* Some codes answer AUTH alone: "535 account suspended" is the sender's. RFC 4954 section 6 */
static enum stage
stage_of(const struct inquiry *q, const struct failure *f)
{
	const enum stage said = catalog_stage_of(f->command.len ? f->command : q->reply.command);
	const uint16_t code = q->reply.code;

	if (said != STAGE_UNKNOWN)
		return said;
	if (code == 534 || code == 535 || code == 538)
		return STAGE_AUTH;
	return is_greeting(q->reply.text) ? STAGE_CONNECT : STAGE_UNKNOWN;
}

static void
choose_rule(struct inquiry *q, const struct verdict *v)
{
	if (!is_invented(q, v))
		q->query.status = v->status;
	q->match = catalog_choose(q->catalog, &q->scan, &q->query, &q->by_codes);
	if (q->match.rule != NULL || q->query.status.class == v->status.class)
		return;
	q->query.status = v->status;
	q->match = catalog_choose(q->catalog, &q->scan, &q->query, &q->by_codes);
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
	memset(v, 0, offsetof(struct verdict, candidates));
	v->n_facts = v->n_marks = 0;
	for (enum lang lang = 0; lang < LANG_COUNT; lang++)
		v->title[lang] = v->why[lang] = v->remedy[lang] = (struct span){ "", 0 };
	v->failure = failure;
	v->acts = nobody_known;
	v->suppress.when = SUPPRESS_NEVER;
	if (failure->read != NULL)
		q.reply = *failure->read;
	else
		diagnostic_code_read(arena, failure->reply, want_marks, &q.reply);
	catalog_scan(catalog, q.reply.text, &q.scan);
	v->code = q.reply.code;
	v->status = q.reply.status.class ? q.reply.status : failure->status;
	judge_receiver(&q, v);
	q.query.code = v->code;
	q.query.stage = stage_of(&q, failure);
	choose_rule(&q, v);
	ask_receiver_of_address(&q, v);
	v->rule = q.match.rule;
	v->cause = q.match.cause;
	find_candidates(&q, v);
	if (v->rule != NULL && span_equal_folded(failure->action, span_of("delayed")))
		v->cause = cause_while_tried(catalog, v->cause);
	learn_receiver_from_rule(&q, v);
	judge_permanence(&q, v);
	if (v->rule != NULL)
		take_advice(&q, v);
	find_contradictions(&q, v);
	collect_facts(&q, v);
	derive_facts(&q, v);
	if (want_marks && q.match.hit != NULL && q.reply.offsets != NULL)
		mark_words(&q, v);
}
