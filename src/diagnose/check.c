#include "diagnose/check.h"

#include "wire/header.h"

struct checking {
	struct arena *arena;
	const struct check_query *q;
	struct dns_answers *answers;
	struct check *check;
	bool missing, key_seen, key_matches; /* the signer's, among those published */
};

static const struct span nothing = { "", 0 };

static void
note(struct checking *c, enum check_what what, enum check_state state, enum check_weight weight, struct span a,
    struct span b)
{
	if (c->check->n == CHECK_ITEMS_MAX)
		return;
	c->check->items[c->check->n++] = (struct check_item){
		.what = what, .state = state, .weight = weight, .a = a, .b = b
	};
	c->check->n_failed += state == CHECK_FAIL;
	c->check->n_warned += state == CHECK_WARN && weight != CHECK_ADVICE;
}

static void
note_problem(struct checking *c, enum check_what what, enum check_state state, enum check_weight weight, struct span a,
    struct span b, const char *problem)
{
	note(c, what, state, weight, a, b);
	if (c->check->n > 0)
		c->check->items[c->check->n - 1].problem = problem;
}

static const struct dns_answer *
ask(struct checking *c, struct span name, enum dns_type type)
{
	static const struct dns_answer none = { .result = DNS_NO_NAME };
	const struct dns_answer *a = dns_name_is_sound(name) ? dns_answers_find(c->answers, name, type) : &none;

	c->missing = c->missing || a == NULL;
	return a;
}

static struct span
join(struct checking *c, const char *label, struct span name)
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

/* What its terms are, whoever sends. */
static void
check_spf_terms(struct checking *c, struct span text)
{
	struct spf_record r;
	bool ends = false;

	spf_record_parse(c->arena, text, &r);
	for (size_t i = 0; i < r.n_terms; i++) {
		const struct spf_term *t = &r.terms[i];

		ends = ends || t->kind == SPF_ALL || t->kind == SPF_REDIRECT;
		if (t->kind == SPF_ALL && t->text.at[0] != '-' && t->text.at[0] != '~' && t->text.at[0] != '?')
			note(c, CHECK_SPF_OPEN, CHECK_FAIL, CHECK_ADVICE, t->text, nothing);
		if (t->kind == SPF_PTR)
			note(c, CHECK_SPF_PTR, CHECK_WARN, CHECK_ADVICE, t->text, nothing);
	}
	if (!ends)
		note(c, CHECK_SPF_NO_END, CHECK_WARN, CHECK_ADVICE, nothing, nothing);
	if (text.len > 450)
		note(c, CHECK_SPF_LONG, CHECK_WARN, CHECK_ADVICE, number(c, text.len), nothing);
}

/* The record as a whole: for an address that no term names, so that every look-up is made. */
static void
check_spf(struct checking *c)
{
	const struct spf_query nobody = { .mail_from = join(c, "postmaster@", c->q->domain),
		.helo = c->q->domain,
		.receiver = nothing,
		.now = c->q->now };
	struct spf_evaluation e;

	spf_evaluate(c->arena, &nobody, c->answers, &e);
	if (e.result == SPF_NEEDS_ANSWERS) {
		c->missing = true;
		return;
	}
	if (e.result == SPF_NONE)
		note(c, CHECK_SPF_NONE, CHECK_FAIL, CHECK_ALL, c->q->domain, nothing);
	else if (e.result == SPF_TEMPERROR)
		note_problem(c, CHECK_SPF_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, e.problem_at, nothing, e.problem);
	else if (e.lookups > SPF_LOOKUPS_MAX)
		note(c, CHECK_SPF_LOOKUPS, CHECK_FAIL, CHECK_ALL, e.problem_at, nothing);
	else if (e.result == SPF_PERMERROR && e.record.len == 0)
		note(c, CHECK_SPF_SEVERAL, CHECK_FAIL, CHECK_ALL, c->q->domain, nothing);
	else if (e.result == SPF_PERMERROR)
		note_problem(c, CHECK_SPF_BROKEN, CHECK_FAIL, CHECK_ALL, e.problem_at, nothing, e.problem);
	else
		note(c, CHECK_SPF_SOUND, CHECK_PASS, CHECK_ALL, e.record, number(c, e.lookups));
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

static void
check_ip_spf(struct checking *c, const struct ip_address *ip)
{
	const struct spf_query query = { .ip = *ip,
		.mail_from = join(c, "postmaster@", c->q->domain),
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
		note(
		    c, CHECK_IP_NOT_ALLOWED, CHECK_FAIL, CHECK_ALL, ip_text(c, ip), span_of(spf_result_name(e.result)));
}

static void
check_ip_name(struct checking *c, const struct ip_address *ip)
{
	struct iprev_evaluation e;

	iprev_evaluate(c->arena, ip, c->answers, &e);
	switch (e.result) {
	case IPREV_NEEDS_ANSWERS: c->missing = true; break;
	case IPREV_PASS: note(c, CHECK_PTR_CONFIRMED, CHECK_PASS, CHECK_ALL, ip_text(c, ip), e.name); break;
	case IPREV_TEMPERROR: note(c, CHECK_PTR_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, ip_text(c, ip), nothing); break;
	case IPREV_FAIL: note(c, CHECK_PTR_ASTRAY, CHECK_FAIL, CHECK_ALL, ip_text(c, ip), e.name); break;
	case IPREV_PERMERROR: note(c, CHECK_PTR_NONE, CHECK_FAIL, CHECK_ALL, ip_text(c, ip), e.reverse_name); break;
	}
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
	a = ask(c, helo, DNS_A);
	aaaa = ask(c, helo, DNS_AAAA);
	if (a == NULL || aaaa == NULL)
		return;
	if (a->n_records == 0 && aaaa->n_records == 0 && a->result != DNS_FAILED && aaaa->result != DNS_FAILED)
		note(c, CHECK_HELO_ASTRAY, CHECK_WARN, CHECK_ADVICE, helo, nothing);
	else
		note(c, CHECK_HELO_SOUND, CHECK_PASS, CHECK_ADVICE, helo, nothing);
}

static void
judge_key(struct checking *c, struct span name, struct span text, bool guessed)
{
	struct dkim_key key;
	const struct crypto_key *read;
	const char *problem;
	unsigned bits;

	if (!dkim_key_parse(c->arena, text, &key)) {
		note_problem(c, CHECK_DKIM_BROKEN, CHECK_FAIL, CHECK_ALL, name, key.problem_at, key.problem);
		return;
	}
	if (key.key.len == 0) {
		note(c, CHECK_DKIM_REVOKED, guessed ? CHECK_WARN : CHECK_FAIL, guessed ? CHECK_ADVICE : CHECK_ALL, name,
		    nothing);
		return;
	}
	read = crypto_read_key(c->q->crypto, key.kind, key.key, &problem);
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
	txt = ask(c, key_name, DNS_TXT);
	if (txt == NULL)
		return;
	for (size_t i = 0; i < txt->n_records; i++)
		if (dkim_key_is(txt->records[i].data) && !any) {
			any = true;
			judge_key(c, key_name, txt->records[i].data, guessed);
		}
	if (any || guessed)
		return;
	if (txt->result == DNS_FAILED)
		note(c, CHECK_DKIM_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, key_name, nothing);
	else
		note(c, CHECK_DKIM_NONE, CHECK_FAIL, CHECK_ALL, key_name, nothing);
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
check_reports(struct checking *c, const struct dmarc_record *r)
{
	struct span rest = r->rua, uri;

	if (r->rua.len == 0)
		note(c, CHECK_DMARC_NO_REPORTS, CHECK_WARN, CHECK_ADVICE, nothing, nothing);
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
		txt = ask(c, arena_copy(c->arena, out_view(&out)), DNS_TXT);
		out_deinit(&out);
		for (size_t i = 0; txt != NULL && i < txt->n_records; i++)
			takes = takes || dmarc_record_is(txt->records[i].data);
		if (txt != NULL && !takes && txt->result != DNS_FAILED)
			note(c, CHECK_DMARC_REPORTS_UNASKED, CHECK_WARN, CHECK_ADVICE, to, nothing);
	}
}

/* The record lies at the domain itself instead of below _dmarc. */
static bool
is_misplaced(struct checking *c)
{
	const struct dns_answer *txt = ask(c, c->q->domain, DNS_TXT);

	for (size_t i = 0; txt != NULL && i < txt->n_records; i++)
		if (dmarc_record_is(txt->records[i].data))
			return true;
	return false;
}

static void
check_dmarc_record(struct checking *c, const struct policy_lookup *l)
{
	const struct dmarc_record *r = &l->record;
	const enum dmarc_policy p = span_equal(l->domain, c->q->domain) || r->sp < DMARC_POLICY_NONE ? r->p : r->sp;

	if (p < DMARC_POLICY_NONE)
		note_problem(c, CHECK_DMARC_FAULTY, CHECK_FAIL, CHECK_BULK, l->text, r->problem_at, r->problem);
	else
		note(c, CHECK_DMARC_SOUND, CHECK_PASS, CHECK_BULK, l->text, l->domain);
	if (p >= DMARC_POLICY_NONE && r->problem != NULL)
		note_problem(c, CHECK_DMARC_FAULTY, CHECK_WARN, CHECK_ADVICE, l->text, r->problem_at, r->problem);
	if (p == DMARC_POLICY_NONE)
		note(c, CHECK_DMARC_WATCHING, CHECK_WARN, CHECK_ADVICE, nothing, nothing);
	check_reports(c, r);
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
	else if (is_misplaced(c))
		note(c, CHECK_DMARC_MISPLACED, CHECK_FAIL, CHECK_BULK, c->q->domain, nothing);
	else
		note(c, CHECK_DMARC_NONE, CHECK_FAIL, CHECK_BULK, c->q->domain, nothing);
}

/* Whether answers can come back. A null MX says that none are wanted. RFC 7505 */
static void
check_mx(struct checking *c)
{
	const struct dns_answer *mx = ask(c, c->q->domain, DNS_MX);

	if (mx == NULL || mx->result == DNS_FAILED)
		return;
	if (mx->n_records == 0)
		note(c, CHECK_MX_NONE, CHECK_WARN, CHECK_ADVICE, c->q->domain, nothing);
	else if (mx->n_records == 1 && (mx->records[0].data.len == 0 || span_equal(mx->records[0].data, span_of("."))))
		note(c, CHECK_MX_NULL, CHECK_WARN, CHECK_ADVICE, c->q->domain, nothing);
	else
		note(c, CHECK_MX_SOUND, CHECK_PASS, CHECK_ADVICE, mx->records[0].data, nothing);
}

static void
check_begins(struct checking *c, const char *label, const char *begins, enum check_what sound, enum check_what none)
{
	const struct span name = join(c, label, c->q->domain);
	const struct dns_answer *txt = ask(c, name, DNS_TXT);

	if (txt == NULL || txt->result == DNS_FAILED)
		return;
	for (size_t i = 0; i < txt->n_records; i++)
		if (span_starts_folded(txt->records[i].data, begins)) {
			note(c, sound, CHECK_PASS, CHECK_ADVICE, txt->records[i].data, nothing);
			return;
		}
	note(c, none, CHECK_WARN, CHECK_ADVICE, name, nothing);
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

		note_problem(c, CHECK_MAIL_FORM, refused ? CHECK_FAIL : CHECK_WARN, refused ? CHECK_ALL : CHECK_ADVICE,
		    f->field, number(c, f->at), form_token(f->kind));
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

bool
check_evaluate(struct arena *arena, const struct check_query *q, struct dns_answers *answers, struct check *check)
{
	struct checking c = { .arena = arena, .q = q, .answers = answers, .check = check };

	check->n = check->n_failed = check->n_warned = 0;
	check_spf(&c);
	for (size_t i = 0; i < q->n_ips; i++) {
		check_ip_spf(&c, &q->ips[i]);
		check_ip_name(&c, &q->ips[i]);
	}
	check_helo(&c);
	check_dkim(&c);
	check_dmarc(&c);
	check_mail(&c);
	check_mx(&c);
	check_begins(&c, "_mta-sts.", "v=STSv1", CHECK_STS_SOUND, CHECK_STS_NONE);
	check_begins(&c, "_smtp._tls.", "v=TLSRPTv1", CHECK_TLSRPT_SOUND, CHECK_TLSRPT_NONE);
	note(&c, CHECK_REPUTATION_UNKNOWN, CHECK_UNKNOWN, CHECK_ALL, nothing, nothing);
	return !c.missing;
}
