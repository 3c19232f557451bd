/*
 * todoku dmarc: does what SPF and DKIM proved stand for the author?
 */
#include <stdio.h>

#include "auth/dmarc.h"
#include "cmd/cmd.h"
#include "cmd/judge.h"
#include "render/dmarc.h"

struct dmarc_options {
	struct judge_options judge;
	struct span from[AUTHORS_MAX];
	size_t n_from;
	struct dmarc_identifier identifiers[DMARC_IDENTIFIERS_MAX];
	size_t n_identifiers;
	const char *suffixes;
};

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku dmarc --from ADDRESS [--spf RESULT:DOMAIN] [--dkim RESULT:DOMAIN]... [OPTION...]\n\n"
	      "Evaluates DMARC (RFC 9989, and beside it RFC 7489) from what SPF and DKIM found.\n\n"
	      "  --from VALUE         the From: field's value, or the author's domain (once for each field)\n"
	      "  --spf RESULT:DOMAIN  SPF's result for MAIL FROM: pass:example.jp\n"
	      "  --dkim RESULT:DOMAIN a signature's result and its d= (repeatable)\n"
	      "  --psl FILE           a public suffix list (else the built-in one)\n" JUDGE_USAGE
	      "\nExit status: 0 pass, 1 any other result, 64 usage, 65 unreadable input,\n"
	      "74 I/O error, 75 temperror.\n",
	    to);
}

/* "pass:example.jp" */
static bool
add_identifier(struct dmarc_options *o, enum dmarc_method method, const char *value)
{
	const struct span s = span_of(value);
	const size_t colon = span_index(s, ':');
	const struct span result = span_first(s, colon);

	if (colon == s.len || o->n_identifiers == DMARC_IDENTIFIERS_MAX) {
		fprintf(stderr, "todoku: a result and a domain, as in pass:example.jp, not '%s'\n", value);
		return false;
	}
	o->identifiers[o->n_identifiers++] = (struct dmarc_identifier){ .method = method,
		.domain = span_skip(s, colon + 1),
		.state = span_equal(result, span_of("pass"))   ? DMARC_AUTHENTICATED
		    : span_equal(result, span_of("temperror")) ? DMARC_UNKNOWN_NOW
							       : DMARC_NOT_AUTHENTICATED };
	return true;
}

static bool
take_option(struct dmarc_options *o, int letter, const char *value)
{
	switch (letter) {
	case 'f':
		if (o->n_from == AUTHORS_MAX)
			return false;
		o->from[o->n_from++] = span_of(value);
		return true;
	case 's': return add_identifier(o, DMARC_BY_SPF, value);
	case 'D': return add_identifier(o, DMARC_BY_DKIM, value);
	case 'p': o->suffixes = value; return true;
	default: return judge_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct dmarc_options *o, int argc, char **argv)
{
	static const struct option known[] = { { "from", required_argument, NULL, 'f' },
		{ "spf", required_argument, NULL, 's' }, { "dkim", required_argument, NULL, 'D' },
		{ "psl", required_argument, NULL, 'p' }, JUDGE_OPTIONS };
	int c;

	judge_options_init(&o->judge, argv);
	while ((c = getopt_long(argc, argv, "f:s:" JUDGE_LETTERS, known, NULL)) != -1)
		if (!take_option(o, c, optarg))
			return false;
	return optind == argc;
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
		out_str(&out, "{\"schema\":1,");
		dmarc_write_json(&out, e);
		out_str(&out, "}\n");
	} else {
		dmarc_write_text(&out, &terminal, common->lang, q, e);
	}
	status = judge_print(&out);
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
	struct public_suffixes *suffixes = judge_read_suffixes(arena, o->suffixes);
	struct judge j;
	int status;

	if (suffixes == NULL)
		return EXIT_UNREADABLE;
	q.suffixes = suffixes;
	for (size_t i = 0; i < o->n_from; i++)
		add_author(arena, o->from[i], authors);
	status = judge_open(&j, arena, &o->judge);
	if (status == 0) {
		do
			dmarc_evaluate(arena, &q, &j.answers, e);
		while (e->view.result == DMARC_NEEDS_ANSWERS && judge_answer(&j));
		status = judge_close(&j);
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
	bool sound = read_options(&o, argc, argv);
	int status;

	if (sound && o.judge.common.help) {
		tell_usage(stdout);
		return 0;
	}
	if (!sound) {
		tell_usage(stderr);
		return EXIT_USAGE;
	}
	status = evaluate(&arena, &o);
	arena_deinit(&arena);
	return status;
}
