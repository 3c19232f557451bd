#include "auth/organizational_domain.h"

#include <libpsl.h>
#include <stdio.h>
#include <stdlib.h>

#include "record/near_miss.h"

enum { ASTRAY_MAX = 16 /* records at a name that are looked at */ };

/* "_dmarc." domain; an empty span: no name can be made of it. */
static struct span
policy_name(struct arena *arena, struct span domain)
{
	static const char label[] = "_dmarc.";
	char *to = arena_take(arena, sizeof(label) + domain.len);
	struct span name = { to, sizeof(label) - 1 + domain.len };

	memcpy(to, label, sizeof(label) - 1);
	memcpy(to + sizeof(label) - 1, domain.at, domain.len);
	return name;
}

/* Of records that are none, the first that means to be one. */
static void
note_astray(struct arena *arena, const struct dns_answer *txt, struct policy_lookup *lookup)
{
	struct near_miss miss;

	for (size_t i = 0; i < txt->n_records && i < ASTRAY_MAX && lookup->astray.len == 0; i++)
		if (near_miss_read(arena, RECORD_DMARC, txt->records[i].data, &miss))
			lookup->astray = txt->records[i].data;
}

enum policy_found
policy_look_up(struct arena *arena, struct dns_answers *answers, struct span domain, struct policy_lookup *lookup)
{
	const struct span name = policy_name(arena, domain);
	const struct dns_answer *txt;

	*lookup = (struct policy_lookup){
		.domain = domain, .found = POLICY_NOT_FOUND, .text = { "", 0 }, .astray = { "", 0 }
	};
	if (!dns_name_is_sound(name))
		return lookup->found;
	txt = dns_answers_find(answers, name, DNS_TXT);
	if (txt == NULL || txt->result == DNS_FAILED)
		return lookup->found = txt ? POLICY_FAILED : POLICY_MISSING;
	lookup->secure = txt->secure;
	for (size_t i = 0; i < txt->n_records; i++) {
		if (!dmarc_record_is(txt->records[i].data))
			continue;
		if (lookup->found != POLICY_NOT_FOUND)
			return lookup->found = POLICY_SEVERAL;
		lookup->found = POLICY_FOUND;
		lookup->text = txt->records[i].data;
		dmarc_record_parse(lookup->text, &lookup->record);
	}
	if (lookup->found == POLICY_NOT_FOUND)
		note_astray(arena, txt, lookup);
	return lookup->found;
}

static size_t
count_labels(struct span domain)
{
	size_t n = 1;

	for (size_t i = 0; i < domain.len; i++)
		n += domain.at[i] == '.';
	return n;
}

static struct span
without_label(struct span domain)
{
	const size_t dot = span_index(domain, '.');

	return span_skip(domain, dot < domain.len ? dot + 1 : dot);
}

/* Steps 3, 4 and 7: one label less, or so many that seven stay. */
static struct span
next_target(struct span domain, size_t labels)
{
	do
		domain = without_label(domain);
	while (--labels >= TREE_WALK_LABELS_MAX);
	return domain;
}

/* The start of the walk's path that is one label longer than `domain`. */
static struct span
one_below(struct span start, struct span domain)
{
	struct span below = start;

	while (below.len > 0 && without_label(below).len > domain.len)
		below = without_label(below);
	return below;
}

/* RFC 9989 section 4.10.2's three rules, from the longest name to the shortest. */
static void
select_domain(struct tree_walk *w, struct span start)
{
	w->organizational_domain = start;
	for (size_t i = 0; i < w->n; i++) {
		const struct policy_lookup *l = &w->steps[i];

		if (l->found != POLICY_FOUND)
			continue;
		if (l->record.psd == DMARC_PSD_Y && i > 0) {
			w->psd = l;
			w->organizational_domain = one_below(start, l->domain);
			return;
		}
		w->organizational_domain = l->domain;
		if (l->record.psd == DMARC_PSD_N)
			return;
	}
}

/* From a walk that was there already, or from the answers. */
static void
look_up_or_copy(struct arena *arena, struct dns_answers *answers, struct span target, const struct tree_walk *known,
    struct policy_lookup *l)
{
	for (size_t i = 0; known != NULL && i < known->n; i++)
		if (span_equal(known->steps[i].domain, target)) {
			*l = known->steps[i];
			return;
		}
	policy_look_up(arena, answers, target, l);
}

bool
tree_walk(struct arena *arena, struct dns_answers *answers, struct span domain, const struct tree_walk *known,
    struct tree_walk *w)
{
	struct span target = domain;
	bool missing = false, stopped = false;

	w->n = 0;
	w->psd = NULL;
	w->failed = false;
	w->organizational_domain = domain;
	while (target.len > 0 && w->n < TREE_WALK_QUERIES_MAX && !stopped) {
		struct policy_lookup *l = &w->steps[w->n++];

		look_up_or_copy(arena, answers, target, known, l);
		missing = missing || l->found == POLICY_MISSING; /* the others are asked for all the same, at once */
		w->failed = w->failed || l->found == POLICY_FAILED;
		stopped = !missing && l->found == POLICY_FOUND && l->record.psd != DMARC_PSD_U;
		target = next_target(target, count_labels(target));
	}
	if (!missing)
		select_domain(w, domain);
	return !missing;
}

struct public_suffixes {
	const psl_ctx_t *list;
	psl_ctx_t *own; /* to be freed */
};

static struct public_suffixes *
suffixes_of(const psl_ctx_t *list, psl_ctx_t *own)
{
	struct public_suffixes *s = list ? malloc(sizeof(*s)) : NULL;

	if (s != NULL)
		*s = (struct public_suffixes){ list, own };
	return s;
}

struct public_suffixes *
public_suffixes_builtin(void)
{
	return suffixes_of(psl_builtin(), NULL);
}

struct public_suffixes *
public_suffixes_read(struct span text)
{
	FILE *f = text.len ? fmemopen((char *)text.at, text.len, "r") : NULL;
	psl_ctx_t *list;

	if (f == NULL)
		return NULL;
	list = psl_load_fp(f);
	fclose(f);
	return suffixes_of(list, list);
}

void
public_suffixes_free(struct public_suffixes *s)
{
	if (s != NULL)
		psl_free(s->own);
	free(s);
}

struct span
public_suffixes_registrable(struct arena *arena, const struct public_suffixes *s, struct span domain)
{
	char *copy = arena_take(arena, domain.len + 1);
	const char *found;

	if (s == NULL || domain.len == 0 || domain.at[0] == '.')
		return (struct span){ "", 0 };
	for (size_t i = 0; i < domain.len; i++)
		copy[i] = ascii_lower(domain.at[i]);
	copy[domain.len] = '\0';
	found = psl_registrable_domain(s->list, copy);
	return span_of(found ? found : "");
}

bool
public_suffixes_divide(struct arena *arena, const struct public_suffixes *s, struct span domain, struct span above)
{
	char *copy = arena_take(arena, domain.len + 1);

	if (s == NULL)
		return domain.len > above.len; /* each its own */
	memcpy(copy, domain.at, domain.len);
	copy[domain.len] = '\0';
	for (struct span name = { copy, domain.len }; name.len > above.len; name = without_label(name))
		if (psl_is_public_suffix(s->list, name.at))
			return true;
	return false;
}

struct span
organizational_domain_by_suffix(struct arena *arena, const struct public_suffixes *s, struct span domain)
{
	const struct span found = public_suffixes_registrable(arena, s, domain);

	return found.len ? found : domain;
}
