/*
 * todoku dmarc: does what SPF and DKIM proved stand for the author?
 */
#include <stdio.h>

#include "auth/dmarc.h"
#include "cmd/cmd.h"
#include "cmd/dns_session.h"
#include "cmd/operand.h"
#include "intake/complain.h"
#include "render/dmarc.h"

struct dmarc_options {
	struct dns_session_options judge;
	struct span from[AUTHORS_MAX];
	size_t n_from;
	struct dmarc_identifier identifiers[DMARC_IDENTIFIERS_MAX];
	size_t n_identifiers;
	const char *suffixes;
};

static const struct option_row rows[] = {
	{ 'f', 'f', true, "from", "VALUE",
	    { "the From: field's value, or the author's domain (once for each field)",
		"From ヘッダーの値、または差出人のドメイン(ヘッダーごとに 1 回)" } },
	{ 's', 's', true, "spf", "RESULT:DOMAIN",
	    { "SPF's result for MAIL FROM: pass:example.jp", "MAIL FROM の SPF の結果(例: pass:example.jp)" } },
	{ 'D', 0, true, "dkim", "RESULT:DOMAIN",
	    { "a signature's result and its d= (repeatable)", "署名の結果と d= のドメイン(複数可)" } },
	{ 'p', 0, false, "psl", "FILE",
	    { "a public suffix list (else the built-in one)", "公開サフィックスリスト(省略時は内蔵)" } },
};

static const struct usage usage = {
	.command = "dmarc",
	.synopsis = "--from ADDRESS [--spf RESULT:DOMAIN] [--dkim RESULT:DOMAIN]... [OPTION...]",
	.about = { "Evaluates DMARC (RFC 9989, and beside it RFC 7489) from what SPF and DKIM found.\n",
	    "SPF と DKIM の結果から DMARC(RFC 9989 と RFC 7489)を評価します。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 pass, 1 any other result, 64 usage, 65 unreadable input,\n"
		   "74 I/O error, 75 temperror.",
	    "終了ステータス: 0 pass、1 それ以外の結果、64 使い方の誤り、65 読めない入力、74 入出力エラー、75 temperror。" },
};

/* What SPF and DKIM come to. RFC 8601 sections 2.7.1 and 2.7.2 */
static bool
read_state(struct span result, enum dmarc_authenticated *state)
{
	static const char *const others[] = { "none", "neutral", "policy", "fail", "softfail", "permerror" };

	*state = span_equal_folded(result, span_of("pass"))   ? DMARC_AUTHENTICATED
	    : span_equal_folded(result, span_of("temperror")) ? DMARC_UNKNOWN_NOW
							      : DMARC_NOT_AUTHENTICATED;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (span_equal_folded(result, span_of(others[i])))
			return true;
	return *state != DMARC_NOT_AUTHENTICATED;
}

/* "pass:example.jp" */
static bool
add_identifier(
    struct arena *arena, struct dmarc_options *o, enum lang lang, enum dmarc_method method, const char *value)
{
	const char *const name = method == DMARC_BY_SPF ? "--spf" : "--dkim";
	const struct span s = span_of(value);
	const size_t colon = span_index(s, ':');
	struct dmarc_identifier *to = &o->identifiers[o->n_identifiers];

	if (o->n_identifiers == DMARC_IDENTIFIERS_MAX || colon == s.len ||
	    !read_state(span_trim(span_first(s, colon)), &to->state)) {
		complain(lang == LANG_JA
			? "todoku: %s には結果とドメインを pass:example.jp のように指定してください('%s' は使えません)\n"
			: "todoku: %s takes a result and a domain, as in pass:example.jp, not '%s'\n",
		    name, value);
		return false;
	}
	to->method = method;
	if (!operand_domain(arena, lang, name, value + colon + 1, &to->domain))
		return false;
	o->n_identifiers++;
	return true;
}

static bool
take_option(struct arena *arena, struct dmarc_options *o, enum lang lang, int letter, const char *value)
{
	switch (letter) {
	case USAGE_UNSOUND: return false;
	case 'f':
		if (o->n_from == AUTHORS_MAX)
			return false;
		o->from[o->n_from++] = span_of(value);
		return true;
	case 's': return add_identifier(arena, o, lang, DMARC_BY_SPF, value);
	case 'D': return add_identifier(arena, o, lang, DMARC_BY_DKIM, value);
	case 'p': o->suffixes = value; return true;
	default: return dns_session_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct arena *arena, struct dmarc_options *o, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &o->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(arena, o, r.lang, c, optarg))
			return false;
	return true;
}

/* A domain alone stands for an author of it. */
static void
add_author(struct arena *arena, struct span value, struct authors *authors)
{
	struct out out = { 0 };

	if (span_index(value, '@') == value.len && span_index(value, ' ') == value.len && dns_name_is_sound(value))
		out_str(&out, "postmaster@");
	out_span(&out, value);
	authors_add(arena, out_view(&out), authors);
	out_deinit(&out);
}

static int
write_out(const struct dmarc_options *o, const struct dmarc_query *q, const struct dmarc_evaluation *e)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	struct out out = { 0 };
	int status;

	if (common->json) {
		dmarc_write_document(&out, e);
	} else {
		dmarc_write_text(&out, &terminal, common->lang, q, e);
	}
	status = dns_session_print(&out);
	out_deinit(&out);
	if (status != 0)
		return status;
	return e->view.result == DMARC_PASS                                              ? 0
	    : e->view.result == DMARC_TEMPERROR || e->view.result == DMARC_NEEDS_ANSWERS ? EXIT_TEMPORARY
											 : 1;
}

static int
evaluate(struct arena *arena, const struct dmarc_options *o)
{
	struct authors *authors = arena_take_items(arena, 1, sizeof(*authors));
	struct dmarc_evaluation *e = arena_take_items(arena, 1, sizeof(*e));
	struct dmarc_query q = { .authors = authors, .identifiers = o->identifiers, .n_identifiers = o->n_identifiers };
	struct public_suffixes *suffixes = dns_session_read_suffixes(arena, o->suffixes);
	struct dns_session j;
	int status;

	if (suffixes == NULL)
		return EXIT_UNREADABLE;
	q.suffixes = suffixes;
	for (size_t i = 0; i < o->n_from; i++)
		add_author(arena, o->from[i], authors);
	status = dns_session_open(&j, arena, &o->judge);
	if (status == 0) {
		do
			dmarc_evaluate(arena, &q, &j.answers, e);
		while (e->view.result == DMARC_NEEDS_ANSWERS && dns_session_answer(&j));
		status = dns_session_close(&j);
		status = status ? status : write_out(o, &q, e);
	}
	public_suffixes_free(suffixes);
	return status;
}

int
cmd_dmarc(int argc, char **argv)
{
	struct dmarc_options o = { .n_from = 0 };
	struct arena arena = { 0 };
	const bool sound = read_options(&arena, &o, argc, argv);
	const enum lang lang = o.judge.common.lang;
	int status = EXIT_USAGE;

	if (sound && o.judge.common.help) {
		usage_write(stdout, &usage, lang);
		status = 0;
	} else if (sound && optind < argc) {
		status = usage_refuse(&usage, lang, "an operand too many", "余分な引数があります");
	} else if (sound && o.n_from == 0 && o.n_identifiers == 0) { /* a message may have no From: */
		status = usage_refuse(
		    &usage, lang, "--from is wanted: who is the author?", "--from(差出人)を指定してください");
	} else if (sound) {
		status = evaluate(&arena, &o);
	}
	arena_deinit(&arena);
	return status;
}
