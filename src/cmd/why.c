/*
 * todoku why: from a refusal to its cause and its remedy.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "cmd/cmd.h"
#include "grammar/enhanced_status.h"
#include "intake/complain.h"
#include "intake/explain.h"
#include "intake/input.h"
#include "intake/progress.h"
#include "cmd/dns_session.h"
#include "diagnose/confirm.h"
#include "render/verdict_json.h"
#include "render/html_report.h"
#include "render/sisimai.h"
#include "render/summary.h"
#include "render/report_text.h"

enum { OPTION_VERBOSE = 1, OPTION_BRIEF, OPTION_FORMAT, OPTION_FINAL, OPTION_OFFLINE };
enum { NOTHINGS_TOLD_MAX = 5, DNS_SECONDS = 2, HELD_BACK_MAX = 8 * 1024 * 1024 };

/* The DNS asked of what refusals claim. */
struct asking {
	struct dns_session judge;
	struct confirm_tools tools;
	struct crypto *crypto;
	struct public_suffixes *suffixes;
};

struct why {
	struct options options;
	struct dns_session_options judge;
	bool offline, final, sisimai, brief, html;
	struct asking *asking; /* JSON alone: shared by all; NULL: nothing is asked */
	const struct catalog *catalog;
	struct explainer explainer;
	struct pool pool;
	struct arena scratch[POOL_THREADS_MAX];
	pthread_mutex_t lock; /* of what follows */
	struct summary summary;
	struct report_page text;
	size_t n_explained, n_undetermined, n_nothing, n_nothing_told;
	unsigned nothing[OUTCOME_COUNT]; /* HTML: why inputs told of no failure */
	bool write_failed;
};

static const struct option_row rows[] = {
	{ OPTION_VERBOSE, 0, false, "verbose", NULL,
	    { "everything: the steps too where a record was proved, in every way to write it",
		"すべて表示する(確認済みのレコードがあるときの手順、レコードのすべての書き方も)" } },
	{ OPTION_BRIEF, 0, false, "brief", NULL, { "one line a failure", "失敗 1 件を 1 行で表示する" } },
	{ OPTION_FORMAT, 0, false, "format", "NAME",
	    { "html: one page that stands alone; json; sisimai: the field names and\nreasons of Sisimai; or how text writes a record: value (usual), zone,\npanel, route53, every",
		"html(単体で開ける 1 ページ)、json、sisimai(Sisimai の項目名と理由)、\nまたは画面表示でのレコードの書き方: value(既定)、zone、panel、\nroute53、every" } },
	{ 's', 's', false, "summary", NULL,
	    { "failures counted by cause and receiver, the commonest first",
		"失敗を原因と受信側ごとに数え、多い順に表示する" } },
	{ 'c', 'c', false, "catalog", "DIR",
	    { "also use the `.rule` files of this folder", "このフォルダーの .rule ファイルも使う" } },
	{ 'J', 'J', false, "jobs", "N", { "threads (else one a core)", "スレッド数(省略時はコア数)" } },
	{ 'q', 'q', false, "quiet", NULL, { "no progress, no notes", "進行状況や補足を表示しない" } },
	{ OPTION_FINAL, 0, false, "final", NULL,
	    { "of a log: only the last word on each recipient of a message",
		"ログでは、宛先ごとに最後の結果だけを扱う" } },
	{ OPTION_OFFLINE, 0, false, "offline", NULL,
	    { "ask nothing of the DNS (else what a refusal claims is checked, for two\nseconds at most; with JSON only where an option below is given)",
		"DNS に問い合わせない(省略時は拒否の理由を最長 2 秒で確認。JSON では\n以下のオプションを指定したときだけ)" } },
};

static const struct usage usage = {
	.command = "why",
	.synopsis = "[OPTION...] [FILE|FOLDER|REPLY...]",
	.about = { "Explains why mail was refused. A FILE is a bounce, a mailbox, a log, a sending service's\n"
		   "events (JSON) or replies pasted into a file, compressed or not; a FOLDER may be a Maildir;\n"
		   "a REPLY is the text itself, in quotes. With no operand standard input is read.\n",
	    "メールが拒否された理由を説明します。FILE はエラーメール、メールボックス、ログ、配信サービスのイベント\n"
	    "(JSON)、応答を貼り付けたファイル(圧縮も可)。FOLDER は Maildir も可。REPLY は応答の文字列そのもの\n"
	    "(引用符で囲む)。引数がなければ標準入力を読みます。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 explained, 1 nothing to explain or undetermined, 64 usage,\n"
		   "65 unreadable input, 74 I/O error.",
	    "終了ステータス: 0 説明できた、1 説明するものがないか原因不明、64 使い方の誤り、65 読めない入力、74 入出力エラー。" },
};

static int
open_asking(struct asking *a, struct arena *arena, const struct catalog *catalog, const struct dns_session_options *o)
{
	int status = dns_session_open(&a->judge, arena, o);

	if (status != 0)
		return status;
	a->crypto = crypto_create();
	a->suffixes = public_suffixes_builtin();
	a->tools = (struct confirm_tools){ catalog, a->crypto, a->suffixes, a->judge.now };
	return 0;
}

static int
close_asking(struct asking *a)
{
	int status = dns_session_close(&a->judge);

	crypto_free(a->crypto);
	public_suffixes_free(a->suffixes);
	return status;
}

static void
write_with_dns(struct asking *a, struct out *out, const struct verdict *v, const struct json_source *source)
{
	struct arena arena = { 0 };
	struct confirmation *c = arena_take_items(&arena, 1, sizeof(*c));
	bool known;

	a->judge.rounds = 0;
	do
		known = confirm_evaluate(&arena, &a->tools, v, &a->judge.answers, c);
	while (!known && dns_session_answer(&a->judge));
	if (!known)
		c->state = CONFIRM_UNKNOWN;
	json_write_verdict(out, v, source, c);
	arena_deinit(&arena);
}

/* All explanations at once, within one deadline. */
static int
ask_for_text(struct why *why)
{
	struct report_page *text = &why->text;
	struct confirmation **found;
	struct asking a = { .crypto = NULL };
	bool done[REPORT_EXPLANATIONS_MAX] = { false }, known = false, wanted = false;
	int status;

	for (size_t i = 0; i < text->n_groups; i++)
		wanted = wanted || confirm_by_of(&text->groups[i]->verdict) != CONFIRM_BY_NOTHING;
	if (!wanted)
		return 0;
	status = open_asking(
	    &a, &text->arena, why->catalog, &why->judge); /* the answers live as long as what is written of them */
	if (status != 0)
		return status;
	found = arena_take_items(&text->arena, text->n_groups, sizeof(struct confirmation *));
	for (size_t i = 0; i < text->n_groups; i++)
		text->groups[i]->dns = found[i] = arena_take_items(&text->arena, 1, sizeof(**found));
	do {
		known = true;
		for (size_t i = 0; i < text->n_groups; i++)
			if (!done[i]) {
				done[i] = confirm_evaluate(
				    &text->arena, &a.tools, &text->groups[i]->verdict, &a.judge.answers, found[i]);
				known = known && done[i];
			}
	} while (!known && dns_session_answer(&a.judge));
	for (size_t i = 0; i < text->n_groups; i++)
		if (!done[i])
			found[i]->state = CONFIRM_UNKNOWN;
	return close_asking(&a);
}

/* What one batch adds to the whole; merged in the order of the batches, so that threads change nothing. */
struct gathered {
	struct summary summary;
	struct report_page text;
	bool counts; /* the summary is used */
};

static struct gathered *
gathered_create(const struct why *why)
{
	struct gathered *g = memory_take_cleared(sizeof(*g));

	g->counts = why->options.summary || why->html;
	if (g->counts)
		summary_init(&g->summary);
	report_page_init(&g->text);
	return g;
}

static void
gathered_free(struct gathered *g)
{
	if (g == NULL)
		return;
	if (g->counts)
		summary_deinit(&g->summary);
	report_page_deinit(&g->text);
	memory_free(g);
}

static bool write_out(struct why *why, struct span s);

/* One input may fail for a million recipients: what is written of them is not all kept until its turn. */
static void
write_ahead(struct why *why, struct batch *batch)
{
	if (batch->out.len < HELD_BACK_MAX)
		return;
	pool_wait_for_turn(&why->pool, batch);
	if (!why->write_failed)
		write_out(why, out_view(&batch->out));
	out_clear(&batch->out);
}

/* Each worker writes JSON to its own batch; the rest is gathered under a lock. */
static void
tell(void *context, struct batch *batch, const struct work *w, const struct verdict *v)
{
	struct why *why = context;
	const struct json_source source = json_source_of(w, v);

	if (why->sisimai) {
		struct arena arena = { 0 };

		sisimai_write(&batch->out, &arena, v, span_of(w->file));
		arena_deinit(&arena);
		write_ahead(why, batch);
		return;
	}
	if (why->options.json && !why->options.summary && why->asking == NULL) {
		json_write_verdict(&batch->out, v, &source, NULL);
		write_ahead(why, batch);
		return;
	}
	if (why->brief) {
		report_page_write_brief(&batch->out, why->options.lang, v, &source);
		write_ahead(why, batch);
		return;
	}
	if (why->asking != NULL) {
		pthread_mutex_lock(&why->lock);
		write_with_dns(why->asking, &batch->out, v, &source);
		pthread_mutex_unlock(&why->lock);
		return;
	}
	if (batch->gathered == NULL)
		batch->gathered = gathered_create(why);
	if (why->options.summary || why->html)
		summary_add(&((struct gathered *)batch->gathered)->summary, v);
	if (!why->options.summary)
		report_page_add(&((struct gathered *)batch->gathered)->text, v, &source);
}

static void
tell_nothing(void *context, struct batch *batch, const struct work *w, enum outcome outcome)
{
	struct why *why = context;

	(void)batch;
	if (why->options.json || (why->options.summary && !why->html))
		return;
	pthread_mutex_lock(&why->lock);
	why->nothing[outcome]++;
	if (!why->options.quiet && !why->options.summary && why->n_nothing_told++ < NOTHINGS_TOLD_MAX)
		report_page_tell_nothing(stderr, why->options.lang, w->file, w->message, outcome);
	pthread_mutex_unlock(&why->lock);
}

static void
run(void *context, unsigned thread, void *batch)
{
	struct why *why = context;

	explain_batch(&why->explainer, &why->scratch[thread], batch);
}

static bool
write_out(struct why *why, struct span s)
{
	while (s.len > 0) {
		ssize_t n = write(STDOUT_FILENO, s.at, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (errno != EPIPE)
				complain("todoku: standard output: %s\n", strerror(errno));
			why->write_failed = true;
			return false;
		}
		s = span_skip(s, (size_t)n);
	}
	return true;
}

static bool
finish(void *context, void *job)
{
	struct why *why = context;
	const struct batch *batch = job;
	const struct gathered *g = batch->gathered;

	if (g != NULL && g->counts)
		summary_merge(&why->summary, &g->summary);
	if (g != NULL)
		report_page_merge(&why->text, &g->text);
	why->n_explained += batch->n_explained;
	why->n_undetermined += batch->n_undetermined;
	why->n_nothing += batch->n_nothing;
	return !why->write_failed && write_out(why, out_view(&batch->out));
}

static void
release(void *job)
{
	struct batch *batch = job;

	gathered_free(batch->gathered);
	batch_free(batch);
}

/* "550", "5.7.26": what people type first. */
static bool
is_bare_code(const char *operand)
{
	struct span rest = span_of(operand);
	struct enhanced_status status;

	if (rest.len == 3)
		return strspn(operand, "0123456789") == 3;
	return enhanced_status_take(&rest, &status) && rest.len == 0 && status.class >= 4;
}

/* Operands that are no files but a reply, perhaps without quotes around it. */
static bool
read_as_reply(struct input *in, char **operands, int n)
{
	struct out text = { 0 };
	struct stat st;
	bool spoken = false;

	for (int i = 0; i < n; i++) {
		if (stat(operands[i], &st) == 0 || strcmp(operands[i], "-") == 0)
			return out_deinit(&text), false;
		spoken = spoken || strpbrk(operands[i], " \n\t") != NULL || strlen(operands[i]) > 255 ||
		    is_bare_code(operands[i]) || (unsigned char)operands[i][0] >= 0x80;
		out_str(&text, operands[i]);
		out_char(&text, i + 1 < n && n > 1 && strpbrk(operands[i], " \n") != NULL ? '\n' : ' ');
	}
	if (spoken)
		input_read_text(in, out_view(&text), "(argument)");
	out_deinit(&text);
	return spoken;
}

static void
read_operands(struct why *why, struct input *in, char **operands, int n)
{
	if (n == 0) {
		if (isatty(STDIN_FILENO) && !why->options.quiet)
			fputs(why->options.lang == LANG_JA
				? "届いたエラーメール、またはエラーメッセージを貼り付けて、Enter キーの後に Ctrl+D を押してください。\n"
				: "Paste the reply or the bounce, then press Ctrl-D.\n",
			    stderr);
		input_read_stream(in, STDIN_FILENO, "(stdin)");
		return;
	}
	if (read_as_reply(in, operands, n))
		return;
	for (int i = 0; i < n && !in->stop; i++)
		if (strcmp(operands[i], "-") == 0)
			input_read_stream(in, STDIN_FILENO, "(stdin)");
		else
			input_read_path(in, operands[i]);
}

static void
write_gathered(struct why *why)
{
	struct out out = { 0 };
	const struct terminal terminal = { .colour = why->options.colour, .width = why->options.width };

	if (why->html)
		html_report_write(&out, why->options.lang,
		    &(struct html_report){ &why->text, &why->summary, why->options.summary, why->nothing });
	else if (why->options.summary && why->options.json)
		summary_write_json(&why->summary, &out);
	else if (why->options.summary)
		summary_write_text(&why->summary, &out, &terminal, why->options.lang);
	else if (!why->options.json && !why->brief)
		report_text_write(&why->text, &out, &terminal, why->options.lang);
	write_out(why, out_view(&out));
	out_deinit(&out);
}

static int
exit_status(const struct why *why, const struct input *in)
{
	if (why->write_failed || in->n_failed_reads > 0)
		return EXIT_IO;
	if (in->n_unreadable > 0)
		return EXIT_UNREADABLE;
	return why->n_explained > 0 && why->n_undetermined == 0 ? EXIT_EXPLAINED : EXIT_UNEXPLAINED;
}

static unsigned
threads_wanted(const struct why *why)
{
	long n = why->options.jobs ? (long)why->options.jobs : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 2 ? 0 : n > POOL_THREADS_MAX ? POOL_THREADS_MAX : (unsigned)n;
}

static void
tell_unreadable(void *context, const char *name, const char *what)
{
	progress_clear(context);
	complain("todoku: %s: %s\n", name, what);
}

static void
advance(void *context, uint64_t files, uint64_t bytes)
{
	progress_add(context, files, bytes);
}

static int
explain_operands(struct why *why, char **operands, int n)
{
	struct progress progress;
	struct input in = { .pool = &why->pool,
		.context = &progress,
		.tell = tell_unreadable,
		.advance = advance,
		.final = why->final };
	int status = 0;

	why->pool = (struct pool){
		.run = run, .finish = finish, .release = release, .context = why, .n_threads = threads_wanted(why)
	};
	progress_init(&progress, why->options.quiet);
	pool_init(&why->pool);
	read_operands(why, &in, operands, n);
	input_end(&in);
	pool_deinit(&why->pool);
	progress_clear(&progress);
	if (why->asking == NULL && !why->offline && !why->options.json && !why->options.summary && !why->brief)
		status = ask_for_text(why);
	if (!why->write_failed && status == 0)
		write_gathered(why);
	if (why->n_explained + why->n_undetermined == 0 && why->n_nothing_told == 0 && !why->options.quiet &&
	    !why->options.json && in.n_unreadable == 0)
		report_page_tell_nothing(stderr, why->options.lang, NULL, 0, OUTCOME_EMPTY);
	return status ? status : exit_status(why, &in);
}

static bool
read_format(struct why *why, const char *name)
{
	if (record_format_read(name, &why->text.format) || strcmp(name, "text") == 0)
		return true;
	why->html = strcmp(name, "html") == 0;
	if (why->html)
		return true;
	why->sisimai = strcmp(name, "sisimai") == 0;
	why->judge.common.json = why->sisimai || strcmp(name, "json") == 0;
	if (why->judge.common.json)
		return true;
	complain(why->judge.common.lang == LANG_JA
		? "todoku: --format には html、json、sisimai、value、zone、panel、route53、every のいずれかを指定してください('%s' は使えません)\n"
		: "todoku: --format takes html, json, sisimai, value, zone, panel, route53 or every, not '%s'\n",
	    name);
	return false;
}

static bool
take_option(struct why *why, int letter, const char *value)
{
	switch (letter) {
	case USAGE_UNSOUND: return false;
	case OPTION_VERBOSE: why->text.verbose = true; return true;
	case OPTION_BRIEF: why->brief = true; return true;
	case OPTION_FINAL: why->final = true; return true;
	case OPTION_OFFLINE: why->offline = true; return true;
	case OPTION_FORMAT: return read_format(why, value);
	default: return dns_session_take_option(&why->judge, letter, value);
	}
}

/* What cannot be had together. */
static bool
is_possible(const struct why *why)
{
	const struct options *o = &why->judge.common;
	const bool ja = o->lang == LANG_JA;

	if (o->summary && why->sisimai)
		complain(ja ? "todoku: --summary と --format sisimai は同時に指定できません\n"
			    : "todoku: --summary has no --format sisimai\n");
	else if (why->brief && (o->json || o->summary || why->html))
		complain(ja ? "todoku: --brief は --json、--summary、--format html と同時に指定できません\n"
			    : "todoku: --brief is another form than --json, --summary or --format html\n");
	else if (why->html && o->json)
		complain(ja ? "todoku: --json と --format html は同時に指定できません\n"
			    : "todoku: --json is another form than --format html\n");
	else
		return true;
	return false;
}

static bool
read_options(struct why *why, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &why->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(why, c, optarg))
			return false;
	why->options = why->judge.common;
	return is_possible(why);
}

/* JSON is a stream: it waits for the DNS only where that was asked for. */
static int
open_for_json(struct why *why, struct arena *arena, struct asking *a)
{
	const struct dns_session_options *o = &why->judge;
	const bool asked = o->zone || o->replay || o->answers_from > 0 || o->evidence || o->resolver.n_servers > 0 ||
	    o->resolver.seconds > 0;
	int status;

	if (why->offline || !why->options.json || why->options.summary || !asked)
		return 0;
	status = open_asking(a, arena, why->catalog, o);
	why->asking = status == 0 ? a : NULL;
	return status;
}

static int
explain(struct why *why, char **operands, int n)
{
	struct arena arena = { 0 };
	struct asking asking = { .crypto = NULL };
	int status;

	why->catalog = options_load_catalog(&why->options, &arena);
	status = why->catalog ? open_for_json(why, &arena, &asking) : EXIT_UNREADABLE;
	if (status == 0) {
		if (why->judge.resolver.seconds == 0)
			why->judge.resolver.seconds = DNS_SECONDS;
		why->explainer = (struct explainer){ why->catalog, !why->options.json && !why->options.summary, why,
			tell, tell_nothing };
		status = explain_operands(why, operands, n);
	}
	if (why->asking != NULL) {
		int closed = close_asking(why->asking);

		status = status > EXIT_UNEXPLAINED || closed == 0 ? status : closed;
	}
	arena_deinit(&arena);
	return status;
}

int
cmd_why(int argc, char **argv)
{
	struct why *why = calloc(1, sizeof(*why));
	bool sound;
	enum lang lang;
	int status;

	if (why == NULL)
		abort();
	report_page_init(&why->text);
	sound = read_options(why, argc, argv);
	lang = why->judge.common.lang;
	if (!sound || why->options.help) {
		if (sound)
			usage_write(stdout, &usage, why->judge.common.lang);
		free(why);
		return sound ? 0 : EXIT_USAGE;
	}
	for (int i = optind; i < argc; i++)
		if (argv[i][0] == '\0') {
			free(why);
			return usage_refuse(&usage, lang, "an operand is empty", "空の引数があります");
		}
	pthread_mutex_init(&why->lock, NULL);
	summary_init(&why->summary);
	status = explain(why, argv + optind, argc - optind);
	summary_deinit(&why->summary);
	report_page_deinit(&why->text);
	pthread_mutex_destroy(&why->lock);
	for (size_t i = 0; i < POOL_THREADS_MAX; i++)
		arena_deinit(&why->scratch[i]);
	free(why);
	return status;
}
