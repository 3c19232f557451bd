#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "message/received.h"

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
	{ "HELO is a literal", "from [198.51.100.7] (host [192.0.2.25]) by mx", "[198.51.100.7]", "192.0.2.25", "mx",
	    false },
	{ "a literal alone is the peer's word", "from [198.51.100.7] by mx with SMTP", "[198.51.100.7]", "", "mx",
	    false },
	{ "a name that is a keyword", "from by (with [192.0.2.25]) by mx with SMTP", "by", "192.0.2.25", "mx", false },
	{ "a zone of the system's own", "from a ([fe80::1%12]) by mx with mapi id 15", "a", "fe80::1", "mx", false },
	{ "an address behind HELO in one comment is HELO's", "from x (HELO y [198.51.100.7]) by mx", "y", "", "mx",
	    false },
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

/* {H} is what the peer may choose: its name, and whatever else it can have written. The sender is always 192.0.2.25. */
static const struct {
	const char *mta, *form;
} forms[] = {
	{ "Postfix",
	    "from {H} (host.example.jp [192.0.2.25])\r\n\tby mx.example.com (Postfix) with ESMTP id 4F; Mon, 7 Mar 2011 14:23:23 -0500" },
	{ "Postfix, no name", "from {H} (unknown [192.0.2.25]) by mx.example.com (Postfix) with ESMTP id 4F" },
	{ "Postfix, TLS",
	    "from {H} (unknown [192.0.2.25])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t key-exchange X25519 server-signature RSA-PSS (2048 bits))\r\n\t(No client certificate requested)\r\n\tby mx.example.com (Postfix) with ESMTPS id 4F" },
	{ "Postfix, authenticated",
	    "from {H} (unknown [192.0.2.25]) (Authenticated sender: taro@[192.0.2.98]) by mx.example.com (Postfix) with ESMTPSA id 4F" },
	{ "Postfix, a client certificate",
	    "from {H} (h [192.0.2.25]) (using TLSv1.2) (Client CN \"192.0.2.98\", Issuer \"[192.0.2.98]\" (not verified)) by mx (Postfix)" },
	{ "Postfix, for somebody",
	    "from {H} (h [192.0.2.25]) by mx.example.com (Postfix) with ESMTP id 4F for <x@[192.0.2.98]>" },
	{ "sendmail", "from {H} (host.example.jp [192.0.2.25]) by mx.example.com (8.17.1/8.17.1) with ESMTP id x" },
	{ "sendmail, may be forged",
	    "from {H} (host.example.jp [192.0.2.25] (may be forged)) by mx.example.com (8.15/8.15) with ESMTP id x" },
	{ "sendmail, no name", "from {H} ([192.0.2.25]) by mx.example.com (8.14.4/8.14.4) with SMTP id x" },
	{ "sendmail, ident",
	    "from {H} (IDENT:taro@host.example.jp [192.0.2.25]) by mx.example.com (8.9.3/8.9.3) with SMTP" },
	{ "sendmail, an ident that lies",
	    "from {H} (IDENT:[192.0.2.98]@host.example.jp [192.0.2.25]) by mx.example.com (8.9.3/8.9.3)" },
	{ "sendmail, authenticated",
	    "from {H} (root@host [192.0.2.25] (may be forged)) (authenticated bits=0) by mx (8.12)" },
	{ "Exim", "from [192.0.2.25] (helo={H}) by mx.example.com with esmtp (Exim 4.96)" },
	{ "Exim, a port",
	    "from [192.0.2.25] (port=4711 helo={H})\r\n by mx.example.com with esmtps (TLS1.3) tls TLS_AES id 1" },
	{ "Exim, a port behind it", "from [192.0.2.25]:4711 (helo={H}) by mx.example.com with esmtp (Exim 4.96)" },
	{ "Exim, a name", "from host.example.jp ([192.0.2.25] helo={H}) by mx.example.com with esmtp (Exim 4.96)" },
	{ "Exim, a name and a port", "from host.example.jp ([192.0.2.25]:4711 helo={H}) by mx.example.com with esmtp" },
	{ "Exim, an ident",
	    "from host.example.jp ([192.0.2.25] helo={H} ident=[192.0.2.98]) by mx.example.com with esmtp" },
	{ "Exim, the ident first", "from [192.0.2.25] (ident=192.0.2.98 helo={H}) by mx.example.com with esmtp" },
	{ "Exim, the literal is the name",
	    "from [192.0.2.25] by mx.example.com with esmtp (Exim 4.96) (envelope-from <{H}>)" },
	{ "qmail", "from unknown (HELO {H}) (192.0.2.25)\r\n  by mx.example.com with SMTP; 7 Mar 2011 19:23:23 -0000" },
	{ "qmail, a name", "from host.example.jp (HELO {H}) (192.0.2.25) by mx.example.com with SMTP" },
	{ "qmail, an ident", "from host.example.jp (HELO {H}) (taro@192.0.2.25) by mx.example.com with SMTP" },
	{ "qmail, brackets", "from unknown (HELO {H}) ([192.0.2.25]) by mx.example.com (qmail-ldap-1.03)" },
	{ "qmail, IPv4-mapped", "from unknown (HELO {H}) (::ffff:192.0.2.25) by mx.example.com with ESMTPS" },
	{ "qmail, no HELO told", "from host.example.jp (192.0.2.25) by mx.example.com with SMTP; {H}" },
	{ "Exchange", "from {H} (192.0.2.25) by B.example.com (198.51.100.1) with Microsoft SMTP Server id 15.1.2" },
	{ "Exchange, TLS",
	    "from {H} (192.0.2.25) by B.example.com (198.51.100.1) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.2.1 via Frontend Transport" },
	{ "Exchange 2003", "from {H} ([192.0.2.25]) by mx.example.com with Microsoft SMTPSVC(6.0.3790.4675)" },
	{ "Microsoft 365",
	    "from {H} (192.0.2.25) by\r\n AM6EUR05FT018.mail.protection.outlook.com (10.233.240.95) with Microsoft SMTP\r\n Server (version=TLS1_3, cipher=X) id 15.20.9388.8 via Frontend Transport" },
	{ "Gmail",
	    "from {H} (host.example.jp. [192.0.2.25])\r\n by mx.google.com with ESMTPS id a-b.7\r\n (version=TLS1_3 cipher=X bits=256/256)" },
	{ "Gmail, no name", "from {H} ([192.0.2.25]) by mx.google.com with ESMTPS id x" },
	{ "Courier", "from {H} (host.example.jp [::ffff:192.0.2.25]) by mx.example.com with ESMTP id 1" },
	{ "Courier, authenticated",
	    "from {H} ([::ffff:192.0.2.25]) (AUTH: LOGIN taro, TLS: TLSv1.3,256bits) by mx.example.com with ESMTPSA" },
	{ "Courier, no name", "from {H} (softdnserr [::ffff:192.0.2.25]) by mx.example.com with SMTP" },
	{ "OpenSMTPD",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.example.com (OpenSMTPD) with ESMTPS id 9d (TLSv1.3:X:256:NO)" },
	{ "OpenSMTPD, no name", "from {H} (<unknown> [192.0.2.25]) by mx.example.com (OpenSMTPD) with ESMTP id 9d" },
	{ "Haraka",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.example.com (Haraka/3.0.3) with ESMTPS id A.1 envelope-from <x@[192.0.2.98]> tls TLS_AES" },
	{ "Haraka, no name", "from {H} (Unknown [192.0.2.25]) by mx.example.com (Haraka) with ESMTP id A.1" },
	{ "Haraka, an account",
	    "from {H} (NXDOMAIN [192.0.2.25]) by mx (Haraka/2.8.28) with ESMTPSA id A.1 (authenticated bits=0)" },
	{ "KumoMTA", "from {H} (192.0.2.25:38412) by mx.example.com (KumoMTA) with ESMTPS id 7c" },
	{ "KumoMTA, brackets", "from {H} ([192.0.2.25]:38412) by mx.example.com (KumoMTA) with ESMTP id 7c" },
	{ "Stalwart",
	    "from {H} (host.example.jp [192.0.2.25] (AS64500 EXAMPLE [192.0.2.98])) (using TLSv1.3 with cipher X) by mx.example.com (Stalwart SMTP) with ESMTPS id 5" },
	{ "Stalwart, no name", "from {H} (unknown [192.0.2.25]) by mx.example.com (Stalwart SMTP) with ESMTP id 5" },
	{ "mox",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.example.com ([198.51.100.1]) via tcp with ESMTPS id x (TLS1.3 X) for <x@example.com>" },
	{ "mox, no name", "from {H} ([192.0.2.25]) by mx.example.com ([198.51.100.1]) via tcp with ESMTP id x" },
	{ "James",
	    "from host.example.jp (EHLO {H}) ([192.0.2.25])\r\n by mx.example.com (JAMES SMTP Server ) with ESMTP ID -1" },
	{ "James, old",
	    "from 192.0.2.25 ([192.0.2.25]) by mx.example.com (JAMES SMTP Server 2.3.2) with SMTP ID 5; {H}" },
	{ "Yahoo", "from 192.0.2.25 (EHLO {H}) by 10.217.135.104 with SMTPs (version=TLS1_3)" },
	{ "IronPort", "from unknown (HELO {H}) ([192.0.2.25]) by esa1.example.com with ESMTP/TLS/ECDHE-RSA-AES256" },
	{ "IronPort, a name", "from {H} ([192.0.2.25]) by esa1.example.com with ESMTP" },
	{ "CommuniGate Pro",
	    "from [192.0.2.25] (HELO {H}) by example.com (CommuniGate Pro SMTP 6.2.14) with ESMTPS id 1" },
	{ "Domino", "from {H} ([192.0.2.25]) by mx.example.com (IBM Domino Release 9.0.1) with ESMTP id 1" },
	{ "PowerMTA", "from {H} (192.0.2.25) by mx.example.com id h1 for <x@example.com>" },
	{ "MailMarshal", "from {H} (Not Verified[192.0.2.25]) by mx.example.com with MailMarshal (v6,5)" },
	{ "SurgeMail", "from {H} (unverified [192.0.2.25]) by mx.example.com (SurgeMail 5.2) with ESMTP id 1" },
	{ "XMail", "from {H} (192.0.2.25:4711) by mx.example.com with [XMail 1.27 ESMTP Server] id <1>" },
	{ "Sun Messaging Server",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.example.com (Sun Java(tm) System Messaging Server 7.3) with ESMTP id <1>" },
	{ "Groupwise", "from {H} [192.0.2.25] by mx.example.com with ESMTP" },
	{ "Amazon SES",
	    "from {H} (host.example.jp [192.0.2.25]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id x" },
	{ "mail.ru",
	    "from [192.0.2.25] (port=46712 helo={H}) by mx.mail.example with esmtp (envelope-from <x@[192.0.2.98]>)" },
	{ "hMailServer", "from {H} (host.example.jp [192.0.2.25]) by mx.example.com with ESMTPS (version=TLSv1.2)" },
	{ "MDaemon", "from {H} (host.example.jp [192.0.2.25]) by example.com (MDaemon PRO v17) with ESMTP id md50" },
	{ "webmail by HTTP", "from [192.0.2.25] by web1234.mail.example.com via HTTP; {H}" },
	{ "Zimbra",
	    "from {H} (LHLO mx.example.com) (192.0.2.25) by mx.example.com with LMTP; Mon, 7 Mar 2011 14:23:23 -0500 (EST)" },
	{ "Fastmail",
	    "from {H} (host.example.jp [192.0.2.25])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t key-exchange ECDHE (P-256) server-signature RSA-PSS (4096 bits) server-digest SHA256)\r\n\t(No client certificate requested)\r\n\tby mx5.messagingengine.com (Postfix) with ESMTPS id 9\r\n\tfor <x@[192.0.2.98]>" },
	{ "GMX", "from {H} ([192.0.2.25]) by mx-ha.gmx.net (mxgmx017 [212.227.15.9]) with ESMTPS (Nemesis) id 1MXH" },
	{ "Yandex",
	    "from {H} (host.example.jp [192.0.2.25]) by mail-nwsmtp-mxfront-production-main-10.iva.yp-c.yandex.net (mxfront/Yandex) with ESMTPS id 5" },
	{ "QQ",
	    "from {H} (unknown [192.0.2.25]) by newxmmxszb6-7.qq.com (NewMX) with SMTP id 4A; Thu, 26 Nov 2026 10:00:00 +0800" },
	{ "Zoho", "from {H} (host.example.jp [192.0.2.25]) by mx.zohomail.com with SMTPS id 1764000000.1 (TLSv1.3)" },
	{ "Proofpoint",
	    "from {H} (host.example.jp [192.0.2.25]) by mx0a.example.com (PPS) with ESMTPS id 4a (version=TLSv1.3 cipher=X bits=256 verify=NOT)" },
	{ "Mimecast",
	    "from {H} (host.example.jp [192.0.2.25]) by relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.3, cipher=X) id us-mta-1-abc; Thu, 26 Nov 2026" },
	{ "Barracuda",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.example.com with ESMTP id 9 (version=TLSv1.2 cipher=X bits=256 verify=NO) for <x@[192.0.2.98]>" },
	{ "FortiMail", "from {H} ([192.0.2.25]) by mx.example.com  with ESMTP id 4AQ1-4AQ2" },
	{ "maddy",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.example.com (envelope-sender <x@[192.0.2.98]>) with ESMTPS id a1" },
	{ "Cyrus by LMTP",
	    "from {H} ([192.0.2.25])\r\n\t by mx.example.com (Cyrus 3.4.3) with LMTPA;\r\n\t Thu, 26 Nov 2026" },
	{ "Kerio", "from {H} ([192.0.2.25])\r\n\tby mx.example.com with ESMTP\r\n\t(Kerio Connect 9.4.1)" },
	{ "Axigen",
	    "from {H} ([192.0.2.25]) by mx.example.com (Axigen) with (ECDHE-RSA-AES256 encrypted) ESMTPS id 0A" },
	{ "MailEnable",
	    "from {H} ([192.0.2.25]) by mx.example.com with MailEnable ESMTPS (version=TLS1_2); Thu, 26 Nov" },
	{ "SmarterMail",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.example.com with SMTP\r\n\t(version=TLS\\Tls12\r\n\tcipher=Aes256 bits=256);" },
	{ "Cloudflare",
	    "from {H} (192.0.2.25)\r\n        by cloudflare-email.net (cloudflare) id 5xYz for <x@[192.0.2.98]>; Thu, 26 Nov 2026" },
	{ "Apple",
	    "from {H} (host.example.jp [192.0.2.25]) by p00-icloudmta-asmtp-us-east-1a-100-percent-0 (Postfix) with ESMTPS id B" },
	{ "netqmail, TLS",
	    "from host.example.jp (HELO {H}) (192.0.2.25)\r\n  by mx.example.com with (DHE-RSA-AES256-SHA encrypted) SMTP; 7 Mar 2011" },
	{ "s/qmail",
	    "from unknown (HELO {H}) (192.0.2.25) by mx.example.com with ESMTPS (TLS_AES_256_GCM_SHA384 encrypted); 7 Mar 2011" },
	{ "Nifty",
	    "from {H} (host.example.jp [192.0.2.25]) by mx.nifty.example with ESMTP id 4AQ; Thu, 26 Nov 2026 10:00:00 +0900" },
	{ "Sakura",
	    "from {H} (host.example.jp [192.0.2.25]) by www1.sakura.example (8.16.1/8.16.1/[SAKURA-WEB]/20201212) with ESMTP id 4" },
	{ "Xserver",
	    "from unknown (HELO {H}) (192.0.2.25) by sv1.xserver.example with SMTP; 26 Nov 2026 10:00:00 +0900" },
	{ "docomo", "from {H} ([192.0.2.25]) by mfsmax.docomo.example (DOCOMO Mail Server Ver2.0) with ESMTP id 1" },
};

static char *
with_name(const char *form, const char *name)
{
	const char *const hole = strstr(form, "{H}");
	char *const value = calloc(1, strlen(form) + strlen(name) + 1);

	memcpy(value, form, (size_t)(hole - form));
	strcat(value, name);
	strcat(value, hole + 3);
	return value;
}

static void
what_the_mta_saw_wins_over_what_the_peer_says(void **state)
{
	static const char *const names[] = { "mail.example.jp", "[192.0.2.99]", "192.0.2.99", "[IPv6:2001:db8::99]",
		"[192.168.11.3]", "by", "from", "localhost", "HELO", "x[192.0.2.99]", "a@192.0.2.99" };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			char *const value = with_name(forms[i].form, names[k]);
			char ip[IP_ADDRESS_TEXT_MAX] = "";
			struct received r;

			received_read(span_of(value), &r);
			if (r.has_ip)
				ip_address_write(&r.ip, ip);
			if (strcmp(ip, "192.0.2.25") != 0)
				fail_msg("%s: [%s] of %s", forms[i].mta, ip, value);
			free(value);
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
	assert_true(received_find_border(span_of("Received: from [192.168.11.3] (x [192.0.2.25]) by mx3\r\n"
						 "Received: from y (y [192.0.2.99]) by [192.168.11.3]\r\n"),
	    &r));
	assert_int_equal(r.ip.bytes[3], 25);
	assert_false(received_find_border(span_of("Received: from [192.168.11.3] by mx3 with ESMTP\r\n"
						  "Received: from y (y [192.0.2.99]) by mx4\r\n"),
	    &r));
	assert_true(received_find_border(span_of("Received: from mx.example.com by imap with LMTP\r\n"
						 "Received: from y (y [192.0.2.25]) by mx4\r\n"),
	    &r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mailers_field_is_read),
		cmocka_unit_test(what_the_mta_saw_wins_over_what_the_peer_says),
		cmocka_unit_test(the_border_is_the_topmost_address_of_the_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
