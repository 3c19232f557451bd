#include "cmd/options.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/builtin.h"
#include "intake/complain.h"

enum { RULE_FILE_SIZE_MAX = 8 * 1024 * 1024 };

/* LC_ALL, LC_MESSAGES, LANG in this order; "ja_JP.UTF-8" is Japanese. */
static enum lang
environment_lang(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return strncmp(value, "ja", 2) == 0 ? LANG_JA : LANG_EN;
	}
	return LANG_EN;
}

static unsigned
terminal_width(void)
{
	struct winsize w;
	const char *columns = getenv("COLUMNS");
	unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;

	if (n == 0 && isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0)
		n = w.ws_col;
	return n < 40 ? 80 : n > 120 ? 120 : (unsigned)n;
}

static bool
wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

/* "ja" or "en" */
static bool
read_lang(const char *value, enum lang *lang)
{
	if (value == NULL || (strcmp(value, "ja") != 0 && strcmp(value, "en") != 0))
		return false;
	*lang = value[0] == 'j' ? LANG_JA : LANG_EN;
	return true;
}

void
options_init(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .lang = environment_lang(), .width = terminal_width(), .colour = wants_colour() };
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			read_lang(argv[i] + 7, &o->lang);
		else if (strcmp(argv[i], "--lang") == 0 || strcmp(argv[i], "-l") == 0)
			read_lang(i + 1 < argc ? argv[i + 1] : NULL, &o->lang);
	}
}

static bool
take_lang(struct options *o, const char *value)
{
	if (read_lang(value, &o->lang))
		return true;
	complain(o->lang == LANG_JA ? "todoku: --lang には ja か en を指定してください('%s' は使えません)\n"
				    : "todoku: --lang takes ja or en, not '%s'\n",
	    value);
	return false;
}

static bool
take_colour(struct options *o, const char *value)
{
	if (strcmp(value, "always") == 0 || strcmp(value, "never") == 0) {
		o->colour = value[0] == 'a';
		return true;
	}
	if (strcmp(value, "auto") == 0)
		return true;
	complain(o->lang == LANG_JA
		? "todoku: --color には auto、always、never のいずれかを指定してください('%s' は使えません)\n"
		: "todoku: --color takes auto, always or never, not '%s'\n",
	    value);
	return false;
}

static bool
read_jobs(struct options *o, const char *value)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*end != '\0' || n == 0 || n > 32) {
		complain(o->lang == LANG_JA ? "todoku: --jobs には 1～32 の数を指定してください('%s' は使えません)\n"
					    : "todoku: --jobs takes a number from 1 to 32, not '%s'\n",
		    value);
		return false;
	}
	o->jobs = (unsigned)n;
	return true;
}

bool
options_take(struct options *o, int letter, const char *value)
{
	switch (letter) {
	case 'j': o->json = true; return true;
	case 's': o->summary = true; return true;
	case 'q': o->quiet = true; return true;
	case 'h': o->help = true; return true;
	case 'c': o->catalog_folder = value; return true;
	case 'l': return take_lang(o, value);
	case OPTION_COLOUR: return take_colour(o, value);
	case 'J': return read_jobs(o, value);
	default: return false;
	}
}

void
options_tell_faults(const struct catalog_faults *faults)
{
	for (size_t i = 0; i < faults->n && i < CATALOG_FAULTS_MAX; i++) {
		const struct catalog_fault *f = &faults->at[i];

		complain("%s:%u: %s%s%.*s\n", f->file, f->line, f->what, f->detail.len ? ": " : "",
		    (int)(f->detail.len < 200 ? f->detail.len : 200), f->detail.at);
	}
	if (faults->n > CATALOG_FAULTS_MAX)
		complain("… and %zu more\n", faults->n - CATALOG_FAULTS_MAX);
}

static void
close_file(FILE *f)
{
	if (f != stdin)
		fclose(f);
}

bool
options_read_file(struct arena *arena, const char *path, size_t max, struct span *text)
{
	/* standard input is open already, where nothing else may be opened */
	FILE *f = strcmp(path, "/dev/stdin") == 0 ? stdin : fopen(path, "rb");
	char *to;

	if (f == NULL) {
		complain("todoku: %s: %s\n", path, strerror(errno));
		return false;
	}
	to = arena_take(arena, max);
	*text = (struct span){ to, fread(to, 1, max, f) };
	arena_grow(arena, to, max, text->len);
	if (ferror(f) || text->len == max) {
		complain("todoku: %s: ", path);
		if (ferror(f))
			complain("%s\n", strerror(errno));
		else
			complain("longer than %zu %s\n", max >> (max < 1 << 20 ? 10 : 20), max < 1 << 20 ? "KB" : "MB");
		close_file(f);
		return false;
	}
	close_file(f);
	return true;
}

/* A pipe would be waited for. */
static bool
is_file(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return true;
	complain("todoku: %s: not a file\n", path);
	return false;
}

/* Adds the folder's `.rule` files, in the order of their names. */
static bool
add_folder(struct arena *arena, const char *folder, struct catalog_source *sources, size_t *n)
{
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort);
	bool ok = count >= 0;

	if (!ok)
		complain("todoku: %s: %s\n", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		const size_t len = strlen(names[i]->d_name);
		char *path;

		if (ok && len > 5 && strcmp(names[i]->d_name + len - 5, ".rule") == 0 &&
		    asprintf(&path, "%s/%s", folder, names[i]->d_name) > 0) {
			sources[*n].name = arena_copy(arena, span_of(path)).at;
			ok = *n + 1 < CATALOG_SOURCES_MAX && is_file(path) &&
			    options_read_file(arena, path, RULE_FILE_SIZE_MAX, &sources[*n].text);
			*n += ok;
			free(path);
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return ok;
}

const struct catalog *
options_load_catalog(const struct options *o, struct arena *arena)
{
	struct catalog_source sources[CATALOG_SOURCES_MAX];
	struct catalog_faults faults = { .n = 0 };
	size_t n;
	const struct catalog *c;

	if (o->catalog_folder == NULL)
		return &catalog_builtin;
	n = catalog_builtin_sources(sources);
	if (!add_folder(arena, o->catalog_folder, sources, &n))
		return NULL;
	c = catalog_load(arena, sources, n, &faults);
	if (c == NULL)
		options_tell_faults(&faults);
	return c;
}
