#include "cmd/usage.h"

#include <string.h>

#include "cmd/cmd.h"
#include "intake/complain.h"

enum { HELP_COLUMN = 23, NAME_SIZE_MAX = 32 };

static const struct option_row of_the_dns[] = {
	{ 'z', 'z', false, "zone", "FILE",
	    { "DNS answers: zone text (RFC 1035); nothing else is asked",
		"DNS の応答をゾーンファイル(RFC 1035)から取得し、ほかには問い合わせない" } },
	{ 'd', 'd', true, "dns", "ADDRESS[:PORT]",
	    { "ask this resolver (repeatable; else the system's)",
		"問い合わせるリゾルバー(複数可。省略時はシステムの設定)" } },
	{ 't', 't', false, "timeout", "SECONDS",
	    { "for all there is to ask, 1 to 300 (else 10)", "DNS 全体の制限時間、1～300 秒(省略時 10)" } },
	{ 'T', 0, false, "trust-anchor", "FILE",
	    { "validate DNSSEC (Debian's: /usr/share/dns/root.key); bogus answers failed",
		"DNSSEC を検証する(Debian では /usr/share/dns/root.key)。検証に失敗した応答は無効" } },
	{ 'E', 0, false, "evidence", "FILE",
	    { "write all that was asked and answered", "DNS の質問と応答をすべて書き出す" } },
	{ 'P', 0, false, "replay", "FILE",
	    { "judge again from such a file, without a network",
		"書き出したファイルから、ネットワークなしで判定を再現する" } },
	{ 'N', 0, false, "now", "SECONDS",
	    { "the time to judge by, since 1970 (else the clock's)",
		"判定に使う時刻、1970 年からの秒数(省略時は現在)" } },
	{ OPTION_ANSWERS_FROM, 0, false, "answers-from", "FD", { NULL, NULL } }, /* between processes of its own */
	{ 'j', 'j', false, "json", NULL, { "one JSON object", "JSON で出力する" } },
};

static const struct option_row of_all[] = {
	{ 'l', 'l', false, "lang", "ja|en",
	    { "the language (else LC_ALL, LC_MESSAGES, LANG)", "表示言語(省略時は LC_ALL、LC_MESSAGES、LANG)" } },
	{ OPTION_COLOUR, 0, false, "color", "auto|always|never",
	    { "colours (else auto: on a terminal, unless NO_COLOR is set)",
		"色を付けるか(省略時 auto: 端末のみ。NO_COLOR で無効)" } },
	{ 'h', 'h', false, "help", NULL, { "this help", "この説明" } },
};

static void
add_rows(struct usage_reader *r, const struct option_row *rows, size_t n)
{
	size_t len = strlen(r->letters);

	for (size_t i = 0; i < n && r->n_rows < USAGE_OPTIONS_MAX; i++) {
		const struct option_row *row = &rows[i];

		r->known[r->n_rows] = (struct option){ row->name, row->value ? required_argument : no_argument, NULL,
			row->letter };
		r->rows[r->n_rows++] = row;
		if (row->brief != 0)
			r->letters[len++] = row->brief;
		if (row->brief != 0 && row->value != NULL)
			r->letters[len++] = ':';
	}
	r->letters[len] = '\0';
}

void
usage_open(struct usage_reader *r, const struct usage *u, struct options *o, int argc, char **argv)
{
	options_init(o, argc, argv);
	*r = (struct usage_reader){ .usage = u, .lang = o->lang, .argc = argc, .argv = argv, .letters = ":" };
	add_rows(r, u->rows, u->n_rows);
	if (u->judges)
		add_rows(r, of_the_dns, sizeof(of_the_dns) / sizeof(of_the_dns[0]));
	add_rows(r, of_all, sizeof(of_all) / sizeof(of_all[0]));
	optind = 1;
	opterr = 0;
}

static const struct option_row *
find_row(const struct option_row *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

const struct option_row *
usage_find_option(const struct usage *u, const char *name)
{
	const struct option_row *row = find_row(u->rows, u->n_rows, name);

	if (row == NULL && u->judges)
		row = find_row(of_the_dns, sizeof(of_the_dns) / sizeof(of_the_dns[0]), name);
	return row != NULL ? row : find_row(of_all, sizeof(of_all) / sizeof(of_all[0]), name);
}

static const struct option_row *
row_of(const struct usage_reader *r, int letter, size_t *at)
{
	for (size_t i = 0; i < r->n_rows; i++)
		if (r->rows[i]->letter == letter || (r->rows[i]->brief != 0 && r->rows[i]->brief == letter)) {
			if (at != NULL)
				*at = i;
			return r->rows[i];
		}
	return NULL;
}

static void
write_row(FILE *to, const struct option_row *row, enum lang lang)
{
	const char *says = row->says[lang];
	int n;

	if (says == NULL)
		return;
	n = fprintf(to, "  --%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");

	fprintf(to, "%*s", n < HELP_COLUMN ? HELP_COLUMN - n : 2, "");
	for (; *says != '\0'; says++) {
		fputc(*says, to);
		if (*says == '\n')
			fprintf(to, "%*s", HELP_COLUMN, "");
	}
	fputc('\n', to);
}

/* Letters to change, add, drop or swap. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned rows[3][NAME_SIZE_MAX + 1];
	const size_t n = strlen(b);

	if (strlen(a) > NAME_SIZE_MAX || n > NAME_SIZE_MAX)
		return NAME_SIZE_MAX;
	for (size_t k = 0; k <= n; k++)
		rows[0][k] = (unsigned)k;
	for (size_t i = 1; i <= strlen(a); i++) {
		unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t k = 1; k <= n; k++) {
			unsigned least = before[k - 1] + (a[i - 1] != b[k - 1]);

			least = before[k] + 1 < least ? before[k] + 1 : least;
			least = now[k - 1] + 1 < least ? now[k - 1] + 1 : least;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] && two[k - 2] + 1 < least)
				least = two[k - 2] + 1;
			now[k] = least;
		}
	}
	return rows[strlen(a) % 3][n];
}

const char *
usage_nearest(const char *wanted, const char *const *names, size_t n)
{
	unsigned least = strlen(wanted) > 4 ? 3 : 2;
	const char *nearest = NULL;

	for (size_t i = 0; i < n; i++) {
		const unsigned d = distance(wanted, names[i]);

		if (d < least) {
			least = d;
			nearest = names[i];
		}
	}
	return nearest;
}

static int
refuse_unknown(const struct usage_reader *r, const char *given)
{
	const char *names[USAGE_OPTIONS_MAX], *nearest;
	char name[NAME_SIZE_MAX + 1];
	const bool ja = r->lang == LANG_JA;

	for (size_t i = 0; i < r->n_rows; i++)
		names[i] = r->rows[i]->name;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(given + 1 + (given[1] == '-'), "="),
	    given + 1 + (given[1] == '-'));
	nearest = given[1] == '-' ? usage_nearest(name, names, r->n_rows) : NULL;
	if (nearest != NULL)
		complain(ja ? "todoku: %s に '%s' というオプションはありません(--%s のことですか?)\n"
			    : "todoku: %s has no option '%s'; did you mean --%s?\n",
		    r->usage->command, given, nearest);
	else
		complain(ja ? "todoku: %s に '%s' というオプションはありません(`todoku %s --help` で一覧を表示)\n"
			    : "todoku: %s has no option '%s' (`todoku %s --help` lists them)\n",
		    r->usage->command, given, r->usage->command);
	return USAGE_UNSOUND;
}

static int
refuse(const struct usage_reader *r, const struct option_row *row, const char *english, const char *japanese)
{
	complain("todoku: --%s%s\n", row->name, r->lang == LANG_JA ? japanese : english);
	write_row(stderr, row, r->lang);
	return USAGE_UNSOUND;
}

int
usage_next(struct usage_reader *r)
{
	const int before = optind, c = getopt_long(r->argc, r->argv, r->letters, r->known, NULL);
	const struct option_row *row;
	size_t at = 0;

	if (c == -1)
		return USAGE_END;
	if (c == '?' && (optopt == 0 || row_of(r, optopt, NULL) == NULL))
		return refuse_unknown(r, r->argv[optind > before ? optind - 1 : optind]);
	row = row_of(r, c == '?' || c == ':' ? optopt : c, &at);
	if (c == ':')
		return refuse(r, row, " wants a value", " には値が必要です");
	if (c == '?')
		return refuse(r, row, " takes no value", " は値を取りません");
	if (r->seen[at] && !row->many && row->value != NULL)
		return refuse(r, row, " was given twice", " が 2 回指定されています");
	r->seen[at] = true;
	return row->letter;
}

static void
write_synopsis(FILE *to, const struct usage *u, enum lang lang)
{
	const char *const head = lang == LANG_JA ? "使い方: " : "usage: ";
	const char *line = u->synopsis;

	for (bool first = true; *line != '\0'; first = false) {
		const size_t n = strcspn(line, "\n");

		fprintf(to, "%stodoku %s %.*s\n",
		    first                 ? head
			: lang == LANG_JA ? "        "
					  : "       ",
		    u->command, (int)n, line);
		line += n + (line[n] == '\n');
	}
}

static void
write_rows(FILE *to, const struct option_row *rows, size_t n, enum lang lang)
{
	for (size_t i = 0; i < n; i++)
		write_row(to, &rows[i], lang);
}

void
usage_write(FILE *to, const struct usage *u, enum lang lang)
{
	write_synopsis(to, u, lang);
	fprintf(to, "\n%s\n", u->about[lang]);
	write_rows(to, u->rows, u->n_rows, lang);
	if (u->judges)
		write_rows(to, of_the_dns, sizeof(of_the_dns) / sizeof(of_the_dns[0]), lang);
	write_rows(to, of_all, sizeof(of_all) / sizeof(of_all[0]), lang);
	fprintf(to, "\n%s\n", u->exits[lang]);
}

int
usage_refuse(const struct usage *u, enum lang lang, const char *english, const char *japanese)
{
	complain("todoku: %s: %s\n", u->command, lang == LANG_JA ? japanese : english);
	write_synopsis(stderr, u, lang);
	return EXIT_USAGE;
}
