#include "cmd/gate_milter.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "cmd/cmd.h"
#include "cmd/dns_session.h"
#include "cmd/gate_policy.h"
#include "cmd/operand.h"
#include "gate/milter_server.h"
#include "gate/service.h"
#include "intake/complain.h"

enum {
	NETWORKS_MAX = 256,
	HOST_SIZE_MAX = 256,
	PATH_SIZE_MAX = 4096,
	KEY_TABLE_SIZE_MAX = 16 * 1024 * 1024,
	PRIVATE_KEY_SIZE_MAX = 64 * 1024,
	HEAP_KEPT = 64 * 1024 * 1024 /* bytes */
};

struct milter_options {
	struct dns_session_options judge;
	struct milter_server_options server;
	const char *policy, *policies, *keys, *suffixes, *mode;
	struct span authserv_id, seal;
	char host[HOST_SIZE_MAX];
	struct network internal[NETWORKS_MAX];
	size_t n_internal;
	uint64_t size;
	bool quarantine, refuse, quiet, check;
};

static const struct option_row rows[] = {
	{ 'm', 'm', true, "milter", "ADDRESS",
	    { "listen here: unix:PATH, inet:PORT@HOST or inet6:PORT@HOST",
		"待ち受けるアドレス: unix:PATH、inet:PORT@HOST、inet6:PORT@HOST" } },
	{ 'M', 0, false, "mode", "NAME",
	    { "monitor (the default): nothing is refused, Authentication-Results and the log tell;\n"
	      "enforce: what the policy minds is refused;\n"
	      "outgoing: our own mail alone is signed, and looked at as its receivers will",
		"monitor(既定): 拒否せず、Authentication-Results とログに記録\n"
		"enforce: 方針に反するメールを拒否\n"
		"outgoing: 自組織のメールだけを署名し、受信側と同じ基準で点検" } },
	{ 'p', 'p', false, "policy", "NAME",
	    { "what is minded: standard (the default; outgoing: google), google, google-bulk,\n"
	      "or one of --policies",
		"判定の方針: standard(既定。outgoing では google)、google、google-bulk、\n"
		"または --policies のもの" } },
	{ 'F', 0, false, "policies", "FILE", { "policies of your own", "独自の方針を書いたファイル" } },
	{ 'A', 0, false, "authserv-id", "NAME",
	    { "who says so, in Authentication-Results (else this host)",
		"Authentication-Results に書く判定者の名前(省略時はこのホスト)" } },
	{ 'i', 0, true, "internal", "NETWORK",
	    { "clients of ours, as 192.0.2.0/24 (else 127.0.0.0/8 and ::1)",
		"自組織のクライアント。192.0.2.0/24 のように指定(省略時は 127.0.0.0/8 と ::1)" } },
	{ 'k', 'k', false, "keys", "FILE",
	    { "the key table: a line for each key with its domain, selector and PEM file",
		"鍵の一覧。1 行に 1 つ、ドメイン、セレクター、PEM ファイル" } },
	{ 's', 0, false, "seal", "DOMAIN",
	    { "seal what is passed on (ARC), with this domain's first key",
		"転送するメールに、このドメインの最初の鍵で ARC の署名を付ける" } },
	{ 'Q', 0, false, "quarantine", NULL,
	    { "enforce: what p=quarantine fails for is put on hold",
		"enforce: p=quarantine で認証に失敗したメールを保留にする" } },
	{ 'r', 0, false, "refuse", NULL,
	    { "outgoing: what the policy minds is refused, not only told",
		"outgoing: 方針に反するメールを記録するだけでなく拒否する" } },
	{ 'S', 0, false, "size", "BYTES",
	    { "larger messages are left alone (else 134217728)", "これより大きいメールは対象外(省略時は 134217728)" } },
	{ 'g', 0, false, "socket-group", "NAME",
	    { "who else may use a socket with a path: the MTA's group",
		"パスのソケットを使えるグループ(MTA のグループ)" } },
	{ 'f', 0, false, "config", "FILE",
	    { "options from a file, a line each without the dashes; what is said here counts",
		"オプションを書いたファイル(1 行に 1 つ、-- なし)。ここでの指定が優先" } },
	{ 'q', 'q', false, "quiet", NULL, { "no line for each message", "メールごとの行を表示しない" } },
	{ 'c', 0, false, "check", NULL,
	    { "read all that is given, say whether it is sound, and end", "設定を確認して終了する" } },
	{ 'J', 'j', false, "jobs", "N", { "event loops (else one a core)", "イベントループの数(省略時はコア数)" } },
	{ 'u', 0, false, "psl", "FILE",
	    { "a public suffix list (else the built-in one)", "公開サフィックスリスト(省略時は内蔵)" } },
};

static const struct usage usage = {
	.command = "gate",
	.synopsis = "--milter ADDRESS [OPTION...]",
	.about = { "A mail server's filter (milter, for Postfix and sendmail). Mail of clients that\n"
		   "authenticated or are internal is signed with DKIM; all other mail is judged by SPF, DKIM,\n"
		   "DMARC and ARC, and gets Authentication-Results; forged ones of our name are removed.\n"
		   "SIGHUP reads policies and keys anew and keeps the old ones where those are unsound.\n",
	    "メールサーバー用のフィルター(milter。Postfix と sendmail に対応)です。認証済みまたは内部の\n"
	    "クライアントのメールには DKIM で署名し、それ以外のメールは SPF・DKIM・DMARC・ARC で判定して\n"
	    "Authentication-Results を付けます。このサーバーを名乗る偽の Authentication-Results は削除します。\n"
	    "SIGHUP で方針と鍵を読み直し、誤りがあれば以前のものを使い続けます。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.judges = true,
	.exits = { "Exit status: 0 it was stopped, 64 usage, 65 unreadable input, 74 it cannot listen.",
	    "終了ステータス: 0 正常終了、64 使い方の誤り、65 読めない入力、74 待ち受けできない。" },
};

static const struct {
	const char *name;
	enum filter_mode mode;
} modes[] = { { "monitor", FILTER_MONITOR }, { "enforce", FILTER_ENFORCE }, { "outgoing", FILTER_OUTGOING } };

static bool
read_mode(const char *name, enum filter_mode *mode)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, name) == 0) {
			*mode = modes[i].mode;
			return true;
		}
	return false;
}

static bool
take_address(struct milter_options *o, enum lang lang, const char *value)
{
	if (o->server.n_addresses == MILTER_ADDRESSES_MAX)
		return gate_refuse_value(lang, "--milter", value);
	o->server.addresses[o->server.n_addresses++] = value;
	return true;
}

static bool
take_network(struct milter_options *o, enum lang lang, const char *value)
{
	if (o->n_internal == NETWORKS_MAX || !network_read(span_of(value), &o->internal[o->n_internal]))
		return gate_refuse_value(lang, "--internal", value);
	o->n_internal++;
	return true;
}

static bool
take_jobs(struct milter_options *o, enum lang lang, const char *value)
{
	uint64_t n;

	if (!operand_number(lang, "--jobs", value, 1, MILTER_LOOPS_MAX, &n))
		return false;
	o->server.loops = (unsigned)n;
	return true;
}

static bool
take_mode(struct milter_options *o, enum lang lang, const char *value)
{
	enum filter_mode mode;

	o->mode = value;
	return read_mode(value, &mode) || gate_refuse_value(lang, "--mode", value);
}

static bool
take_option(struct arena *arena, struct milter_options *o, enum lang lang, int letter, const char *value)
{
	switch (letter) {
	case USAGE_UNSOUND: return false;
	case 'm': return take_address(o, lang, value);
	case 'M': return take_mode(o, lang, value);
	case 'p': o->policy = value; return true;
	case 'F': o->policies = value; return true;
	case 'A': return operand_name(arena, lang, "--authserv-id", value, &o->authserv_id);
	case 'i': return take_network(o, lang, value);
	case 'k': o->keys = value; return true;
	case 's': return operand_domain(arena, lang, "--seal", value, &o->seal);
	case 'Q': o->quarantine = true; return true;
	case 'r': o->refuse = true; return true;
	case 'S': return operand_number(lang, "--size", value, 1, FILTER_MESSAGE_SIZE_MAX, &o->size);
	case 'g': o->server.group = value; return true;
	case 'q': o->quiet = true; return true;
	case 'f': return true; /* read before */
	case 'c': o->check = true; return true;
	case 'J': return take_jobs(o, lang, value);
	case 'u': o->suffixes = value; return true;
	default: return dns_session_take_option(&o->judge, letter, value);
	}
}

static void
set_defaults(struct milter_options *o)
{
	static const char *const loopback[] = { "127.0.0.0/8", "::1" };

	for (size_t i = 0; i < 2 && (o->n_internal == i); i++)
		network_read(span_of(loopback[i]), &o->internal[o->n_internal++]);
	if (o->authserv_id.len == 0) {
		if (gethostname(o->host, HOST_SIZE_MAX - 1) != 0)
			strcpy(o->host, "localhost");
		o->authserv_id = span_of(o->host);
	}
	if (o->mode == NULL)
		o->mode = "monitor";
	if (o->policy == NULL)
		o->policy = strcmp(o->mode, "outgoing") == 0 ? "google" : "standard";
}

static bool
read_options(struct arena *arena, struct milter_options *o, int argc, char **argv)
{
	struct usage_reader r;
	int c;

	usage_open(&r, &usage, &o->judge.common, argc, argv);
	while ((c = usage_next(&r)) != USAGE_END)
		if (!take_option(arena, o, r.lang, c, optarg))
			return false;
	set_defaults(o);
	return true;
}

struct serving {
	struct milter_gate gate;
	const struct milter_options *options;
};

/* A key's path is meant from the folder of the table; what the service manager hands over comes first. */
static bool
fetch_key(void *context, struct arena *arena, struct span path, struct span *pem)
{
	const char *table = context, *slash = strrchr(table, '/');
	char whole[PATH_SIZE_MAX];
	const bool absolute = path.at[0] == '/' || slash == NULL;
	int n;

	if (path.at[0] != '/' && service_credential(path, whole, sizeof(whole)))
		return options_read_file(arena, whole, PRIVATE_KEY_SIZE_MAX, pem);
	n = snprintf(whole, sizeof(whole), "%.*s%.*s", absolute ? 0 : (int)(slash + 1 - table), table,
	    (int)(path.len < PATH_SIZE_MAX ? path.len : PATH_SIZE_MAX), path.at);
	return n > 0 && (size_t)n < sizeof(whole) && options_read_file(arena, whole, PRIVATE_KEY_SIZE_MAX, pem);
}

static bool
read_keys(const struct milter_options *o, struct milter_settings *s)
{
	const struct signing_key *seal;
	struct signing_fault fault;
	struct span text;

	if (o->keys != NULL) {
		if (!options_read_file(&s->arena, o->keys, KEY_TABLE_SIZE_MAX, &text))
			return false;
		if (!signing_table_read(&s->arena, text, fetch_key, (void *)o->keys, &s->keys, &fault)) {
			gate_tell_fault(o->keys, fault.line, fault.what, fault.at);
			return false;
		}
	}
	if (o->seal.len == 0)
		return true;
	if (signing_find(&s->arena, &s->keys, o->seal, &seal) == 0) {
		complain("todoku: %s: no key for --seal %.*s\n", o->keys, (int)o->seal.len, o->seal.at);
		return false;
	}
	s->filter.seal = seal;
	return true;
}

/* NULL: told. */
static struct milter_settings *
read_settings(const struct serving *serving)
{
	const struct milter_options *o = serving->options;
	struct milter_settings *s = memory_take_cleared(sizeof(*s));
	const struct policies *policies;

	s->filter = (struct filter_settings){ .authserv_id = o->authserv_id,
		.internal = o->internal,
		.n_internal = o->n_internal,
		.keys = &s->keys,
		.catalog = serving->gate.catalog,
		.quarantine = o->quarantine,
		.refuse_outgoing = o->refuse,
		.size_max = o->size };
	read_mode(o->mode, &s->filter.mode);
	policies = gate_policy_read(&s->arena, serving->gate.catalog, o->policies);
	if (policies != NULL)
		s->filter.policy = gate_policy_find(policies, o->judge.common.lang, o->policy);
	if (s->filter.policy != NULL && read_keys(o, s))
		return s;
	signing_table_free(&s->keys);
	arena_deinit(&s->arena);
	memory_free(s);
	return NULL;
}

static void
reload(void *context)
{
	struct serving *s = context;
	struct milter_settings *settings = read_settings(s);
	const bool ja = s->options->judge.common.lang == LANG_JA;

	if (settings != NULL) {
		milter_gate_set(&s->gate, settings);
		complain(ja ? "todoku: 設定を読み直しました\n" : "todoku: read anew\n");
	} else {
		complain(ja ? "todoku: 以前の設定を使い続けます\n" : "todoku: the old settings stay\n");
	}
}

static void
tell_ready(void *context, const char *address)
{
	const struct serving *s = context;

	complain(
	    s->options->judge.common.lang == LANG_JA ? "todoku: %s で待ち受けています\n" : "todoku: listening on %s\n",
	    address);
}

static int
run(struct serving *s, struct milter_options *o)
{
	struct milter_settings *settings;
	const char *what = "";

	if (s->gate.catalog == NULL || s->gate.suffixes == NULL || (settings = read_settings(s)) == NULL)
		return EXIT_UNREADABLE;
	milter_gate_set(&s->gate, settings);
	if (o->check) {
		complain(
		    o->judge.common.lang == LANG_JA ? "todoku: 設定に誤りはありません\n" : "todoku: all is sound\n");
		return 0;
	}
	mallopt(M_TRIM_THRESHOLD, HEAP_KEPT); /* each message takes and leaves as much as the last */
	mallopt(M_MMAP_THRESHOLD, HEAP_KEPT / 16);
	o->server.ready = tell_ready;
	o->server.reload = reload;
	o->server.context = s;
	if (milter_server_run(&s->gate, &o->server, &what) == 0)
		return 0;
	complain("todoku: %s: %s\n", o->server.addresses[0], what);
	return EXIT_IO;
}

static int
serve(struct arena *arena, struct milter_options *o)
{
	struct serving serving = { .options = o };
	struct milter_gate *g = &serving.gate;
	struct dns_session zone;
	int status;

	milter_gate_init(g);
	if (o->judge.zone != NULL) {
		status = dns_session_open(&zone, arena, &o->judge);
		if (status != 0)
			return status;
		g->zone = &zone.zone;
	}
	g->lang = o->judge.common.lang;
	g->resolver = o->judge.resolver;
	g->now = o->judge.now;
	g->log = o->quiet ? NULL : stdout;
	g->catalog = options_load_catalog(&o->judge.common, arena);
	g->suffixes = dns_session_read_suffixes(arena, o->suffixes);
	status = run(&serving, o);
	public_suffixes_free((struct public_suffixes *)g->suffixes);
	milter_gate_deinit(g);
	return status;
}

int
cmd_gate_milter(const struct config *config, enum lang spoken, int argc, char **argv)
{
	struct milter_options *o = memory_take_cleared(sizeof(*o));
	struct arena arena = { 0 };
	char **all = config_expand(&arena, spoken, config, &usage, argc, argv, &argc);
	const bool sound = all != NULL && read_options(&arena, o, argc, all);
	const enum lang lang = o->judge.common.lang;
	int status = EXIT_USAGE;

	if (sound && o->judge.common.help) {
		usage_write(stdout, &usage, lang);
		status = 0;
	} else if (sound && optind < argc) {
		status = usage_refuse(&usage, lang, "options alone are taken", "引数は指定できません");
	} else if (sound && o->seal.len > 0 && o->keys == NULL) {
		status = usage_refuse(&usage, lang, "--seal needs --keys", "--seal には --keys が必要です");
	} else if (sound) {
		status = serve(&arena, o);
	}
	arena_deinit(&arena);
	memory_free(o);
	return status;
}
