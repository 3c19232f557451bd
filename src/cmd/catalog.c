/*
 * todoku catalog list|show|check
 */
#include <stdio.h>

#include "catalog/check.h"
#include "cmd/cmd.h"
#include "cmd/options.h"

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku catalog list [causes|rules|providers]\n"
	      "       todoku catalog show NAME...\n"
	      "       todoku catalog check\n\n"
	      "  --catalog DIR   also the `.rule` files of this folder\n"
	      "  --lang ja|en    the language of titles\n",
	    to);
}

static void
list_causes(const struct catalog *c, enum lang lang)
{
	for (uint32_t i = 0; i < c->n_causes; i++)
		printf("%-28.*s %.*s\n", (int)c->causes[i].name.len, c->causes[i].name.at,
		    (int)c->causes[i].says.title[lang].len, c->causes[i].says.title[lang].at);
}

static void
list_rules(const struct catalog *c)
{
	for (uint32_t i = 0; i < c->n_rules; i++)
		printf("%-44.*s %.*s\n", (int)c->rules[i].name.len, c->rules[i].name.at,
		    (int)c->rules[i].cause->name.len, c->rules[i].cause->name.at);
}

static void
list_providers(const struct catalog *c, enum lang lang)
{
	for (uint32_t i = 0; i < c->n_providers; i++)
		printf("%-16.*s %.*s\n", (int)c->providers[i].name.len, c->providers[i].name.at,
		    (int)c->providers[i].title[lang].len, c->providers[i].title[lang].at);
}

static int
list(const struct catalog *c, const struct options *o, const char *what)
{
	if (what == NULL || strcmp(what, "causes") == 0)
		list_causes(c, o->lang);
	else if (strcmp(what, "rules") == 0)
		list_rules(c);
	else if (strcmp(what, "providers") == 0)
		list_providers(c, o->lang);
	else
		return EXIT_USAGE;
	return 0;
}

static void
show_texts(const struct cause *cause)
{
	static const char *const langs[LANG_COUNT] = { "en", "ja" };

	printf("Cause: %.*s\n", (int)cause->name.len, cause->name.at);
	for (enum lang l = 0; l < LANG_COUNT; l++)
		printf("Title-%s: %.*s\nWhy-%s: %.*s\nRemedy-%s: %.*s\n", langs[l], (int)cause->says.title[l].len,
		    cause->says.title[l].at, langs[l], (int)cause->says.why[l].len, cause->says.why[l].at, langs[l],
		    (int)cause->says.remedy[l].len, cause->says.remedy[l].at);
}

static bool
show(const struct catalog *c, struct span name)
{
	const struct rule *rule = catalog_find_rule(c, name);
	const struct cause *cause = catalog_find_cause(c, name);

	if (rule != NULL)
		printf("%.*s\n", (int)rule->stanza.len, rule->stanza.at);
	if (cause != NULL) {
		show_texts(cause);
		for (uint32_t i = 0; i < c->n_rules; i++)
			if (c->rules[i].cause == cause)
				printf("# rule %.*s\n", (int)c->rules[i].name.len, c->rules[i].name.at);
	}
	if (rule == NULL && cause == NULL)
		fprintf(stderr, "todoku: the catalogue has no cause and no rule '%.*s'\n", (int)name.len, name.at);
	return rule != NULL || cause != NULL;
}

static int
check(struct arena *arena, const struct catalog *c)
{
	struct catalog_faults faults = { .n = 0 };
	struct catalog_counts n;
	bool ok = catalog_check(arena, c, &faults, &n);

	options_tell_faults(&faults);
	printf("%zu causes, %zu providers, %zu rules, %zu texts, %zu samples: %s\n", n.causes, n.providers, n.rules,
	    n.texts, n.samples, ok ? "every law holds" : "faults found");
	return ok ? 0 : EXIT_UNEXPLAINED;
}

int
cmd_catalog(int argc, char **argv)
{
	struct options o;
	struct arena arena = { 0 };
	int at = options_read(&o, argc, argv), status = EXIT_USAGE;
	const struct catalog *c;

	if (at < 0 || o.help || at == argc) {
		tell_usage(at >= 0 && o.help ? stdout : stderr);
		return at >= 0 && o.help ? 0 : EXIT_USAGE;
	}
	c = options_load_catalog(&o, &arena);
	if (c == NULL) {
		arena_deinit(&arena);
		return EXIT_UNREADABLE;
	}
	if (strcmp(argv[at], "list") == 0) {
		status = list(c, &o, argv[at + 1]);
	} else if (strcmp(argv[at], "show") == 0 && at + 1 < argc) {
		status = 0;
		while (++at < argc)
			if (!show(c, span_of(argv[at])))
				status = EXIT_UNEXPLAINED;
	} else if (strcmp(argv[at], "check") == 0) {
		status = check(&arena, c);
	}
	if (status == EXIT_USAGE)
		tell_usage(stderr);
	arena_deinit(&arena);
	if (fflush(stdout) != 0 || ferror(stdout))
		return EXIT_IO;
	return status;
}
