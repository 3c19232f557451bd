#include "cmd/config.h"

#include "base/out.h"
#include "intake/complain.h"

/* The value of --config, as "--config FILE" or "--config=FILE"; NULL: it is not there. */
static const char *
find_path(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--config=", 9) == 0)
			return argv[i] + 9;
		if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			return argv[i + 1];
	}
	return NULL;
}

static const char *
copy(struct arena *arena, struct span s)
{
	char *text = arena_take(arena, s.len + 1);

	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return text;
}

static void
read_line(struct arena *arena, struct span s, struct config_line *line)
{
	size_t n = 0;

	while (n < s.len && !ascii_is_space(s.at[n]) && s.at[n] != '=')
		n++;
	line->name = copy(arena, span_first(s, n));
	s = span_trim(span_skip(s, n));
	if (span_take_char(&s, '='))
		s = span_trim(s);
	line->value = s.len > 0 ? copy(arena, s) : NULL;
}

bool
config_read(struct arena *arena, enum lang lang, int argc, char **argv, struct config *c)
{
	struct span text;

	*c = (struct config){ .path = find_path(argc, argv) };
	if (c->path == NULL)
		return true;
	if (!options_read_file(arena, c->path, CONFIG_SIZE_MAX, &text))
		return false;
	c->lines = arena_take_items(arena, CONFIG_LINES_MAX, sizeof(*c->lines));
	for (unsigned number = 1; text.len > 0; number++) {
		struct span s = span_first(text, span_index(text, '\n'));

		text = span_skip(text, s.len + (s.len < text.len));
		s = span_trim(s);
		if (s.len == 0 || s.at[0] == '#')
			continue;
		if (c->n == CONFIG_LINES_MAX || memchr(s.at, '\0', s.len) != NULL) {
			complain(lang == LANG_JA ? "%s:%u: 読めない行です\n" : "%s:%u: this line cannot be read\n",
			    c->path, number);
			return false;
		}
		c->lines[c->n].number = number;
		read_line(arena, s, &c->lines[c->n++]);
	}
	return true;
}

bool
config_has(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->lines[i].name, name) == 0)
			return true;
	return false;
}

static bool
is_said(int argc, char **argv, const char *name)
{
	const size_t n = strlen(name);

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strncmp(argv[i], "--", 2) == 0 && strncmp(argv[i] + 2, name, n) == 0 &&
		    (argv[i][2 + n] == '\0' || argv[i][2 + n] == '='))
			return true;
	return false;
}

static bool
check_line(enum lang lang, const struct config *c, const struct config_line *line, const struct option_row *row)
{
	const char *what = NULL;

	if (row == NULL)
		what = lang == LANG_JA ? "というオプションはありません" : "there is no such option";
	else if (row->value != NULL && line->value == NULL)
		what = lang == LANG_JA ? "には値が必要です" : "a value is wanted";
	else if (row->value == NULL && line->value != NULL)
		what = lang == LANG_JA ? "に値は指定できません" : "it takes no value";
	if (what == NULL)
		return true;
	complain(lang == LANG_JA ? "%s:%u: '%s' %s\n" : "%s:%u: %s: %s\n", c->path, line->number, line->name, what);
	return false;
}

/* "--name=value" */
static char *
write_argument(struct arena *arena, const struct config_line *line)
{
	struct out out = { 0 };
	struct span text;

	out_str(&out, "--");
	out_str(&out, line->name);
	if (line->value != NULL) {
		out_char(&out, '=');
		out_str(&out, line->value);
	}
	out_char(&out, '\0');
	text = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return (char *)text.at;
}

char **
config_expand(struct arena *arena, enum lang lang, const struct config *c, const struct usage *u, int argc, char **argv,
    int *expanded)
{
	char **all = arena_take_items(arena, c->n + (size_t)argc + 1, sizeof(*all));
	int n = 0;

	all[n++] = argv[0];
	for (size_t i = 0; i < c->n; i++) {
		const struct option_row *row = usage_find_option(u, c->lines[i].name);

		if (!check_line(lang, c, &c->lines[i], row))
			return NULL;
		if (row->many || !is_said(argc, argv, c->lines[i].name))
			all[n++] = write_argument(arena, &c->lines[i]);
	}
	for (int i = 1; i < argc; i++)
		all[n++] = argv[i];
	*expanded = n;
	return all;
}
