#include "catalog/facts.h"

static const struct {
	const char *name;
	enum fact_use use;
} facts[] = { { "any", FACT_READ }, { "author_domain", FACT_READ }, { "command", FACT_READ }, { "count", FACT_READ },
	{ "dkim", FACT_READ }, { "dmarc", FACT_READ }, { "domain", FACT_READ }, { "header", FACT_READ },
	{ "helo", FACT_READ }, { "host", FACT_READ }, { "ip", FACT_READ }, { "limit", FACT_READ },
	{ "list", FACT_READ }, { "message_id", FACT_READ }, { "netblock", FACT_READ }, { "recipient", FACT_READ },
	{ "recipient_domain", FACT_READ }, { "selector", FACT_READ }, { "sender", FACT_READ },
	{ "sender_domain", FACT_READ }, { "size", FACT_READ }, { "spf", FACT_READ }, { "tag", FACT_READ },
	{ "url", FACT_READ }, { "wait", FACT_READ }, { "spf_mechanism", FACT_DERIVED }, { "ptr_name", FACT_DERIVED },
	{ "dmarc_name", FACT_DERIVED }, { "receiver", FACT_DERIVED } };

static size_t
find(struct span name)
{
	size_t i = 0;

	while (i < sizeof(facts) / sizeof(facts[0]) && !span_equal(span_of(facts[i].name), name))
		i++;
	return i;
}

enum fact_use
fact_use_of(struct span name)
{
	size_t i = find(name);

	return i < sizeof(facts) / sizeof(facts[0]) ? facts[i].use : FACT_UNKNOWN;
}

struct span
fact_name(struct span name)
{
	size_t i = find(name);

	return i < sizeof(facts) / sizeof(facts[0]) ? span_of(facts[i].name) : (struct span){ "", 0 };
}
