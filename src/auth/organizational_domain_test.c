#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "auth/organizational_domain.h"
#include "dns/zone.h"

static struct span
read_all(struct arena *arena, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *to;
	size_t n;

	if (f == NULL)
		return (struct span){ "", 0 };
	to = arena_take(arena, 1 << 20);
	n = fread(to, 1, 1 << 20, f);
	fclose(f);
	return (struct span){ to, n };
}

/* "COM null", "example.COM example.com" */
static void
the_public_suffix_lists_own_tests_hold(void **state)
{
	struct arena arena = { 0 };
	struct span list = read_all(&arena, "../shared/suites/psl/public_suffix_list.dat"),
		    tests = read_all(&arena, "../shared/suites/psl/tests.txt"), line;
	struct public_suffixes *suffixes;
	unsigned n = 0;

	(void)state;
	if (list.len == 0 || tests.len == 0) {
		print_message("# skipped: the suite is not there\n");
		skip();
	}
	suffixes = public_suffixes_read(list);
	assert_non_null(suffixes);
	while (span_take_line(&tests, &line)) {
		const size_t blank = span_index(line, ' ');
		struct span name = span_first(line, blank),
			    wanted = span_skip(line, blank < line.len ? blank + 1 : blank), got;

		if (line.len == 0 || span_starts_folded(line, "//") || blank == line.len)
			continue;
		n++;
		if (span_equal(name, span_of("null")))
			name.len = 0;
		got = public_suffixes_registrable(&arena, suffixes, name);
		if (span_equal(wanted, span_of("null")) ? got.len != 0 : !span_equal(got, wanted))
			fail_msg("%.*s: %.*s", (int)line.len, line.at, (int)got.len, got.at);
	}
	print_message("# %u names\n", n);
	assert_true(n >= 77);
	public_suffixes_free(suffixes);
	arena_deinit(&arena);
}

/* A list of our own, with each kind of rule there is. https://publicsuffix.org/list/ */
static const char list_of_our_own[] = "// ===BEGIN ICANN DOMAINS===\n"
				      "com\n"
				      "jp\nco.jp\nac.jp\n*.kobe.jp\n!city.kobe.jp\nide.kyoto.jp\n"
				      "*.ck\n!www.ck\n"
				      "cn\n\xe5\x85\xac\xe5\x8f\xb8.cn\n"
				      "// ===END ICANN DOMAINS===\n"
				      "// ===BEGIN PRIVATE DOMAINS===\n"
				      "blogspot.com\n"
				      "// ===END PRIVATE DOMAINS===\n";

static const struct {
	const char *what, *name, *registrable;
} listed[] = {
	{ "a suffix alone has none", "jp", "" },
	{ "the label below a suffix", "example.jp", "example.jp" },
	{ "any label further below", "a.b.example.jp", "example.jp" },
	{ "a suffix of two labels alone", "co.jp", "" },
	{ "the longest rule counts", "example.co.jp", "example.co.jp" },
	{ "below it", "mail.example.co.jp", "example.co.jp" },
	{ "a rule of three labels", "mail.example.ide.kyoto.jp", "example.ide.kyoto.jp" },
	{ "without a rule between", "mail.kyoto.jp", "kyoto.jp" },
	{ "a wildcard takes one label", "c.kobe.jp", "" },
	{ "and the one below is registrable", "b.c.kobe.jp", "b.c.kobe.jp" },
	{ "further below", "a.b.c.kobe.jp", "b.c.kobe.jp" },
	{ "an exception is registrable itself", "city.kobe.jp", "city.kobe.jp" },
	{ "and what is below it", "www.city.kobe.jp", "city.kobe.jp" },
	{ "a wildcard at the top", "test.ck", "" },
	{ "below it", "b.test.ck", "b.test.ck" },
	{ "an exception at the top", "www.www.ck", "www.ck" },
	{ "private suffixes count too", "blogspot.com", "" },
	{ "below a private one", "a.b.blogspot.com", "b.blogspot.com" },
	{ "a name that only ends alike", "notblogspot.com", "notblogspot.com" },
	{ "a top level in no rule is one: *", "example", "" },
	{ "below it", "b.example.example", "example.example" },
	{ "A-labels of an internationalised suffix", "xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn" },
	{ "that suffix alone", "xn--55qx5d.cn", "" },
};

static void
a_registrable_domain_is_found_by_every_kind_of_rule(void **state)
{
	struct public_suffixes *suffixes = public_suffixes_read(span_of(list_of_our_own));
	struct arena arena = { 0 };

	(void)state;
	assert_non_null(suffixes);
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		const struct span got = public_suffixes_registrable(&arena, suffixes, span_of(listed[i].name));

		if (!span_equal(got, span_of(listed[i].registrable)))
			fail_msg("%s: %s: \"%.*s\"", listed[i].what, listed[i].name, (int)got.len, got.at);
	}
	public_suffixes_free(suffixes);
	arena_deinit(&arena);
}

static const struct {
	const char *what, *zone, *start, *domain;
	size_t queries;
} walks[] = {
	{ "no record anywhere: the start itself", "x. A 192.0.2.1\n", "a.mail.example.com", "a.mail.example.com", 4 },
	{ "the record with the fewest labels",
	    "_dmarc.mail.example.com. TXT \"v=DMARC1; p=none\"\n_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n",
	    "a.mail.example.com", "example.com", 4 },
	{ "psd=n ends it",
	    "_dmarc.mail.example.com. TXT \"v=DMARC1; p=none; psd=n\"\n_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n",
	    "a.mail.example.com", "mail.example.com", 2 },
	{ "psd=y: one label below", "_dmarc.com. TXT \"v=DMARC1; p=none; psd=y\"\n", "a.mail.example.com",
	    "example.com", 4 },
	{ "psd=y at the start counts not", "_dmarc.example.com. TXT \"v=DMARC1; p=none; psd=y\"\n", "example.com",
	    "example.com", 1 },
	{ "more than eight labels: eight queries", "x. A 192.0.2.1\n", "a.b.c.d.e.f.g.h.i.j.mail.example.com",
	    "a.b.c.d.e.f.g.h.i.j.mail.example.com", 8 },
	{ "eight labels: eight queries", "_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n", "a.b.c.d.e.f.example.com",
	    "example.com", 8 },
	{ "two records are none",
	    "_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n_dmarc.example.com. TXT \"v=DMARC1; p=reject\"\n",
	    "a.example.com", "a.example.com", 3 },
};

static void
the_tree_walk_follows_section_4_10(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		struct arena arena = { 0 };
		struct dns_answers answers;
		struct zone_fault fault;
		struct tree_walk walk;
		struct zone zone;

		assert_true(zone_parse(&arena, span_of(walks[i].zone), &zone, &fault));
		dns_answers_init(&answers, &arena);
		while (!tree_walk(&arena, &answers, span_of(walks[i].start), NULL, &walk))
			zone_answer(&zone, &answers);
		if (!span_equal(walk.organizational_domain, span_of(walks[i].domain)) || walk.n != walks[i].queries)
			fail_msg("%s: %.*s after %zu", walks[i].what, (int)walk.organizational_domain.len,
			    walk.organizational_domain.at, walk.n);
		arena_deinit(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_public_suffix_lists_own_tests_hold),
		cmocka_unit_test(a_registrable_domain_is_found_by_every_kind_of_rule),
		cmocka_unit_test(the_tree_walk_follows_section_4_10),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
