#include "gate/mailboxes.h"

#include "catalog/load.h"
#include "catalog/rule_reply.h"
#include "message/mailbox.h"

enum { SLOW_SECONDS = 10, SECONDS_MAX = 86400, COUNT_MAX = 1000000 };

static bool
is(struct span s, const char *word)
{
	return span_equal_folded(s, span_of(word));
}

static bool
take_number(struct span *s, uint32_t most, uint32_t *number)
{
	uint64_t n = 0;
	size_t i = 0;

	for (; i < s->len && ascii_is_digit(s->at[i]) && n <= most; i++)
		n = n * 10 + (uint64_t)(s->at[i] - '0');
	if (i == 0 || n == 0 || n > most)
		return false;
	*number = (uint32_t)n;
	*s = span_skip(*s, i);
	return true;
}

/* "5-per-minute" */
static bool
read_rate(struct span s, struct mailbox *box)
{
	static const struct {
		const char *name;
		uint32_t seconds;
	} units[] = { { "-per-second", 1 }, { "-per-minute", 60 }, { "-per-hour", 3600 }, { "-per-day", 86400 } };

	if (!take_number(&s, COUNT_MAX, &box->count))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (is(s, units[i].name)) {
			box->course = MAILBOX_COUNTS;
			box->seconds = units[i].seconds;
			return true;
		}
	return false;
}

static bool
read_wait(struct span s, struct mailbox *box)
{
	box->course = MAILBOX_WAITS;
	box->seconds = SLOW_SECONDS;
	return s.len == 0 || (span_take_char(&s, '-') && take_number(&s, SECONDS_MAX, &box->seconds) && s.len == 0);
}

static const struct {
	const char *name;
	enum mailbox_course course;
	enum concern concern;
} cases[] = {
	{ "accept", MAILBOX_ACCEPTS, CONCERNS },
	{ "nosuchuser", MAILBOX_MINDS, CONCERN_NO_SUCH_USER },
	{ "no-such-user", MAILBOX_MINDS, CONCERN_NO_SUCH_USER },
	{ "disabled", MAILBOX_MINDS, CONCERN_DISABLED },
	{ "full", MAILBOX_MINDS, CONCERN_FULL },
	{ "full-for-now", MAILBOX_MINDS, CONCERN_FULL_FOR_NOW },
	{ "toofast", MAILBOX_MINDS, CONCERN_RECIPIENT_RATE },
	{ "greylist", MAILBOX_GREYLISTS, CONCERN_GREYLISTED },
	{ "drop-at-data", MAILBOX_DROPS, CONCERNS },
};

bool
mailbox_by_name(struct span name, struct mailbox *box)
{
	*box = (struct mailbox){ .course = MAILBOX_ACCEPTS };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (is(name, cases[i].name)) {
			box->course = cases[i].course;
			box->concern = cases[i].concern;
			return true;
		}
	if (span_starts_folded(name, "rate-"))
		return read_rate(span_skip(name, 5), box);
	if (span_starts_folded(name, "slow"))
		return read_wait(span_skip(name, 4), box);
	if (!span_starts_folded(name, "reply-") || name.len == 6)
		return false;
	box->course = MAILBOX_REPLIES;
	box->rule = span_skip(name, 6);
	return true;
}

static struct span
take_word(struct span *rest)
{
	struct span word;

	*rest = span_trim(*rest);
	word.at = rest->at;
	for (word.len = 0; word.len < rest->len && !ascii_is_space(rest->at[word.len]); word.len++)
		;
	*rest = span_skip(*rest, word.len);
	return word;
}

/* "quota=10M" */
static bool
read_quota(struct span s, struct mailbox *box)
{
	static const char units[] = "kmgt";
	uint32_t n;
	const char *unit;

	if (!span_starts_folded(s, "quota="))
		return false;
	s = span_skip(s, 6);
	if (!take_number(&s, UINT32_MAX, &n))
		return false;
	box->quota = n;
	if (s.len == 0)
		return true;
	unit = strchr(units, ascii_lower(s.at[0]));
	if (unit == NULL || s.len != 1)
		return false;
	box->quota <<= 10 * (unit - units + 1);
	return true;
}

static bool
fail(struct mailbox_fault *fault, unsigned line, const char *what, struct span at)
{
	*fault = (struct mailbox_fault){ line, what, at };
	return false;
}

static bool
has_reply(const struct catalog *catalog, struct span name)
{
	const struct rule *rule = catalog_find_rule(catalog, name);
	struct rule_reply reply;

	return rule != NULL && rule_reply_find(rule, false, &reply);
}

static bool
read_rule(const struct catalog *catalog, struct span line, unsigned number, struct mailbox_rule *rule,
    struct mailbox_fault *fault)
{
	struct span word = take_word(&line);

	rule->address = word;
	if (!is(word, "*") && span_index(word, '@') == word.len)
		return fail(fault, number, "an address, @domain or * is wanted", word);
	word = take_word(&line);
	if (!mailbox_by_name(word, &rule->box))
		return fail(fault, number, "no case has this name", word);
	if (rule->box.course == MAILBOX_REPLIES && !has_reply(catalog, rule->box.rule))
		return fail(fault, number, "no rule with a reply has this name", rule->box.rule);
	while ((word = take_word(&line)).len > 0) {
		if (is(word, "hard"))
			rule->box.quota_is_hard = true;
		else if (!read_quota(word, &rule->box))
			return fail(fault, number, "behind a case may stand quota=10M and hard", word);
	}
	return true;
}

static uint32_t
hash_of(struct span address)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < address.len; i++)
		h = (h ^ (uint8_t)ascii_lower(address.at[i])) * 16777619u;
	return h;
}

static uint32_t *
slot_of(const struct mailboxes *all, struct span address)
{
	size_t i = hash_of(address) & (all->n_slots - 1);

	while (all->slots[i] != 0 && !span_equal_folded(all->rules[all->slots[i] - 1].address, address))
		i = (i + 1) & (all->n_slots - 1);
	return &all->slots[i];
}

static void
file_rules(struct arena *arena, struct mailboxes *all)
{
	for (all->n_slots = 16; all->n_slots < 2 * all->n;)
		all->n_slots *= 2;
	all->slots = arena_take_items(arena, all->n_slots, sizeof(*all->slots));
	for (size_t i = 0; i < all->n; i++) {
		uint32_t *slot = slot_of(all, all->rules[i].address);

		if (*slot == 0)
			*slot = (uint32_t)i + 1;
	}
}

bool
mailboxes_read(struct arena *arena, const struct catalog *catalog, struct span text, struct mailboxes *all,
    struct mailbox_fault *fault)
{
	size_t room = 0;
	unsigned line = 0;

	*all = (struct mailboxes){ .n = 0 };
	while (text.len > 0) {
		struct span s = span_first(text, span_index(text, '\n'));

		text = span_skip(text, s.len + (s.len < text.len));
		line++;
		s = span_trim(s);
		if (s.len == 0 || s.at[0] == '#')
			continue;
		if (all->n == MAILBOX_RULES_MAX)
			return fail(fault, line, "there are too many rules", (struct span){ "", 0 });
		if (all->n == room) {
			all->rules = arena_grow(
			    arena, all->rules, room * sizeof(*all->rules), (2 * room + 16) * sizeof(*all->rules));
			room = 2 * room + 16;
		}
		if (!read_rule(catalog, s, line, &all->rules[all->n++], fault))
			return false;
	}
	file_rules(arena, all);
	return true;
}

/* The earlier of two rules, by number from 1; 0: none. */
static uint32_t
earlier(uint32_t a, uint32_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

struct mailbox
mailboxes_find(const struct mailboxes *all, struct span address)
{
	const struct span domain = mailbox_domain(address);
	struct mailbox box;
	uint32_t first = 0;

	if (all->n > 0) {
		first = earlier(*slot_of(all, address), *slot_of(all, span_of("*")));
		if (domain.at != NULL)
			first = earlier(first, *slot_of(all, (struct span){ domain.at - 1, domain.len + 1 }));
	}
	if (first > 0)
		return all->rules[first - 1].box;
	if (domain.at != NULL &&
	    mailbox_by_name((struct span){ address.at, (size_t)(domain.at - 1 - address.at) }, &box))
		return box;
	return (struct mailbox){ .course = MAILBOX_ACCEPTS };
}
