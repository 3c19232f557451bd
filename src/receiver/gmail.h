/*
 * What Gmail does with a message, as far as it can be known beforehand: the
 * rule of the catalogue whose reply it gives. Pure.
 *
 * Two of its answers are not the standards': an Ed25519 signature alone does
 * not count, nor does a key under 1024 bit.
 */
#ifndef RECEIVER_GMAIL_H
#define RECEIVER_GMAIL_H

#include "auth/authentication.h"
#include "catalog/catalog.h"
#include "message/rfc5322_form.h"

enum gmail_tls { GMAIL_TLS_UNKNOWN, GMAIL_TLS_YES, GMAIL_TLS_NO };

struct gmail_query {
	const struct authentication_query *query;
	const struct authentication *found;
	const struct rfc5322_form *form; /* NULL: there is no message */
	enum gmail_tls tls;
	bool bulk; /* close to 5,000 messages a day or more to personal accounts */
};

enum { GMAIL_REPLIES_MAX = 16 };

struct gmail_reply {
	const char *rule; /* "google.spf-hard-fail": its Reply has the codes and the words */
	bool temporary; /* which of its codes, where it is given both ways */
	struct span domain; /* for {domain} in its words */
	enum confidence confidence; /* that Gmail refuses for this */
};

struct gmail_answer {
	struct gmail_reply
	    replies[GMAIL_REPLIES_MAX]; /* the first is the one it gives; the others would follow once that is mended */
	size_t n; /* 0: nothing is known that it would refuse for */
	bool spf_counts, dkim_counts; /* passed, as Gmail sees it */
};

void gmail_judge(const struct gmail_query *q, struct gmail_answer *answer);

/* Appends the reply as it comes over the wire, its lines without CRLF but with LF between. False: the rule has no words of
   its own. */
bool gmail_write_reply(
    struct out *out, const struct gmail_reply *reply, const struct rule *rule, const struct ip_address *ip);

#endif
