/*
 * todoku catalog list|show|check
 */
#include <stdio.h>

#include "catalog/laws.h"
#include "cmd/cmd.h"
#include "cmd/usage.h"
#include "diagnose/verdict_laws.h"
#include "render/fill_laws.h"
#include "intake/complain.h"

static const struct option_row rows[] = {
	{ 'c', 'c', false, "catalog", "DIR",
	    { "also the `.rule` files of this folder", "このフォルダーの .rule ファイルも使う" } },
};

static const struct usage usage = {
	.command = "catalog",
	.synopsis = "list [causes|rules|providers]\nshow NAME...\ncheck",
	.about = { "What is known about replies: lists it, shows a cause or a rule, checks that its laws hold.\n",
	    "応答カタログ(原因・ルール・受信側)の一覧、内容の表示、検査を行います。\n" },
	.rows = rows,
	.n_rows = 1,
	.exits = { "Exit status: 0, 1 a law is broken or a name is unknown, 64 usage, 65 unreadable rules,\n74 I/O error.",
	    "終了ステータス: 0、1 ルール違反または不明な名前、64 使い方の誤り、65 読めないルール、74 入出力エラー。" },
};

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
		complain("todoku: the catalogue has no cause and no rule '%.*s'\n", (int)name.len, name.at);
	return rule != NULL || cause != NULL;
}

static int
check(struct arena *arena, const struct catalog *c)
{
	struct catalog_faults faults = { .n = 0 };
	struct catalog_counts n;
	bool ok = catalog_laws_check(arena, c, &faults, &n);

	ok = verdict_laws_check(c, &faults) && ok;
	ok = fill_laws_check(c, &faults) && ok;

	options_tell_faults(&faults);
	printf("%zu causes, %zu providers, %zu rules, %zu texts, %zu samples: %s\n", n.causes, n.providers, n.rules,
	    n.texts, n.samples, ok ? "every law holds" : "faults found");
	return ok ? 0 : EXIT_UNEXPLAINED;
}

static int
run(struct arena *arena, const struct options *o, const struct catalog *c, char **operands, int n)
{
	int status = 0;

	if (strcmp(operands[0], "list") == 0 && n <= 2)
		status = list(c, o, operands[1]);
	else if (strcmp(operands[0], "show") == 0 && n > 1)
		for (int i = 1; i < n; i++)
			status = show(c, span_of(operands[i])) ? status : EXIT_UNEXPLAINED;
	else if (strcmp(operands[0], "check") == 0 && n == 1)
		status = check(arena, c);
	else
		status = EXIT_USAGE;
	if (status == EXIT_USAGE)
		return usage_refuse(&usage, o->lang, "list, show NAME or check is wanted",
		    "list、show 名前、check のいずれかを指定してください");
	return status;
}

int
cmd_catalog(int argc, char **argv)
{
	struct options o;
	struct usage_reader r;
	struct arena arena = { 0 };
	const struct catalog *c;
	int letter, status = EXIT_UNREADABLE;

	usage_open(&r, &usage, &o, argc, argv);
	while ((letter = usage_next(&r)) != USAGE_END)
		if (letter == USAGE_UNSOUND || !options_take(&o, letter, optarg))
			return EXIT_USAGE;
	if (o.help) {
		usage_write(stdout, &usage, o.lang);
		return 0;
	}
	if (optind == argc)
		return usage_refuse(&usage, o.lang, "list, show NAME or check is wanted",
		    "list、show 名前、check のいずれかを指定してください");
	c = options_load_catalog(&o, &arena);
	if (c != NULL)
		status = run(&arena, &o, c, argv + optind, argc - optind);
	arena_deinit(&arena);
	return status;
}
