/*
 * todoku doctor: does Postfix get through to its filters?
 */
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/usage.h"
#include "gate/milter_door.h"
#include "gate/postfix.h"
#include "intake/complain.h"
#include "render/terminal.h"

static const struct option_row rows[] = {
	{ 'c', 'c', false, "postfix", "FOLDER",
	    { "where main.cf is (else Postfix's own)", "main.cf のあるフォルダー(省略時は Postfix の既定)" } },
};

static const struct usage usage = {
	.command = "doctor",
	.synopsis = "[OPTION...]",
	.about = { "Looks at the filters (milters) that Postfix is to ask, from where Postfix stands: is the\n"
		   "socket there, can a chrooted smtpd see it, may Postfix's user use it, does a filter answer?\n"
		   "What is wrong is told with the one thing to change.\n",
	    "Postfix に設定されたフィルター(milter)を、Postfix の立場から点検します。ソケットがあるか、\n"
	    "chroot された smtpd から見えるか、Postfix のユーザーが使えるか、フィルターが応答するかを調べ、\n"
	    "問題があれば変更すべき点を 1 つ示します。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.exits = { "Exit status: 0 all filters answer, 1 one does not, or none is set; 64 usage, 65 there is no Postfix.",
	    "終了ステータス: 0 すべて応答する、1 応答しないフィルターがあるか設定がない、64 使い方の誤り、65 Postfix がない。" },
};

/* What is wrong, and what to change; {1}: of what it is said, {2}: Postfix's queue, {3}: its user. */
static const struct {
	const char *what[LANG_COUNT], *change[LANG_COUNT];
} words[DOORS] = {
	[DOOR_OPEN] = { { "a filter answers", "応答があります" }, { "", "" } },
	[DOOR_NO_ADDRESS] = { { "this is no address of a filter", "フィルターのアドレスとして読めません" },
	    { "Write unix:PATH or inet:HOST:PORT.", "unix:パス または inet:ホスト:ポート と書いてください。" } },
	[DOOR_OUTSIDE_CHROOT] = { { "smtpd is chrooted in {2} and cannot see {1}",
				      "smtpd は {2} に chroot されており、{1} が見えません" },
	    { "Put the socket below {2} and name it without that part, as unix:todoku/milter.sock.",
		"ソケットを {2} の下に置き、その部分を除いて unix:todoku/milter.sock のように指定してください。" } },
	[DOOR_MISSING] = { { "{1} is not there", "{1} がありません" },
	    { "Start the filter, or let it listen there.",
		"フィルターを起動するか、待ち受ける場所をここに合わせてください。" } },
	[DOOR_NO_SOCKET] = { { "{1} is no socket", "{1} はソケットではありません" },
	    { "Remove it, and start the filter anew.", "削除して、フィルターを起動し直してください。" } },
	[DOOR_NO_WAY] = { { "Postfix's user {3} may not pass through {1}",
			      "Postfix のユーザー {3} は {1} を通れません" },
	    { "Run `chmod o+x {1}`, or give the folder to the group of {3}.",
		"`chmod o+x {1}` を実行するか、フォルダーのグループを {3} のグループにしてください。" } },
	[DOOR_NO_RIGHT] = { { "Postfix's user {3} may not write to {1}",
				"Postfix のユーザー {3} は {1} に書き込めません" },
	    { "Start the filter with the group of {3} for its socket (`todoku gate --socket-group`).",
		"ソケットのグループを {3} のグループにしてフィルターを起動してください(`todoku gate --socket-group`)。" } },
	[DOOR_CLOSED] = { { "nobody listens at {1}", "{1} で待ち受けているプロセスがありません" },
	    { "Start the filter.", "フィルターを起動してください。" } },
	[DOOR_SILENT] = { { "who listens at {1} speaks no milter", "{1} のプロセスは milter として応答しません" },
	    { "Look which program has this address.", "このアドレスを使っているプログラムを確認してください。" } },
};

struct visit {
	struct arena *arena;
	enum lang lang;
	const struct terminal *terminal;
	struct out *out;
	struct door_query query;
	struct span user;
	size_t n, n_shut;
};

static void
put_words(const struct visit *v, const char *template, struct span path)
{
	const struct span values[] = { path, span_of(v->query.queue), v->user };

	for (const char *c = template; *c != '\0'; c++)
		if (c[0] == '{' && c[1] >= '1' && c[1] <= '3' && c[2] == '}') {
			terminal_escape(v->out, values[c[1] - '1']);
			c += 2;
		} else {
			out_char(v->out, *c);
		}
}

static void
try_one(struct visit *v, const char *parameter, struct span address)
{
	struct door_found f;
	bool open;

	v->query.address = address;
	f = door_try(v->arena, &v->query);
	open = f.door == DOOR_OPEN;
	v->n++;
	v->n_shut += !open;
	terminal_style(v->terminal, v->out, open ? STYLE_GOOD : STYLE_BAD);
	out_str(v->out, open ? "ok   " : v->lang == LANG_JA ? "問題 " : "fail ");
	terminal_style(v->terminal, v->out, STYLE_PLAIN);
	out_str(v->out, parameter);
	out_str(v->out, " ");
	terminal_escape(v->out, address);
	out_str(v->out, ": ");
	put_words(v, words[f.door].what[v->lang], f.path);
	out_char(v->out, '\n');
	if (!open) {
		out_str(v->out, "     ");
		put_words(v, words[f.door].change[v->lang], f.path);
		out_char(v->out, '\n');
	}
}

/* The addresses of "unix:a, { inet:b:c, default_action=accept }". postconf(5) */
static void
try_all(struct visit *v, const char *parameter, struct span value)
{
	while (value.len > 0) {
		size_t n = 0;
		struct span word;

		while (n < value.len && !ascii_is_space(value.at[n]) && strchr(",{}", value.at[n]) == NULL)
			n++;
		word = span_first(value, n);
		value = span_skip(value, n + (n < value.len));
		if (word.len > 0 && span_index(word, ':') < word.len && span_index(word, '=') == word.len)
			try_one(v, parameter, word);
	}
}

static bool
any_is_chrooted(const struct postfix *p, const char *program)
{
	struct postfix_service services[POSTFIX_SERVICES_MAX];
	const size_t n = postfix_services(p, program, services);

	for (size_t i = 0; i < n; i++)
		if (services[i].chrooted)
			return true;
	return false;
}

static const char *
text_of(struct arena *arena, struct span s)
{
	char *text = arena_take(arena, s.len + 1);

	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return text;
}

static int
visit(struct arena *arena, const struct options *o, const char *folder)
{
	const struct postfix p = { arena, folder };
	const struct terminal terminal = { .colour = o->colour, .width = o->width };
	const struct span queue = postfix_get(&p, "queue_directory"), owner = postfix_get(&p, "mail_owner");
	struct out out = { 0 };
	struct visit v = { .arena = arena, .lang = o->lang, .terminal = &terminal, .out = &out, .user = owner };
	const struct passwd *user = owner.at != NULL ? getpwnam(text_of(arena, owner)) : NULL;
	int status;

	if (queue.at == NULL || user == NULL) {
		complain(o->lang == LANG_JA ? "todoku: Postfix の設定を読めません(postconf が必要です)\n"
					    : "todoku: Postfix's settings cannot be read (postconf is needed)\n");
		return EXIT_UNREADABLE;
	}
	v.query = (struct door_query){ .queue = text_of(arena, queue),
		.chrooted = any_is_chrooted(&p, "smtpd"),
		.user = user->pw_uid,
		.group = user->pw_gid };
	try_all(&v, "smtpd_milters", postfix_get(&p, "smtpd_milters"));
	v.query.chrooted = any_is_chrooted(&p, "cleanup");
	try_all(&v, "non_smtpd_milters", postfix_get(&p, "non_smtpd_milters"));
	if (v.n == 0)
		out_str(&out,
		    o->lang == LANG_JA
			? "Postfix にフィルターが設定されていません。`todoku gate enable` で設定できます。\n"
			: "Postfix asks no filter. `todoku gate enable` sets one.\n");
	status = fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0 ? 0 : EXIT_IO;
	out_deinit(&out);
	return status ? status : v.n == 0 || v.n_shut > 0;
}

int
cmd_doctor(int argc, char **argv)
{
	struct options o;
	struct arena arena = { 0 };
	struct usage_reader r;
	const char *folder = NULL;
	bool sound = true;
	int c, status = EXIT_USAGE;

	usage_open(&r, &usage, &o, argc, argv);
	while (sound && (c = usage_next(&r)) != USAGE_END)
		if (c == 'c')
			folder = optarg;
		else
			sound = c != USAGE_UNSOUND && options_take(&o, c, optarg);
	if (sound && o.help) {
		usage_write(stdout, &usage, o.lang);
		status = 0;
	} else if (sound && optind < argc) {
		status = usage_refuse(&usage, o.lang, "options alone are taken", "引数は指定できません");
	} else if (sound) {
		status = visit(&arena, &o, folder);
	}
	arena_deinit(&arena);
	return status;
}
