/*
 * todoku verify: is this message what it says it is?
 */
#include <stdio.h>
#include <unistd.h>

#include "auth/authentication.h"
#include "cmd/cmd.h"
#include "cmd/judge.h"
#include "cmd/sender.h"

enum { HOST_SIZE_MAX = 256 };

struct verify_options {
	struct judge_options judge;
	struct authentication_query query;
	const char *suffixes;
	struct span authserv_id;
	bool results_only;
};

static void
tell_usage(FILE *to)
{
	fputs("usage: todoku verify MESSAGE [OPTION...]\n\n"
	      "Evaluates SPF, DKIM, DMARC, ARC and the reverse name for a message (a file, or - for\n"
	      "standard input). What is not given is taken from its own Received: and Return-Path:.\n\n"
	      "  --ip ADDRESS         the sending host's, IPv4 or IPv6\n"
	      "  --helo NAME          the name in HELO or EHLO\n"
	      "  --mail-from ADDRESS  the envelope sender; <> for none\n"
	      "  --authserv-id NAME   who says so, in Authentication-Results (else this host)\n"
	      "  --results            print the Authentication-Results field alone\n"
	      "  --psl FILE           a public suffix list (else the built-in one)\n" JUDGE_USAGE
	      "\nExit status: 0 it would be accepted, 1 it fails, 64 usage, 65 unreadable input,\n"
	      "74 I/O error, 75 it cannot be told now.\n",
	    to);
}

static bool
take_option(struct verify_options *o, int letter, const char *value)
{
	switch (letter) {
	case 'i':
		o->query.has_ip = ip_address_read(span_of(value), &o->query.ip);
		if (!o->query.has_ip)
			fprintf(stderr, "todoku: --ip takes an IPv4 or IPv6 address, not '%s'\n", value);
		return o->query.has_ip;
	case 'e': o->query.helo = span_of(value); return true;
	case 'm':
		o->query.mail_from = span_of(strcmp(value, "<>") == 0 ? "" : value);
		o->query.has_mail_from = true;
		return true;
	case 'A': o->authserv_id = span_of(value); return true;
	case 'r': o->results_only = true; return true;
	case 'p': o->suffixes = value; return true;
	default: return judge_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct verify_options *o, int argc, char **argv)
{
	static const struct option known[] = { { "ip", required_argument, NULL, 'i' },
		{ "helo", required_argument, NULL, 'e' }, { "mail-from", required_argument, NULL, 'm' },
		{ "authserv-id", required_argument, NULL, 'A' }, { "results", no_argument, NULL, 'r' },
		{ "psl", required_argument, NULL, 'p' }, JUDGE_OPTIONS };
	int c;

	judge_options_init(&o->judge, argv);
	while ((c = getopt_long(argc, argv, "i:e:m:r" JUDGE_LETTERS, known, NULL)) != -1)
		if (!take_option(o, c, optarg))
			return false;
	return true;
}

/* Would a receiver that follows the standards take it? */
static int
judge_status(const struct authentication *a)
{
	const bool passes = a->dkim.result == DKIM_PASS || (a->has_spf && a->spf.result == SPF_PASS);
	const bool unknown = a->dkim.result == DKIM_TEMPERROR || (a->has_spf && a->spf.result == SPF_TEMPERROR);

	switch (a->dmarc.view.result) {
	case DMARC_PASS: return 0;
	case DMARC_TEMPERROR:
	case DMARC_NEEDS_ANSWERS: return EXIT_TEMPORARY;
	case DMARC_NONE: return passes ? 0 : unknown ? EXIT_TEMPORARY : 1;
	default: return 1;
	}
}

static int
write_out(const struct verify_options *o, const struct verify_view *v)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	struct out out = { 0 };
	int status;

	if (common->json) {
		verify_write_json(&out, v);
	} else if (o->results_only) {
		out_str(&out, "Authentication-Results: ");
		authentication_write_results(&out, v->query, v->found, v->authserv_id);
		out_char(&out, '\n');
	} else {
		verify_write_text(&out, &terminal, common->lang, v);
	}
	status = judge_print(&out);
	out_deinit(&out);
	return status ? status : judge_status(v->found);
}

static int
evaluate(struct arena *arena, struct verify_options *o, struct crypto *crypto)
{
	struct authentication *a = arena_take(arena, sizeof(*a));
	struct verify_view v = { .query = &o->query, .found = a, .authserv_id = o->authserv_id };
	struct sender_sources sources;
	struct judge j;
	int status = judge_open(&j, arena, &o->judge);

	if (status != 0)
		return status;
	sender_take_from_message(arena, &o->query, &sources);
	v.ip_source = sources.ip;
	v.helo_source = sources.helo;
	v.mail_from_source = sources.mail_from;
	o->query.now = j.now;
	authentication_init(arena, crypto, &o->query, a);
	while (!authentication_evaluate(arena, &o->query, &j.answers, a) && judge_answer(&j))
		;
	v.accepted = judge_status(a) == 0;
	status = judge_close(&j);
	return status ? status : write_out(o, &v);
}

static struct span
host_name(char name[HOST_SIZE_MAX])
{
	if (gethostname(name, HOST_SIZE_MAX - 1) != 0)
		return span_of("localhost");
	name[HOST_SIZE_MAX - 1] = '\0';
	return span_of(name);
}

static int
run(struct arena *arena, struct verify_options *o, const char *path)
{
	struct public_suffixes *suffixes = judge_read_suffixes(arena, o->suffixes);
	struct crypto *crypto;
	int status;

	if (suffixes == NULL || !judge_read_message(arena, path, &o->query.message, NULL)) {
		public_suffixes_free(suffixes);
		return EXIT_UNREADABLE;
	}
	crypto = crypto_create();
	o->query.suffixes = suffixes;
	status = evaluate(arena, o, crypto);
	crypto_free(crypto);
	public_suffixes_free(suffixes);
	return status;
}

int
cmd_verify(int argc, char **argv)
{
	static const struct span empty = { "", 0 };
	struct verify_options o = { .query = { .helo = empty, .mail_from = empty, .receiver = empty },
		.authserv_id = empty };
	struct arena arena = { 0 };
	char host[HOST_SIZE_MAX];
	bool sound = read_options(&o, argc, argv);
	int status;

	if (sound && o.judge.common.help) {
		tell_usage(stdout);
		return 0;
	}
	if (!sound || optind + 1 != argc) {
		tell_usage(stderr);
		return EXIT_USAGE;
	}
	if (o.authserv_id.len == 0)
		o.authserv_id = host_name(host);
	status = run(&arena, &o, argv[optind]);
	arena_deinit(&arena);
	return status;
}
