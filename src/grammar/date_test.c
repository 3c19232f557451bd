#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "grammar/date.h"

static void
every_way_of_writing_it_is_the_same_moment(void **state)
{
	static const char *const rows[] = { "Mon, 23 Nov 2026 10:00:00 +0900", "23 Nov 2026 10:00 JST",
		"23 Nov 26 01:00:00 GMT", "Mon, 23-Nov-2026 01:00:00", "2026-11-23T10:00:00.5+09:00",
		"2026-11-23 10:00:00+0900", "2026-11-23T01:00:00Z", "1795395600", "1795395600.25",
		"@400000006b03901a24f0a8c4" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t seconds = 0;
		int zone;

		if (!date_parse(span_of(rows[i]), &seconds, &zone) || seconds != 1795395600)
			fail_msg("%s: %lld", rows[i], (long long)seconds);
	}
}

static void
what_is_no_date_is_not_read(void **state)
{
	static const char *const rows[] = { "", "yesterday", "Nov 23 10:00:00", "2026-13-01T00:00:00Z",
		"99 Nov 2026 10:00:00", "Mon, 23 Nov 2026", "12345678", "@40000000zz" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t seconds;
		int zone;

		if (date_parse(span_of(rows[i]), &seconds, &zone))
			fail_msg("%s", rows[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_of_writing_it_is_the_same_moment),
		cmocka_unit_test(what_is_no_date_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
