#include "diagnose/checking.h"
#include "record/near_miss.h"

static const struct span nothing = { "", 0 };

static struct span
joined(struct checking *c, struct span a, const char *between, struct span b)
{
	struct out out = { 0 };
	struct span name;

	out_span(&out, a);
	out_str(&out, between);
	out_span(&out, b);
	name = arena_copy(c->arena, out_view(&out));
	out_deinit(&out);
	return name;
}

/* Whether the record is no error any more with this text in its place. */
static bool
spf_holds(struct checking *c, struct span text)
{
	const struct spf_query whole = { .mail_from = check_join(c, "postmaster@", c->q->domain),
		.helo = c->q->domain,
		.receiver = nothing,
		.now = c->q->now,
		.nobody = true };
	const struct dns_record record = { .data = text };
	const struct dns_answer *txt = check_ask(c, c->q->domain, DNS_TXT);
	struct dns_answer before, after;
	struct spf_evaluation e;

	if (txt == NULL)
		return false;
	before = after = *txt;
	after.records = &record;
	after.n_records = 1;
	after.result = DNS_ANSWERED;
	dns_answers_put(c->answers, &after);
	spf_evaluate(c->arena, &whole, c->answers, &e);
	dns_answers_put(c->answers, &before);
	c->missing = c->missing || e.result == SPF_NEEDS_ANSWERS;
	return e.result != SPF_PERMERROR && e.result != SPF_NONE && e.result != SPF_NEEDS_ANSWERS;
}

bool
check_spf_words(struct checking *c, struct span text, enum problem problem, struct span problem_at)
{
	struct near_miss *miss = arena_take_items(c->arena, 1, sizeof(*miss));
	struct sender_check_item *item;

	if (!near_miss_read(c->arena, RECORD_SPF, text, miss) || (miss->n_slips == 0 && miss->unclear.len == 0))
		return false;
	item = check_note(
	    c, CHECK_SPF_MISWRITTEN, CHECK_FAIL, CHECK_ALL, text, miss->unclear.len > 0 ? miss->unclear : problem_at);
	item->problem = problem;
	item->miss = miss;
	if (miss->after.len > 0)
		check_publish(item, c->q->domain, miss->after, spf_holds(c, miss->after));
	return true;
}

/* A record for a host that sends nothing says nothing of the domain's. */
static bool
is_of_host_without_mail(struct span text)
{
	return span_equal_folded(text, span_of("v=spf1 -all"));
}

static bool
find_spf_elsewhere(struct checking *c)
{
	const struct span d = c->q->domain;
	const struct span names[] = { joined(c, d, ".", d), check_join(c, "spf.", d), check_join(c, "_spf.", d),
		check_join(c, "@.", d), check_join(c, "www.", d) };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct dns_answer *txt = check_ask(c, names[i], DNS_TXT);

		for (size_t k = 0; txt != NULL && k < txt->n_records; k++) {
			const struct span text = txt->records[k].data;

			if (!spf_record_is(text) || is_of_host_without_mail(text))
				continue;
			check_publish(check_note(c, CHECK_SPF_MISPLACED, CHECK_FAIL, CHECK_ALL, names[i], text), d,
			    text, spf_holds(c, text));
			return true;
		}
	}
	return false;
}

/* A name with a CNAME has nothing else. RFC 1034 section 3.6.2 */
static bool
find_cname(struct checking *c, struct span name, enum check_what what, enum check_state state, enum check_weight weight)
{
	const struct dns_answer *cname = check_ask(c, name, DNS_CNAME);

	if (cname == NULL || cname->n_records == 0)
		return false;
	check_note(c, what, state, weight, name, cname->records[0].data);
	return true;
}

bool
check_spf_astray(struct checking *c)
{
	const struct dns_answer *txt = check_ask(c, c->q->domain, DNS_TXT);

	for (size_t i = 0; txt != NULL && i < txt->n_records; i++)
		if (check_spf_words(c, txt->records[i].data, PROBLEM_NONE, nothing))
			return true;
	c->hidden = find_cname(c, c->q->domain, CHECK_APEX_CNAME, CHECK_FAIL, CHECK_ALL);
	return c->hidden || find_spf_elsewhere(c);
}

/* A DMARC record, or one that was surely meant for it. */
static bool
read_dmarc(struct checking *c, struct span text, struct near_miss *miss)
{
	return near_miss_read(c->arena, RECORD_DMARC, text, miss);
}

static bool
find_dmarc_elsewhere(struct checking *c, struct span right)
{
	const struct span d = c->q->domain;
	const struct span names[] = { joined(c, right, ".", d), check_join(c, "dmarc.", d),
		check_join(c, "__dmarc.", d), check_join(c, "_dmarc.", right), check_join(c, "_dmark.", d),
		check_join(c, "_dmarc.www.", d), d };
	struct near_miss *miss = arena_take_items(c->arena, 1, sizeof(*miss));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct dns_answer *txt = check_ask(c, names[i], DNS_TXT);

		for (size_t k = 0; txt != NULL && k < txt->n_records; k++) {
			struct sender_check_item *item;

			if (!read_dmarc(c, txt->records[k].data, miss))
				continue;
			item = check_note(
			    c, CHECK_DMARC_MISPLACED, CHECK_FAIL, CHECK_BULK, names[i], txt->records[k].data);
			if (miss->n_slips > 0 || miss->unclear.len > 0)
				item->miss = miss;
			if (miss->after.len > 0)
				check_publish(item, right, miss->after, true);
			return true;
		}
	}
	return false;
}

static bool
note_dmarc_words(
    struct checking *c, struct span name, struct span text, enum check_state state, enum check_weight weight)
{
	struct near_miss *miss = arena_take_items(c->arena, 1, sizeof(*miss));
	struct sender_check_item *item;

	if (!read_dmarc(c, text, miss) || (miss->n_slips == 0 && miss->unclear.len == 0) ||
	    (dmarc_record_is(text) && miss->after.len == 0))
		return false; /* what is wrong with a record that is one is said by its tags */
	item = check_note(c, CHECK_DMARC_MISWRITTEN, state, weight, text, miss->unclear);
	item->miss = miss;
	if (miss->after.len > 0)
		check_publish(item, name, miss->after, true);
	return true;
}

bool
check_dmarc_astray(struct checking *c)
{
	const struct span right = check_join(c, "_dmarc.", c->q->domain);
	const struct dns_answer *txt = check_ask(c, right, DNS_TXT);

	for (size_t i = 0; txt != NULL && i < txt->n_records; i++)
		if (note_dmarc_words(c, right, txt->records[i].data, CHECK_FAIL, CHECK_BULK))
			return true;
	return find_cname(c, right, CHECK_DMARC_CNAME, CHECK_FAIL, CHECK_BULK) || find_dmarc_elsewhere(c, right);
}

static bool
is_known_tag(struct span name)
{
	static const char *const known[] = { "v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "pct", "fo", "rf",
		"ri", "t", "psd" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_equal_folded(name, span_of(known[i])))
			return true;
	return false;
}

/* Tags that nobody reads, such as rau=. */
static void
note_unknown_tags(struct checking *c, struct span text)
{
	while (text.len > 0) {
		const size_t n = span_index(text, ';'), equals = span_index(span_first(text, n), '=');
		const struct span name = span_trim(span_first(text, equals));

		if (equals < n && !is_known_tag(name))
			check_note(c, CHECK_DMARC_TAG_UNKNOWN, CHECK_WARN, CHECK_ADVICE, text, name);
		text = span_skip(text, n < text.len ? n + 1 : n);
	}
}

static bool
is_sound_fo(struct span fo)
{
	for (size_t i = 0; i < fo.len; i++)
		if (memchr("01ds: ", ascii_lower(fo.at[i]), 6) == NULL)
			return false;
	return true;
}

bool
check_dmarc_words(struct checking *c, const struct policy_lookup *l, enum check_state state, enum check_weight weight)
{
	const struct dmarc_record *r = &l->record;
	const bool written = note_dmarc_words(c, check_join(c, "_dmarc.", l->domain), l->text, state, weight);
	struct span rest = r->rua, uri;

	if (r->test)
		check_note(c, CHECK_DMARC_TESTING, CHECK_WARN, CHECK_ADVICE, l->text, nothing);
	if (r->pct.len > 0 && !span_equal(r->pct, span_of("100")))
		check_note(c, CHECK_DMARC_PCT, CHECK_WARN, CHECK_ADVICE, l->text, r->pct);
	if (r->fo.len > 0 && (!is_sound_fo(r->fo) || r->ruf.len == 0))
		check_note(c, CHECK_DMARC_FO, CHECK_WARN, CHECK_ADVICE, l->text, r->fo);
	while (dmarc_take_uri(&rest, &uri))
		if (span_starts_folded(uri, "http"))
			check_note(c, CHECK_DMARC_URI, CHECK_WARN, CHECK_ADVICE, l->text, uri);
	if (!written)
		note_unknown_tags(c, l->text);
	return written;
}
