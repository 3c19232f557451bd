#include "cmd/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/cmd.h"
#include "dns/evidence.h"
#include "wire/line_ends.h"

enum { ROUNDS_MAX = 64, SUFFIXES_SIZE_MAX = 4 * 1024 * 1024 };

static bool
read_number(const char *name, const char *value, unsigned long most, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(value, &end, 10);
	if (*end == '\0' && value[0] >= '0' && value[0] <= '9' && *number > 0 && *number <= most && errno == 0)
		return true;
	fprintf(stderr, "todoku: %s takes a number from 1 to %lu, not '%s'\n", name, most, value);
	return false;
}

void
judge_options_init(struct judge_options *o, char **argv)
{
	char *none[] = { argv[0], NULL };

	options_read(&o->common, 1, none);
	optind = 1;
}

static bool
add_server(struct judge_options *o, const char *value)
{
	if (o->resolver.n_servers == RESOLVER_SERVERS_MAX) {
		fprintf(stderr, "todoku: --dns can be given %d times\n", RESOLVER_SERVERS_MAX);
		return false;
	}
	o->resolver.servers[o->resolver.n_servers++] = value;
	return true;
}

bool
judge_take_option(struct judge_options *o, int letter, const char *value)
{
	unsigned long n;

	switch (letter) {
	case 'z': o->zone = value; return true;
	case 'E': o->evidence = value; return true;
	case 'T': o->resolver.trust_anchor = value; return true;
	case 'P': o->replay = value; return true;
	case 'd': return add_server(o, value);
	case 't':
		if (!read_number("--timeout", value, 300, &n))
			return false;
		o->resolver.seconds = (unsigned)n;
		return true;
	case 'N':
		if (!read_number("--now", value, 253402300799, &n))
			return false;
		o->now = n;
		return true;
	default: return options_take(&o->common, letter, value);
	}
}

static bool
read_zone(struct judge *j)
{
	const char *path = j->options->zone;
	struct zone_fault fault;
	struct span text;

	if (!options_read_file(j->arena, path, ZONE_SIZE_MAX, &text))
		return false;
	if (zone_parse(j->arena, text, &j->zone, &fault))
		return true;
	fprintf(stderr, "%s:%u: %s%s%.*s\n", path, fault.line, fault.what, fault.detail.len ? ": " : "",
	    (int)(fault.detail.len < 200 ? fault.detail.len : 200), fault.detail.at);
	return false;
}

static bool
read_replay(struct judge *j)
{
	const char *path = j->options->replay;
	struct evidence_fault fault;
	struct span text;
	uint64_t then;

	if (!options_read_file(j->arena, path, EVIDENCE_SIZE_MAX, &text))
		return false;
	if (!evidence_parse(text, &j->answers, &then, &fault)) {
		fprintf(stderr, "%s:%u: %s\n", path, fault.line, fault.what);
		return false;
	}
	if (j->options->now == 0)
		j->now = then;
	return true;
}

int
judge_open(struct judge *j, struct arena *arena, const struct judge_options *o)
{
	const char *what;

	*j = (struct judge){ .arena = arena, .options = o, .now = o->now ? o->now : (uint64_t)time(NULL) };
	dns_answers_init(&j->answers, arena);
	if (o->replay != NULL)
		return read_replay(j) ? 0 : EXIT_UNREADABLE;
	if (o->zone != NULL)
		return read_zone(j) ? 0 : EXIT_UNREADABLE;
	j->resolver = resolver_create(&o->resolver, &what);
	if (j->resolver != NULL)
		return 0;
	fprintf(stderr, "todoku: %s\n", what);
	return EXIT_UNREADABLE;
}

/* What the evidence does not hold was not answered then. */
static void
fail_wanted(struct dns_answers *answers)
{
	const size_t n = answers->n_wanted;

	answers->n_wanted = 0;
	for (size_t i = 0; i < n; i++)
		dns_answers_put(answers,
		    &(struct dns_answer){
			.name = answers->wanted[i].name, .type = answers->wanted[i].type, .result = DNS_FAILED });
}

bool
judge_answer(struct judge *j)
{
	if (j->answers.n_wanted == 0 || j->rounds++ == ROUNDS_MAX)
		return false;
	if (j->options->replay != NULL)
		fail_wanted(&j->answers);
	else if (j->resolver != NULL)
		resolver_answer(j->resolver, &j->answers);
	else
		zone_answer(&j->zone, &j->answers);
	return true;
}

static int
write_evidence(const struct judge *j)
{
	const char *path = j->options->evidence;
	struct out out = { 0 };
	FILE *f = fopen(path, "wb");
	bool written;

	evidence_write(&out, &j->answers, j->now);
	written = f != NULL && fwrite(out.at, 1, out.len, f) == out.len;
	if (f != NULL)
		written = fclose(f) == 0 && written;
	out_deinit(&out);
	if (written)
		return 0;
	fprintf(stderr, "todoku: %s: %s\n", path, strerror(errno));
	return EXIT_IO;
}

int
judge_close(struct judge *j)
{
	if (j->resolver != NULL)
		resolver_free(j->resolver);
	j->resolver = NULL;
	return j->options->evidence != NULL ? write_evidence(j) : 0;
}

bool
judge_read_message(struct arena *arena, const char *path, struct span *message, bool *restored)
{
	const char *const file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;

	if (!options_read_file(arena, file, JUDGE_MESSAGE_SIZE_MAX, message))
		return false;
	*message = line_ends_restore(arena, *message, restored);
	return true;
}

struct public_suffixes *
judge_read_suffixes(struct arena *arena, const char *path)
{
	struct public_suffixes *suffixes;
	struct span text;

	if (path == NULL)
		return public_suffixes_builtin();
	if (!options_read_file(arena, path, SUFFIXES_SIZE_MAX, &text))
		return NULL;
	suffixes = public_suffixes_read(text);
	if (suffixes == NULL)
		fprintf(stderr, "todoku: %s: not a public suffix list\n", path);
	return suffixes;
}

int
judge_print(const struct out *out)
{
	return fwrite(out->at, 1, out->len, stdout) == out->len && fflush(stdout) == 0 ? 0 : EXIT_IO;
}
