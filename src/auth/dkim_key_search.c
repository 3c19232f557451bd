#include "auth/dkim_key_search.h"

#include "record/near_miss.h"

static struct span
join_name(struct arena *arena, struct span a, const char *between, struct span b)
{
	struct out out = { 0 };
	struct span name;

	out_span(&out, a);
	out_str(&out, between);
	out_span(&out, b);
	name = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return name;
}

static bool
is_sound_key(struct dkim_message *m, struct span text)
{
	struct dkim_key key;
	enum problem problem;

	return dkim_key_is(text) && dkim_key_parse(m->arena, text, &key) && key.key.len > 0 &&
	    crypto_read_key(m->crypto, key.kind, key.key, &problem) != NULL;
}

/* A name that editors make of what they are given. False: an answer is missing. */
static bool
look_elsewhere(
    struct dkim_message *m, const struct dkim_signature *s, struct dns_answers *answers, struct dkim_key_search *search)
{
	const struct span d = s->domain, right = join_name(m->arena, s->selector, "._domainkey.", d);
	const size_t dot = span_index(d, '.');
	const struct span parent = dot < d.len ? span_skip(d, dot + 1) : d;
	const struct span names[] = {
		join_name(m->arena, right, ".", d), /* the zone's name was added once more */
		join_name(m->arena, s->selector, ".", d), /* no _domainkey */
		join_name(m->arena, right, ".", parent),
		join_name(m->arena, s->selector, "._domainkey.", parent),
		join_name(m->arena, span_of("_domainkey"), ".", d), /* no selector */
		d,
	};
	bool missing = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct dns_answer *txt;

		if (!dns_name_is_sound(names[i]) || span_equal_folded(names[i], right))
			continue;
		txt = dns_answers_find(answers, names[i], DNS_TXT);
		missing = missing || txt == NULL;
		for (size_t k = 0; txt != NULL && k < txt->n_records && search->damage == DKIM_KEY_NOT_FOUND; k++)
			if (is_sound_key(m, txt->records[k].data)) {
				search->damage = DKIM_KEY_ELSEWHERE;
				search->name = names[i];
				search->text = txt->records[k].data;
			}
	}
	return !missing;
}

/* Several TXT records where one of several strings was meant: in one order or the other. */
static bool
in_pieces(struct dkim_message *m, const struct dns_answer *txt, struct dkim_key_search *search)
{
	for (size_t i = 0; i < txt->n_records; i++)
		for (size_t k = 0; k < txt->n_records; k++) {
			const struct span both = join_name(m->arena, txt->records[i].data, "", txt->records[k].data);

			if (i != k && is_sound_key(m, both)) {
				search->damage = DKIM_KEY_IN_PIECES;
				search->text = both;
				return true;
			}
		}
	return false;
}

/* What a record that is no sound key was meant to be. */
static bool
is_miswritten(struct dkim_message *m, struct span text, struct dkim_key_search *search)
{
	struct near_miss miss;

	if (!near_miss_read(m->arena, RECORD_DKIM_KEY, text, &miss) || miss.n_slips == 0 || miss.after.len == 0 ||
	    !is_sound_key(m, miss.after))
		return false;
	search->damage = DKIM_KEY_MISWRITTEN;
	for (size_t i = 0; i < miss.n_slips; i++) {
		if (miss.slips[i].slip == SLIP_QUOTES || miss.slips[i].slip == SLIP_BACKSLASH)
			search->damage = DKIM_KEY_QUOTED;
		if (miss.slips[i].slip == SLIP_VALUE && span_equal(miss.slips[i].meant, span_of("+")))
			search->damage = DKIM_KEY_PLUS_LOST;
	}
	search->text = miss.after;
	return true;
}

static bool is_proved(
    struct dkim_message *m, const struct dkim_check *check, struct dns_answers *answers, struct span text);

/* Under another name that signers are given, if the signature is that key's. False: answers are missing. */
static bool
look_at_selectors(
    struct dkim_message *m, const struct dkim_check *check, struct dns_answers *answers, struct dkim_key_search *search)
{
	static const struct span usual[] = { SPAN_INIT("default"), SPAN_INIT("mail"), SPAN_INIT("dkim"),
		SPAN_INIT("google"), SPAN_INIT("selector1"), SPAN_INIT("selector2"), SPAN_INIT("s1"), SPAN_INIT("s2"),
		SPAN_INIT("k1"), SPAN_INIT("k2"), SPAN_INIT("key1"), SPAN_INIT("selector"), SPAN_INIT("smtp"),
		SPAN_INIT("mx") };
	bool missing = false;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		const struct span name = join_name(m->arena, usual[i], "._domainkey.", check->signature.domain);
		const struct dns_answer *found;
		struct dns_answer txt;

		if (!dns_name_is_sound(name) || span_equal_folded(name, check->key_name))
			continue;
		found = dns_answers_find(answers, name, DNS_TXT);
		missing = missing || found == NULL;
		txt = found ? *found : (struct dns_answer){ .n_records = 0 }; /* the proof puts answers in */
		for (size_t k = 0; k < txt.n_records && k < DKIM_KEY_RECORDS_MAX; k++)
			if (search->damage != DKIM_KEY_SELECTOR && is_sound_key(m, txt.records[k].data) &&
			    is_proved(m, check, answers, txt.records[k].data)) {
				search->damage = DKIM_KEY_SELECTOR;
				search->name = name;
				search->text = txt.records[k].data;
			}
	}
	return !missing;
}

static bool
search_key(
    struct dkim_message *m, const struct dkim_check *check, struct dns_answers *answers, struct dkim_key_search *search)
{
	const struct dns_answer *txt = dns_answers_find(answers, check->key_name, DNS_TXT);

	*search = (struct dkim_key_search){ .damage = DKIM_KEY_NOT_FOUND, .name = { "", 0 }, .text = { "", 0 } };
	if (txt == NULL)
		return false;
	if (txt->n_records <= DKIM_KEY_RECORDS_MAX && in_pieces(m, txt, search))
		return true;
	for (size_t i = 0; i < txt->n_records && i < DKIM_KEY_RECORDS_MAX; i++)
		if (is_miswritten(m, txt->records[i].data, search))
			return true;
	if (check->result == DKIM_FAIL)
		return look_at_selectors(m, check, answers, search);
	if (check->key_text.len == 0 && !look_elsewhere(m, &check->signature, answers, search))
		return false;
	if (check->key_text.len == 0 && search->damage == DKIM_KEY_NOT_FOUND)
		return look_at_selectors(m, check, answers, search);
	if (check->key_text.len == 0)
		return true;
	search->damage = check->problem == PROBLEM_KEY_CUT ? DKIM_KEY_CUT : DKIM_KEY_OTHER;
	return true;
}

/* The record in the key's place, the signature verified again, and the old answer put back. */
static bool
is_proved(struct dkim_message *m, const struct dkim_check *check, struct dns_answers *answers, struct span text)
{
	const struct dns_answer before = *dns_answers_find(answers, check->key_name, DNS_TXT);
	const struct dns_record record = { .data = text };
	struct dkim_check trial = *check;

	dns_answers_put(answers,
	    &(struct dns_answer){
		.name = check->key_name, .type = DNS_TXT, .result = DNS_ANSWERED, .records = &record, .n_records = 1 });
	dkim_check_signature(m, 0, answers, &trial);
	dns_answers_put(answers, &before);
	return trial.result == DKIM_PASS;
}

bool
dkim_search_key(
    struct dkim_message *m, const struct dkim_check *check, struct dns_answers *answers, struct dkim_key_search *search)
{
	if (!search_key(m, check, answers, search))
		return false;
	search->proved = search->text.len > 0 && is_proved(m, check, answers, search->text);
	return true;
}
