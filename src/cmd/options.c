#include "cmd/options.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "catalog/builtin.h"

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

static void
read_environment(struct options *o)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	*o = (struct options){ .lang = environment_lang(), .width = terminal_width() };
	o->colour = isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

bool
options_read_lang(struct options *o, const char *value)
{
	if (strcmp(value, "ja") != 0 && strcmp(value, "en") != 0) {
		fprintf(stderr, "todoku: --lang takes ja or en, not '%s'\n", value);
		return false;
	}
	o->lang = value[0] == 'j' ? LANG_JA : LANG_EN;
	return true;
}

static bool
read_jobs(struct options *o, const char *value)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*end != '\0' || n == 0 || n > 32) {
		fprintf(stderr, "todoku: --jobs takes a number from 1 to 32, not '%s'\n", value);
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
	case 'l': return options_read_lang(o, value);
	case 'J': return read_jobs(o, value);
	default: return false;
	}
}

int
options_read(struct options *o, int argc, char **argv)
{
	static const struct option known[] = { { "json", no_argument, NULL, 'j' },
		{ "lang", required_argument, NULL, 'l' }, { "summary", no_argument, NULL, 's' },
		{ "catalog", required_argument, NULL, 'c' }, { "quiet", no_argument, NULL, 'q' },
		{ "jobs", required_argument, NULL, 'J' }, { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	int c;

	read_environment(o);
	optind = 1;
	while ((c = getopt_long(argc, argv, "jl:sc:qJ:h", known, NULL)) != -1)
		if (!options_take(o, c, optarg))
			return -1;
	return optind;
}

void
options_tell_faults(const struct catalog_faults *faults)
{
	for (size_t i = 0; i < faults->n && i < CATALOG_FAULTS_MAX; i++) {
		const struct catalog_fault *f = &faults->at[i];

		fprintf(stderr, "%s:%u: %s%s%.*s\n", f->file, f->line, f->what, f->detail.len ? ": " : "",
		    (int)(f->detail.len < 200 ? f->detail.len : 200), f->detail.at);
	}
	if (faults->n > CATALOG_FAULTS_MAX)
		fprintf(stderr, "… and %zu more\n", faults->n - CATALOG_FAULTS_MAX);
}

bool
options_read_file(struct arena *arena, const char *path, size_t max, struct span *text)
{
	FILE *f = fopen(path, "rb");
	char *to;

	if (f == NULL) {
		fprintf(stderr, "todoku: %s: %s\n", path, strerror(errno));
		return false;
	}
	to = arena_take(arena, max);
	*text = (struct span){ to, fread(to, 1, max, f) };
	arena_grow(arena, to, max, text->len);
	if (ferror(f) || text->len == max) {
		fprintf(stderr, "todoku: %s: ", path);
		if (ferror(f))
			fprintf(stderr, "%s\n", strerror(errno));
		else
			fprintf(stderr, "longer than %zu MB\n", max >> 20);
		fclose(f);
		return false;
	}
	fclose(f);
	return true;
}

/* Adds the folder's `.rule` files, in the order of their names. */
static bool
add_folder(struct arena *arena, const char *folder, struct catalog_source *sources, size_t *n)
{
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort);
	bool ok = count >= 0;

	if (!ok)
		fprintf(stderr, "todoku: %s: %s\n", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		const size_t len = strlen(names[i]->d_name);
		char *path;

		if (ok && len > 5 && strcmp(names[i]->d_name + len - 5, ".rule") == 0 &&
		    asprintf(&path, "%s/%s", folder, names[i]->d_name) > 0) {
			sources[*n].name = arena_copy(arena, span_of(path)).at;
			ok = *n + 1 < CATALOG_SOURCES_MAX &&
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
