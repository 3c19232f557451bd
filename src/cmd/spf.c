/*
 * todoku spf: may this host send mail for this domain?
 */
#include <stdio.h>

#include "auth/iprev.h"
#include "auth/spf.h"
#include "catalog/builtin.h"
#include "cmd/cmd.h"
#include "cmd/dns_session.h"
#include "cmd/operand.h"
#include "intake/complain.h"
#include "render/repair.h"
#include "render/spf.h"

struct spf_options {
	struct dns_session_options judge;
	struct spf_query query;
	bool has_ip, repair;
	enum record_format format; /* of the corrected record */
};

/* What is found out, and said. */
struct finding {
	struct spf_evaluation e;
	struct repair_spf repair;
	struct iprev_evaluation address;
	struct span zone; /* what a DNS panel is likely to manage */
};

static const struct option_row rows[] = {
	{ 'i', 'i', false, "ip", "ADDRESS",
	    { "the sending host's, IPv4 or IPv6", "送信元の IP アドレス(IPv4 または IPv6)" } },
	{ 'm', 'm', false, "mail-from", "ADDRESS",
	    { "the envelope sender; without it HELO's name is judged",
		"エンベロープ From(省略すると HELO の名前で判定)" } },
	{ 'e', 'e', false, "helo", "NAME", { "the name in HELO or EHLO", "HELO または EHLO の名前" } },
	{ 'R', 0, false, "repair", NULL,
	    { "the corrected record, proved to pass", "pass になると確認済みの修正レコードも表示する" } },
	{ 'f', 0, false, "format", "NAME",
	    { "how it is written: value, zone, panel, route53, every",
		"その書き方: value、zone、panel、route53、every" } },
	{ 'r', 'r', false, "receiver", "NAME",
	    { "the host that judges, for the macro %{r}", "判定するホスト(マクロ %{r} の値)" } },
};

static const struct usage usage = {
	.command = "spf",
	.synopsis = "--ip ADDRESS [--mail-from ADDRESS] [--helo NAME] [OPTION...]",
	.about = { "Evaluates SPF (RFC 7208): the result, what decided, each term in its order with the\n"
		   "look-ups counted so far.\n",
	    "SPF(RFC 7208)を評価し、結果、判定の決め手、各項目の評価と DNS 参照の累計を表示します。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 pass, 1 any other result, 64 usage, 65 unreadable input,\n"
		   "74 I/O error, 75 temperror.",
	    "終了ステータス: 0 pass、1 それ以外の結果、64 使い方の誤り、65 読めない入力、74 入出力エラー、75 temperror。" },
};

static bool
read_format(struct spf_options *o, const char *name)
{
	if (record_format_read(name, &o->format))
		return true;
	complain(o->judge.common.lang == LANG_JA
		? "todoku: --format には value、zone、panel、route53、every のいずれかを指定してください('%s' は使えません)\n"
		: "todoku: --format takes value, zone, panel, route53 or every, not '%s'\n",
	    name);
	return false;
}

static bool
read_options(struct arena *arena, struct spf_options *o, int argc, char **argv)
{
	struct usage_reader r;
	bool sound = true;
	int c;

	usage_open(&r, &usage, &o->judge.common, argc, argv);
	while (sound && (c = usage_next(&r)) != USAGE_END)
		switch (c) {
		case USAGE_UNSOUND: return false;
		case 'i': o->has_ip = sound = operand_ip(arena, r.lang, "--ip", optarg, &o->query.ip); break;
		case 'm': sound = operand_address(arena, r.lang, "--mail-from", optarg, &o->query.mail_from); break;
		case 'e': sound = operand_name(arena, r.lang, "--helo", optarg, &o->query.helo); break;
		case 'r': sound = operand_name(arena, r.lang, "--receiver", optarg, &o->query.receiver); break;
		case 'R': o->repair = true; break;
		case 'f': sound = read_format(o, optarg); break;
		default: sound = dns_session_take_option(&o->judge, c, optarg); break;
		}
	return sound;
}

static int
write_out(const struct spf_options *o, const struct finding *f)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	const struct repair_view view = { &o->query, &f->repair, &f->address, f->zone };
	struct out out = { 0 };
	int status;

	if (common->json) {
		spf_write_json(&out, &o->query, &f->e, o->repair ? &f->repair : NULL, &f->address);
	} else {
		spf_write_result(&out, &terminal, common->lang, &o->query, &f->e);
		if (o->repair)
			repair_write_text(&out, &terminal, common->lang, &view, o->format);
		spf_write_trace(&out, &terminal, common->lang, &f->e);
	}
	status = dns_session_print(&out);
	out_deinit(&out);
	return status ? status : f->e.result == SPF_PASS ? 0 : f->e.result == SPF_TEMPERROR ? EXIT_TEMPORARY : 1;
}

/* False: answers are missing. */
static bool
find_out(struct dns_session *j, const struct spf_options *o, struct finding *f)
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

static void
find_zone(struct arena *arena, struct finding *f)
{
	struct public_suffixes *suffixes = public_suffixes_builtin();

	f->zone = organizational_domain_by_suffix(arena, suffixes, f->repair.name);
	public_suffixes_free(suffixes);
}

static int
evaluate(struct arena *arena, struct spf_options *o)
{
	struct finding f = { .e.result = SPF_NEEDS_ANSWERS };
	struct dns_session j;
	int status = dns_session_open(&j, arena, &o->judge);

	if (status != 0)
		return status;
	o->query.now = j.now;
	while (!find_out(&j, o, &f) && dns_session_answer(&j))
		;
	if (o->repair && f.repair.name.len > 0)
		find_zone(arena, &f);
	status = dns_session_close(&j);
	return status ? status : write_out(o, &f);
}

int
cmd_spf(int argc, char **argv)
{
	struct spf_options o = { .query = { .helo = { "", 0 }, .mail_from = { "", 0 }, .receiver = { "", 0 } } };
	struct arena arena = { 0 };
	const bool sound = read_options(&arena, &o, argc, argv);
	const enum lang lang = o.judge.common.lang;
	int status = EXIT_USAGE;

	if (sound && o.judge.common.help) {
		usage_write(stdout, &usage, lang);
		status = 0;
	} else if (sound && optind < argc) {
		status = usage_refuse(&usage, lang, "an operand too many", "余分な引数があります");
	} else if (sound && !o.has_ip) {
		status = usage_refuse(
		    &usage, lang, "--ip is wanted: which host sends?", "--ip(送信元の IP アドレス)を指定してください");
	} else if (sound && o.query.mail_from.len == 0 && o.query.helo.len == 0) {
		status = usage_refuse(&usage, lang, "--mail-from or --helo is wanted: for which domain?",
		    "--mail-from か --helo を指定してください");
	} else if (sound) {
		status = evaluate(&arena, &o);
	}
	arena_deinit(&arena);
	return status;
}
