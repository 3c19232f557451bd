/*
 * todoku spf: may this host send mail for this domain?
 */
#include <stdio.h>

#include "auth/iprev.h"
#include "auth/spf.h"
#include "catalog/builtin.h"
#include "cmd/cmd.h"
#include "cmd/judge.h"
#include "render/repair.h"
#include "render/spf.h"

struct spf_options {
	struct judge_options judge;
	struct spf_query query;
	bool has_ip, repair;
};

/* What is found out, and said. */
struct finding {
	struct spf_evaluation e;
	struct repair_spf repair;
	struct iprev_evaluation address;
};

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku spf --ip ADDRESS [--mail-from ADDRESS] [--helo NAME] [OPTION...]\n\n"
	      "Evaluates SPF (RFC 7208): the result, what decided, each term in its order with the\n"
	      "look-ups counted so far.\n\n"
	      "  --ip ADDRESS         the sending host's, IPv4 or IPv6\n"
	      "  --mail-from ADDRESS  the envelope sender; without it HELO's name is judged\n"
	      "  --helo NAME          the name in HELO or EHLO\n"
	      "  --repair             the corrected record, proved to pass\n"
	      "  --receiver NAME      the host that judges, for the macro %{r}\n" JUDGE_USAGE
	      "\nExit status: 0 pass, 1 any other result, 64 usage, 65 unreadable input,\n"
	      "74 I/O error, 75 temperror.\n",
	    to);
}

static bool
read_ip(struct spf_options *o, const char *value)
{
	o->has_ip = ip_address_read(span_of(value), &o->query.ip);
	if (!o->has_ip)
		fprintf(stderr, "todoku: --ip takes an IPv4 or IPv6 address, not '%s'\n", value);
	return o->has_ip;
}

static bool
read_options(struct spf_options *o, int argc, char **argv)
{
	static const struct option known[] = { { "ip", required_argument, NULL, 'i' },
		{ "mail-from", required_argument, NULL, 'm' }, { "helo", required_argument, NULL, 'e' },
		{ "receiver", required_argument, NULL, 'r' }, { "repair", no_argument, NULL, 'R' }, JUDGE_OPTIONS };
	bool sound = true;
	int c;

	judge_options_init(&o->judge, argv);
	while (sound && (c = getopt_long(argc, argv, "i:m:e:r:" JUDGE_LETTERS, known, NULL)) != -1)
		switch (c) {
		case 'i': sound = read_ip(o, optarg); break;
		case 'm': o->query.mail_from = span_of(strcmp(optarg, "<>") == 0 ? "" : optarg); break;
		case 'e': o->query.helo = span_of(optarg); break;
		case 'r': o->query.receiver = span_of(optarg); break;
		case 'R': o->repair = true; break;
		default: sound = judge_take_option(&o->judge, c, optarg); break;
		}
	return sound;
}

static int
write_out(const struct spf_options *o, const struct finding *f)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	struct out out = { 0 };
	int status;

	if (common->json) {
		spf_write_json(&out, &o->query, &f->e, o->repair ? &f->repair : NULL, &f->address);
	} else {
		spf_write_text(&out, &terminal, common->lang, &o->query, &f->e);
		if (o->repair)
			repair_write_text(&out, &terminal, common->lang, &o->query, &f->repair, &f->address);
	}
	status = judge_print(&out);
	out_deinit(&out);
	return status ? status : f->e.result == SPF_PASS ? 0 : f->e.result == SPF_TEMPERROR ? EXIT_TEMPORARY : 1;
}

/* False: answers are missing. */
static bool
find_out(struct judge *j, const struct spf_options *o, struct finding *f)
{
	bool looked;

	spf_evaluate(j->arena, &o->query, &j->answers, &f->e);
	if (!o->repair)
		return f->e.result != SPF_NEEDS_ANSWERS;
	iprev_evaluate(j->arena, &o->query.ip, &j->answers, &f->address);
	looked = f->address.result != IPREV_NEEDS_ANSWERS;
	return f->e.result != SPF_NEEDS_ANSWERS &&
	    repair_spf(j->arena, &catalog_builtin, &o->query, &j->answers, &f->e, &f->repair) && looked;
}

static int
evaluate(struct arena *arena, struct spf_options *o)
{
	struct finding f = { .e.result = SPF_NEEDS_ANSWERS };
	struct judge j;
	int status = judge_open(&j, arena, &o->judge);

	if (status != 0)
		return status;
	o->query.now = j.now;
	while (!find_out(&j, o, &f) && judge_answer(&j))
		;
	status = judge_close(&j);
	return status ? status : write_out(o, &f);
}

int
cmd_spf(int argc, char **argv)
{
	struct spf_options o = { .query = { .helo = { "", 0 }, .mail_from = { "", 0 }, .receiver = { "", 0 } } };
	struct arena arena = { 0 };
	bool sound = read_options(&o, argc, argv);
	int status;

	if (sound && o.judge.common.help) {
		tell_usage(stdout);
		return 0;
	}
	if (!sound || !o.has_ip || (o.query.mail_from.len == 0 && o.query.helo.len == 0)) {
		tell_usage(stderr);
		return EXIT_USAGE;
	}
	status = evaluate(&arena, &o);
	arena_deinit(&arena);
	return status;
}
