/*
 * What a check finds: the kinds of findings, and what is asked.
 */
#ifndef DIAGNOSE_CHECK_ITEM_H
#define DIAGNOSE_CHECK_ITEM_H

#include "auth/authentication.h"
#include "message/rfc5322_form.h"
#include "catalog/catalog.h"
#include "record/near_miss_slip.h"

enum check_state { CHECK_PASS, CHECK_WARN, CHECK_FAIL, CHECK_UNKNOWN };

enum check_weight { CHECK_ALL /* of every sender */, CHECK_BULK /* of bulk senders */, CHECK_ADVICE };

enum check_what {
	CHECK_SPF_SOUND,
	CHECK_NO_DOMAIN, /* NXDOMAIN */
	CHECK_APEX_CNAME,
	CHECK_SPF_NONE,
	CHECK_SPF_MISWRITTEN,
	CHECK_SPF_MISPLACED,
	CHECK_SPF_SEVERAL,
	CHECK_SPF_BROKEN,
	CHECK_SPF_LOOKUPS,
	CHECK_SPF_OPEN, /* +all */
	CHECK_SPF_UNDECIDED, /* ?all */
	CHECK_SPF_BEHIND_ALL,
	CHECK_SPF_REDIRECT_IGNORED,
	CHECK_SPF_WIDE,
	CHECK_SPF_PTR,
	CHECK_SPF_NO_END,
	CHECK_SPF_LONG,
	CHECK_SPF_UNKNOWN,
	CHECK_IP_ALLOWED,
	CHECK_IP_NOT_ALLOWED,
	CHECK_IP_UNKNOWN,
	CHECK_PTR_CONFIRMED,
	CHECK_PTR_NONE,
	CHECK_PTR_ASTRAY,
	CHECK_PTR_ADDRESS, /* it names an address */
	CHECK_PTR_GENERIC,
	CHECK_PTR_UNKNOWN,
	CHECK_HELO_SOUND,
	CHECK_HELO_BAD,
	CHECK_HELO_OTHER,
	CHECK_HELO_ASTRAY,
	CHECK_DKIM_SOUND,
	CHECK_DKIM_SMALL, /* 1024 bit */
	CHECK_DKIM_WEAK, /* less */
	CHECK_DKIM_NONE,
	CHECK_DKIM_BROKEN,
	CHECK_DKIM_REVOKED,
	CHECK_DKIM_TESTING,
	CHECK_DKIM_ED25519,
	CHECK_DKIM_SAME_KEY,
	CHECK_DKIM_OTHER_KEY,
	CHECK_DKIM_WILDCARD, /* *._domainkey with an empty p= */
	CHECK_DKIM_MISWRITTEN,
	CHECK_DKIM_MISPLACED,
	CHECK_DKIM_GUESSED,
	CHECK_DKIM_NO_SELECTOR,
	CHECK_DKIM_UNKNOWN,
	CHECK_DMARC_SOUND,
	CHECK_DMARC_NONE,
	CHECK_DMARC_SEVERAL,
	CHECK_DMARC_FAULTY,
	CHECK_DMARC_MISWRITTEN,
	CHECK_DMARC_CNAME,
	CHECK_DMARC_TESTING,
	CHECK_DMARC_PCT,
	CHECK_DMARC_FO,
	CHECK_DMARC_URI,
	CHECK_DMARC_TAG_UNKNOWN,
	CHECK_DMARC_MISPLACED,
	CHECK_DMARC_WATCHING, /* p=none */
	CHECK_DMARC_NO_REPORTS,
	CHECK_DMARC_REPORTS_UNASKED, /* rua elsewhere, which does not say that it takes them */
	CHECK_DMARC_UNKNOWN,
	CHECK_MX_SOUND,
	CHECK_MX_NONE,
	CHECK_MX_NULL_BESIDE,
	CHECK_MX_ADDRESS,
	CHECK_MX_LOCAL,
	CHECK_MX_GONE,
	CHECK_MX_NO_ADDRESS,
	CHECK_MX_PRIVATE,
	CHECK_MX_CNAME,
	CHECK_MX_NULL,
	CHECK_STS_SOUND,
	CHECK_STS_BROKEN,
	CHECK_STS_NO_ID,
	CHECK_STS_NO_HOST,
	CHECK_STS_NONE,
	CHECK_TLSRPT_SOUND,
	CHECK_TLSRPT_BROKEN,
	CHECK_BIMI_FOUND,
	CHECK_BIMI_BROKEN,
	CHECK_TLSRPT_NONE,
	CHECK_MAIL_AUTHENTICATED,
	CHECK_MAIL_NOT_AUTHENTICATED,
	CHECK_MAIL_SPF_ONLY,
	CHECK_MAIL_DKIM_ONLY,
	CHECK_MAIL_ALIGNED,
	CHECK_MAIL_NOT_ALIGNED,
	CHECK_MAIL_FROM_GMAIL,
	CHECK_MAIL_FORM_SOUND,
	CHECK_MAIL_FORM,
	CHECK_MAIL_ONE_CLICK,
	CHECK_MAIL_NO_ONE_CLICK,
	CHECK_MAIL_TLS,
	CHECK_MAIL_NO_TLS,
	CHECK_TLS_UNKNOWN,
	CHECK_REPUTATION_UNKNOWN,
	CHECK_WHATS
};

struct sender_check_item {
	enum check_what what;
	enum check_state state;
	enum check_weight weight;
	struct span seen, value; /* what was seen: where or at what, and its value */
	enum problem problem; /* of SPF, DKIM or DMARC */
	const char *form; /* of CHECK_MAIL_FORM: form_token() */
	const struct near_miss *miss; /* what is wrong with a record that is almost right; NULL: nothing */
	struct span name, record; /* what should stand in the DNS, and where; empty: not known */
	bool proved; /* with it the fault is gone */
};

enum { CHECK_ITEMS_MAX = 192, MX_NAMES_MAX = 16, CHECK_IPS_MAX = 16, CHECK_SELECTORS_MAX = 32 };

struct sender_check_query {
	struct span domain; /* A-labels, lower case */
	const struct catalog *catalog; /* whose services a repaired record includes */
	const struct ip_address *ips;
	size_t n_ips;
	struct span helo;
	const struct span *selectors;
	size_t n_selectors;
	struct span public_key; /* of the signer's key file, as a record's p= decodes; empty: none was given */
	bool bulk;
	const struct authentication *mail; /* a message already evaluated; NULL: none */
	const struct authentication_query *mail_query;
	const struct rfc5322_form *form;
	bool mail_has_tls, mail_tls; /* whether its Received: tells */
	struct crypto *crypto;
	uint64_t now;
};

struct sender_check {
	struct sender_check_item items[CHECK_ITEMS_MAX + 1]; /* the last takes what is too much */
	size_t n;
	size_t n_failed, n_warned; /* advice is not counted */
};

#endif
