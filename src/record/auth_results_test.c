#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "record/auth_results.h"

static const struct {
	const char *what, *value, *read; /* as "id|method=result[ptype.property=value]…" or NULL: unsound */
} cases[] = {
	{ "RFC 8601 appendix B.2: no results", "example.org 1; none", "example.org" },
	{ "RFC 8601 appendix B.3: one result", "example.com;\r\n spf=pass smtp.mailfrom=example.net",
	    "example.com|spf=pass[smtp.mailfrom=example.net]" },
	{ "RFC 8601 appendix B.4: two of them",
	    "example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net",
	    "example.com|auth=pass[smtp.auth=sender@example.net]|spf=pass[smtp.mailfrom=example.net]" },
	{ "RFC 8601 appendix B.7: comments everywhere",
	    "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
	    " policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) 1362471462",
	    "foo.example.net|dkim=fail[policy.expired=1362471462]" },
	{ "a quoted value", "a; dkim=pass header.i=\"@x (y)\"", "a|dkim=pass[header.i=@x (y)]" },
	{ "a quoted local part", "a; spf=pass smtp.mailfrom=\"a b\"@x.jp", "a|spf=pass[smtp.mailfrom=\"a b\"@x.jp]" },
	{ "a semicolon at the end", "a; spf=none;", "a|spf=none" },
	{ "ARC's instance", " i=3; mx.example.com; arc=pass", "mx.example.com|arc=pass" },
	{ "a reason", "a; dkim=fail reason=\"bad; one\" header.d=x.jp", "a|dkim=fail[header.d=x.jp]" },
	{ "a comment that hides a result", "a; dkim=fail (; spf=pass) header.d=x", "a|dkim=fail[header.d=x]" },
	{ "a comment in a value ends it", "a; dkim=fail header.d=a.net(.b.com", NULL },
	{ "an open quote", "a; dkim=fail header.d=\"x", NULL },
	{ "no result", "a; dkim", NULL },
	{ "a line end that folds nothing", "a; dkim=pass\rheader.d=x.jp\n", NULL },
	{ "no property type", "a; dkim=pass d=x", NULL },
	{ "nothing", "", NULL },
	{ "base64 in a value, as Gmail writes", "mx.google.com; dkim=pass header.i=@x.jp header.s=a header.b=Ab+/9==",
	    "mx.google.com|dkim=pass[header.i=@x.jp][header.s=a][header.b=Ab+/9==]" },
	{ "Microsoft's action", "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.jp", NULL },
};

static void
put(struct out *out, const struct auth_results *r)
{
	out_span(out, r->authserv_id);
	for (size_t i = 0; i < r->n; i++) {
		out_char(out, '|');
		out_span(out, r->results[i].method);
		out_char(out, '=');
		out_span(out, r->results[i].result);
		for (size_t k = 0; k < r->results[i].n_properties; k++) {
			const struct auth_property *p = &r->results[i].properties[k];

			out_char(out, '[');
			out_span(out, p->ptype);
			out_char(out, '.');
			out_span(out, p->property);
			out_char(out, '=');
			out_span(out, p->value);
			out_char(out, ']');
		}
	}
}

static void
results_are_read_by_the_grammar(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct auth_results r;
		struct out out = { 0 };
		const bool sound = auth_results_parse(&arena, span_of(cases[i].value), &r);

		put(&out, &r);
		if (sound != (cases[i].read != NULL) || (sound && !span_equal(out_view(&out), span_of(cases[i].read))))
			fail_msg("%s: %s at %zu: %.*s", cases[i].what, r.problem ? r.problem : "sound", r.at,
			    (int)out.len, out.at);
		out_deinit(&out);
	}
	arena_deinit(&arena);
}

static const struct {
	const char *what, *value, *read;
} odd[] = {
	{ "Microsoft leaves out who says so",
	    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.jp; dkim=pass (ok) header.d=x.jp;dmarc=pass action=none header.from=x.jp;compauth=pass reason=100",
	    "|spf=pass[smtp.mailfrom=x.jp]|dkim=pass[header.d=x.jp]|dmarc=pass[.action=none][header.from=x.jp]|compauth=pass" },
	{ "Microsoft, the name behind",
	    "spf=pass smtp.mailfrom=x.jp; contoso.example; dkim=none header.d=none;contoso.example; dmarc=fail header.from=x.jp",
	    "contoso.example|spf=pass[smtp.mailfrom=x.jp]|dkim=none[header.d=none]|dmarc=fail[header.from=x.jp]" },
	{ "Fastmail", "mx1.example; dkim=pass header.d=x.jp x-bits=2048; spf=pass smtp.mailfrom=a@x.jp",
	    "mx1.example|dkim=pass[header.d=x.jp][.x-bits=2048]|spf=pass[smtp.mailfrom=a@x.jp]" },
	{ "IronPort", "esa1.example; spf=Pass smtp.mailfrom=a@x.jp; dmarc=pass (p=reject dis=none) d=x.jp; dkim=fail",
	    "esa1.example|spf=Pass[smtp.mailfrom=a@x.jp]|dmarc=pass[.d=x.jp]|dkim=fail" },
	{ "Courier", "example.com; dkim=pass (good) header.d=x.jp; spf=pass SPF=MAILFROM; dmarc=none",
	    "example.com|dkim=pass[header.d=x.jp]|spf=pass[.SPF=MAILFROM]|dmarc=none" },
	{ "Yahoo once", "mta4.example  from=x.jp; domainkeys=neutral (no sig);  from=x.jp; dkim=pass (ok)",
	    "mta4.example|domainkeys=neutral|dkim=pass" },
	{ "a property that cannot be read", "a.example; spf=pass smtp. = x y.z=1; dkim=pass header.d=x.jp",
	    "a.example|spf=pass[y.z=1]|dkim=pass[header.d=x.jp]" },
	{ "a result that cannot be read", "a.example; =pass; ???; dkim=pass header.d=x.jp",
	    "a.example|dkim=pass[header.d=x.jp]" },
	{ "two semicolons", "a.example;; spf=pass;;", "a.example|spf=pass" },
	{ "an open comment takes all behind it", "a.example; spf=pass; dkim=fail (; dmarc=pass", "a.example|spf=pass" },
};

static void
what_is_odd_costs_itself(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct auth_results r;
		struct out out = { 0 };

		auth_results_parse(&arena, span_of(odd[i].value), &r);
		put(&out, &r);
		if (!span_equal(out_view(&out), span_of(odd[i].read)))
			fail_msg("%s: %.*s", odd[i].what, (int)out.len, out.at);
		out_deinit(&out);
	}
	arena_deinit(&arena);
}

static const struct {
	const char *what, *value, *written;
} values[] = {
	{ "a domain", "example.jp", "example.jp" },
	{ "an address", "taro+x@example.jp", "taro+x@example.jp" },
	{ "a comment", "a.net(.b.com", "\"a.net(.b.com\"" },
	{ "another result", "x; spf=pass", "\"x; spf=pass\"" },
	{ "a quotation mark", "a\"b\\c", "\"a\\\"b\\\\c\"" },
	{ "a line end", "a\r\nBcc: x", "\"a??Bcc: x\"" },
	{ "no UTF-8", "a\xff\x80", "\"a??\"" },
	{ "UTF-8", "例え.jp", "\"例え.jp\"" },
	{ "nothing", "", "\"\"" },
};

static void
nothing_that_is_written_can_steer(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct out out = { 0 };
		struct auth_results r;
		char wanted[256];

		auth_results_begin(&out, span_of("mx.example.com"));
		auth_results_add(&out, "dkim", "fail");
		auth_results_comment(&out, span_of("a ) (b"));
		auth_results_property(&out, "header", "d", span_of(values[i].value));
		auth_results_end(&out, 1);
		snprintf(
		    wanted, sizeof(wanted), "mx.example.com;\n\tdkim=fail (a \\) \\(b) header.d=%s", values[i].written);
		if (!span_equal(out_view(&out), span_of(wanted)))
			fail_msg("%s: %.*s", values[i].what, (int)out.len, out.at);
		assert_true(auth_results_parse(&arena, out_view(&out), &r));
		assert_int_equal(r.n, 1);
		assert_int_equal(r.results[0].n_properties, 1);
		out_deinit(&out);
	}
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_are_read_by_the_grammar),
		cmocka_unit_test(what_is_odd_costs_itself),
		cmocka_unit_test(nothing_that_is_written_can_steer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
