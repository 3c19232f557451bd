#include "catalog/load.h"

#include <stdlib.h>

#include "base/template.h"
#include "catalog/facts.h"
#include "catalog/notices.h"
#include "catalog/rule_reply.h"
#include "catalog/stanza.h"

/* A name that is looked up once all are known. */
struct later {
	struct stanza_field field;
	const char *file;
};

/* A "Common:" whose provider may stand further on. */
struct unread_common {
	struct span words;
	uint32_t cause;
	const char *file;
	unsigned line;
};

struct loader {
	struct arena *arena;
	struct catalog *c;
	struct catalog_faults *faults;
	const char *file;
	uint32_t room_causes, room_providers, room_rules, room_hosts, room_domains;
	uint32_t *cause_slots, *rule_slots;
	struct later *of_sender; /* by cause */
	struct notices notices;
	struct unread_common *commons;
	uint32_t n_commons, room_commons;
};

enum { NAME_SLOTS = 16384 };

static const struct {
	const char *name;
	uint8_t bit;
} actors[] = {
	{ "sender", ACTOR_SENDER }, { "sender-admin", ACTOR_SENDER_ADMIN },
	{ "sender-dns", ACTOR_SENDER_DNS }, { "recipient", ACTOR_RECIPIENT },
	{ "recipient-admin", ACTOR_RECIPIENT_ADMIN }, { "receiver", ACTOR_RECEIVER },
	{ "nobody", ACTOR_NOBODY },
}, stages[] = {
	{ "connect", STAGE_CONNECT }, { "helo", STAGE_HELO }, { "auth", STAGE_AUTH },
	{ "mail", STAGE_MAIL }, { "rcpt", STAGE_RCPT }, { "data", STAGE_DATA }
};

const char *
actor_name(enum actor actor)
{
	for (size_t i = 0; i < sizeof(actors) / sizeof(actors[0]); i++)
		if (actors[i].bit == actor)
			return actors[i].name;
	return "nobody";
}

static bool
blame(struct loader *l, unsigned line, const char *what, struct span detail)
{
	catalog_fault_note(l->faults, (struct catalog_fault){ l->file, line, what, detail });
	return false;
}

static bool
is(struct span s, const char *name)
{
	return span_equal(s, span_of(name));
}

static bool
take_word(struct span *rest, struct span *word)
{
	size_t n = 0;

	*rest = span_trim(*rest);
	while (n < rest->len && rest->at[n] != ' ' && rest->at[n] != ',' && rest->at[n] != '\n')
		n++;
	*word = span_first(*rest, n);
	*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
	return word->len > 0;
}

/* A value of several lines without the blanks that begin them. */
static struct span
unfold(struct arena *arena, struct span value)
{
	char *to;
	size_t n = 0;

	if (span_index(value, '\n') == value.len)
		return value;
	to = arena_take(arena, value.len);
	for (size_t i = 0; i < value.len; i++) {
		to[n++] = value.at[i];
		if (value.at[i] == '\n')
			while (i + 1 < value.len && (value.at[i + 1] == ' ' || value.at[i + 1] == '\t'))
				i++;
	}
	return (struct span){ to, n };
}

/* Every {name} of a title, explanation or remedy is a fact. */
static bool
check_placeholders(struct loader *l, const struct stanza_field *f)
{
	struct span rest = f->value, literal, name;

	while (template_take(&rest, &literal, &name))
		if (fact_use_of(name) == FACT_UNKNOWN)
			return blame(l, f->line, "no such fact", name);
	return true;
}

/* "15m", "1h", "5d" in seconds. */
static bool
take_duration(struct span word, uint32_t *seconds)
{
	static const struct {
		char unit;
		uint32_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	uint16_t number;

	if (!span_take_digits(&word, 1, 4, &number) || word.len != 1)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (units[i].unit == word.at[0]) {
			*seconds = number * units[i].seconds;
			return true;
		}
	return false;
}

/* "no" / "after 15m every 1h for 5d" */
static bool
read_retry(struct span value, struct retry *retry)
{
	struct span word, amount;

	*retry = (struct retry){ 0, 0, 0 };
	if (is(value, "no"))
		return true;
	while (take_word(&value, &word)) {
		uint32_t *to = is(word, "after") ? &retry->after
		    : is(word, "every")          ? &retry->every
		    : is(word, "for")            ? &retry->within
						 : NULL;

		if (to == NULL || !take_word(&value, &amount) || !take_duration(amount, to))
			return false;
	}
	return retry->after > 0;
}

/* "never" / "at-once" / "after 3 in 14d" */
static bool
read_suppress(struct span value, struct suppress *s)
{
	struct span word, number;
	uint16_t count;

	if (is(value, "never") || is(value, "at-once")) {
		s->when = is(value, "never") ? SUPPRESS_NEVER : SUPPRESS_AT_ONCE;
		return true;
	}
	s->when = SUPPRESS_AFTER;
	if (!take_word(&value, &word) || !is(word, "after") || !take_word(&value, &number) ||
	    !span_take_digits(&number, 1, 3, &count) || number.len != 0 || count == 0)
		return false;
	s->count = count;
	return take_word(&value, &word) && is(word, "in") && take_word(&value, &word) &&
	    take_duration(word, &s->seconds) && value.len == 0;
}

static bool
read_acts(struct span value, uint8_t *acts)
{
	struct span word;
	size_t n = 0, i;

	memset(acts, 0, 8);
	while (take_word(&value, &word)) {
		for (i = 0; i < sizeof(actors) / sizeof(actors[0]) && !is(word, actors[i].name); i++)
			;
		if (n == 7 || i == sizeof(actors) / sizeof(actors[0]))
			return false;
		acts[n++] = actors[i].bit;
	}
	return n > 0;
}

static bool
read_permanence(struct span value, enum permanence *p)
{
	*p = is(value, "permanent")   ? PERMANENCE_PERMANENT
	    : is(value, "temporary")  ? PERMANENCE_TEMPORARY
	    : is(value, "as-replied") ? PERMANENCE_AS_REPLIED
				      : PERMANENCE_UNKNOWN;
	return *p != PERMANENCE_UNKNOWN;
}

static bool
read_confidence(struct span value, enum confidence *c)
{
	*c = is(value, "likely")      ? CONFIDENCE_LIKELY
	    : is(value, "unknowable") ? CONFIDENCE_UNKNOWABLE
				      : CONFIDENCE_UNDETERMINED;
	return *c != CONFIDENCE_UNDETERMINED;
}

/* The fields that a cause and a rule share. False where `f` is none of them. */
static bool
read_advice(struct loader *l, const struct stanza_field *f, struct advice_text *says)
{
	static const struct {
		const char *name;
		size_t member;
	} texts[] = {
		{ "Title-en", offsetof(struct advice_text, title[LANG_EN]) },
		{ "Title-ja", offsetof(struct advice_text, title[LANG_JA]) },
		{ "Why-en", offsetof(struct advice_text, why[LANG_EN]) },
		{ "Why-ja", offsetof(struct advice_text, why[LANG_JA]) },
		{ "Remedy-en", offsetof(struct advice_text, remedy[LANG_EN]) },
		{ "Remedy-ja", offsetof(struct advice_text, remedy[LANG_JA]) },
		{ "Change-en", offsetof(struct advice_text, change[LANG_EN]) },
		{ "Change-ja", offsetof(struct advice_text, change[LANG_JA]) },
	};
	bool ok;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (is(f->name, texts[i].name)) {
			check_placeholders(l, f);
			*(struct span *)((char *)says + texts[i].member) = unfold(l->arena, f->value);
			return true;
		}
	if (is(f->name, "Sisimai")) {
		says->sisimai = f->value;
		ok = f->value.len > 0;
	} else if (is(f->name, "Permanence"))
		ok = read_permanence(f->value, &says->permanence);
	else if (is(f->name, "Acts"))
		ok = read_acts(f->value, says->acts);
	else if (is(f->name, "Retry"))
		ok = says->has_retry = read_retry(f->value, &says->retry);
	else if (is(f->name, "Suppress"))
		ok = read_suppress(f->value, &says->suppress);
	else if (is(f->name, "Confidence"))
		ok = read_confidence(f->value, &says->confidence);
	else
		return false;
	if (!ok)
		blame(l, f->line, "a value that this field does not take", f->value);
	return true;
}

static void
read_confirm(struct loader *l, const struct stanza_field *f, enum confirm_by *by)
{
	static const char *const names[] = { [CONFIRM_SPF] = "spf",
		[CONFIRM_PTR] = "ptr",
		[CONFIRM_DKIM] = "dkim",
		[CONFIRM_DMARC] = "dmarc",
		[CONFIRM_DMARC_POLICY] = "dmarc-policy",
		[CONFIRM_DMARC_RECORD] = "dmarc-record" };

	for (size_t i = CONFIRM_SPF; i < sizeof(names) / sizeof(names[0]); i++)
		if (is(f->value, names[i]))
			*by = (enum confirm_by)i;
	if (*by == CONFIRM_BY_NOTHING)
		blame(l, f->line, "Confirm is spf, ptr, dkim, dmarc, dmarc-policy or dmarc-record, not", f->value);
}

static uint32_t
name_hash(struct span name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (uint8_t)ascii_lower(name.at[i])) * 16777619u;
	return h;
}

/* The slot of `name`: it holds 0, or the number (index + 1) of the thing of that name. */
static uint32_t *
slot_of(uint32_t *slots, struct span name, const void *things, size_t size)
{
	uint32_t i = name_hash(name) % NAME_SLOTS;

	while (slots[i] != 0 && !span_equal(*(const struct span *)((const char *)things + (slots[i] - 1) * size), name))
		i = (i + 1) % NAME_SLOTS;
	return &slots[i];
}

/* The same `items` with room for one more, empty, behind the first `n`. */
static void *
with_room(struct loader *l, void *items, uint32_t n, uint32_t *room, size_t size)
{
	if (n == *room) {
		*room = n ? n * 2 : 512;
		items = arena_grow(l->arena, items, n * size, *room * size);
	}
	memset((char *)items + n * size, 0, size);
	return items;
}

static bool
lacks(struct loader *l, unsigned line, struct span value, const char *what, struct span name)
{
	return value.len > 0 || blame(l, line, what, name);
}

static void
check_cause(struct loader *l, unsigned line, const struct cause *c)
{
	lacks(l, line, c->says.title[LANG_EN], "a cause lacks Title-en", c->name);
	lacks(l, line, c->says.title[LANG_JA], "a cause lacks Title-ja", c->name);
	lacks(l, line, c->says.why[LANG_EN], "a cause lacks Why-en", c->name);
	lacks(l, line, c->says.why[LANG_JA], "a cause lacks Why-ja", c->name);
	lacks(l, line, c->says.remedy[LANG_EN], "a cause lacks Remedy-en", c->name);
	lacks(l, line, c->says.remedy[LANG_JA], "a cause lacks Remedy-ja", c->name);
	if (c->says.permanence == PERMANENCE_UNKNOWN)
		blame(l, line, "a cause lacks Permanence", c->name);
	if (c->says.acts[0] == 0)
		blame(l, line, "a cause lacks Acts", c->name);
	if (!c->says.has_retry)
		blame(l, line, "a cause lacks Retry", c->name);
	if (c->says.suppress.when == SUPPRESS_UNSAID)
		blame(l, line, "a cause lacks Suppress", c->name);
}

static void
note_common(struct loader *l, const struct stanza_field *f)
{
	l->commons = with_room(l, l->commons, l->n_commons, &l->room_commons, sizeof(*l->commons));
	l->commons[l->n_commons++] = (struct unread_common){ unfold(l->arena, f->value), l->c->n_causes - 1, l->file,
		f->line };
}

/* "552=70", "552/google=80", "5.2.2=95" */
static void
read_common(struct loader *l, struct span word, unsigned line, struct catalog_common *common)
{
	struct span rest = word, provider;

	if (!span_take_digits(&rest, 3, 3, &common->code) && !enhanced_status_take(&rest, &common->status))
		blame(l, line, "neither a code nor a status", word);
	if (span_take_char(&rest, '/')) {
		provider = span_first(rest, span_index(rest, '='));
		rest = span_skip(rest, provider.len);
		common->provider = catalog_find_provider(l->c, provider);
		if (common->provider == NULL)
			blame(l, line, "no provider of this name", provider);
	}
	if (!span_take_char(&rest, '=') || !span_take_digits(&rest, 1, 3, &common->weight) || rest.len > 0 ||
	    common->weight == 0 || common->weight > 100)
		blame(l, line, "how common is told from 1 to 100", word);
}

/* By code, then status. */
static int
compare_codes(const struct catalog_common *a, uint16_t code, struct enhanced_status s)
{
	if (a->code != code)
		return a->code < code ? -1 : 1;
	if (a->status.class != s.class)
		return a->status.class < s.class ? -1 : 1;
	if (a->status.subject != s.subject)
		return a->status.subject < s.subject ? -1 : 1;
	return a->status.detail < s.detail ? -1 : a->status.detail > s.detail;
}

static int
compare_commons(const void *a, const void *b)
{
	const struct catalog_common *x = a, *y = b;
	const int order = compare_codes(x, y->code, y->status);

	return order != 0 ? order : x->cause < y->cause ? -1 : x->cause > y->cause;
}

const struct catalog_common *
catalog_commons(const struct catalog *c, uint16_t code, struct enhanced_status status, uint32_t *n)
{
	uint32_t from = 0, to = c->n_commons, end;

	while (from < to) {
		const uint32_t middle = from + (to - from) / 2;

		if (compare_codes(&c->commons[middle], code, status) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (end = from; end < c->n_commons && compare_codes(&c->commons[end], code, status) == 0; end++)
		;
	*n = end - from;
	return c->commons + from;
}

static void
read_commons(struct loader *l)
{
	uint32_t room = 0;

	for (uint32_t i = 0; i < l->n_commons; i++) {
		struct span rest = l->commons[i].words, word;

		l->file = l->commons[i].file;
		while (take_word(&rest, &word)) {
			struct catalog_common common = { .cause = &l->c->causes[l->commons[i].cause] };

			read_common(l, word, l->commons[i].line, &common);
			l->c->commons = with_room(l, l->c->commons, l->c->n_commons, &room, sizeof(common));
			l->c->commons[l->c->n_commons++] = common;
		}
	}
	if (l->c->n_commons > 0)
		qsort(l->c->commons, l->c->n_commons, sizeof(l->c->commons[0]), compare_commons);
}

static void
load_cause(struct loader *l, struct stanza st, struct span name)
{
	struct stanza_field f;
	unsigned line = st.line;
	uint32_t *slot = slot_of(l->cause_slots, name, l->c->causes, sizeof(struct cause));
	struct cause *c;

	if (*slot != 0) {
		blame(l, line, "a cause of this name stands already", name);
		return;
	}
	l->c->causes = with_room(l, l->c->causes, l->c->n_causes, &l->room_causes, sizeof(*c));
	c = &l->c->causes[l->c->n_causes++];
	*slot = l->c->n_causes;
	c->name = name;
	while (stanza_take_field(&st, &f)) {
		if (is(f.name, "Cause") || read_advice(l, &f, &c->says))
			continue;
		if (is(f.name, "General"))
			c->general = is(f.value, "yes");
		else if (is(f.name, "Vague"))
			c->vague = is(f.value, "yes");
		else if (is(f.name, "Confirm"))
			read_confirm(l, &f, &c->confirm);
		else if (is(f.name, "Common"))
			note_common(l, &f);
		else if (is(f.name, "Of-sender"))
			l->of_sender[*slot - 1] = (struct later){ f, l->file };
		else
			blame(l, f.line, "a cause has no such field", f.name);
	}
	if (st.text.len > 0)
		blame(l, st.line, "neither a field nor its continuation", (struct span){ "", 0 });
	check_cause(l, line, c);
}

static void
link_causes(struct loader *l)
{
	for (uint32_t i = 0; i < l->c->n_causes; i++) {
		const struct stanza_field *f = &l->of_sender[i].field;
		uint32_t n = f->value.len ? *slot_of(l->cause_slots, f->value, l->c->causes, sizeof(struct cause)) : 0;

		l->file = l->of_sender[i].file;
		if (n > 0)
			l->c->causes[i].of_sender = &l->c->causes[n - 1];
		else if (f->value.len > 0)
			blame(l, f->line, "no such cause", f->value);
	}
}

static void
add_words(struct loader *l, const struct stanza_field *f, enum text_use use, uint32_t owner)
{
	struct text_index *index = is(f->name, "Stem") || is(f->name, "Near") ? &l->c->stems : &l->c->words;
	const char *what;

	if (!text_index_add(index, l->arena, f->value, use, owner, &what))
		blame(l, f->line, what, f->value);
}

static void
add_name(struct loader *l, struct catalog_name **names, uint32_t *n, uint32_t *room, struct catalog_name name)
{
	*names = with_room(l, *names, *n, room, sizeof(name));
	(*names)[(*n)++] = name;
}

static void
load_provider(struct loader *l, struct stanza st, struct span name)
{
	struct stanza_field f;
	struct provider *p;

	if (catalog_find_provider(l->c, name) != NULL) {
		blame(l, st.line, "a provider of this name stands already", name);
		return;
	}
	/* Providers stay where they are: names and rules point to them. */
	if (l->c->n_providers == l->room_providers) {
		blame(l, st.line, "too many providers", name);
		return;
	}
	p = &l->c->providers[l->c->n_providers++];
	p->name = name;
	p->include = (struct span){ "", 0 };
	p->all_words_known = false;
	while (stanza_take_field(&st, &f)) {
		if (is(f.name, "Name-en") || is(f.name, "Name-ja")) {
			p->title[is(f.name, "Name-ja") ? LANG_JA : LANG_EN] = f.value;
		} else if (is(f.name, "Include")) {
			p->include = f.value;
		} else if (is(f.name, "Stems")) {
			p->all_words_known = is(f.value, "no");
		} else if (is(f.name, "Mark")) {
			add_words(l, &f, TEXT_USE_MARK, l->c->n_providers - 1);
		} else if (is(f.name, "Host")) {
			add_name(l, &l->c->hosts, &l->c->n_hosts, &l->room_hosts, (struct catalog_name){ f.value, p });
		} else if (is(f.name, "Domain")) {
			add_name(
			    l, &l->c->domains, &l->c->n_domains, &l->room_domains, (struct catalog_name){ f.value, p });
		} else if (!is(f.name, "Provider") && !is(f.name, "Source") && !is(f.name, "Checked")) {
			blame(l, f.line, "a provider has no such field", f.name);
		}
	}
	if (p->title[LANG_EN].len == 0 || p->title[LANG_JA].len == 0)
		blame(l, st.line, "a provider lacks Name-en or Name-ja", name);
}

/* "550"; "5xx" is kept as 5. */
static bool
read_code(struct span value, uint16_t *code)
{
	if (value.len == 3 && value.at[1] == 'x' && value.at[2] == 'x' && value.at[0] >= '2' && value.at[0] <= '5') {
		*code = (uint16_t)(value.at[0] - '0');
		return true;
	}
	return span_take_digits(&value, 3, 3, code) && value.len == 0 && *code >= 200 && *code < 600;
}

static bool
take_status_number(struct span *s, uint16_t *number)
{
	*number = 0xffff;
	return span_take_char(s, 'x') || span_take_char(s, 'X') || span_take_digits(s, 1, 3, number);
}

/* "5.7.26", "x.7.1", "5.7.x" */
static bool
read_status(struct span s, struct status_pattern *p)
{
	return take_status_number(&s, &p->class) && span_take_char(&s, '.') && take_status_number(&s, &p->subject) &&
	    span_take_char(&s, '.') && take_status_number(&s, &p->detail) && s.len == 0;
}

static bool
read_stage(struct span value, uint8_t *bits)
{
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		if (is(value, stages[i].name)) {
			*bits |= stages[i].bit;
			return true;
		}
	return false;
}

/* The fields that a reply must match. False where `f` is none of them. */
static bool
read_condition(struct loader *l, const struct stanza_field *f, struct rule_conditions *a, uint32_t number)
{
	bool ok = true;

	if (is(f->name, "Text") || is(f->name, "With")) {
		*(is(f->name, "Text") ? &a->text : &a->with) = true;
		add_words(l, f, is(f->name, "Text") ? TEXT_USE_TEXT : TEXT_USE_WITH, number);
	} else if (is(f->name, "Code")) {
		ok = a->n_codes < RULE_CODES_MAX && read_code(f->value, &a->codes[a->n_codes]);
		a->n_codes = (uint8_t)(a->n_codes + ok);
	} else if (is(f->name, "Status")) {
		ok = a->n_statuses < RULE_CODES_MAX && read_status(f->value, &a->statuses[a->n_statuses]);
		a->n_statuses = (uint8_t)(a->n_statuses + ok);
	} else if (is(f->name, "Stem") || is(f->name, "Near")) {
		*(is(f->name, "Stem") ? &a->stem : &a->near) = true;
		add_words(l, f, is(f->name, "Stem") ? TEXT_USE_TEXT : TEXT_USE_WITH, number);
	} else if (is(f->name, "Yields")) {
		ok = a->yields = is(f->value, "yes");
	} else if (is(f->name, "Vague")) {
		ok = a->vague = is(f->value, "yes");
	} else if (is(f->name, "Firm")) {
		a->firm = is(f->value, "yes") ? FIRM : is(f->value, "family") ? FIRM_BUT_FOR_FAMILY : FIRM_NOT;
		ok = a->firm != FIRM_NOT;
	} else if (is(f->name, "Stage")) {
		ok = read_stage(f->value, &a->stages);
	} else {
		return false;
	}
	if (!ok)
		blame(l, f->line, "a value that this field does not take, or too many of them", f->value);
	return true;
}

static void
read_rule_field(struct loader *l, const struct stanza_field *f, struct rule *r, bool *sampled)
{
	if (is(f->name, "Provider")) {
		r->provider = catalog_find_provider(l->c, f->value);
		if (r->provider == NULL)
			blame(l, f->line, "no such provider", f->value);
	} else if (is(f->name, "Cause")) {
		uint32_t n = *slot_of(l->cause_slots, f->value, l->c->causes, sizeof(struct cause));

		r->cause = n ? &l->c->causes[n - 1] : NULL;
		if (n == 0)
			blame(l, f->line, "no such cause", f->value);
	} else if (is(f->name, "Source")) {
		r->source = r->source.len ? r->source : f->value;
	} else if (is(f->name, "Checked")) {
		r->checked = f->value;
	} else if (is(f->name, "Sample")) {
		*sampled = true;
	} else if (is(f->name, "Reply")) {
		struct rule_reply reply;

		if (!rule_reply_read(f->value, false, &reply))
			blame(l, f->line, "a Reply is its codes, as 550 5.7.26, then its words", f->value);
	} else if (!is(f->name, "Rule")) {
		blame(l, f->line, "a rule has no such field", f->name);
	}
}

static void
check_rule(struct loader *l, unsigned line, const struct rule *r, const struct rule_conditions *a, bool sampled)
{
	if (r->cause == NULL)
		blame(l, line, "a rule lacks its Cause", r->name);
	if (r->source.len == 0)
		blame(l, line, "a rule lacks Source", r->name);
	if (r->checked.len != 10)
		blame(l, line, "a rule lacks Checked: the date a person last read it, as 2026-11-23", r->name);
	if (!sampled)
		blame(l, line, "a rule lacks a Sample", r->name);
	if (a->stem ? a->text || a->with : a->near)
		blame(l, line, "Stem goes with Near, Text with With", r->name);
	if (!a->text && !a->stem && a->n_codes == 0 && a->n_statuses == 0)
		blame(l, line, "a rule lacks Text, Stem, Code or Status: it would match everything", r->name);
}

static void
note_whom_it_concerns(const struct rule *r, struct rule_conditions *a)
{
	const enum suppress_when when = r->says.suppress.when ? r->says.suppress.when : r->cause->says.suppress.when;

	a->last = a->vague && !a->text;
	a->vague = a->vague || r->cause->vague;
	a->condemns = when != SUPPRESS_NEVER;
	a->address = a->condemns || span_starts_folded(r->cause->name, "recipient.");
	a->sender = span_starts_folded(r->cause->name, "sender.");
}

static void
load_rule(struct loader *l, struct stanza st, struct span name)
{
	struct stanza_field f;
	const struct stanza whole = st;
	const uint32_t number = l->c->n_rules;
	uint32_t room = l->room_rules;
	uint32_t *slot = slot_of(l->rule_slots, name, l->c->rules, sizeof(struct rule));
	struct rule *r;
	struct rule_conditions *a;
	bool sampled = false;

	if (*slot != 0) {
		blame(l, st.line, "a rule of this name stands already", name);
		return;
	}
	l->c->conditions = with_room(l, l->c->conditions, number, &room, sizeof(*a));
	l->c->rules = with_room(l, l->c->rules, number, &l->room_rules, sizeof(*r));
	a = &l->c->conditions[number];
	r = &l->c->rules[number];
	*slot = ++l->c->n_rules;
	r->name = name;
	r->stanza = whole.text;
	a->file = l->file;
	a->line = whole.line;
	while (stanza_take_field(&st, &f))
		if (!read_condition(l, &f, a, number) && !read_advice(l, &f, &r->says))
			read_rule_field(l, &f, r, &sampled);
	if (st.text.len > 0)
		blame(l, st.line, "neither a field nor its continuation", (struct span){ "", 0 });
	check_rule(l, whole.line, r, a, sampled);
	a->provider = r->provider;
	if (r->cause != NULL)
		note_whom_it_concerns(r, a);
}

enum stanza_kind { STANZA_CAUSE, STANZA_PROVIDER, STANZA_RULE, STANZA_NOTICE, STANZA_UNSOUND };

/* What a stanza is, and its name. */
static enum stanza_kind
read_head(struct loader *l, struct stanza st, struct span *name)
{
	struct stanza_field f;

	if (!stanza_take_field(&st, &f)) {
		if (st.text.len > 0)
			blame(l, st.line, "not a field", (struct span){ "", 0 });
		return STANZA_UNSOUND;
	}
	*name = f.value;
	if (f.value.len == 0 || f.value.len > 100)
		blame(l, f.line, "a stanza needs a name of 1 to 100 bytes", f.name);
	else if (is(f.name, "Cause"))
		return STANZA_CAUSE;
	else if (is(f.name, "Provider"))
		return STANZA_PROVIDER;
	else if (is(f.name, "Rule"))
		return STANZA_RULE;
	else if (is(f.name, "Notice"))
		return STANZA_NOTICE;
	else
		blame(l, f.line, "a stanza begins with Cause, Provider, Rule or Notice, not with", f.name);
	return STANZA_UNSOUND;
}

/* A rule that waits until all causes and providers are known. */
struct waiting {
	struct stanza stanza;
	struct span name;
	const char *file;
};

/* Loads causes and providers of one file; keeps its rules. False where there are too many. */
static bool
load_file(struct loader *l, struct span rest, struct waiting **rules, uint32_t *n, uint32_t *room)
{
	struct stanza st;
	struct span name = { "", 0 };
	unsigned line = 1;

	while (stanza_take(&rest, &line, &st)) {
		if (*n >= NAME_SLOTS / 2 || l->c->n_causes >= NAME_SLOTS / 2)
			return blame(l, st.line, "too many stanzas", (struct span){ "", 0 });
		switch (read_head(l, st, &name)) {
		case STANZA_CAUSE: load_cause(l, st, name); break;
		case STANZA_PROVIDER: load_provider(l, st, name); break;
		case STANZA_RULE:
			*rules = with_room(l, *rules, *n, room, sizeof(**rules));
			(*rules)[(*n)++] = (struct waiting){ st, name, l->file };
			break;
		case STANZA_NOTICE: notices_add(&l->notices, l->file, st, name); break;
		case STANZA_UNSOUND: break;
		}
	}
	return true;
}

/* The one subject of all the statuses that a rule asks for, or CATALOG_SUBJECTS. */
static uint32_t
subject_of(const struct rule_conditions *a)
{
	uint32_t subject = a->n_statuses ? a->statuses[0].subject : CATALOG_SUBJECTS;

	for (size_t i = 1; i < a->n_statuses; i++)
		if (a->statuses[i].subject != subject)
			return CATALOG_SUBJECTS;
	return subject < CATALOG_SUBJECTS ? subject : CATALOG_SUBJECTS;
}

static void
list_rules_by_codes(struct loader *l)
{
	struct catalog *c = l->c;
	uint32_t n = 0;

	c->by_codes = arena_take_items(l->arena, c->n_rules + 1, sizeof(*c->by_codes));
	for (uint32_t subject = 0; subject <= CATALOG_SUBJECTS; subject++) {
		c->by_codes_at[subject] = n;
		for (uint32_t i = 0; i < c->n_rules; i++)
			if (!c->conditions[i].text && !c->conditions[i].stem &&
			    subject_of(&c->conditions[i]) == subject)
				c->by_codes[n++] = i;
	}
	c->by_codes_at[CATALOG_SUBJECTS + 1] = n;
}

/* Rules whose words tell their causes apart. */
static void
list_rules_by_cause(struct loader *l)
{
	struct catalog *c = l->c;
	uint32_t n = 0;

	c->by_cause = arena_take_items(l->arena, c->n_rules + 1, sizeof(*c->by_cause));
	c->by_cause_at = arena_take_items(l->arena, c->n_causes + 1, sizeof(*c->by_cause_at));
	for (uint32_t cause = 0; cause < c->n_causes; cause++) {
		c->by_cause_at[cause] = n;
		for (uint32_t i = 0; i < c->n_rules; i++)
			if (c->rules[i].cause == &c->causes[cause] && c->conditions[i].text)
				c->by_cause[n++] = i;
	}
	c->by_cause_at[c->n_causes] = n;
}

const struct catalog *
catalog_load(struct arena *arena, const struct catalog_source *sources, size_t n, struct catalog_faults *faults)
{
	struct loader l = {
		.arena = arena, .faults = faults, .room_providers = 1024, .notices = { arena, faults, NULL, NULL, 0, 0 }
	};
	struct waiting *rules = NULL;
	uint32_t n_rules = 0, room = 0;

	l.c = arena_take_items(arena, 1, sizeof(*l.c));
	l.c->providers = arena_take_items(arena, l.room_providers, sizeof(struct provider));
	l.cause_slots = arena_take_items(arena, NAME_SLOTS, sizeof(*l.cause_slots));
	l.rule_slots = arena_take_items(arena, NAME_SLOTS, sizeof(*l.rule_slots));
	l.of_sender = arena_take_items(arena, NAME_SLOTS, sizeof(*l.of_sender));
	for (size_t i = 0; i < n; i++) {
		l.file = sources[i].name;
		if (!load_file(&l, sources[i].text, &rules, &n_rules, &room))
			return NULL;
	}
	link_causes(&l);
	read_commons(&l);
	for (uint32_t i = 0; i < n_rules; i++) {
		l.file = rules[i].file;
		load_rule(&l, rules[i].stanza, rules[i].name);
	}
	if (faults->n > 0)
		return NULL;
	list_rules_by_codes(&l);
	list_rules_by_cause(&l);
	l.c->notices = notices_file(&l.notices);
	text_index_file(&l.c->words, arena);
	l.c->stems.every_place = true;
	text_index_file(&l.c->stems, arena);
	return l.c;
}

const struct cause *
catalog_find_cause(const struct catalog *c, struct span name)
{
	for (uint32_t i = 0; i < c->n_causes; i++)
		if (span_equal(c->causes[i].name, name))
			return &c->causes[i];
	return NULL;
}

const struct provider *
catalog_find_provider(const struct catalog *c, struct span name)
{
	for (uint32_t i = 0; i < c->n_providers; i++)
		if (span_equal(c->providers[i].name, name))
			return &c->providers[i];
	return NULL;
}

const struct rule *
catalog_find_rule(const struct catalog *c, struct span name)
{
	for (uint32_t i = 0; i < c->n_rules; i++)
		if (span_equal(c->rules[i].name, name))
			return &c->rules[i];
	return NULL;
}
