#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/received.h"

static const struct {
	const char *what, *value, *helo, *ip, *by;
	bool tls;
} cases[] = {
	{ "Postfix",
	    "from mail.example.jp (unknown [192.0.2.25])\r\n\t(using TLSv1.3 with cipher X)\r\n\tby mx.example.com (Postfix) with ESMTPS id 4F; Mon, 7 Mar 2011 14:23:23 -0500",
	    "mail.example.jp", "192.0.2.25", "mx.example.com", true },
	{ "Postfix, IPv6", "from mail.example.jp (unknown [IPv6:2001:db8::1]) by mx.example.com with ESMTP",
	    "mail.example.jp", "2001:db8::1", "mx.example.com", false },
	{ "Exim",
	    "from [192.0.2.25] (port=4711 helo=mail.example.jp)\r\n by mx.example.com with esmtps (TLS1.3) tls TLS_AES id 1",
	    "mail.example.jp", "192.0.2.25", "mx.example.com", true },
	{ "Exim with a name", "from host.example.jp ([192.0.2.25] helo=mail.example.jp) by mx.example.com with esmtp",
	    "mail.example.jp", "192.0.2.25", "mx.example.com", false },
	{ "qmail",
	    "from unknown (HELO mail.example.jp) (192.0.2.25)\r\n  by mx.example.com with SMTP; 7 Mar 2011 19:23:23 -0000",
	    "mail.example.jp", "192.0.2.25", "mx.example.com", false },
	{ "sendmail",
	    "from mail.example.jp (host.example.jp [192.0.2.25] (may be forged)) by mx.example.com (8.15/8.15) with ESMTP id x",
	    "mail.example.jp", "192.0.2.25", "mx.example.com", false },
	{ "Gmail",
	    "from mail.example.jp (mail.example.jp. [192.0.2.25])\r\n by mx.google.com with ESMTPS id a-b.7\r\n (version=TLS1_3 cipher=X bits=256/256)",
	    "mail.example.jp", "192.0.2.25", "mx.google.com", true },
	{ "Exchange", "from A.example.jp (192.0.2.25) by B.example.com (198.51.100.1) with Microsoft SMTP Server id 15",
	    "A.example.jp", "192.0.2.25", "B.example.com", false },
	{ "submitted by a program", "by mail.example.jp (Postfix, from userid 33) id 5", "", "", "mail.example.jp",
	    false },
	{ "HELO is a literal", "from [198.51.100.7] (host [192.0.2.25]) by mx", "", "198.51.100.7", "mx", false },
	{ "nothing", "", "", "", "", false },
	{ "an open parenthesis", "from x (((", "x", "", "", false },
};

static void
every_mailers_field_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char ip[IP_ADDRESS_TEXT_MAX] = "";
		struct received r;

		received_read(span_of(cases[i].value), &r);
		if (r.has_ip)
			ip_address_write(&r.ip, ip);
		if (!span_equal(r.helo, span_of(cases[i].helo)) || strcmp(ip, cases[i].ip) != 0 ||
		    !span_equal(r.by, span_of(cases[i].by)) || r.tls != cases[i].tls)
			fail_msg("%s: helo [%.*s] ip [%s] by [%.*s] tls %d", cases[i].what, (int)r.helo.len, r.helo.at,
			    ip, (int)r.by.len, r.by.at, r.tls);
	}
}

static void
the_border_is_the_topmost_address_of_the_outside(void **state)
{
	struct received r;

	(void)state;
	assert_true(received_find_border(span_of("Received: from localhost (localhost [127.0.0.1]) by mx\r\n"
						 "Received: from in (in [10.0.0.1]) by mx2\r\n"
						 "Received: from mail.example.jp (x [192.0.2.25]) by mx3\r\n"
						 "Received: from y (y [192.0.2.99]) by mx4\r\n"),
	    &r));
	assert_true(span_equal(r.helo, span_of("mail.example.jp")));
	assert_false(received_find_border(span_of("Subject: x\r\n"), &r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mailers_field_is_read),
		cmocka_unit_test(the_border_is_the_topmost_address_of_the_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
