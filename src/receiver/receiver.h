/*
 * The receiver's mind: facts of a connection and a message, and a policy in;
 * out come the catalogue's rules whose replies it gives. Pure. What a gate
 * answers and what `check` and `verify` foretell is decided here alone.
 */
#ifndef RECEIVER_RECEIVER_H
#define RECEIVER_RECEIVER_H

#include "auth/authentication.h"
#include "receiver/policy.h"

enum receiver_tls { RECEIVER_TLS_UNKNOWN, RECEIVER_TLS_YES, RECEIVER_TLS_NO };

struct receiver_facts { /* borrowed */
	const struct policy *policy;
	const struct authentication_query *query;
	const struct authentication *found;
	const struct rfc5322_form *form; /* NULL: there is no message */
	enum receiver_tls tls;
	struct span attachment; /* the name of a file that the policy blocks; empty: none */
	uint64_t size, limit; /* of the message, and what is taken at most, in bytes; 0: not known */
};

enum { RECEIVER_REPLIES_MAX = 16 };

struct receiver_reply {
	struct span rule; /* "google.spf-hard-fail": its Reply has the codes and the words */
	bool temporary; /* which of its codes, where it is given both ways */
	struct span domain; /* for the hole in its words: the domain or field it is said of */
	uint64_t size, limit; /* for {size} and {limit} */
	enum confidence confidence; /* that the receiver refuses for this */
};

struct receiver_answer {
	struct receiver_reply replies
	    [RECEIVER_REPLIES_MAX]; /* the first is the one it gives; the others would follow once that is mended */
	size_t n; /* 0: nothing is known that it would refuse for */
	bool spf_counts, dkim_counts; /* passed, as this receiver sees it */
};

/* At the end of data: all that the policy minds, in its order. */
void receiver_judge(const struct receiver_facts *facts, struct receiver_answer *answer);

/* What stands in a reply's holes and at its end. */
struct receiver_words {
	const struct ip_address *ip; /* NULL: not known */
	struct span id; /* of the transaction, before the ending; empty: none */
	struct span ending; /* "- gsmtp": of a receiver's own replies, not of those that anybody gives */
};

/* Appends the reply as it comes over the wire, its lines without CRLF but with LF between. False: the rule has no words of
   its own. */
bool receiver_write_reply(
    struct out *out, const struct receiver_reply *reply, const struct rule *rule, const struct receiver_words *words);

/* The first file of the message that the policy blocks, by its name; empty: none. The message's parts are looked at as
   they are declared (RFC 2183 section 2.3, RFC 2231); files within archives are not. */
struct span receiver_find_attachment(struct arena *arena, const struct policy *policy, struct span message);

#endif
