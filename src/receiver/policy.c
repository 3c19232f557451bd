#include "receiver/policy.h"

#include <pthread.h>

#include "catalog/stanza.h"
#include "receiver/policy_text.h"

static const char *const tokens[CONCERN_FORM] = {
	[CONCERN_RATE_IP] = "rate-ip",
	[CONCERN_GREYLISTED] = "greylisted",
	[CONCERN_NO_SUCH_USER] = "no-such-user",
	[CONCERN_DISABLED] = "disabled",
	[CONCERN_FULL_FOR_NOW] = "mailbox-full-for-now",
	[CONCERN_FULL] = "mailbox-full",
	[CONCERN_RECIPIENT_RATE] = "recipient-rate",
	[CONCERN_TOO_MANY_RECIPIENTS] = "too-many-recipients",
	[CONCERN_SIZE] = "size",
	[CONCERN_COMMAND_UNKNOWN] = "command-unknown",
	[CONCERN_COMMAND_SYNTAX] = "command-syntax",
	[CONCERN_COMMAND_ORDER] = "command-order",
	[CONCERN_NO_RECIPIENT] = "no-recipient",
	[CONCERN_HELO_SYNTAX] = "helo-syntax",
	[CONCERN_SENDER_SYNTAX] = "sender-syntax",
	[CONCERN_RECIPIENT_SYNTAX] = "recipient-syntax",
	[CONCERN_STARTTLS_TROUBLE] = "starttls-trouble",
	[CONCERN_PTR] = "ptr",
	[CONCERN_PTR_IPV6] = "ptr-ipv6",
	[CONCERN_NO_TLS] = "no-tls",
	[CONCERN_ATTACHMENT] = "attachment",
	[CONCERN_DMARC_DNS] = "dmarc-dns",
	[CONCERN_DMARC] = "dmarc",
	[CONCERN_SPF_FAIL] = "spf-fail",
	[CONCERN_UNAUTHENTICATED] = "unauthenticated",
	[CONCERN_SPF_MISSING] = "spf-missing",
	[CONCERN_DKIM_MISSING] = "dkim-missing",
	[CONCERN_DMARC_MISSING] = "dmarc-missing",
	[CONCERN_ALIGNMENT] = "alignment",
};

const char *
concern_token(enum concern concern)
{
	return concern < CONCERN_FORM ? tokens[concern] : form_token((enum form_kind)(concern - CONCERN_FORM));
}

static bool
find_concern(struct span token, enum concern *concern)
{
	for (unsigned c = 0; c < CONCERNS; c++)
		if (span_equal(token, span_of(concern_token((enum concern)c)))) {
			*concern = (enum concern)c;
			return true;
		}
	return false;
}

static struct span
take_word(struct span *rest)
{
	struct span word;

	*rest = span_trim(*rest);
	word.at = rest->at;
	for (word.len = 0; word.len < rest->len && !ascii_is_space(rest->at[word.len]); word.len++)
		;
	*rest = span_trim(span_skip(*rest, word.len));
	return word;
}

static bool
is(struct span s, const char *word)
{
	return span_equal(s, span_of(word));
}

static bool
fail(struct policy_fault *fault, const struct stanza_field *f, const char *what, struct span at)
{
	*fault = (struct policy_fault){ f->line, what, at };
	return false;
}

static void
drop(struct policy *p, enum concern concern)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->rows[i].concern == concern) {
			memmove(&p->rows[i], &p->rows[i + 1], (p->n - i - 1) * sizeof(p->rows[0]));
			p->n--;
			return;
		}
}

/* "spf-fail google.spf-hard-fail", "spf-fail accept": where a concern was minded already, in its place. */
static bool
read_row(struct policy *p, const struct stanza_field *f, struct policy_fault *fault)
{
	struct span rest = f->value;
	const struct span token = take_word(&rest), rule = take_word(&rest), how = take_word(&rest);
	struct policy_row row = { .rule = rule, .temporary = is(how, "temporary") };
	size_t i = 0;

	if (!find_concern(token, &row.concern))
		return fail(fault, f, "nothing that a receiver minds has this name", token);
	if (rule.len == 0)
		return fail(fault, f, "a rule is wanted, or \"accept\"", f->value);
	if (rest.len > 0 || (how.len > 0 && !row.temporary && !is(how, "permanent")))
		return fail(fault, f, "behind the rule \"temporary\" or \"permanent\" may stand", how);
	if (is(rule, "accept")) {
		drop(p, row.concern);
		return true;
	}
	while (i < p->n && p->rows[i].concern != row.concern)
		i++;
	p->rows[i] = row;
	p->n += i == p->n;
	return true;
}

static bool
read_bulk(struct policy *p, const struct stanza_field *f, struct policy_fault *fault)
{
	struct span rest = f->value;

	p->bulk = take_word(&rest);
	p->bulk_from = 0;
	for (; rest.len > 0 && ascii_is_digit(rest.at[0]) && p->bulk_from < 100000000; rest = span_skip(rest, 1))
		p->bulk_from = p->bulk_from * 10 + (uint32_t)(rest.at[0] - '0');
	if (p->bulk.len == 0 || rest.len > 0 || p->bulk_from == 0)
		return fail(fault, f, "a policy and a number of messages a day are wanted", f->value);
	return true;
}

static bool
read_like(const struct policies *all, struct policy *p, const struct stanza_field *f, struct policy_fault *fault)
{
	const struct policy *model = policies_find(all, f->value);
	const struct span name = p->name;

	if (model == NULL)
		return fail(fault, f, "no policy of this name was read before", f->value);
	*p = *model;
	p->name = name;
	p->bulk = (struct span){ "", 0 };
	return true;
}

static bool
read_signatures(struct policy *p, const struct stanza_field *f, struct policy_fault *fault)
{
	p->rsa_only = is(f->value, "rsa");
	return p->rsa_only || is(f->value, "all") || fail(fault, f, "\"rsa\" or \"all\" is wanted", f->value);
}

static bool
read_field(const struct policies *all, struct policy *p, const struct stanza_field *f, struct policy_fault *fault)
{
	const struct {
		const char *name;
		struct span *value;
	} texts[] = { { "Policy", &p->name }, { "Says-en", &p->says[LANG_EN] }, { "Says-ja", &p->says[LANG_JA] },
		{ "Ending", &p->ending }, { "Attachments", &p->attachments }, { "Source", NULL }, { "Checked", NULL } };

	if (is(f->name, "On"))
		return read_row(p, f, fault);
	if (is(f->name, "Like"))
		return read_like(all, p, f, fault);
	if (is(f->name, "Bulk"))
		return read_bulk(p, f, fault);
	if (is(f->name, "Signatures"))
		return read_signatures(p, f, fault);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (is(f->name, texts[i].name)) {
			if (texts[i].value != NULL)
				*texts[i].value = f->value;
			return true;
		}
	return fail(fault, f, "no field of a policy", f->name);
}

static bool
read_policy(struct policies *all, struct stanza *stanza, struct policy_fault *fault)
{
	struct policy p = { .n = 0 };
	const struct stanza_field first = { .line = stanza->line };
	struct stanza_field f;
	size_t i = 0;

	while (stanza_take_field(stanza, &f))
		if (!read_field(all, &p, &f, fault))
			return false;
	f = (struct stanza_field){ .line = stanza->line };
	if (stanza->text.len > 0)
		return fail(fault, &f, "neither a field nor the rest of one", (struct span){ "", 0 });
	if (p.name.len == 0)
		return fail(fault, &first, "this policy has no name", (struct span){ "", 0 });
	while (i < all->n && !span_equal(all->all[i].name, p.name))
		i++;
	if (i == POLICIES_MAX)
		return fail(fault, &first, "there are too many policies", p.name);
	all->all[i] = p;
	all->n += i == all->n;
	return true;
}

bool
policies_read(struct policies *policies, struct span text, struct policy_fault *fault)
{
	struct stanza stanza;
	unsigned line = 1;

	while (stanza_take(&text, &line, &stanza))
		if (!read_policy(policies, &stanza, fault))
			return false;
	return true;
}

const struct policy *
policies_find(const struct policies *policies, struct span name)
{
	for (size_t i = 0; i < policies->n; i++)
		if (span_equal(policies->all[i].name, name))
			return &policies->all[i];
	return NULL;
}

static struct policies built_in;

static void
read_built_in(void)
{
	struct policy_fault fault;

	policies_read(&built_in, (struct span){ policy_text, policy_text_size }, &fault);
}

const struct policies *
policies_built_in(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, read_built_in);
	return &built_in;
}

const struct policy *
policy_built_in(const char *name)
{
	return policies_find(policies_built_in(), span_of(name));
}

const struct policy_row *
policy_on(const struct policy *policy, enum concern concern)
{
	for (size_t i = 0; i < policy->n; i++)
		if (policy->rows[i].concern == concern)
			return &policy->rows[i];
	return NULL;
}

bool
policy_asks_both(const struct policy *policy)
{
	return policy_on(policy, CONCERN_SPF_MISSING) != NULL && policy_on(policy, CONCERN_DKIM_MISSING) != NULL;
}

bool
policy_blocks_file(const struct policy *policy, struct span name)
{
	struct span rest = policy->attachments, ending;

	while ((ending = take_word(&rest)).len > 0)
		if (name.len > ending.len && name.at[name.len - ending.len - 1] == '.' &&
		    span_equal_folded(span_skip(name, name.len - ending.len), ending))
			return true;
	return false;
}
