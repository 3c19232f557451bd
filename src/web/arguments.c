#include "web/arguments.h"

#include <event2/keyvalq_struct.h>

enum { VALUE_SIZE_MAX = 1024 };

/* What a command takes of a query. */
static const struct {
	const char *name;
	unsigned commands; /* bits of enum arguments_of */
	bool flag; /* 1 or 0 */
} parameters[] = {
	{ "final", 1 << ARGUMENTS_OF_WHY, true },
	{ "summary", 1 << ARGUMENTS_OF_WHY, true },
	{ "bulk", 1 << ARGUMENTS_OF_CHECK, true },
	{ "selector", 1 << ARGUMENTS_OF_CHECK, false },
	{ "ip", 1 << ARGUMENTS_OF_CHECK | 1 << ARGUMENTS_OF_VERIFY, false },
	{ "helo", 1 << ARGUMENTS_OF_CHECK | 1 << ARGUMENTS_OF_VERIFY, false },
	{ "mail-from", 1 << ARGUMENTS_OF_CHECK | 1 << ARGUMENTS_OF_VERIFY, false },
};

static bool
add(struct arguments *a, const char *before, const char *value)
{
	const size_t n = strlen(before), m = strlen(value);
	char *to;

	if (a->n == JOB_ARGUMENTS_MAX)
		return false;
	to = arena_take(&a->arena, n + m + 1);
	memcpy(to, before, n);
	memcpy(to + n, value, m + 1);
	a->at[a->n++] = to;
	return true;
}

/* A parameter that all requests may have: read elsewhere. */
static bool
is_common(const char *name)
{
	return strcmp(name, "lang") == 0 || strcmp(name, "dns") == 0 || strcmp(name, "domain") == 0;
}

static bool
add_parameter(struct arguments *a, enum arguments_of command, const struct evkeyval *p, const char **what)
{
	char option[32];

	*what = "an unknown parameter";
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
		if (strcmp(parameters[i].name, p->key) != 0 || (parameters[i].commands & 1u << command) == 0)
			continue;
		*what = "a parameter's value is too long, or there are too many";
		snprintf(option, sizeof(option), parameters[i].flag ? "--%s" : "--%s=", p->key);
		if (parameters[i].flag)
			return strcmp(p->value, "1") != 0 || add(a, option, "");
		return strlen(p->value) <= VALUE_SIZE_MAX && add(a, option, p->value);
	}
	return is_common(p->key);
}

static const char *
find(const struct evkeyvalq *query, const char *name)
{
	for (const struct evkeyval *p = query->tqh_first; p != NULL; p = p->next.tqe_next)
		if (strcmp(p->key, name) == 0)
			return p->value;
	return NULL;
}

/* HTML is for a person, who waits; JSON is a stream, and asks where it is told to. Check and verify ask always. */
static bool
asks_dns(const struct arguments_wanted *w)
{
	const char *dns = find(w->query, "dns");

	if (w->command != ARGUMENTS_OF_WHY)
		return true;
	return dns != NULL ? strcmp(dns, "1") == 0 : w->html && find(w->query, "summary") == NULL;
}

static void
add_form(struct arguments *a, const struct arguments_wanted *w, bool asks)
{
	static const char *const names[] = { "why", "check", "verify" };

	add(a, names[w->command], "");
	add(a, w->japanese ? "--lang=ja" : "--lang=en", "");
	add(a, w->html ? w->command == ARGUMENTS_OF_WHY ? "--format=html" : "--html" : "--json", "");
	if (asks)
		add(a, "--answers-from=3", "");
	if (w->command == ARGUMENTS_OF_WHY) {
		add(a, "--quiet", "");
		add(a, "--jobs=1", "");
	}
	if (w->command == ARGUMENTS_OF_WHY && !asks)
		add(a, "--offline", "");
	if (w->command == ARGUMENTS_OF_VERIFY)
		add(a, "--authserv-id=todoku", "");
}

bool
arguments_make(struct arguments *a, const struct arguments_wanted *w, bool *asks, const char **what)
{
	const char *domain = find(w->query, "domain");

	*a = (struct arguments){ .n = 0 };
	*asks = asks_dns(w);
	add_form(a, w, *asks);
	for (const struct evkeyval *p = w->query->tqh_first; p != NULL; p = p->next.tqe_next)
		if (!add_parameter(a, w->command, p, what))
			return false;
	*what = "domain= is wanted";
	if ((w->command == ARGUMENTS_OF_CHECK) != (domain != NULL) ||
	    (domain != NULL && strlen(domain) > VALUE_SIZE_MAX))
		return false;
	return add(a, "--", "") && add(a, domain ? domain : "-", "");
}

void
arguments_deinit(struct arguments *a)
{
	arena_deinit(&a->arena);
}
