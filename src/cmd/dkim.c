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
#include "cmd/dns_session.h"
#include "cmd/operand.h"
#include "intake/complain.h"
#include "render/dkim.h"
#include "render/json_writer.h"
#include "render/record.h"

enum { PRIVATE_KEY_SIZE_MAX = 64 * 1024, RSA_BITS_USUAL = 2048 };

struct dkim_options {
	struct dns_session_options judge;
	struct dkim_signing signing;
	const char *key, *algorithm, *out;
	unsigned bits;
	enum record_format format;
	bool whole; /* sign: print the message, too */
};

static const struct option_row rows[] = {
	{ 'D', 0, false, "domain", "NAME", { "d=: who answers for the message", "d=: 署名するドメイン" } },
	{ 's', 's', false, "selector", "NAME",
	    { "s=: which of the domain's keys", "s=: そのドメインのどの鍵か(セレクター)" } },
	{ 'k', 'k', false, "key", "FILE", { "the private key, in PEM", "秘密鍵(PEM)" } },
	{ 'I', 0, false, "identity", "ADDRESS", { "i=", "i=" } },
	{ 'H', 0, false, "headers", "NAMES",
	    { "h=, colons between (else what is worth signing)",
		"h=: 署名するヘッダー、コロン区切り(省略時は推奨のもの)" } },
	{ 'c', 'c', false, "canonicalization", "simple|relaxed/simple|relaxed",
	    { "c= (else relaxed/relaxed)", "c=(省略時は relaxed/relaxed)" } },
	{ 'x', 0, false, "expires", "SECONDS", { "x=: valid for so long", "x=: 有効期間(秒)" } },
	{ 'C', 0, false, "copy", NULL,
	    { "z=: copies of the signed fields, to tell later what was changed",
		"z=: 署名したヘッダーの写しを付ける(後で変更箇所がわかる)" } },
	{ 'F', 0, false, "field-only", NULL,
	    { "sign: print the DKIM-Signature field alone", "sign: DKIM-Signature フィールドだけを表示する" } },
	{ 'a', 'a', false, "algorithm", "NAME",
	    { "keygen: rsa (the default) or ed25519", "keygen: rsa(既定)または ed25519" } },
	{ 'b', 'b', false, "bits", "N", { "keygen: 1024 to 8192 (else 2048)", "keygen: 1024～8192(省略時は 2048)" } },
	{ 'o', 'o', false, "out", "FILE",
	    { "keygen: where the private key goes (else standard output)",
		"keygen: 秘密鍵の保存先(省略時は標準出力)" } },
	{ 'f', 0, false, "format", "NAME",
	    { "keygen: how the record is written: value, zone, panel, route53, every",
		"keygen: レコードの書き方: value、zone、panel、route53、every" } },
};

static const struct usage usage = {
	.command = "dkim",
	.synopsis = "[verify] MESSAGE [OPTION...]\n"
		    "sign --domain NAME --selector NAME --key FILE MESSAGE [OPTION...]\n"
		    "keygen --domain NAME --selector NAME [--algorithm rsa|ed25519] [--bits N] [--out FILE]",
	.about = { "MESSAGE is a file, or - for standard input. verify says what broke; sign prints the\n"
		   "signed message; keygen makes a private key (PEM) and the TXT record to publish.\n",
	    "MESSAGE はファイル(- なら標準入力)。verify は署名を検証して壊れた箇所を示し、sign は署名済みの\n"
	    "メールを出力し、keygen は秘密鍵(PEM)と登録する TXT レコードを作ります。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 a signature passes, 1 none does, 64 usage, 65 unreadable input,\n"
		   "74 I/O error, 75 temperror.",
	    "終了ステータス: 0 有効な署名がある、1 ない、64 使い方の誤り、65 読めない入力、74 入出力エラー、75 temperror。" },
};

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
	complain(o->judge.common.lang == LANG_JA
		? "todoku: --canonicalization には simple か relaxed を relaxed/relaxed のように 2 つ指定してください('%s' は使えません)\n"
		: "todoku: --canonicalization takes simple or relaxed, twice: relaxed/relaxed, not '%s'\n",
	    value);
	return false;
}

static bool
read_format(struct dkim_options *o, const char *name)
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
take_option(struct arena *arena, struct dkim_options *o, enum lang lang, int letter, const char *value)
{
	uint64_t n;

	switch (letter) {
	case USAGE_UNSOUND: return false;
	case 'D': return operand_domain(arena, lang, "--domain", value, &o->signing.domain);
	case 's': return operand_domain(arena, lang, "--selector", value, &o->signing.selector);
	case 'f': return read_format(o, value);
	case 'k': o->key = value; return true;
	case 'I': o->signing.identity = span_of(value); return true;
	case 'H': o->signing.headers = span_of(value); return true;
	case 'c': return read_ways(o, value);
	case 'x':
		if (!operand_number(lang, "--expires", value, 1, 315360000, &n))
			return false;
		o->signing.seconds = n;
		return true;
	case 'C': o->signing.copy = true; return true;
	case 'F': o->whole = false; return true;
	case 'a': o->algorithm = value; return true;
	case 'b':
		if (!operand_number(lang, "--bits", value, 1024, CRYPTO_RSA_BITS_MAX, &n))
			return false;
		o->bits = (unsigned)n;
		return true;
	case 'o': o->out = value; return true;
	default: return dns_session_take_option(&o->judge, letter, value);
	}
}

static bool
read_options(struct arena *arena, struct dkim_options *o, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &o->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(arena, o, r.lang, c, optarg))
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
		dkim_write_document(&out, e, findings);
	} else {
		dkim_write_text(&out, &terminal, common->lang, e, findings);
	}
	status = dns_session_print(&out);
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
	struct dns_session j;
	bool known;
	int status;

	if (!dns_session_read_message(arena, path, &bytes, NULL))
		return EXIT_UNREADABLE;
	status = dns_session_open(&j, arena, &o->judge);
	if (status != 0)
		return status;
	dkim_message_init(&m, arena, crypto, bytes);
	do {
		dkim_verify(&m, j.now, &j.answers, e);
		known = e->result != DKIM_NEEDS_ANSWERS && dkim_findings_collect(&m, e, &j.answers, findings);
	} while (!known && dns_session_answer(&j));
	status = dns_session_close(&j);
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
		complain("todoku: %s: not a private key in PEM, RSA or Ed25519, without a password\n", path);
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

	if (!dns_session_read_message(arena, path, &bytes, &restored))
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
	status = dns_session_print(&out);
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

		written = n > 0 || (n < 0 && errno == EINTR);
		pem = span_skip(pem, n > 0 ? (size_t)n : 0);
	}
	if (path != NULL && fd >= 0)
		written = close(fd) == 0 && written;
	if (!written)
		complain("todoku: %s: %s\n", path ? path : "standard output", strerror(errno));
	return written;
}

static void
write_record(const struct dkim_options *o, struct span name, struct span text, struct out *out)
{
	const struct options *common = &o->judge.common;
	const struct terminal terminal = { .colour = common->colour, .width = common->width };

	if (!common->json) {
		record_write_change(out, &terminal, common->lang,
		    &(struct record_change){ "DKIM", name, o->signing.domain, { "", 0 }, text }, o->format);
		return;
	}
	out_str(out, "{\"schema\":2,\"name\":");
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
		complain(o->judge.common.lang == LANG_JA
			? "todoku: --algorithm には rsa か ed25519 を指定してください('%s' は使えません)\n"
			: "todoku: --algorithm takes rsa or ed25519, not '%s'\n",
		    o->algorithm);
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
		status = dns_session_print(&out);
		if (status != 0 && o->out != NULL)
			unlink(o->out); /* its record was never seen */
	}
	crypto_free_private(key);
	out_deinit(&name);
	out_deinit(&out);
	return status;
}

/* What goes into a header field: nothing that could end it. */
static bool
is_harmless(enum lang lang, const char *name, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] >= 0x7f || s.at[i] == ';') {
			complain(lang == LANG_JA ? "todoku: %s に空白・制御文字・セミコロンは使えません\n"
						 : "todoku: %s cannot hold blanks, control characters or semicolons\n",
			    name);
			return false;
		}
	return true;
}

/* What is missing for what is to be done; NULL: nothing. */
static const char *const *
missing_of(const struct dkim_options *o, const char *verb, const char *path)
{
	static const char *const message[] = { "a message is wanted: a file, or - for standard input",
		"メールのファイルを指定してください(- なら標準入力)" };
	static const char *const domain[] = { "--domain is wanted", "--domain を指定してください" };
	static const char *const selector[] = { "--selector is wanted", "--selector を指定してください" };
	static const char *const key[] = { "--key is wanted: the private key that signs",
		"--key(署名に使う秘密鍵)を指定してください" };
	static const char *const excess[] = { "keygen takes no message", "keygen ではメールを指定しません" };
	const bool makes = strcmp(verb, "keygen") == 0, verifies = strcmp(verb, "verify") == 0;

	if (!verifies && o->signing.domain.len == 0)
		return domain;
	if (!verifies && o->signing.selector.len == 0)
		return selector;
	if (makes)
		return path != NULL ? excess : NULL;
	if (!verifies && o->key == NULL)
		return key;
	return path == NULL ? message : NULL;
}

static int
run(struct arena *arena, struct dkim_options *o, const char *verb, const char *path)
{
	const enum lang lang = o->judge.common.lang;
	const char *const *missing = missing_of(o, verb, path);
	struct crypto *crypto;
	int status;

	if (missing != NULL)
		return usage_refuse(&usage, lang, missing[LANG_EN], missing[LANG_JA]);
	if (!is_harmless(lang, "--identity", o->signing.identity) ||
	    !is_harmless(lang, "--headers", o->signing.headers))
		return EXIT_USAGE;
	if (strcmp(verb, "keygen") == 0)
		return keygen(arena, o);
	crypto = crypto_create();
	status = strcmp(verb, "verify") == 0 ? verify(arena, crypto, o, path) : sign(arena, crypto, o, path);
	crypto_free(crypto);
	return status;
}

static bool
is_verb(const char *word)
{
	return strcmp(word, "verify") == 0 || strcmp(word, "sign") == 0 || strcmp(word, "keygen") == 0;
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
		.format = RECORD_EVERY,
		.whole = true };
	struct arena arena = { 0 };
	const char *verb = "verify";
	int status = EXIT_USAGE;

	if (read_options(&arena, &o, argc, argv)) {
		if (optind < argc && is_verb(argv[optind]))
			verb = argv[optind++];
		if (o.judge.common.help) {
			usage_write(stdout, &usage, o.judge.common.lang);
			status = 0;
		} else if (argc - optind > 1) {
			status = usage_refuse(
			    &usage, o.judge.common.lang, "one message at a time", "指定できるメールは 1 通です");
		} else {
			status = run(&arena, &o, verb, optind < argc ? argv[optind] : NULL);
		}
	}
	arena_deinit(&arena);
	return status;
}
