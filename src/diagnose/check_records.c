#include "diagnose/checking.h"
#include "diagnose/repair.h"
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

/* The record as a whole, were this its text. */
static void
evaluate_instead(struct checking *c, struct span text, struct spf_evaluation *e)
{
	const struct spf_query whole = { .mail_from = check_join(c, "postmaster@", c->q->domain),
		.helo = c->q->domain,
		.receiver = nothing,
		.now = c->q->now,
		.nobody = true };
	const struct dns_record record = { .data = text };
	const struct dns_answer *txt = check_ask(c, c->q->domain, DNS_TXT);
	struct dns_answer before, after;

	e->result = SPF_NEEDS_ANSWERS;
	if (txt == NULL)
		return;
	before = after = *txt;
	after.records = &record;
	after.n_records = 1;
	after.result = DNS_ANSWERED;
	dns_answers_put(c->answers, &after);
	spf_evaluate(c->arena, &whole, c->answers, e);
	dns_answers_put(c->answers, &before);
	c->missing = c->missing || e->result == SPF_NEEDS_ANSWERS;
}

/* Whether the record is no error any more with this text in its place. */
static bool
spf_holds(struct checking *c, struct span text)
{
	struct spf_evaluation e;

	evaluate_instead(c, text, &e);
	return e.result != SPF_PERMERROR && e.result != SPF_NONE && e.result != SPF_NEEDS_ANSWERS;
}

void
check_spf_dead_includes(struct checking *c, const struct spf_evaluation *found, struct sender_check_item *item)
{
	struct spf_evaluation e = *found;
	struct span text = found->record, term;

	for (size_t i = 0; i < REPAIR_REMOVED_MAX && (term = repair_dead_include(&e)).len > 0; i++) {
		text = repair_without_term(c->arena, text, term);
		evaluate_instead(c, text, &e);
	}
	if (e.result != SPF_PERMERROR && e.result != SPF_NONE && e.result != SPF_NEEDS_ANSWERS)
		check_publish(item, c->q->domain, text, true);
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

/* As if that stood there. */
static void
set_meant(struct policy_lookup *l, const struct near_miss *miss)
{
	if (miss->after.len == 0)
		return;
	l->text = miss->after;
	l->found = POLICY_FOUND;
	dmarc_record_parse(l->text, &l->record);
}

static bool
find_dmarc_elsewhere(struct checking *c, struct span right, struct policy_lookup *meant)
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
			set_meant(meant, miss);
			return true;
		}
	}
	return false;
}

/* `l`: what is found, and becomes what was meant. */
static bool
note_dmarc_words(struct checking *c, struct span name, struct span text, enum check_state state,
    enum check_weight weight, struct policy_lookup *l)
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
	set_meant(l, miss);
	return true;
}

bool
check_dmarc_astray(struct checking *c, struct policy_lookup *meant)
{
	const struct span right = check_join(c, "_dmarc.", c->q->domain);
	const struct dns_answer *txt = check_ask(c, right, DNS_TXT);

	for (size_t i = 0; txt != NULL && i < txt->n_records; i++)
		if (note_dmarc_words(c, right, txt->records[i].data, CHECK_FAIL, CHECK_BULK, meant))
			return true;
	return find_cname(c, right, CHECK_DMARC_CNAME, CHECK_FAIL, CHECK_BULK) || find_dmarc_elsewhere(c, right, meant);
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

void
check_dmarc_tags(struct checking *c, const struct policy_lookup *l, bool names)
{
	const struct dmarc_record *r = &l->record;
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
	if (names)
		note_unknown_tags(c, l->text);
}

bool
check_dmarc_words(struct checking *c, struct policy_lookup *l, enum check_state state, enum check_weight weight)
{
	return note_dmarc_words(c, check_join(c, "_dmarc.", l->domain), l->text, state, weight, l);
}

/* The tag that `at` stands in, and the semicolon behind it, cut out. */
static struct span
without_tag(struct checking *c, struct span text, struct span at)
{
	const size_t place = (size_t)(at.at - text.at);
	struct out out = { 0 };
	struct span left;

	for (size_t from = 0; from < text.len;) {
		const size_t n = span_index(span_skip(text, from), ';'),
			     to = from + n < text.len ? from + n + 1 : text.len;

		if (place < from || place > from + n)
			out_span(&out, span_first(span_skip(text, from), to - from));
		from = to;
	}
	left = span_trim(arena_copy(c->arena, out_view(&out)));
	out_deinit(&out);
	while (left.len > 0 && left.at[left.len - 1] == ';')
		left = span_trim(span_first(left, left.len - 1));
	return left;
}

void
check_dmarc_drop_unsound(struct checking *c, const struct policy_lookup *l, struct sender_check_item *item)
{
	enum { UNSOUND_MAX = 8 };
	struct dmarc_record r = l->record;
	struct span text = l->text;

	for (unsigned n = 0;
	     n < UNSOUND_MAX && (r.problem == PROBLEM_DMARC_POLICY_VALUE || r.problem == PROBLEM_DMARC_VALUE); n++) {
		text = without_tag(c, text, r.problem_at);
		dmarc_record_parse(text, &r);
	}
	if (text.len < l->text.len && r.problem == PROBLEM_NONE)
		check_publish(item, check_join(c, "_dmarc.", l->domain), text, true);
}
