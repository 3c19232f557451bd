#include "diagnose/sender_check.h"

#include <stdio.h>

#include "diagnose/checking.h"
#include "diagnose/repair.h"
#include "record/near_miss.h"

#include "message/header.h"

static const struct span nothing = { "", 0 };

struct sender_check_item *
check_note(struct checking *c, enum check_what what, enum check_state state, enum check_weight weight, struct span seen,
    struct span value)
{
	struct sender_check_item *item = &c->check->items[c->check->n];

	*item = (struct sender_check_item){ .what = what,
		.state = state,
		.weight = weight,
		.seen = seen,
		.value = value,
		.name = nothing,
		.record = nothing };
	if (c->check->n == CHECK_ITEMS_MAX)
		return item;
	c->check->n++;
	c->check->n_failed += state == CHECK_FAIL;
	c->check->n_warned += state == CHECK_WARN && weight != CHECK_ADVICE;
	return item;
}

void
check_publish(struct sender_check_item *item, struct span name, struct span record, bool proved)
{
	item->name = name;
	item->record = record;
	item->proved = proved;
}

static void
note(struct checking *c, enum check_what what, enum check_state state, enum check_weight weight, struct span seen,
    struct span value)
{
	check_note(c, what, state, weight, seen, value);
}

static void
note_problem(struct checking *c, enum check_what what, enum check_state state, enum check_weight weight,
    struct span seen, struct span value, enum problem problem)
{
	check_note(c, what, state, weight, seen, value)->problem = problem;
}

const struct dns_answer *
check_ask(struct checking *c, struct span name, enum dns_type type)
{
	static const struct dns_answer none = { .result = DNS_NO_NAME };
	const struct dns_answer *a = dns_name_is_sound(name) ? dns_answers_find(c->answers, name, type) : &none;

	c->missing = c->missing || a == NULL;
	return a;
}

struct span
check_join(struct checking *c, const char *label, struct span name)
{
	struct out out = { 0 };
	struct span joined;

	out_str(&out, label);
	out_span(&out, name);
	joined = arena_copy(c->arena, out_view(&out));
	out_deinit(&out);
	return joined;
}

static struct span
number(struct checking *c, uint64_t n)
{
	struct out out = { 0 };
	struct span s;

	out_number(&out, n);
	s = arena_copy(c->arena, out_view(&out));
	out_deinit(&out);
	return s;
}

/* Terms that let in far more than anybody owns. */
static bool
is_wide(const struct spf_term *t)
{
	return t->qualifier == '+' &&
	    ((t->kind == SPF_IP4 && t->cidr4 < 13) || (t->kind == SPF_IP6 && t->cidr6 < 20) ||
		((t->kind == SPF_A || t->kind == SPF_MX) && (t->cidr4 < 13 || t->cidr6 < 20)));
}

static void
check_spf_term(struct checking *c, const struct spf_term *t, bool behind_all)
{
	if (behind_all && t->qualifier != 0)
		note(c, CHECK_SPF_BEHIND_ALL, CHECK_WARN, CHECK_ADVICE, t->text, nothing);
	else if (t->kind == SPF_ALL && t->qualifier == '+')
		note(c, CHECK_SPF_OPEN, CHECK_FAIL, CHECK_ADVICE, t->text, nothing);
	else if (t->kind == SPF_ALL && t->qualifier == '?')
		note(c, CHECK_SPF_UNDECIDED, CHECK_WARN, CHECK_ADVICE, t->text, nothing);
	else if (t->kind == SPF_PTR)
		note(c, CHECK_SPF_PTR, CHECK_WARN, CHECK_ADVICE, t->text, nothing);
	else if (is_wide(t))
		note(c, CHECK_SPF_WIDE, t->cidr4 == 0 || t->cidr6 == 0 ? CHECK_FAIL : CHECK_WARN, CHECK_ADVICE, t->text,
		    nothing);
}

/* What its terms are, whoever sends. A record that could not be read to its end says nothing of its end. */
static void
check_spf_terms(struct checking *c, struct span text)
{
	struct spf_record r;
	const bool whole = spf_record_parse(c->arena, text, &r);
	bool all = false;

	for (size_t i = 0; i < r.n_terms; i++) {
		check_spf_term(c, &r.terms[i], all);
		all = all || r.terms[i].kind == SPF_ALL;
	}
	if (all && r.redirect != NULL)
		note(c, CHECK_SPF_REDIRECT_IGNORED, CHECK_WARN, CHECK_ADVICE, r.redirect->text, nothing);
	if (whole && !all && r.redirect == NULL)
		note(c, CHECK_SPF_NO_END, CHECK_WARN, CHECK_ADVICE, nothing, nothing);
	if (text.len > 450)
		note(c, CHECK_SPF_LONG, CHECK_WARN, CHECK_ADVICE, number(c, text.len), nothing);
	c->parked = whole && r.n_terms == 1 && all && r.terms[0].qualifier == '-';
}

/* The first record there could be: the hosts that are known to send. */
static void
propose_spf(struct checking *c, struct sender_check_item *item)
{
	struct out out = { 0 };

	if (c->q->n_ips == 0)
		return;
	out_str(&out, "v=spf1");
	for (size_t i = 0; i < c->q->n_ips; i++) {
		char text[IP_ADDRESS_TEXT_MAX];

		ip_address_write(&c->q->ips[i], text);
		out_str(&out, c->q->ips[i].is_v6 ? " ip6:" : " ip4:");
		out_str(&out, text);
	}
	out_str(&out, " ~all");
	check_publish(item, c->q->domain, arena_copy(c->arena, out_view(&out)), true);
	out_deinit(&out);
}

static void
note_spf_broken(struct checking *c, const struct spf_evaluation *e)
{
	struct sender_check_item *item = check_note(c, CHECK_SPF_BROKEN, CHECK_FAIL, CHECK_ALL, e->problem_at, nothing);

	item->problem = e->problem;
	check_spf_dead_includes(c, e, item);
}

static void
note_spf_result(struct checking *c, const struct spf_evaluation *e)
{
	if (e->result == SPF_NONE) {
		if (!check_spf_astray(c) && !c->missing)
			propose_spf(c, check_note(c, CHECK_SPF_NONE, CHECK_FAIL, CHECK_ALL, c->q->domain, nothing));
	} else if (e->result == SPF_TEMPERROR) {
		note_problem(c, CHECK_SPF_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, e->problem_at, nothing, e->problem);
	} else if (e->lookups > SPF_LOOKUPS_MAX) {
		note(c, CHECK_SPF_LOOKUPS, CHECK_FAIL, CHECK_ALL, e->problem_at, nothing);
	} else if (e->result == SPF_PERMERROR && e->record.len == 0) {
		note(c, CHECK_SPF_SEVERAL, CHECK_FAIL, CHECK_ALL, c->q->domain, nothing);
	} else if (!check_spf_words(c, e->record, e->problem, e->problem_at)) {
		if (e->result == SPF_PERMERROR)
			note_spf_broken(c, e);
		else
			note(c, CHECK_SPF_SOUND, CHECK_PASS, CHECK_ALL, e->record, number(c, e->lookups));
	}
}

/* The record as a whole, for no address at all, so that every look-up is made. */
static void
check_spf(struct checking *c)
{
	const struct spf_query nobody = { .mail_from = check_join(c, "postmaster@", c->q->domain),
		.helo = c->q->domain,
		.receiver = nothing,
		.now = c->q->now,
		.nobody = true };
	struct spf_evaluation e;

	spf_evaluate(c->arena, &nobody, c->answers, &e);
	if (e.result == SPF_NEEDS_ANSWERS) {
		c->missing = true;
		return;
	}
	note_spf_result(c, &e);
	if (e.record.len > 0)
		check_spf_terms(c, e.record);
}

static struct span
ip_text(struct checking *c, const struct ip_address *ip)
{
	char text[IP_ADDRESS_TEXT_MAX];
	const size_t n = ip_address_write(ip, text);

	return arena_copy(c->arena, (struct span){ text, n });
}

/* With the record that lets it pass. */
static void
note_not_allowed(struct checking *c, const struct spf_query *query, const struct spf_evaluation *e)
{
	struct repair_spf *r = arena_take_items(c->arena, 1, sizeof(*r));
	struct sender_check_item *item = check_note(c, CHECK_IP_NOT_ALLOWED, CHECK_FAIL, CHECK_ALL,
	    ip_text(c, &query->ip), span_of(spf_result_name(e->result)));

	item->problem = e->problem;
	if (!repair_spf(c->arena, c->q->catalog, query, c->answers, e, r))
		c->missing = true;
	else if (r->obstacle == REPAIR_NONE && !c->hidden)
		check_publish(item, r->name, r->after, true);
}

static void
check_ip_spf(struct checking *c, const struct ip_address *ip)
{
	const struct spf_query query = { .ip = *ip,
		.mail_from = check_join(c, "postmaster@", c->q->domain),
		.helo = c->q->helo.len ? c->q->helo : c->q->domain,
		.receiver = nothing,
		.now = c->q->now };
	struct spf_evaluation e;

	spf_evaluate(c->arena, &query, c->answers, &e);
	if (e.result == SPF_NEEDS_ANSWERS)
		c->missing = true;
	else if (e.result == SPF_PASS)
		note(c, CHECK_IP_ALLOWED, CHECK_PASS, CHECK_ALL, ip_text(c, ip), e.matched);
	else if (e.result == SPF_TEMPERROR)
		note(c, CHECK_IP_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, ip_text(c, ip), nothing);
	else
		note_not_allowed(c, &query, &e);
}

/* A PTR record whose target is a dotted address, or the reverse name itself: no host has such a name. */
static bool
is_address_name(struct span name)
{
	struct ip_address ip;
	const size_t n = name.len;

	return ip_address_read(name, &ip) ||
	    (n > 13 && span_equal_folded(span_skip(name, n - 13), span_of(".in-addr.arpa"))) ||
	    (n > 9 && span_equal_folded(span_skip(name, n - 9), span_of(".ip6.arpa")));
}

/* "25-2-0-192.dynamic.isp.example": the name is made of the address. */
static bool
is_generic(const struct ip_address *ip, struct span name)
{
	unsigned found = 0;

	for (size_t i = 0; !ip->is_v6 && i < 4; i++) {
		char octet[8];

		snprintf(octet, sizeof(octet), "%u", ip->bytes[i]);
		found += memmem(name.at, name.len, octet, strlen(octet)) != NULL && strlen(octet) + i > 0;
	}
	for (size_t i = 0, run = 0; i < name.len && found >= 3; i++) {
		run = ascii_is_digit(name.at[i]) ? run + 1 : run;
		if (run >= 7)
			return true;
	}
	return false;
}

static void
check_ip_name(struct checking *c, const struct ip_address *ip)
{
	struct iprev_evaluation e;

	iprev_evaluate(c->arena, ip, c->answers, &e);
	switch (e.result) {
	case IPREV_NEEDS_ANSWERS: c->missing = true; break;
	case IPREV_PASS:
		note(c, CHECK_PTR_CONFIRMED, CHECK_PASS, CHECK_ALL, ip_text(c, ip), e.name);
		if (is_generic(ip, e.name))
			note(c, CHECK_PTR_GENERIC, CHECK_WARN, CHECK_ADVICE, ip_text(c, ip), e.name);
		break;
	case IPREV_TEMPERROR: note(c, CHECK_PTR_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, ip_text(c, ip), nothing); break;
	case IPREV_FAIL:
		if (is_address_name(e.name))
			check_publish(check_note(c, CHECK_PTR_ADDRESS, CHECK_FAIL, CHECK_ALL, ip_text(c, ip), e.name),
			    e.reverse_name, nothing, false);
		else
			note(c, CHECK_PTR_ASTRAY, CHECK_FAIL, CHECK_ALL, ip_text(c, ip), e.name);
		break;
	case IPREV_PERMERROR: note(c, CHECK_PTR_NONE, CHECK_FAIL, CHECK_ALL, ip_text(c, ip), e.reverse_name); break;
	}
}

static bool
leads_to_host(const struct checking *c, const struct dns_answer *a, const struct dns_answer *aaaa)
{
	for (size_t i = 0; i < c->q->n_ips; i++) {
		const struct ip_address *ip = &c->q->ips[i];
		const struct dns_answer *of = ip->is_v6 ? aaaa : a;

		for (size_t k = 0; k < of->n_records; k++)
			if (of->records[k].data.len == (ip->is_v6 ? 16U : 4U) &&
			    memcmp(of->records[k].data.at, ip->bytes, of->records[k].data.len) == 0)
				return true;
	}
	return false;
}

/* A name with a dot that has the sending address. RFC 5321 section 4.1.1.1 */
static void
check_helo(struct checking *c)
{
	const struct span helo = c->q->helo;
	const struct dns_answer *a, *aaaa;

	if (helo.len == 0)
		return;
	if (!dns_name_is_sound(helo) || span_index(helo, '.') == helo.len ||
	    span_equal_folded(helo, span_of("localhost.localdomain"))) {
		note(c, CHECK_HELO_BAD, CHECK_FAIL, CHECK_ALL, helo, nothing);
		return;
	}
	a = check_ask(c, helo, DNS_A);
	aaaa = check_ask(c, helo, DNS_AAAA);
	if (a == NULL || aaaa == NULL)
		return;
	if (a->n_records == 0 && aaaa->n_records == 0 && a->result != DNS_FAILED && aaaa->result != DNS_FAILED)
		note(c, CHECK_HELO_ASTRAY, CHECK_WARN, CHECK_ADVICE, helo, nothing);
	else if (c->q->n_ips > 0 && a->result != DNS_FAILED && aaaa->result != DNS_FAILED && !leads_to_host(c, a, aaaa))
		note(c, CHECK_HELO_OTHER, CHECK_WARN, CHECK_ADVICE, helo, ip_text(c, &c->q->ips[0]));
	else
		note(c, CHECK_HELO_SOUND, CHECK_PASS, CHECK_ADVICE, helo, nothing);
}

/* Almost a key: the record as it was meant, proved against the key's own bytes. */
static bool
judge_key_words(struct checking *c, struct span name, struct span text, enum problem problem)
{
	struct near_miss *miss = arena_take_items(c->arena, 1, sizeof(*miss));
	struct sender_check_item *item;
	enum problem unsound;
	struct dkim_key key;

	if (!near_miss_read(c->arena, RECORD_DKIM_KEY, text, miss) || miss->n_slips == 0 || miss->after.len == 0 ||
	    !dkim_key_parse(c->arena, miss->after, &key) ||
	    crypto_read_key(c->q->crypto, key.kind, key.key, &unsound) == NULL)
		return false;
	item = check_note(c, CHECK_DKIM_MISWRITTEN, CHECK_FAIL, CHECK_ALL, name, text);
	item->problem = problem;
	item->miss = miss;
	check_publish(item, name, miss->after, true);
	return true;
}

static void
judge_key(struct checking *c, struct span name, struct span text, bool guessed)
{
	struct dkim_key key;
	const struct crypto_key *read;
	enum problem problem;
	unsigned bits;

	if (!dkim_key_parse(c->arena, text, &key)) {
		if (!judge_key_words(c, name, text, key.problem))
			note_problem(c, CHECK_DKIM_BROKEN, CHECK_FAIL, CHECK_ALL, name, key.problem_at, key.problem);
		return;
	}
	if (key.key.len == 0) {
		note(c, CHECK_DKIM_REVOKED, guessed ? CHECK_WARN : CHECK_FAIL, guessed ? CHECK_ADVICE : CHECK_ALL, name,
		    nothing);
		return;
	}
	read = crypto_read_key(c->q->crypto, key.kind, key.key, &problem);
	if (read == NULL && judge_key_words(c, name, text, problem))
		return;
	if (read == NULL) {
		note_problem(c, CHECK_DKIM_BROKEN, CHECK_FAIL, CHECK_ALL, name, nothing, problem);
		return;
	}
	bits = crypto_key_bits(read);
	if (key.kind == DKIM_KEY_ED25519)
		note(c, CHECK_DKIM_ED25519, CHECK_WARN, CHECK_ALL, name, nothing);
	else if (bits < DKIM_RSA_BITS_LEAST)
		note(c, CHECK_DKIM_WEAK, CHECK_FAIL, CHECK_ALL, name, number(c, bits));
	else if (guessed)
		note(c, CHECK_DKIM_GUESSED, CHECK_PASS, CHECK_ADVICE, name, number(c, bits));
	else if (bits < 2048)
		note(c, CHECK_DKIM_SMALL, CHECK_WARN, CHECK_ADVICE, name, number(c, bits));
	else
		note(c, CHECK_DKIM_SOUND, CHECK_PASS, CHECK_ALL, name, number(c, bits));
	if (key.testing)
		note(c, CHECK_DKIM_TESTING, CHECK_WARN, CHECK_ADVICE, name, nothing);
	if (!guessed) {
		c->key_seen = true;
		c->key_matches = c->key_matches || span_equal(c->q->public_key, key.key);
	}
}

static bool
is_meant_for_key(struct checking *c, struct span text)
{
	struct near_miss miss;

	return dkim_key_is(text) || near_miss_read(c->arena, RECORD_DKIM_KEY, text, &miss);
}

/* The names that editors make of a selector's. False: nothing stands there. */
static bool
find_key_elsewhere(struct checking *c, struct span selector, struct span key_name)
{
	const char *const forms[] = { "%.*s._domainkey.%.*s.%.*s", "%.*s.%.*s" };

	for (size_t i = 0; i < 2; i++) {
		char name[4 * DNS_NAME_SIZE_MAX];
		const struct span d = c->q->domain;
		const struct dns_answer *txt;
		struct span where;

		snprintf(
		    name, sizeof(name), forms[i], (int)selector.len, selector.at, (int)d.len, d.at, (int)d.len, d.at);
		where = arena_copy(c->arena, span_of(name));
		txt = check_ask(c, where, DNS_TXT);
		if (txt == NULL || txt->n_records == 0 || !dkim_key_is(txt->records[0].data))
			continue;
		check_publish(check_note(c, CHECK_DKIM_MISPLACED, CHECK_FAIL, CHECK_ALL, where, txt->records[0].data),
		    key_name, txt->records[0].data, false);
		return true;
	}
	return false;
}

static void
check_selector(struct checking *c, struct span selector, bool guessed)
{
	struct out out = { 0 };
	const struct dns_answer *txt;
	struct span key_name;
	bool any = false;

	out_span(&out, selector);
	out_str(&out, "._domainkey.");
	out_span(&out, c->q->domain);
	key_name = arena_copy(c->arena, out_view(&out));
	out_deinit(&out);
	txt = check_ask(c, key_name, DNS_TXT);
	if (txt == NULL)
		return;
	for (size_t i = 0; i < txt->n_records; i++)
		if (!any && is_meant_for_key(c, txt->records[i].data)) {
			any = true;
			judge_key(c, key_name, txt->records[i].data, guessed);
		}
	if (any || guessed)
		return;
	if (txt->result == DNS_FAILED)
		note(c, CHECK_DKIM_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, key_name, nothing);
	else if (!find_key_elsewhere(c, selector, key_name))
		note(c, CHECK_DKIM_NONE, CHECK_FAIL, CHECK_ALL, key_name, nothing);
}

/* *._domainkey with an empty p= revokes every selector there could be: a domain that does not sign says so. */
static bool
check_wildcard(struct checking *c)
{
	const struct dns_answer *txt = check_ask(
	    c, check_join(c, "no-such-selector._domainkey.", c->q->domain), DNS_TXT);
	struct dkim_key key;

	if (txt == NULL || txt->n_records == 0 || !dkim_key_is(txt->records[0].data))
		return false;
	if (dkim_key_parse(c->arena, txt->records[0].data, &key) && key.key.len == 0)
		note(c, CHECK_DKIM_WILDCARD, CHECK_PASS, CHECK_ADVICE, check_join(c, "*._domainkey.", c->q->domain),
		    nothing);
	return true;
}

/* The DNS cannot list selectors: those guessed may find a key, but never prove that one is missing. */
static void
check_dkim(struct checking *c)
{
	static const struct span usual[] = { SPAN_INIT("default"), SPAN_INIT("mail"), SPAN_INIT("dkim"),
		SPAN_INIT("google"), SPAN_INIT("selector1"), SPAN_INIT("selector2"), SPAN_INIT("s1"), SPAN_INIT("s2"),
		SPAN_INIT("k1"), SPAN_INIT("k2"), SPAN_INIT("smtp"), SPAN_INIT("key1"), SPAN_INIT("sig1"),
		SPAN_INIT("zoho"), SPAN_INIT("fm1"), SPAN_INIT("fm2"), SPAN_INIT("mandrill"), SPAN_INIT("protonmail"),
		SPAN_INIT("pm"), SPAN_INIT("mxvault"), SPAN_INIT("x"), SPAN_INIT("rsa") };
	const size_t before = c->check->n;

	for (size_t i = 0; i < c->q->n_selectors; i++)
		check_selector(c, c->q->selectors[i], false);
	if (c->key_seen && c->q->public_key.len > 0)
		note(c, c->key_matches ? CHECK_DKIM_SAME_KEY : CHECK_DKIM_OTHER_KEY,
		    c->key_matches ? CHECK_PASS : CHECK_FAIL, CHECK_ALL, c->q->domain, nothing);
	if (c->q->n_selectors > 0)
		return;
	if (check_wildcard(c))
		return;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		check_selector(c, usual[i], true);
	if (c->check->n == before && !c->missing)
		note(c, CHECK_DKIM_NO_SELECTOR, CHECK_UNKNOWN, CHECK_ALL, c->q->domain, nothing);
}

static struct span
domain_of_uri(struct span uri)
{
	const size_t at = span_index(uri, '@');

	return at < uri.len ? span_skip(uri, at + 1) : nothing;
}

static bool
is_at_or_below(struct span name, struct span domain)
{
	return name.len >= domain.len && span_equal_folded(span_skip(name, name.len - domain.len), domain) &&
	    (name.len == domain.len || name.at[name.len - domain.len - 1] == '.');
}

/* Reports go elsewhere only where that domain says that it takes them. RFC 9990 section 4 (RFC 7489 section 7.1) */
static void
check_report_uris(struct checking *c, struct span rest)
{
	struct span uri;

	while (dmarc_take_uri(&rest, &uri)) {
		const struct span to = domain_of_uri(uri);
		const struct dns_answer *txt;
		struct out out = { 0 };
		bool takes = false;

		if (to.len == 0 || is_at_or_below(to, c->q->domain) || is_at_or_below(c->q->domain, to))
			continue;
		out_span(&out, c->q->domain);
		out_str(&out, "._report._dmarc.");
		out_span(&out, to);
		txt = check_ask(c, arena_copy(c->arena, out_view(&out)), DNS_TXT);
		out_deinit(&out);
		for (size_t i = 0; txt != NULL && i < txt->n_records; i++)
			takes = takes || dmarc_record_is(txt->records[i].data);
		if (txt != NULL && !takes && txt->result != DNS_FAILED)
			note(c, CHECK_DMARC_REPORTS_UNASKED, CHECK_WARN, CHECK_ADVICE, to, nothing);
	}
}

static void
check_reports(struct checking *c, const struct dmarc_record *r)
{
	if (r->rua.len == 0 && !c->parked)
		note(c, CHECK_DMARC_NO_REPORTS, CHECK_WARN, CHECK_ADVICE, nothing, nothing);
	check_report_uris(c, r->rua);
	check_report_uris(c, r->ruf);
}

/* An invalid policy of any of the three, and the record is p=none where it asks for reports, else nothing.
   RFC 9989 section 4.10.1 */
static bool
is_without_policy(const struct dmarc_record *r)
{
	return r->p < DMARC_POLICY_NONE || r->sp == DMARC_POLICY_UNSOUND || r->np == DMARC_POLICY_UNSOUND;
}

static void
note_dmarc_faulty(struct checking *c, const struct policy_lookup *l, bool counts)
{
	struct sender_check_item *item = check_note(c, CHECK_DMARC_FAULTY, counts ? CHECK_WARN : CHECK_FAIL,
	    counts ? CHECK_ADVICE : CHECK_BULK, l->text, l->record.problem_at);

	item->problem = l->record.problem;
	check_dmarc_drop_unsound(c, l, item);
}

/* What its tags ask for. */
static void
check_dmarc_policy(struct checking *c, const struct policy_lookup *l, bool names)
{
	const struct dmarc_record *r = &l->record;
	const enum dmarc_policy p = span_equal(l->domain, c->q->domain) || r->sp < DMARC_POLICY_NONE ? r->p : r->sp;

	check_dmarc_tags(c, l, names);
	if (p == DMARC_POLICY_NONE)
		note(c, CHECK_DMARC_WATCHING, CHECK_WARN, CHECK_ADVICE, nothing, nothing);
	check_reports(c, r);
}

static void
check_dmarc_record(struct checking *c, struct policy_lookup *l)
{
	const struct policy_lookup found = *l;
	const bool counts = !is_without_policy(&found.record);
	const bool written = check_dmarc_words(
	    c, l, counts ? CHECK_WARN : CHECK_FAIL, counts ? CHECK_ADVICE : CHECK_BULK);

	if (counts)
		note(c, CHECK_DMARC_SOUND, CHECK_PASS, CHECK_BULK, found.text, found.domain);
	if (written ? is_without_policy(&l->record) : !counts || l->record.problem != PROBLEM_NONE)
		note_dmarc_faulty(c, l, counts);
	check_dmarc_policy(c, l, !written);
}

/* Not where it should be, or not as it should be written: then all else is of the record as it was meant. */
static bool
check_dmarc_meant(struct checking *c)
{
	struct policy_lookup meant = { .domain = c->q->domain, .text = nothing };

	if (!check_dmarc_astray(c, &meant))
		return false;
	if (meant.text.len == 0)
		return true;
	if (is_without_policy(&meant.record))
		note_dmarc_faulty(c, &meant, false);
	check_dmarc_policy(c, &meant, true);
	return true;
}

static void
check_dmarc(struct checking *c)
{
	struct tree_walk w;

	if (!tree_walk(c->arena, c->answers, c->q->domain, NULL, &w)) {
		c->missing = true;
		return;
	}
	for (size_t i = 0; i < w.n; i++)
		if (w.steps[i].found == POLICY_FOUND &&
		    (i == 0 || span_equal(w.steps[i].domain, w.organizational_domain))) {
			check_dmarc_record(c, &w.steps[i]);
			return;
		}
	if (w.failed)
		note(c, CHECK_DMARC_UNKNOWN, CHECK_UNKNOWN, CHECK_BULK, c->q->domain, nothing);
	else if (w.steps[0].found == POLICY_SEVERAL)
		note(c, CHECK_DMARC_SEVERAL, CHECK_FAIL, CHECK_BULK, c->q->domain, nothing);
	else if (!check_dmarc_meant(c) && !c->missing)
		check_publish(check_note(c, CHECK_DMARC_NONE, c->q->bulk ? CHECK_FAIL : CHECK_WARN, CHECK_BULK,
				  c->q->domain, nothing),
		    check_join(c, "_dmarc.", c->q->domain),
		    check_join(c, "v=DMARC1; p=none; rua=mailto:postmaster@", c->q->domain), false);
}

static bool
counts_for_gmail(const struct dkim_check *check)
{
	return check->result == DKIM_PASS && check->signature.algorithm == DKIM_RSA_SHA256;
}

static void
check_mail_authentication(struct checking *c, const struct authentication *a)
{
	const bool spf = a->has_spf && a->spf.result == SPF_PASS;
	bool dkim = false;

	for (size_t i = 0; i < a->dkim.n; i++)
		dkim = dkim || counts_for_gmail(&a->dkim.checks[i]);
	if (spf && dkim)
		note(c, CHECK_MAIL_AUTHENTICATED, CHECK_PASS, CHECK_ALL, a->dmarc.author_domain, nothing);
	else if (spf)
		note(c, CHECK_MAIL_SPF_ONLY, c->q->bulk ? CHECK_FAIL : CHECK_WARN, CHECK_BULK, a->spf.domain, nothing);
	else if (dkim)
		note(c, CHECK_MAIL_DKIM_ONLY, c->q->bulk && a->has_spf ? CHECK_FAIL : CHECK_WARN, CHECK_BULK, nothing,
		    nothing);
	else
		note(c, CHECK_MAIL_NOT_AUTHENTICATED, CHECK_FAIL, CHECK_ALL, nothing, nothing);
	if (a->dmarc.view.result == DMARC_PASS)
		note(c, CHECK_MAIL_ALIGNED, CHECK_PASS, CHECK_BULK, a->dmarc.author_domain, nothing);
	else if (a->dmarc.view.result == DMARC_FAIL)
		note(c, CHECK_MAIL_NOT_ALIGNED, CHECK_FAIL,
		    a->dmarc.view.applied == DMARC_POLICY_REJECT ? CHECK_ALL : CHECK_BULK, a->dmarc.author_domain,
		    span_of(dmarc_policy_name(a->dmarc.view.applied)));
	if (span_equal(a->dmarc.author_domain, span_of("gmail.com")) && a->dmarc.view.result != DMARC_PASS)
		note(c, CHECK_MAIL_FROM_GMAIL, CHECK_FAIL, CHECK_ALL, nothing, nothing);
}

/* RFC 8058 */
static void
check_unsubscribe(struct checking *c, struct span header)
{
	const struct span list = header_find(header, "list-unsubscribe"),
			  post = header_find(header, "list-unsubscribe-post");
	const bool https = list.len > 0 && memmem(list.at, list.len, "<https:", 7) != NULL;

	if (https && post.len > 0)
		note(c, CHECK_MAIL_ONE_CLICK, CHECK_PASS, CHECK_BULK, nothing, nothing);
	else
		note(c, CHECK_MAIL_NO_ONE_CLICK, CHECK_WARN, CHECK_BULK, nothing, nothing);
}

static void
check_mail(struct checking *c)
{
	const struct authentication *a = c->q->mail;

	if (a == NULL) {
		note(c, CHECK_TLS_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, nothing, nothing);
		return;
	}
	check_mail_authentication(c, a);
	for (size_t i = 0; i < c->q->form->n; i++) {
		const struct form_finding *f = &c->q->form->findings[i];
		const bool refused = form_weight_of(f->kind) == FORM_REFUSED;

		check_note(c, CHECK_MAIL_FORM, refused ? CHECK_FAIL : CHECK_WARN, refused ? CHECK_ALL : CHECK_ADVICE,
		    f->field, number(c, f->at))
		    ->form = form_token(f->kind);
	}
	if (c->q->form->n == 0)
		note(c, CHECK_MAIL_FORM_SOUND, CHECK_PASS, CHECK_ALL, nothing, nothing);
	if (c->q->bulk)
		check_unsubscribe(c, a->message.header);
	if (c->q->mail_has_tls)
		note(c, c->q->mail_tls ? CHECK_MAIL_TLS : CHECK_MAIL_NO_TLS, c->q->mail_tls ? CHECK_PASS : CHECK_WARN,
		    CHECK_ALL, nothing, nothing);
	else
		note(c, CHECK_TLS_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, nothing, nothing);
}

/* What does not exist needs no records. Said first, and alone. */
static bool
domain_exists(struct checking *c)
{
	const struct dns_answer *txt = check_ask(c, c->q->domain, DNS_TXT), *a = check_ask(c, c->q->domain, DNS_A);

	if (txt == NULL || a == NULL)
		return false;
	if (txt->result != DNS_NO_NAME || a->result != DNS_NO_NAME)
		return true;
	note(c, CHECK_NO_DOMAIN, CHECK_FAIL, CHECK_ALL, c->q->domain, nothing);
	return false;
}

bool
sender_check_evaluate(
    struct arena *arena, const struct sender_check_query *q, struct dns_answers *answers, struct sender_check *check)
{
	struct checking c = { .arena = arena, .q = q, .answers = answers, .check = check };

	check->n = check->n_failed = check->n_warned = 0;
	if (!domain_exists(&c))
		return !c.missing;
	check_spf(&c);
	for (size_t i = 0; i < q->n_ips; i++) {
		check_ip_spf(&c, &q->ips[i]);
		check_ip_name(&c, &q->ips[i]);
	}
	check_helo(&c);
	check_dkim(&c);
	check_dmarc(&c);
	check_mail(&c);
	check_incoming(&c);
	note(&c, CHECK_REPUTATION_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, nothing, nothing);
	return !c.missing;
}

size_t
sender_check_unanswered(const struct sender_check *check)
{
	size_t n = 0;

	for (size_t i = 0; i < check->n; i++) {
		const enum check_what what = check->items[i].what;

		n += what == CHECK_SPF_UNKNOWN || what == CHECK_IP_UNKNOWN || what == CHECK_PTR_UNKNOWN ||
		    what == CHECK_DKIM_UNKNOWN || what == CHECK_DMARC_UNKNOWN;
	}
	return n;
}
