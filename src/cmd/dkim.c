/*
 * todoku dkim verify|sign|keygen
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "auth/dkim_sign.h"
#include "cmd/cmd.h"
#include "cmd/judge.h"
#include "render/dkim.h"
#include "render/json.h"
#include "render/record.h"

enum { PRIVATE_KEY_SIZE_MAX = 64 * 1024, RSA_BITS_USUAL = 2048 };

struct dkim_options {
	struct judge_options judge;
	struct dkim_signing signing;
	const char *key, *algorithm, *out;
	unsigned bits;
	bool whole; /* sign: print the message, too */
};

static void
tell_usage(FILE *to)
{
	fputs(
	    "usage: todoku dkim [verify] MESSAGE [OPTION...]\n"
	    "       todoku dkim sign --domain NAME --selector NAME --key FILE MESSAGE [OPTION...]\n"
	    "       todoku dkim keygen --domain NAME --selector NAME [--algorithm rsa|ed25519] [--bits N] [--out FILE]\n\n"
	    "MESSAGE is a file, or - for standard input. verify says what broke; sign prints the\n"
	    "signed message; keygen makes a private key (PEM) and the TXT record to publish.\n\n"
	    "  --domain NAME        d=: who answers for the message\n"
	    "  --selector NAME      s=: which of the domain's keys\n"
	    "  --key FILE           the private key, in PEM\n"
	    "  --identity ADDRESS   i=\n"
	    "  --headers NAMES      h=, colons between (else what is worth signing)\n"
	    "  --canonicalization simple|relaxed/simple|relaxed   c= (else relaxed/relaxed)\n"
	    "  --expires SECONDS    x=: valid for so long\n"
	    "  --copy               z=: copies of the signed fields, to tell later what was changed\n"
	    "  --field-only         sign: print the DKIM-Signature field alone\n"
	    "  --algorithm NAME     keygen: rsa (the default) or ed25519\n"
	    "  --bits N             keygen: 1024 to 8192 (else 2048)\n"
	    "  --out FILE           keygen: where the private key goes (else standard output)\n" JUDGE_USAGE
	    "\nExit status: 0 a signature passes, 1 none does, 64 usage, 65 unreadable input,\n"
	    "74 I/O error, 75 temperror.\n",
	    to);
}

static bool
read_way(struct span word, enum canonicalization *way)
{
	*way = span_equal(word, span_of("relaxed")) ? CANONICALIZATION_RELAXED : CANONICALIZATION_SIMPLE;
	return *way == CANONICALIZATION_RELAXED || span_equal(word, span_of("simple"));
}

static bool
read_ways(struct dkim_options *o, const char *value)
{
	const struct span s = span_of(value);
	const size_t slash = span_index(s, '/');

	if (slash < s.len && read_way(span_first(s, slash), &o->signing.header) &&
	    read_way(span_skip(s, slash + 1), &o->signing.body))
		return true;
	fprintf(
	    stderr, "todoku: --canonicalization takes simple or relaxed, twice: relaxed/relaxed, not '%s'\n", value);
	return false;
}

static bool
read_number(const char *name, const char *value, unsigned long least, unsigned long most, unsigned long *n)
{
	char *end;

	*n = strtoul(value, &end, 10);
	if (*end == '\0' && value[0] >= '0' && value[0] <= '9' && *n >= least && *n <= most)
		return true;
	fprintf(stderr, "todoku: %s takes a number from %lu to %lu, not '%s'\n", name, least, most, value);
	return false;
}

static bool
take_option(struct dkim_options *o, int letter, const char *value)
{
	unsigned long n;

	switch (letter) {
	case 'D': o->signing.domain = span_of(value); return true;
	case 's': o->signing.selector = span_of(value); return true;
	case 'k': o->key = value; return true;
	case 'I': o->signing.identity = span_of(value); return true;
	case 'H': o->signing.headers = span_of(value); return true;
	case 'c': return read_ways(o, value);
	case 'x':
		if (!read_number("--expires", value, 1, 315360000, &n))
			return false;
		o->signing.seconds = n;
		return true;
	case 'C': o->signing.copy = true; return true;
	case 'F': o->whole = false; return true;
	case 'a': o->algorithm = value; return true;
	case 'b':
		if (!read_number("--bits", value, 1024, CRYPTO_RSA_BITS_MAX, &n))
			return false;
		o->bits = (unsigned)n;
		return true;
	case 'o': o->out = value; return true;
	default: return judge_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct dkim_options *o, int argc, char **argv)
{
	static const struct option known[] = { { "domain", required_argument, NULL, 'D' },
		{ "selector", required_argument, NULL, 's' }, { "key", required_argument, NULL, 'k' },
		{ "identity", required_argument, NULL, 'I' }, { "headers", required_argument, NULL, 'H' },
		{ "canonicalization", required_argument, NULL, 'c' }, { "expires", required_argument, NULL, 'x' },
		{ "copy", no_argument, NULL, 'C' }, { "field-only", no_argument, NULL, 'F' },
		{ "algorithm", required_argument, NULL, 'a' }, { "bits", required_argument, NULL, 'b' },
		{ "out", required_argument, NULL, 'o' }, JUDGE_OPTIONS };
	int c;

	judge_options_init(&o->judge, argv);
	while ((c = getopt_long(argc, argv, "s:k:c:a:b:o:" JUDGE_LETTERS, known, NULL)) != -1)
		if (!take_option(o, c, optarg))
			return false;
	return true;
}

static int
status_of(enum dkim_result result)
{
	return result == DKIM_PASS ? 0 : result == DKIM_TEMPERROR || result == DKIM_NEEDS_ANSWERS ? EXIT_TEMPORARY : 1;
}

static int
write_verified(const struct dkim_options *o, const struct dkim_evaluation *e, const struct dkim_findings *findings)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };
	struct out out = { 0 };
	int status;

	if (common->json) {
		out_str(&out, "{\"schema\":1,\"result\":");
		json_write_string(&out, span_of(dkim_result_name(e->result)));
		json_write_number(&out, "found", e->n_found);
		out_str(&out, ",\"signatures\":");
		dkim_write_json(&out, e, findings);
		out_str(&out, "}\n");
	} else {
		dkim_write_text(&out, &terminal, common->lang, e, findings);
	}
	status = judge_print(&out);
	out_deinit(&out);
	return status ? status : status_of(e->result);
}

static int
verify(struct arena *arena, struct crypto *crypto, const struct dkim_options *o, const char *path)
{
	struct dkim_evaluation *e = arena_take(arena, sizeof(*e));
	struct dkim_findings *findings = arena_take(arena, sizeof(*findings));
	struct dkim_message m;
	struct span bytes;
	struct judge j;
	bool known;
	int status;

	if (!judge_read_message(arena, path, &bytes, NULL))
		return EXIT_UNREADABLE;
	status = judge_open(&j, arena, &o->judge);
	if (status != 0)
		return status;
	dkim_message_init(&m, arena, crypto, bytes);
	do {
		dkim_verify(&m, j.now, &j.answers, e);
		known = e->result != DKIM_NEEDS_ANSWERS && dkim_findings_collect(&m, e, &j.answers, findings);
	} while (!known && judge_answer(&j));
	status = judge_close(&j);
	return status ? status : write_verified(o, e, findings);
}

static struct crypto_private *
read_key(struct arena *arena, const char *path)
{
	struct crypto_private *key;
	struct span pem;

	if (!options_read_file(arena, path, PRIVATE_KEY_SIZE_MAX, &pem))
		return NULL;
	key = crypto_read_private(pem);
	if (key == NULL)
		fprintf(stderr, "todoku: %s: not a private key in PEM, RSA or Ed25519, without a password\n", path);
	return key;
}

static int
sign(struct arena *arena, struct crypto *crypto, struct dkim_options *o, const char *path)
{
	struct dkim_message m;
	struct out out = { 0 };
	struct span bytes;
	bool restored;
	int status;

	if (!judge_read_message(arena, path, &bytes, &restored))
		return EXIT_UNREADABLE;
	o->signing.key = read_key(arena, o->key);
	if (o->signing.key == NULL)
		return EXIT_UNREADABLE;
	o->signing.now = o->judge.now ? o->judge.now : (uint64_t)time(NULL);
	dkim_message_init(&m, arena, crypto, bytes);
	out_span(&out, dkim_sign(&m, &o->signing));
	if (o->whole)
		out_span(&out, bytes);
	crypto_free_private(o->signing.key);
	if (restored) { /* as it came: lines ended in LF */
		size_t n = 0;

		for (size_t i = 0; i < out.len; i++)
			if (out.at[i] != '\r' || i + 1 == out.len || out.at[i + 1] != '\n')
				out.at[n++] = out.at[i];
		out.len = n;
	}
	status = judge_print(&out);
	out_deinit(&out);
	return status;
}

/* Readable by its owner alone, and never over another key. */
static bool
write_key(const char *path, struct span pem)
{
	const int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL, 0600) : STDOUT_FILENO;
	bool written = fd >= 0;

	while (written && pem.len > 0) {
		const ssize_t n = write(fd, pem.at, pem.len);

		written = n > 0;
		pem = span_skip(pem, written ? (size_t)n : 0);
	}
	if (path != NULL && fd >= 0)
		written = close(fd) == 0 && written;
	if (!written)
		fprintf(stderr, "todoku: %s: %s\n", path ? path : "standard output", strerror(errno));
	return written;
}

static void
write_record(const struct dkim_options *o, struct span name, struct span text, struct out *out)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };

	if (!common->json) {
		record_write_text(out, &terminal, common->lang, name, text);
		return;
	}
	out_str(out, "{\"schema\":1,\"name\":");
	json_write_string(out, name);
	json_write_member(out, "record", text);
	record_write_strings(out, text);
	out_str(out, "}\n");
}

static int
keygen(struct arena *arena, const struct dkim_options *o)
{
	const bool rsa = o->algorithm == NULL || strcmp(o->algorithm, "rsa") == 0;
	struct crypto_private *key;
	struct out name = { 0 }, out = { 0 };
	int status = EXIT_IO;

	if (!rsa && strcmp(o->algorithm, "ed25519") != 0) {
		fprintf(stderr, "todoku: --algorithm takes rsa or ed25519, not '%s'\n", o->algorithm);
		return EXIT_USAGE;
	}
	key = crypto_make_private(rsa ? DKIM_KEY_RSA : DKIM_KEY_ED25519, o->bits);
	if (key == NULL)
		return EXIT_IO;
	out_span(&name, o->signing.selector);
	out_str(&name, "._domainkey.");
	out_span(&name, o->signing.domain);
	if (write_key(o->out, crypto_write_private(arena, key))) {
		write_record(o, out_view(&name), dkim_key_record(arena, key), &out);
		status = judge_print(&out);
	}
	crypto_free_private(key);
	out_deinit(&name);
	out_deinit(&out);
	return status;
}

static int
run(struct arena *arena, struct dkim_options *o, const char *verb, const char *path)
{
	const bool names = o->signing.domain.len > 0 && o->signing.selector.len > 0;
	struct crypto *crypto;
	int status = -1;

	if (strcmp(verb, "keygen") == 0)
		return names && path == NULL ? keygen(arena, o) : -1;
	crypto = crypto_create();
	if (strcmp(verb, "verify") == 0 && path != NULL)
		status = verify(arena, crypto, o, path);
	else if (strcmp(verb, "sign") == 0 && path != NULL && names && o->key != NULL)
		status = sign(arena, crypto, o, path);
	crypto_free(crypto);
	return status;
}

int
cmd_dkim(int argc, char **argv)
{
	static const struct span empty = { "", 0 };
	struct dkim_options o = { .signing = { .domain = empty,
				      .selector = empty,
				      .identity = empty,
				      .headers = empty,
				      .header = CANONICALIZATION_RELAXED,
				      .body = CANONICALIZATION_RELAXED },
		.bits = RSA_BITS_USUAL,
		.whole = true };
	const bool has_verb = argc > 1 &&
	    (strcmp(argv[1], "verify") == 0 || strcmp(argv[1], "sign") == 0 || strcmp(argv[1], "keygen") == 0);
	const char *verb = has_verb ? argv[1] : "verify";
	struct arena arena = { 0 };
	int status = -1;

	if (read_options(&o, argc - has_verb, argv + has_verb)) {
		argv += has_verb;
		argc -= has_verb;
		if (o.judge.common.help) {
			tell_usage(stdout);
			return 0;
		}
		if (argc - optind <= 1)
			status = run(&arena, &o, verb, optind < argc ? argv[optind] : NULL);
	}
	arena_deinit(&arena);
	if (status == -1) {
		tell_usage(stderr);
		return EXIT_USAGE;
	}
	return status;
}
