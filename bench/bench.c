/*
 * Measures within one process, on one core: bench FOLDER...; or the peak memory
 * of another, in kB: bench --memory COMMAND... (whoever starts it is small).
 *
 *	bounces  every .eml of the folders, held in memory: read, judged, written as JSON
 *	lines    the floor for that: the same bytes, only their line ends found
 *	replies  what the bounces' recipients were told, and the catalogue's samples, judged
 *	twice    the same replies with every rule that has words doubled
 *	literals the peer for that, where it was there to build with: Hyperscan searching the same replies for one
 *	         literal of each Text, letters folded; it judges nothing
 *
 * Each is taken ROUNDS times, in turn, and the best round counts. Writes one
 * JSON object.
 */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef BENCH_HYPERSCAN
#include <hs.h>
#endif

#include "catalog/builtin.h"
#include "catalog/stanza.h"
#include "diagnose/verdict.h"
#include "render/verdict_json.h"
#include "bounce/bounce.h"

enum { FILES_MAX = 100000, REPLIES_MAX = 200000, ROUNDS = 25 };

static const double SECONDS_MAX = 20;

struct bench {
	struct arena keep;
	struct span files[FILES_MAX], replies[REPLIES_MAX];
	size_t n_files, n_replies, n_failures, bytes, reply_bytes;
	struct out out;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
read_file(struct bench *b, const char *folder, const char *name)
{
	char path[4096];
	struct out text = { 0 };
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f == NULL || b->n_files == FILES_MAX) {
		fprintf(stderr, "bench: %s: %s\n", path, f ? "one file too many" : strerror(errno));
		exit(1);
	}
	do {
		out_room(&text, 65536);
		n = fread(text.at + text.len, 1, 65536, f);
		text.len += n;
	} while (n > 0);
	fclose(f);
	b->files[b->n_files++] = arena_copy(&b->keep, out_view(&text));
	b->bytes += text.len;
	out_deinit(&text);
}

static void
read_folder(struct bench *b, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *e;

	if (dir == NULL) {
		fprintf(stderr, "bench: %s: %s\n", folder, strerror(errno));
		exit(1);
	}
	while ((e = readdir(dir)) != NULL) {
		size_t len = strlen(e->d_name);

		if (len > 4 && strcmp(e->d_name + len - 4, ".eml") == 0)
			read_file(b, folder, e->d_name);
	}
	closedir(dir);
}

static void
add_reply(struct bench *b, struct span reply)
{
	if (reply.len == 0 || b->n_replies == REPLIES_MAX)
		return;
	b->replies[b->n_replies++] = arena_copy(&b->keep, reply);
	b->reply_bytes += reply.len;
}

/* All that `todoku why --json` does with a message that it has read. */
static void
explain_bounces(struct bench *b, struct arena *arena, bool collect)
{
	const struct json_source source = { .file = span_of("bench") };

	b->n_failures = 0;
	for (size_t i = 0; i < b->n_files; i++) {
		struct message m;
		struct bounce bounce;
		struct failure f;
		struct verdict v;

		arena_reset(arena);
		out_clear(&b->out);
		message_parse(arena, b->files[i], &m);
		bounce_open(arena, catalog_builtin.notices, &m, &bounce);
		while (bounce_take_failure(&bounce, &f)) {
			verdict_reach(arena, &catalog_builtin, &f, false, &v);
			json_write_verdict(&b->out, &v, &source, NULL);
			b->n_failures++;
			if (collect)
				add_reply(b, f.reply);
		}
	}
}

static size_t
find_line_ends(const struct bench *b)
{
	size_t lines = 0;

	for (size_t i = 0; i < b->n_files; i++)
		for (struct span rest = b->files[i]; rest.len > 0; lines++) {
			size_t n = span_index(rest, '\n');

			rest = span_skip(rest, n < rest.len ? n + 1 : n);
		}
	return lines;
}

static void
judge_replies(const struct bench *b, struct arena *arena, const struct catalog *c)
{
	for (size_t i = 0; i < b->n_replies; i++) {
		struct failure f = { .told_by = FAILURE_REPLY, .reply = b->replies[i] };
		struct verdict v;

		arena_reset(arena);
		verdict_reach(arena, c, &f, false, &v);
	}
}

static void
add_samples(struct bench *b, const struct catalog_source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct span rest = sources[i].text;
		struct stanza st;
		struct stanza_field f;
		unsigned line = 1;

		while (stanza_take(&rest, &line, &st))
			while (stanza_take_field(&st, &f))
				if (span_equal(f.name, span_of("Sample")))
					add_reply(b, f.value);
	}
}

/* Letters outside of holes move by 13: words of the same lengths and rarity that no reply holds. */
static void
put_turned(struct out *out, struct span text)
{
	bool hole = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i], l = ascii_lower(c);

		hole = c == '{' || (hole && c != '}');
		out_char(out, !hole && l >= 'a' && l <= 'z' ? (char)('a' + (l - 'a' + 13) % 26) : c);
	}
}

/* A rule with words, under another name and with other words. */
static void
put_doubled(struct out *out, struct stanza st)
{
	struct stanza_field f;

	while (stanza_take_field(&st, &f)) {
		bool words = span_equal(f.name, span_of("Text")) || span_equal(f.name, span_of("With"));

		out_span(out, f.name);
		out_str(out, ": ");
		if (words)
			put_turned(out, f.value);
		else
			out_span(out, f.value);
		out_str(out, span_equal(f.name, span_of("Rule")) ? ".twice\n" : "\n");
	}
	out_char(out, '\n');
}

static bool
has_words(struct stanza st)
{
	struct stanza_field f;
	bool rule = false, words = false;

	while (stanza_take_field(&st, &f)) {
		rule = rule || span_equal(f.name, span_of("Rule"));
		words = words || span_equal(f.name, span_of("Text"));
	}
	return rule && words;
}

static const struct catalog *
doubled(struct arena *arena, struct catalog_source *sources, size_t n, struct out *text)
{
	struct catalog_faults faults = { .n = 0 };
	const struct catalog *c;

	for (size_t i = 0; i < n; i++) {
		struct span rest = sources[i].text;
		struct stanza st;
		unsigned line = 1;

		while (stanza_take(&rest, &line, &st))
			if (has_words(st))
				put_doubled(text, st);
	}
	sources[n] = (struct catalog_source){ "twice", out_view(text) };
	c = catalog_load(arena, sources, n + 1, &faults);
	if (c == NULL) {
		fprintf(stderr, "bench: %u: %s: %.*s\n", faults.at[0].line, faults.at[0].what,
		    (int)faults.at[0].detail.len, faults.at[0].detail.at);
		exit(1);
	}
	return c;
}

#ifdef BENCH_HYPERSCAN
struct literals {
	hs_database_t *database;
	hs_scratch_t *scratch;
	size_t n_found;
};

static struct span
longest_piece(const struct indexed_text *t)
{
	struct span best = { "", 0 };

	for (uint16_t p = 0; p < t->n_pieces; p++)
		if (t->pieces[p].literal.len > best.len)
			best = t->pieces[p].literal;
	return best;
}

static void
compile_literals(struct literals *l, const struct text_index *index)
{
	const char **at = calloc(index->n, sizeof(*at));
	size_t *len = calloc(index->n, sizeof(*len));
	unsigned *flags = calloc(index->n, sizeof(*flags)), *ids = calloc(index->n, sizeof(*ids)), n = 0;
	hs_compile_error_t *error;

	for (uint32_t i = 1; i <= index->n; i++) {
		const struct span piece = longest_piece(&index->all[i]);

		if (piece.len == 0)
			continue;
		at[n] = piece.at;
		len[n] = piece.len;
		flags[n] = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH;
		ids[n] = i;
		n++;
	}
	if (hs_compile_lit_multi(at, flags, ids, len, n, HS_MODE_BLOCK, NULL, &l->database, &error) != HS_SUCCESS ||
	    hs_alloc_scratch(l->database, &l->scratch) != HS_SUCCESS) {
		fputs("bench: Hyperscan could not be prepared\n", stderr);
		exit(1);
	}
	free(at);
	free(len);
	free(flags);
	free(ids);
}

static int
count_found(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)id, (void)from, (void)to, (void)flags;
	++*(size_t *)context;
	return 0;
}

static void
find_literals(const struct bench *b, struct literals *l)
{
	l->n_found = 0;
	for (size_t i = 0; i < b->n_replies; i++)
		hs_scan(l->database, b->replies[i].at, (unsigned)b->replies[i].len, 0, l->scratch, count_found,
		    &l->n_found);
}
#endif

static void
keep_best(double *best, double *worst, double began)
{
	double t = now() - began;

	*best = *best == 0 || t < *best ? t : *best;
	*worst = t > *worst ? t : *worst;
}

static void
stay_on_one_core(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned)sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int
measure_memory(char **command)
{
	struct rusage usage;
	pid_t child = fork();

	if (child == 0) {
		if (freopen("/dev/null", "w", stdout) != NULL)
			execv(command[0], command);
		_exit(127);
	}
	if (child < 0 || wait4(child, NULL, 0, &usage) != child)
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct bench b;
	struct catalog_source sources[CATALOG_SOURCES_MAX];
	struct arena arena = { 0 }, loaded = { 0 };
	struct out text = { 0 };
	const size_t n = catalog_builtin_sources(sources);
	const struct catalog *twice;
	double best[5] = { 0 }, worst[5] = { 0 }, started = now();
#ifdef BENCH_HYPERSCAN
	struct literals literals = { 0 };
#endif
	size_t lines = 0;
	int rounds;

	if (argc > 2 && strcmp(argv[1], "--memory") == 0)
		return measure_memory(argv + 2);
	for (int i = 1; i < argc; i++)
		read_folder(&b, argv[i]);
	twice = doubled(&loaded, sources, n, &text);
	stay_on_one_core();
	explain_bounces(&b, &arena, true);
	add_samples(&b, sources, n);
#ifdef BENCH_HYPERSCAN
	compile_literals(&literals, &catalog_builtin.words);
#endif
	for (rounds = 0; rounds < ROUNDS && now() - started < SECONDS_MAX; rounds++) {
		double began = now();

		explain_bounces(&b, &arena, false);
		keep_best(&best[0], &worst[0], began);
		began = now();
		lines = find_line_ends(&b);
		keep_best(&best[1], &worst[1], began);
		began = now();
		judge_replies(&b, &arena, &catalog_builtin);
		keep_best(&best[2], &worst[2], began);
		began = now();
		judge_replies(&b, &arena, twice);
		keep_best(&best[3], &worst[3], began);
#ifdef BENCH_HYPERSCAN
		began = now();
		find_literals(&b, &literals);
		keep_best(&best[4], &worst[4], began);
#endif
	}
	printf("{\"messages\":%zu,\"bytes\":%zu,\"failures\":%zu,\"lines\":%zu,\"replies\":%zu,\"reply_bytes\":%zu,"
	       "\"rules\":%u,\"rules_twice\":%u,\"rounds\":%d,"
	       "\"seconds\":{\"bounces\":%.9f,\"lines\":%.9f,\"replies\":%.9f,\"twice\":%.9f,\"literals\":%.9f},"
	       "\"worst\":{\"bounces\":%.9f,\"lines\":%.9f,\"replies\":%.9f,\"twice\":%.9f}}\n",
	    b.n_files, b.bytes, b.n_failures, lines, b.n_replies, b.reply_bytes, catalog_builtin.n_rules,
	    twice->n_rules, rounds, best[0], best[1], best[2], best[3], best[4], worst[0], worst[1], worst[2],
	    worst[3]);
	out_deinit(&b.out);
	out_deinit(&text);
	arena_deinit(&b.keep);
	arena_deinit(&arena);
	arena_deinit(&loaded);
	return 0;
}
