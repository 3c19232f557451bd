/*
 * todoku why: from a refusal to its cause and its remedy.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/explain.h"
#include "cmd/input.h"
#include "cmd/judge.h"
#include "diagnose/confirm.h"
#include "render/json.h"
#include "render/sisimai.h"
#include "render/summary.h"
#include "render/text.h"

enum { NOTHINGS_TOLD_MAX = 5, DNS_SECONDS = 2 };

/* The DNS asked of what refusals claim. */
struct asking {
	struct judge judge;
	struct confirm_tools tools;
	struct crypto *crypto;
	struct public_suffixes *suffixes;
};

struct why {
	struct options options;
	struct judge_options judge;
	bool offline, final, sisimai;
	struct asking *asking; /* JSON alone: shared by all; NULL: nothing is asked */
	const struct catalog *catalog;
	struct explainer explainer;
	struct arena scratch[POOL_THREADS_MAX];
	pthread_mutex_t lock; /* of what follows */
	struct summary summary;
	struct text text;
	size_t n_explained, n_undetermined, n_nothing, n_nothing_told;
	bool write_failed;
};

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku why [OPTION...] [FILE|FOLDER|REPLY...]\n\n"
	      "Explains why mail was refused. A FILE is a bounce, a mailbox, a log, a sending service's\n"
	      "events (JSON) or replies pasted into a file, compressed or not; a FOLDER may be a Maildir;\n"
	      "a REPLY is the text itself, in quotes.\n"
	      "With no operand standard input is read.\n\n"
	      "  --json          one JSON object a failed recipient, a line each\n"
	      "  --format NAME   text, json, or sisimai: the field names and reasons of Sisimai\n"
	      "  --summary       failures counted by cause and receiver, the commonest first\n"
	      "  --lang ja|en    the language (else LC_ALL, LC_MESSAGES, LANG)\n"
	      "  --catalog DIR   also use the `.rule` files of this folder\n"
	      "  --jobs N        threads (else one a core)\n"
	      "  --quiet         no progress, no notes\n"
	      "  --final         of a log: only the last word on each recipient of a message\n"
	      "  --offline       ask nothing of the DNS\n\n"
	      "What a refusal claims is checked against the DNS, for two seconds at most. JSON has\n"
	      "that only where one of these is given:\n\n"
	      "  --dns ADDRESS[:PORT] ask this resolver (repeatable; else the system's)\n"
	      "  --timeout SECONDS    for all there is to ask, 1 to 300\n"
	      "  --zone FILE          DNS answers: zone text (RFC 1035)\n"
	      "  --trust-anchor FILE  validate DNSSEC\n"
	      "  --evidence FILE      write all that was asked and answered\n"
	      "  --replay FILE        judge again from such a file, without a network\n"
	      "  --now SECONDS        the time to judge by, since 1970\n\n"
	      "Exit status: 0 explained, 1 nothing to explain or undetermined, 64 usage,\n"
	      "65 unreadable input, 74 I/O error.\n",
	    to);
}

static struct json_source
source_of(const struct work *w, const struct verdict *v)
{
	return (struct json_source){ .file = span_of(w->file),
		.message = w->message,
		.line = w->line,
		.byte = w->byte + (w->kind == WORK_TEXT ? v->failure->at : 0),
		.has_byte = true };
}

static int
open_asking(struct asking *a, struct arena *arena, const struct catalog *catalog, const struct judge_options *o)
{
	int status = judge_open(&a->judge, arena, o);

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
	int status = judge_close(&a->judge);

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
	while (!known && judge_answer(&a->judge));
	if (!known)
		c->state = CONFIRM_UNKNOWN;
	json_write_verdict(out, v, source, c);
	arena_deinit(&arena);
}

/* All explanations at once, within one deadline. */
static int
ask_for_text(struct why *why)
{
	struct text *text = &why->text;
	struct confirmation **found;
	struct asking a = { .crypto = NULL };
	bool done[TEXT_EXPLANATIONS_MAX] = { false }, known = false, wanted = false;
	int status;

	for (size_t i = 0; i < text->n_groups; i++)
		wanted = wanted || confirm_applies(&text->groups[i]->verdict);
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
	} while (!known && judge_answer(&a.judge));
	for (size_t i = 0; i < text->n_groups; i++)
		if (!done[i])
			found[i]->state = CONFIRM_UNKNOWN;
	return close_asking(&a);
}

/* Each worker writes JSON to its own batch; the rest is gathered under a lock. */
static void
tell(void *context, struct batch *batch, const struct work *w, const struct verdict *v)
{
	struct why *why = context;
	const struct json_source source = source_of(w, v);

	if (why->sisimai) {
		struct arena arena = { 0 };

		sisimai_write(&batch->out, &arena, v, span_of(w->file));
		arena_deinit(&arena);
		return;
	}
	if (why->options.json && !why->options.summary && why->asking == NULL) {
		json_write_verdict(&batch->out, v, &source, NULL);
		return;
	}
	pthread_mutex_lock(&why->lock);
	if (why->asking != NULL)
		write_with_dns(why->asking, &batch->out, v, &source);
	else if (why->options.summary)
		summary_add(&why->summary, v);
	else
		text_add(&why->text, v, &source);
	pthread_mutex_unlock(&why->lock);
}

static void
tell_nothing(void *context, struct batch *batch, const struct work *w, const char *what)
{
	struct why *why = context;

	(void)batch;
	if (why->options.quiet || why->options.json || why->options.summary)
		return;
	pthread_mutex_lock(&why->lock);
	if (why->n_nothing_told++ < NOTHINGS_TOLD_MAX)
		text_tell_nothing(stderr, why->options.lang, w->file, w->message, what);
	pthread_mutex_unlock(&why->lock);
}

static void
run(void *context, unsigned thread, struct batch *batch)
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
				fprintf(stderr, "todoku: standard output: %s\n", strerror(errno));
			why->write_failed = true;
			return false;
		}
		s = span_skip(s, (size_t)n);
	}
	return true;
}

static bool
finish(void *context, struct batch *batch)
{
	struct why *why = context;

	why->n_explained += batch->n_explained;
	why->n_undetermined += batch->n_undetermined;
	why->n_nothing += batch->n_nothing;
	return write_out(why, out_view(&batch->out));
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
		    (strlen(operands[i]) == 3 && strspn(operands[i], "0123456789") == 3) ||
		    (unsigned char)operands[i][0] >= 0x80;
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
				? "エラーの応答やバウンスメールを貼り付け、Ctrl-D を押してください。\n"
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

	if (why->options.summary && why->options.json)
		summary_write_json(&why->summary, &out);
	else if (why->options.summary)
		summary_write_text(&why->summary, &out, &terminal, why->options.lang);
	else if (!why->options.json)
		text_write(&why->text, &out, &terminal, why->options.lang);
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

static int
explain_operands(struct why *why, char **operands, int n)
{
	struct progress progress;
	struct pool pool = { .run = run, .finish = finish, .context = why, .n_threads = threads_wanted(why) };
	struct input in = { .pool = &pool, .progress = &progress, .final = why->final };
	int status = 0;

	progress_init(&progress, why->options.quiet);
	pool_init(&pool);
	read_operands(why, &in, operands, n);
	input_end(&in);
	pool_deinit(&pool);
	progress_clear(&progress);
	if (why->asking == NULL && !why->offline && !why->options.json && !why->options.summary)
		status = ask_for_text(why);
	if (!why->write_failed && status == 0)
		write_gathered(why);
	if (why->n_explained + why->n_undetermined == 0 && why->n_nothing_told == 0 && !why->options.quiet &&
	    !why->options.json && in.n_unreadable == 0)
		text_tell_nothing(stderr, why->options.lang, NULL, 0, "empty");
	return status ? status : exit_status(why, &in);
}

static bool
read_format(struct why *why, const char *name)
{
	why->sisimai = strcmp(name, "sisimai") == 0;
	why->judge.common.json = why->sisimai || strcmp(name, "json") == 0;
	if (why->judge.common.json || strcmp(name, "text") == 0)
		return true;
	fprintf(stderr, "todoku: --format takes text, json or sisimai, not \"%s\"\n", name);
	return false;
}

static bool
read_options(struct why *why, int argc, char **argv)
{
	static const struct option known[] = { { "summary", no_argument, NULL, 's' },
		{ "catalog", required_argument, NULL, 'c' }, { "quiet", no_argument, NULL, 'q' },
		{ "jobs", required_argument, NULL, 'J' }, { "offline", no_argument, NULL, 'o' },
		{ "final", no_argument, NULL, 'F' }, { "format", required_argument, NULL, 'f' }, JUDGE_OPTIONS };
	int c;

	judge_options_init(&why->judge, argv);
	while ((c = getopt_long(argc, argv, "sc:qJ:" JUDGE_LETTERS, known, NULL)) != -1)
		if (c == 'o')
			why->offline = true;
		else if (c == 'F')
			why->final = true;
		else if (c == 'f' && !read_format(why, optarg))
			return false;
		else if (c == 'f')
			continue;
		else if (!judge_take_option(&why->judge, c, optarg))
			return false;
	why->options = why->judge.common;
	return true;
}

/* JSON is a stream: it waits for the DNS only where that was asked for. */
static int
open_for_json(struct why *why, struct arena *arena, struct asking *a)
{
	const struct judge_options *o = &why->judge;
	const bool asked = o->zone || o->replay || o->evidence || o->resolver.n_servers > 0 || o->resolver.seconds > 0;
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
	int status;

	if (why == NULL)
		abort();
	sound = read_options(why, argc, argv);
	if (!sound || why->options.help) {
		tell_usage(sound ? stdout : stderr);
		free(why);
		return sound ? 0 : EXIT_USAGE;
	}
	pthread_mutex_init(&why->lock, NULL);
	summary_init(&why->summary);
	text_init(&why->text);
	status = explain(why, argv + optind, argc - optind);
	summary_deinit(&why->summary);
	text_deinit(&why->text);
	pthread_mutex_destroy(&why->lock);
	for (size_t i = 0; i < POOL_THREADS_MAX; i++)
		arena_deinit(&why->scratch[i]);
	free(why);
	return status;
}
