#include "auth/dkim_key_search.h"

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
	const char *problem;

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

/* Without the marks that an editor took for part of the text. */
static struct span
without_quotes(struct arena *arena, struct span text)
{
	char *to = arena_take(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != '"' && text.at[i] != '\\')
			to[n++] = text.at[i];
	return (struct span){ to, n };
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
	for (size_t i = 0; i < txt->n_records && i < DKIM_KEY_RECORDS_MAX; i++) {
		const struct span plain = without_quotes(m->arena, txt->records[i].data);

		if (plain.len < txt->records[i].data.len && is_sound_key(m, plain)) {
			search->damage = DKIM_KEY_QUOTED;
			search->text = plain;
			return true;
		}
	}
	if (check->key_text.len == 0)
		return look_elsewhere(m, &check->signature, answers, search);
	search->damage = check->problem != NULL && strcmp(check->problem, "the key is cut short") == 0 ? DKIM_KEY_CUT
												       : DKIM_KEY_OTHER;
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
