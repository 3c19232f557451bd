#include "cmd/gate_enable.h"

#include <stdio.h>

#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/usage.h"
#include "gate/postfix.h"
#include "intake/complain.h"
#include "render/terminal.h"

static const struct option_row rows[] = {
	{ 's', 's', false, "socket", "ADDRESS",
	    { "the filter's, as Postfix sees it (else unix:todoku/milter.sock, below its queue)",
		"Postfix から見たフィルターのアドレス(省略時は queue の下の unix:todoku/milter.sock)" } },
	{ 'c', 'c', false, "postfix", "FOLDER",
	    { "where main.cf is (else Postfix's own)", "main.cf のあるフォルダー(省略時は Postfix の既定)" } },
	{ 'n', 'n', false, "dry-run", NULL, { "only show what would change", "変更内容を表示するだけ" } },
};

static const struct usage usage = {
	.command = "gate",
	.synopsis = "enable [OPTION...]\ndisable [OPTION...]",
	.about = { "Puts the filter before those that Postfix asks already, shows what changed in main.cf, and\n"
		   "what takes it back. `disable` takes the filter out again and leaves the others.\n",
	    "Postfix が使うフィルターの先頭にこのフィルターを加え、main.cf の変更点と元に戻すコマンドを表示します。\n"
	    "disable は、ほかのフィルターを残して、このフィルターだけを外します。\n" },
	.rows = rows,
	.n_rows = sizeof(rows) / sizeof(rows[0]),
	.exits = { "Exit status: 0 it is so now, 64 usage, 65 there is no Postfix, 74 it could not be changed.",
	    "終了ステータス: 0 設定済み、64 使い方の誤り、65 Postfix がない、74 変更できない。" },
};

struct change {
	struct arena *arena;
	const struct options *common;
	struct postfix postfix;
	const char *socket;
	bool enable, dry;
	struct out shown, undo;
	size_t n;
	bool failed;
};

/* What parts an address from the next: blanks and commas, none within braces. */
static struct span
take_milter(struct span *rest)
{
	unsigned depth = 0;
	struct span item;

	while (rest->len > 0 && (ascii_is_space(rest->at[0]) || rest->at[0] == ','))
		*rest = span_skip(*rest, 1);
	item.at = rest->at;
	for (item.len = 0; item.len < rest->len; item.len++) {
		const char c = rest->at[item.len];

		depth += c == '{';
		depth -= c == '}' && depth > 0;
		if (depth == 0 && (ascii_is_space(c) || c == ','))
			break;
	}
	*rest = span_skip(*rest, item.len);
	return item;
}

/* The list with the filter first, or without it. */
static const char *
list_with(struct change *c, struct span value)
{
	struct out out = { 0 };
	struct span item;
	const char *text;

	if (c->enable)
		out_str(&out, c->socket);
	while ((item = take_milter(&value)).len > 0) {
		if (span_equal(item, span_of(c->socket)))
			continue;
		out_str(&out, out.len > 0 ? ", " : "");
		out_span(&out, item);
	}
	out_char(&out, '\0');
	text = arena_copy(c->arena, out_view(&out)).at;
	out_deinit(&out);
	return text;
}

static void
show(struct change *c, const char *sign, const char *name, struct span value)
{
	const struct terminal t = { .colour = c->common->colour, .width = c->common->width };

	terminal_style(&t, &c->shown, sign[0] == '+' ? STYLE_GOOD : STYLE_BAD);
	out_str(&c->shown, sign);
	out_str(&c->shown, name);
	out_str(&c->shown, " = ");
	terminal_escape(&c->shown, value);
	terminal_style(&t, &c->shown, STYLE_PLAIN);
	out_char(&c->shown, '\n');
}

static void
put_quoted(struct out *out, const char *name, struct span value)
{
	out_char(out, '\'');
	out_str(out, name);
	out_str(out, " = ");
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] == '\'')
			out_str(out, "'\\''");
		else
			out_char(out, value.at[i]);
	out_char(out, '\'');
}

/* "postconf -e 'smtpd_milters = unix:old'", "postconf -X smtpd_milters" */
static void
note_undo(struct change *c, const char *name, struct span before)
{
	out_str(&c->undo, "  postconf ");
	if (c->postfix.folder != NULL) {
		out_str(&c->undo, "-c ");
		out_str(&c->undo, c->postfix.folder);
		out_char(&c->undo, ' ');
	}
	out_str(&c->undo, before.at != NULL ? "-e " : "-X ");
	if (before.at != NULL)
		put_quoted(&c->undo, name, before);
	else
		out_str(&c->undo, name);
	out_char(&c->undo, '\n');
}

static void
set(struct change *c, const char *name, const char *value)
{
	const struct span before = postfix_get_explicit(&c->postfix, name);

	if (before.at != NULL ? span_equal(before, span_of(value)) : value[0] == '\0')
		return;
	c->n++;
	if (before.at != NULL)
		show(c, "- ", name, before);
	show(c, "+ ", name, span_of(value));
	note_undo(c, name, before);
	if (!c->dry && !postfix_set(&c->postfix, name, value))
		c->failed = true;
}

static void
set_all(struct change *c)
{
	static const char *const lists[] = { "smtpd_milters", "non_smtpd_milters" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct span before = postfix_get_explicit(&c->postfix, lists[i]);

		set(c, lists[i], list_with(c, before.at != NULL ? before : (struct span){ "", 0 }));
	}
	if (!c->enable)
		return;
	set(c, "milter_protocol", "6");
	set(c, "milter_default_action", "accept");
}

static void
tell(const struct change *c)
{
	const bool ja = c->common->lang == LANG_JA;

	if (c->n == 0) {
		fputs(ja ? "変更はありません。\n" : "Nothing is to be changed.\n", stdout);
		return;
	}
	fwrite(c->shown.at, 1, c->shown.len, stdout);
	if (c->dry)
		return;
	fputs(ja ? "\n反映: postfix reload\n元に戻すには:\n" : "\nTo take effect: postfix reload\nTo undo:\n", stdout);
	fwrite(c->undo.at, 1, c->undo.len, stdout);
}

static int
change(struct arena *arena, const struct options *common, struct change *c)
{
	int status = 0;

	c->arena = arena;
	c->common = common;
	c->postfix.arena = arena;
	if (postfix_get(&c->postfix, "queue_directory").at == NULL) {
		complain(common->lang == LANG_JA ? "todoku: Postfix の設定を読めません(postconf が必要です)\n"
						 : "todoku: Postfix's settings cannot be read (postconf is needed)\n");
		return EXIT_UNREADABLE;
	}
	set_all(c);
	tell(c);
	if (c->failed) {
		complain(common->lang == LANG_JA ? "todoku: main.cf を変更できません\n"
						 : "todoku: main.cf could not be changed\n");
		status = EXIT_IO;
	}
	out_deinit(&c->shown);
	out_deinit(&c->undo);
	return status;
}

int
cmd_gate_enable(int argc, char **argv)
{
	struct options o;
	struct arena arena = { 0 };
	struct usage_reader r;
	struct change c = { .socket = "unix:todoku/milter.sock", .enable = strcmp(argv[1], "enable") == 0 };
	bool sound = true;
	int letter, status = EXIT_USAGE;

	usage_open(&r, &usage, &o, argc - 1, argv + 1);
	while (sound && (letter = usage_next(&r)) != USAGE_END)
		switch (letter) {
		case 's': c.socket = optarg; break;
		case 'c': c.postfix.folder = optarg; break;
		case 'n': c.dry = true; break;
		default: sound = letter != USAGE_UNSOUND && options_take(&o, letter, optarg);
		}
	if (sound && o.help) {
		usage_write(stdout, &usage, o.lang);
		status = 0;
	} else if (sound && optind < argc - 1) {
		status = usage_refuse(&usage, o.lang, "options alone are taken", "引数は指定できません");
	} else if (sound) {
		status = change(&arena, &o, &c);
	}
	arena_deinit(&arena);
	return status;
}
