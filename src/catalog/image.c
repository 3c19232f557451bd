/*
 * Makes the built-in catalogue: image OUT.c FILE.rule...
 *
 * Loads the rules as the program would and writes all that came of it as C
 * data, so that the program itself has nothing to load. A rule that is
 * unsound fails the build, with its file and line.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalog/load.h"

struct image {
	FILE *to;
	const struct catalog *catalog;
	struct catalog_source sources[CATALOG_SOURCES_MAX];
	size_t n_sources;
	struct arena arena;
	struct span *pooled; /* what stands in no source: folded texts */
	size_t n_pooled, room, pool_len;
};

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static struct span
read_file(struct arena *arena, const char *path)
{
	FILE *f = fopen(path, "rb");
	long len = -1;
	char *at;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0 || fseek(f, 0, SEEK_SET) != 0)
		fail(path, strerror(errno));
	at = arena_take(arena, (size_t)len + 1);
	if (fread(at, 1, (size_t)len, f) != (size_t)len)
		fail(path, "cannot be read whole");
	fclose(f);
	return (struct span){ at, (size_t)len };
}

static void
write_bytes(FILE *to, struct span s)
{
	fputs("\n\t\"", to);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c == '\n')
			fputs(i + 1 < s.len ? "\\n\"\n\t\"" : "\\n", to);
		else if (c == '"' || c == '\\' || c == '?' || c < ' ' || c >= 0x7f)
			fprintf(to, "\\%03o", c);
		else
			fputc(c, to);
	}
	fputc('"', to);
}

/* A span of a source, or of the pool. */
static void
write_span(struct image *im, struct span s)
{
	if (s.len == 0) {
		fputs("{ \"\", 0 }", im->to);
		return;
	}
	for (size_t i = 0; i < im->n_sources; i++) {
		struct span text = im->sources[i].text;

		if ((uintptr_t)s.at >= (uintptr_t)text.at && (uintptr_t)s.at < (uintptr_t)text.at + text.len) {
			fprintf(im->to, "{ text_%zu + %zu, %zu }", i, (size_t)(s.at - text.at), s.len);
			return;
		}
	}
	if (im->n_pooled == im->room) {
		size_t more = im->room ? im->room * 2 : 4096;

		im->pooled = arena_grow(&im->arena, im->pooled, im->room * sizeof(s), more * sizeof(s));
		im->room = more;
	}
	im->pooled[im->n_pooled++] = s;
	fprintf(im->to, "{ pool + %zu, %zu }", im->pool_len, s.len);
	im->pool_len += s.len;
}

static void
write_spans(struct image *im, const struct span *s, size_t n)
{
	fputs("{ ", im->to);
	for (size_t i = 0; i < n; i++) {
		write_span(im, s[i]);
		fputs(", ", im->to);
	}
	fputs("}, ", im->to);
}

static void
write_advice(struct image *im, const struct advice_text *a)
{
	fputs("{ ", im->to);
	write_spans(im, a->title, LANG_COUNT);
	write_spans(im, a->why, LANG_COUNT);
	write_spans(im, a->remedy, LANG_COUNT);
	write_spans(im, a->change, LANG_COUNT);
	fprintf(im->to, "%d, %d, { ", (int)a->permanence, (int)a->confidence);
	for (size_t i = 0; i < sizeof(a->acts); i++)
		fprintf(im->to, "%u, ", a->acts[i]);
	fprintf(im->to, "}, { %" PRIu32 ", %" PRIu32 ", %" PRIu32 " }, %d, { %d, %" PRIu32 ", %" PRIu32 " }, ",
	    a->retry.after, a->retry.every, a->retry.within, a->has_retry, (int)a->suppress.when, a->suppress.count,
	    a->suppress.seconds);
	write_span(im, a->sisimai);
	fputs("}, ", im->to);
}

static void
write_cause_or_null(struct image *im, const struct cause *cause)
{
	if (cause != NULL)
		fprintf(im->to, "&causes[%td]", cause - im->catalog->causes);
	else
		fputs("NULL", im->to);
}

static void
write_causes(struct image *im)
{
	const struct catalog *c = im->catalog;

	fprintf(im->to, "static const struct cause causes[%" PRIu32 "];\n\n", c->n_causes);
	fprintf(im->to, "static const struct cause causes[%" PRIu32 "] = {\n", c->n_causes);
	for (uint32_t i = 0; i < c->n_causes; i++) {
		fputs("{ ", im->to);
		write_span(im, c->causes[i].name);
		fputs(", ", im->to);
		write_advice(im, &c->causes[i].says);
		fprintf(im->to, "%d, %d, %d, ", c->causes[i].general, c->causes[i].vague, (int)c->causes[i].confirm);
		write_cause_or_null(im, c->causes[i].of_sender);
		fputs(" },\n", im->to);
	}
	fputs("};\n\n", im->to);
}

static void
write_names(struct image *im, const char *what, const struct catalog_name *names, uint32_t n)
{
	fprintf(im->to, "static const struct catalog_name %s[] = {\n", what);
	for (uint32_t i = 0; i < n; i++) {
		fputs("{ ", im->to);
		write_span(im, names[i].name);
		fprintf(im->to, ", &providers[%td] },\n", names[i].provider - im->catalog->providers);
	}
	fputs("};\n\n", im->to);
}

static void
write_providers(struct image *im)
{
	const struct catalog *c = im->catalog;

	fputs("static const struct provider providers[] = {\n", im->to);
	for (uint32_t i = 0; i < c->n_providers; i++) {
		fputs("{ ", im->to);
		write_span(im, c->providers[i].name);
		fputs(", ", im->to);
		write_spans(im, c->providers[i].title, LANG_COUNT);
		write_span(im, c->providers[i].include);
		fprintf(im->to, ", %d },\n", c->providers[i].all_words_known);
	}
	fputs("};\n\n", im->to);
	write_names(im, "hosts", c->hosts, c->n_hosts);
	write_names(im, "domains", c->domains, c->n_domains);
}

static void
write_rules(struct image *im)
{
	const struct catalog *c = im->catalog;

	fputs("static const struct rule rules[] = {\n", im->to);
	for (uint32_t i = 0; i < c->n_rules; i++) {
		const struct rule *r = &c->rules[i];

		fputs("{ ", im->to);
		write_span(im, r->name);
		fprintf(im->to, ", &causes[%td], ", r->cause - c->causes);
		if (r->provider != NULL)
			fprintf(im->to, "&providers[%td], ", r->provider - c->providers);
		else
			fputs("NULL, ", im->to);
		write_advice(im, &r->says);
		write_span(im, r->source);
		fputs(", ", im->to);
		write_span(im, r->checked);
		fputs(", ", im->to);
		write_span(im, r->stanza);
		fputs(" },\n", im->to);
	}
	fputs("};\n\n", im->to);
}

static void
write_asks(struct image *im)
{
	const struct catalog *c = im->catalog;

	fputs("static const struct rule_conditions conditions[] = {\n", im->to);
	for (uint32_t i = 0; i < c->n_rules; i++) {
		const struct rule_conditions *a = &c->conditions[i];

		if (a->provider != NULL)
			fprintf(im->to, "{ &providers[%td], ", a->provider - c->providers);
		else
			fputs("{ NULL, ", im->to);
		fprintf(im->to, "%d, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d, %u, %u, %u, { ", a->vague, a->last,
		    a->text, a->with, a->address, a->condemns, a->sender, a->firm, a->stem, a->near, a->yields,
		    a->n_codes, a->n_statuses, a->stages);
		for (size_t k = 0; k < a->n_statuses; k++)
			fprintf(im->to, "{ %u, %u, %u }, ", a->statuses[k].class, a->statuses[k].subject,
			    a->statuses[k].detail);
		fputs("{ 0, 0, 0 } }, { ", im->to);
		for (size_t k = 0; k < a->n_codes; k++)
			fprintf(im->to, "%u, ", a->codes[k]);
		fprintf(im->to, "0 }, \"%s\", %u },\n", a->file, a->line);
	}
	fputs("};\n\n", im->to);
}

static void
write_numbers(struct image *im, const char *what, const uint32_t *numbers, uint32_t n)
{
	fprintf(im->to, "static const uint32_t %s[] = {", what);
	for (uint32_t i = 0; i < n; i++)
		fprintf(im->to, "%s%" PRIu32 ",", i % 32 == 0 ? "\n" : "", numbers[i]);
	fputs("\n};\n\n", im->to);
}

static void
write_pieces(struct image *im, const char *what, const struct text_index *w)
{
	fprintf(im->to, "static const struct text_piece %s_pieces[] = {\n", what);
	for (uint32_t i = 1; i <= w->n; i++)
		for (uint16_t p = 0; p < w->all[i].n_pieces; p++) {
			fputs("{ ", im->to);
			write_span(im, w->all[i].pieces[p].literal);
			fputs(", ", im->to);
			write_span(im, w->all[i].pieces[p].hole);
			fputs(" },\n", im->to);
		}
	fputs("{ { \"\", 0 }, { \"\", 0 } } };\n\n", im->to);
}

static void
write_indexed_texts(struct image *im, const char *what, const struct text_index *w)
{
	size_t piece = 0;

	fprintf(im->to, "static const struct indexed_text %s_all[] = {\n{ .owner = 0 },\n", what);
	for (uint32_t i = 1; i <= w->n; i++) {
		const struct indexed_text *one = &w->all[i];

		fputs("{ ", im->to);
		write_span(im, one->anchor);
		fprintf(im->to,
		    ", (struct text_piece *)%s_pieces + %zu, %u, %d, %u, %" PRIu32 ", %" PRIu32 ", %" PRIu32
		    ", %d },\n",
		    what, piece, one->n_pieces, one->anchor_is_pair, one->anchor_piece, one->anchor_at,
		    one->literal_len, one->owner, (int)one->use);
		piece += one->n_pieces;
	}
	fputs("};\n\n", im->to);
}

static void
write_index(struct image *im, const char *what, const struct text_index *w)
{
	char name[32];

	write_pieces(im, what, w);
	write_indexed_texts(im, what, w);
	fprintf(im->to, "static const struct text_key %s_keys[] = {\n{ .next = 0 },\n", what);
	for (uint32_t i = 1; i <= w->n; i++)
		fprintf(im->to, "{ 0x%" PRIx64 ", %d, %" PRIu32 "U, %" PRIu32 " },\n", w->keys[i].beside,
		    w->keys[i].n_beside, w->keys[i].hash, w->keys[i].next);
	fputs("};\n\n", im->to);
	snprintf(name, sizeof(name), "%s_slots", what);
	write_numbers(im, name, w->slots, w->mask + 1);
	fprintf(im->to, "static const uint64_t %s_filter[] = {", what);
	for (uint32_t i = 0; i < (w->filter_mask + 1) / 64; i++)
		fprintf(im->to, "%s0x%" PRIx64 ",", i % 8 == 0 ? "\n" : "", w->filter[i]);
	fputs("\n};\n\n", im->to);
}

static void
refer_to_index(struct image *im, const char *what, const struct text_index *w)
{
	fprintf(im->to,
	    "\t{ (struct indexed_text *)%s_all, (struct text_key *)%s_keys, %" PRIu32 ", %" PRIu32
	    ", %d, (uint32_t *)%s_slots, %" PRIu32 ", (uint64_t *)%s_filter, %" PRIu32 " },\n",
	    what, what, w->n, w->n + 1, w->every_place, what, w->mask, what, w->filter_mask);
}

static void
write_texts(struct image *im)
{
	for (size_t i = 0; i < im->n_sources; i++) {
		fprintf(im->to, "static const char text_%zu[] =", i);
		write_bytes(im->to, im->sources[i].text);
		fputs(";\n\n", im->to);
	}
	fputs("size_t\ncatalog_builtin_sources(struct catalog_source *sources)\n{\n", im->to);
	for (size_t i = 0; i < im->n_sources; i++)
		fprintf(im->to,
		    "\tsources[%zu] = (struct catalog_source){ \"%s\", { text_%zu, sizeof(text_%zu) - 1 } };\n", i,
		    im->sources[i].name, i, i);
	fprintf(im->to, "\treturn %zu;\n}\n\n", im->n_sources);
}

static void
write_pool(struct image *im)
{
	fputs("static const char pool[] =", im->to);
	for (size_t i = 0; i < im->n_pooled; i++)
		write_bytes(im->to, im->pooled[i]);
	fputs(im->n_pooled == 0 ? " \"\";\n\n" : ";\n\n", im->to);
}

static void
write_commons(struct image *im)
{
	const struct catalog *c = im->catalog;

	fputs("static const struct catalog_common commons[] = {\n{ .code = 0 },\n", im->to);
	for (uint32_t i = 0; i < c->n_commons; i++) {
		const struct catalog_common *m = &c->commons[i];

		fprintf(im->to, "{ &causes[%td], ", m->cause - c->causes);
		if (m->provider != NULL)
			fprintf(im->to, "&providers[%td], ", m->provider - c->providers);
		else
			fputs("NULL, ", im->to);
		fprintf(im->to, "%u, %u, { %u, %u, %u } },\n", m->code, m->weight, m->status.class, m->status.subject,
		    m->status.detail);
	}
	fputs("};\n\n", im->to);
}

static void
write_notices(struct image *im)
{
	const struct notice_index *ix = im->catalog->notices;

	fputs("static const struct notice_mark notice_marks[] = {\n{ .len = 0 },\n", im->to);
	for (uint16_t i = 1; i <= ix->n_marks; i++) {
		fputs("{", im->to);
		write_bytes(im->to, (struct span){ ix->marks[i].words, ix->marks[i].len });
		fprintf(im->to, ", %u, %u, %u, %u },\n", ix->marks[i].len, ix->marks[i].next, ix->marks[i].kind,
		    ix->marks[i].format);
	}
	fputs("};\n\nstatic const struct span notice_formats[] = {\n", im->to);
	for (uint16_t i = 0; i < ix->n_formats; i++) {
		write_span(im, ix->formats[i]);
		fputs(",\n", im->to);
	}
	fprintf(im->to,
	    "};\n\nconst struct notice_index notice_index_builtin = { notice_marks, notice_formats, %u, %u, {",
	    ix->n_marks, ix->n_formats);
	for (size_t i = 0; i < NOTICE_SLOTS; i++)
		fprintf(im->to, "%s%u,", i % 32 == 0 ? "\n" : "", ix->heads[i]);
	fputs("\n} };\n\n", im->to);
}

static void
write_catalog(struct image *im)
{
	const struct catalog *c = im->catalog;

	fprintf(im->to,
	    "const struct catalog catalog_builtin = {\n"
	    "\t(struct cause *)causes, (struct provider *)providers, (struct rule *)rules, (struct rule_conditions *)conditions,\n"
	    "\t%" PRIu32 ", %" PRIu32 ", %" PRIu32 ",\n",
	    c->n_causes, c->n_providers, c->n_rules);
	refer_to_index(im, "words", &c->words);
	refer_to_index(im, "stems", &c->stems);
	fputs("\t(uint32_t *)by_codes, {", im->to);
	for (size_t i = 0; i < CATALOG_SUBJECTS + 2; i++)
		fprintf(im->to, " %" PRIu32 ",", c->by_codes_at[i]);
	fprintf(im->to,
	    " },\n\t(struct catalog_name *)hosts, (struct catalog_name *)domains, %" PRIu32 ", %" PRIu32 ",\n"
	    "\t(struct catalog_common *)commons + 1, %" PRIu32
	    ", &notice_index_builtin, (uint32_t *)by_cause, (uint32_t *)by_cause_at,\n};\n",
	    c->n_hosts, c->n_domains, c->n_commons);
}

/* The pool is known last and wanted first: what refers to it is written aside. */
static void
write_image(struct image *im, FILE *out)
{
	char *tables = NULL;
	size_t len = 0;

	im->to = open_memstream(&tables, &len);
	if (im->to == NULL)
		fail("memory", strerror(errno));
	write_causes(im);
	write_providers(im);
	write_rules(im);
	write_asks(im);
	write_index(im, "words", &im->catalog->words);
	write_index(im, "stems", &im->catalog->stems);
	write_numbers(im, "by_codes", im->catalog->by_codes, im->catalog->by_codes_at[CATALOG_SUBJECTS + 1]);
	write_numbers(im, "by_cause", im->catalog->by_cause, im->catalog->n_rules);
	write_numbers(im, "by_cause_at", im->catalog->by_cause_at, im->catalog->n_causes + 1);
	write_commons(im);
	write_notices(im);
	write_catalog(im);
	fclose(im->to);
	im->to = out;
	fputs("/* Written by image.c from the files of catalog/. */\n#include \"catalog/builtin.h\"\n\n", out);
	write_texts(im);
	write_pool(im);
	fwrite(tables, 1, len, out);
	free(tables);
}

static void
load(struct image *im, char **paths, int n)
{
	struct catalog_faults faults = { .n = 0 };

	for (int i = 0; i < n && i < CATALOG_SOURCES_MAX; i++) {
		const char *slash = strrchr(paths[i], '/');

		im->sources[im->n_sources++] = (struct catalog_source){ slash ? slash + 1 : paths[i],
			read_file(&im->arena, paths[i]) };
	}
	im->catalog = catalog_load(&im->arena, im->sources, im->n_sources, &faults);
	for (size_t i = 0; i < faults.n && i < CATALOG_FAULTS_MAX; i++)
		fprintf(stderr, "%s:%u: %s: %.*s\n", faults.at[i].file, faults.at[i].line, faults.at[i].what,
		    (int)faults.at[i].detail.len, faults.at[i].detail.at);
	if (im->catalog == NULL)
		exit(1);
}

int
main(int argc, char **argv)
{
	static struct image im;
	FILE *out;

	if (argc < 3)
		fail("usage", "image OUT.c FILE.rule...");
	load(&im, argv + 2, argc - 2);
	out = fopen(argv[1], "w");
	if (out == NULL)
		fail(argv[1], strerror(errno));
	write_image(&im, out);
	if (fclose(out) != 0)
		fail(argv[1], strerror(errno));
	arena_deinit(&im.arena);
	return 0;
}
