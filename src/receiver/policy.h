/*
 * A receiver's policy: for what it refuses, in the order in which it looks,
 * and by which of the catalogue's replies. Data (catalog/receivers.policy);
 * catalog/README.md has the format.
 *
 *	Policy: google
 *	Signatures: rsa
 *	On: spf-fail google.spf-hard-fail
 */
#ifndef RECEIVER_POLICY_H
#define RECEIVER_POLICY_H

#include "catalog/catalog.h"
#include "message/rfc5322_form.h"

/* What a receiver may mind. */
enum concern {
	CONCERN_RATE_IP, /* this host sends too much */
	CONCERN_GREYLISTED,
	CONCERN_NO_SUCH_USER,
	CONCERN_DISABLED,
	CONCERN_FULL_FOR_NOW,
	CONCERN_FULL,
	CONCERN_RECIPIENT_RATE,
	CONCERN_TOO_MANY_RECIPIENTS,
	CONCERN_SIZE,
	CONCERN_COMMAND_UNKNOWN,
	CONCERN_COMMAND_SYNTAX,
	CONCERN_COMMAND_ORDER,
	CONCERN_NO_RECIPIENT,
	CONCERN_HELO_SYNTAX,
	CONCERN_SENDER_SYNTAX,
	CONCERN_RECIPIENT_SYNTAX,
	CONCERN_STARTTLS_TROUBLE,
	CONCERN_PTR, /* of an IPv4 address: missing, or it does not lead back. RFC 1912 section 2.1 */
	CONCERN_PTR_IPV6,
	CONCERN_NO_TLS,
	CONCERN_ATTACHMENT, /* a kind of file that is blocked */
	CONCERN_DMARC_DNS, /* p=reject, and whether DMARC passes cannot be told now */
	CONCERN_DMARC, /* p=reject, and DMARC does not pass */
	CONCERN_SPF_FAIL, /* -all, and no signature passes either */
	CONCERN_UNAUTHENTICATED, /* neither SPF nor DKIM passes */
	CONCERN_SPF_MISSING,
	CONCERN_DKIM_MISSING,
	CONCERN_DMARC_MISSING,
	CONCERN_ALIGNMENT, /* DMARC does not pass, whatever the domain asks */
	CONCERN_FORM, /* + enum form_kind, by its token */
	CONCERNS = CONCERN_FORM + FORM_KINDS
};

struct policy_row {
	enum concern concern;
	struct span rule; /* "google.spf-hard-fail" */
	bool temporary; /* by its temporary codes, where it is given both ways */
};

struct policy { /* borrows from the text it was read from */
	struct span name, says[LANG_COUNT];
	struct span ending; /* of the last line of a reply: "- gsmtp"; may be empty */
	bool rsa_only; /* Ed25519 alone does not count, nor an RSA key under 1024 bit */
	struct span bulk; /* the policy for who sends `bulk_from` messages a day or more; empty: the same */
	uint32_t bulk_from;
	struct span attachments; /* the endings of blocked file names, blanks between */
	struct policy_row rows[CONCERNS];
	size_t n;
};

enum { POLICIES_MAX = 32 };

struct policies {
	struct policy all[POLICIES_MAX];
	size_t n;
};

struct policy_fault {
	unsigned line; /* from 1 */
	const char *what;
	struct span at; /* the words it is said of; may be empty */
};

/* Adds what stands in `text`, which must outlive the policies; one of a known name replaces it. `Like:` names one that was
   read before. False: `fault` says why, and nothing can be relied on. */
bool policies_read(struct policies *policies, struct span text, struct policy_fault *fault);

/* NULL: there is none. */
const struct policy *policies_find(const struct policies *policies, struct span name);

/* One that is built in: "google", "google-bulk", "standard". NULL: there is none. Threads: read-only after the first call,
   which main makes. */
const struct policies *policies_built_in(void);
const struct policy *policy_built_in(const char *name);

/* The row for a concern; NULL: it does not mind. */
const struct policy_row *policy_on(const struct policy *policy, enum concern concern);

/* Whether it asks for SPF and DKIM both. */
bool policy_asks_both(const struct policy *policy);

/* Whether a file of that name is blocked. */
bool policy_blocks_file(const struct policy *policy, struct span name);

/* "spf-fail" */
const char *concern_token(enum concern concern);

#endif
