/*
 * libtodoku: why mail was refused, and SPF, DKIM, DMARC and ARC as pure
 * functions. docs/api.md has the lifecycle in one picture.
 *
 * Handles. A handle is made by a todoku_…_create(), _read() or _make(), and
 * freed by its _free(), which takes NULL, too. A handle is used by one thread
 * at a time; different handles by as many threads as there are. There is no
 * state beside the handles.
 *
 * Spans. Text and bytes are a start and a length, not ended by NUL. What is
 * handed in is borrowed for the call, except where a function says longer.
 * What is handed out belongs to the handle and lives as long as its function
 * says. An absent value has the length 0.
 *
 * Errors. Functions that can fail return a todoku_status. The library never
 * ends the program, never writes to a stream, sets no signal handler, reads no
 * environment. After TODOKU_NO_MEMORY a handle holds nothing any more and may
 * only be freed; its `memory_max` bounds what hostile input can make it take.
 * A callback must not leave by longjmp() or a C++ exception.
 */
#ifndef TODOKU_TODOKU_H
#define TODOKU_TODOKU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TODOKU_VERSION_MAJOR 0
#define TODOKU_VERSION_MINOR 1
#define TODOKU_VERSION_PATCH 0
#define TODOKU_VERSION "0.1.0"

/* The version that is linked: "0.1.0". Static. */
const char *todoku_version(void);

typedef struct todoku_span {
	const char *at;
	size_t len;
} todoku_span;

/* Over a string ended by NUL; NULL becomes an empty span. */
todoku_span todoku_span_of(const char *string);

typedef enum todoku_status {
	TODOKU_OK = 0,
	TODOKU_WANTS_ANSWERS = 1, /* DNS answers are missing: see todoku_wanted() */
	TODOKU_STOPPED = 2, /* the callback wanted nothing more */
	TODOKU_NO_MEMORY = 3, /* or more than memory_max; the handle may only be freed */
	TODOKU_BAD_ARGUMENT = 4, /* an address, a domain name or the like that is none */
	TODOKU_UNREADABLE = 5, /* reading failed; compressed input; a key or zone text that is none */
	TODOKU_NO_RESOLVER = 6 /* the resolver could not be set up */
} todoku_status;

/* "no memory"; in English, for logs. Static. */
const char *todoku_status_words(todoku_status status);

typedef enum todoku_language { TODOKU_ENGLISH, TODOKU_JAPANESE } todoku_language;

/* ---- Explaining: from a bounce, a log, an event or a pasted reply to its cause and its remedy ---- */

typedef struct todoku_explainer todoku_explainer;
typedef struct todoku_verdict todoku_verdict; /* lives until its callback returns */

/* memory_max: bytes; 0: no limit. NULL: no memory. The built-in catalogue is used. */
todoku_explainer *todoku_explainer_create(size_t memory_max);
void todoku_explainer_free(todoku_explainer *explainer);

/* Called for each failed recipient, in the order of the input, and once for each document that tells of none.
   False: nothing more is wanted. */
typedef bool todoku_verdict_fn(void *context, const todoku_verdict *verdict);

/* As read(2): how many bytes were put at `to`, at most `size`; 0 at the end, -1 where reading failed. */
typedef ptrdiff_t todoku_read_fn(void *context, char *to, size_t size);

/*
 * Explains all that is in the bytes. What they are is told by their content: a
 * message (RFC 5322) that is a bounce (RFC 3464), a complaint (RFC 5965) or a
 * notice in prose, a mailbox (RFC 4155), an MTA's log, a sending service's
 * JSON, or text with replies (RFC 5321 section 4.2) in it. `name` (a string,
 * for the verdicts' source) and `bytes` are borrowed for the call.
 * TODOKU_OK, TODOKU_STOPPED, TODOKU_UNREADABLE, TODOKU_NO_MEMORY.
 */
todoku_status todoku_explain(todoku_explainer *explainer, const void *bytes, size_t len, const char *name,
    todoku_verdict_fn *tell, void *context);

/* The same of a stream of any length, in bounded memory: a log of many gigabytes is one. */
todoku_status todoku_explain_stream(todoku_explainer *explainer, todoku_read_fn *read, void *read_context,
    const char *name, todoku_verdict_fn *tell, void *context);

typedef enum todoku_outcome {
	TODOKU_EXPLAINED,
	TODOKU_UNDETERMINED, /* a failure, but its cause is not known */
	/* No failure in this document; the accessors below but todoku_verdict_outcome() are empty: */
	TODOKU_EMPTY,
	TODOKU_NOT_A_BOUNCE,
	TODOKU_AUTOMATIC_REPLY,
	TODOKU_NO_FAILED_RECIPIENT,
	TODOKU_DELIVERED,
	TODOKU_NOT_AN_EVENT,
	TODOKU_NOT_A_REPLY,
	TODOKU_NO_TEXT /* binary: a PDF, Outlook's .msg … */
} todoku_outcome;

typedef enum todoku_permanence {
	TODOKU_PERMANENCE_UNKNOWN,
	TODOKU_PERMANENT, /* the same message will be refused again */
	TODOKU_TEMPORARY
} todoku_permanence;

typedef enum todoku_confidence {
	TODOKU_CONFIDENCE_NONE,
	TODOKU_UNKNOWABLE, /* the receiver keeps the reason to itself */
	TODOKU_LIKELY,
	TODOKU_CERTAIN
} todoku_confidence;

typedef enum todoku_suppress { TODOKU_KEEP, TODOKU_SUPPRESS_NOW, TODOKU_SUPPRESS_AFTER } todoku_suppress;

todoku_outcome todoku_verdict_outcome(const todoku_verdict *verdict);
todoku_span todoku_verdict_recipient(const todoku_verdict *verdict); /* addr-spec. RFC 5322 section 3.4.1 */
todoku_span todoku_verdict_sender(const todoku_verdict *verdict); /* reverse path. RFC 5321 section 4.1.2 */
todoku_span todoku_verdict_receiver(const todoku_verdict *verdict); /* who refused: "google" */
todoku_span todoku_verdict_reply(const todoku_verdict *verdict); /* as said, UTF-8. RFC 5321 section 4.2 */
unsigned todoku_verdict_code(const todoku_verdict *verdict); /* 550; 0: none */
bool todoku_verdict_status(const todoku_verdict *verdict, unsigned status[3]); /* 5.7.26. RFC 3463 section 2 */
todoku_span todoku_verdict_cause(const todoku_verdict *verdict); /* "auth.spf"; the catalogue's, stable */
todoku_span todoku_verdict_rule(const todoku_verdict *verdict); /* "google.spf-hard-fail" */
todoku_permanence todoku_verdict_permanence(const todoku_verdict *verdict);
todoku_confidence todoku_verdict_confidence(const todoku_verdict *verdict);
/* Seconds until trying again makes sense; 0: do not. */
uint32_t todoku_verdict_retry_after(const todoku_verdict *verdict);
/* What follows for the address; after `*count` failures (may be NULL) for TODOKU_SUPPRESS_AFTER. */
todoku_suppress todoku_verdict_suppress(const todoku_verdict *verdict, uint32_t *count);
/* One sentence each; the remedy's steps are separated by LF. UTF-8. */
todoku_span todoku_verdict_title(const todoku_verdict *verdict, todoku_language language);
todoku_span todoku_verdict_why(const todoku_verdict *verdict, todoku_language language);
todoku_span todoku_verdict_remedy(const todoku_verdict *verdict, todoku_language language);
/* A fact by its name: "spf_domain", "queue_id" … catalog/README.md lists them. */
todoku_span todoku_verdict_fact(const todoku_verdict *verdict, const char *name);
/* The line that `todoku why --json` prints, its line end included; todoku-why(1) has the schema. */
todoku_span todoku_verdict_json(const todoku_verdict *verdict);

/* ---- Judging: SPF, DKIM, DMARC, ARC ---- */

typedef struct todoku_evaluation todoku_evaluation;

/* SPF: may this host send mail for this domain? RFC 7208 section 4. Where it may not, also the record that lets it
   pass: todoku_suggested_record(). Everything handed in is copied. */
typedef struct todoku_spf_query {
	todoku_span ip; /* the sending host's, IPv4 or IPv6 as text */
	todoku_span mail_from; /* empty: <>, and HELO's name is judged. RFC 7208 section 2.4 */
	todoku_span helo;
	bool repair; /* whether a record is wanted */
	uint64_t now; /* seconds since 1970 */
	size_t memory_max; /* bytes; 0: no limit */
} todoku_spf_query;

/* A message with all that is known of how it came. What is empty is taken from its own Received:, Received-SPF: and
   Return-Path:. `message` is as SMTP carries it, lines end in CRLF; where its first line ends in LF alone, all bare LF
   become CRLF. */
typedef struct todoku_message_query {
	todoku_span message;
	todoku_span ip, helo, mail_from;
	bool has_mail_from; /* an empty one is <> */
	todoku_span authserv_id; /* who says so. RFC 8601 section 2.5 */
	uint64_t now;
	size_t memory_max;
} todoku_message_query;

/* DMARC from what SPF and DKIM found. RFC 9989 section 5.3 */
typedef struct todoku_dmarc_query {
	todoku_span from; /* the From: field's value */
	todoku_span spf_domain, dkim_domain; /* that passed; empty: none did */
	size_t memory_max;
} todoku_dmarc_query;

/* TODOKU_OK, TODOKU_BAD_ARGUMENT, TODOKU_NO_MEMORY; `*evaluation` is NULL but for TODOKU_OK. */
todoku_status todoku_spf_create(const todoku_spf_query *query, todoku_evaluation **evaluation);
todoku_status todoku_dkim_create(
    const todoku_message_query *query, todoku_evaluation **evaluation); /* RFC 6376 section 6 */
todoku_status todoku_verify_create(const todoku_message_query *query, todoku_evaluation **evaluation); /* all of them */
todoku_status todoku_dmarc_create(const todoku_dmarc_query *query, todoku_evaluation **evaluation);
void todoku_evaluation_free(todoku_evaluation *evaluation);

/* Evaluates as far as the answers reach: no I/O. TODOKU_OK: done. TODOKU_WANTS_ANSWERS: put what is wanted, and
   evaluate again; what nobody can answer is put as TODOKU_DNS_FAILED. */
todoku_status todoku_evaluate(todoku_evaluation *evaluation);

typedef enum todoku_dns_type { /* RFC 1035 section 3.2.2, RFC 3596 section 2.1 */
	TODOKU_DNS_A = 1,
	TODOKU_DNS_NS = 2,
	TODOKU_DNS_PTR = 12,
	TODOKU_DNS_MX = 15,
	TODOKU_DNS_TXT = 16,
	TODOKU_DNS_AAAA = 28
} todoku_dns_type;

typedef struct todoku_question {
	todoku_span name; /* lower case, no dot at its end */
	todoku_dns_type type;
} todoku_question;

typedef enum todoku_dns_result {
	TODOKU_DNS_ANSWERED, /* with at least one record */
	TODOKU_DNS_NO_DATA, /* RFC 2308 section 2.2 */
	TODOKU_DNS_NO_NAME, /* NXDOMAIN. RFC 2308 section 2.1 */
	TODOKU_DNS_FAILED /* a time-out, SERVFAIL, or an answer that is none */
} todoku_dns_result;

typedef struct todoku_record {
	todoku_span data; /* A: 4 bytes, AAAA: 16; TXT: its strings joined; MX, NS, PTR: a name */
	uint16_t preference; /* MX */
} todoku_record;

typedef struct todoku_answer { /* CNAMEs are followed by whoever answers */
	todoku_question question;
	todoku_dns_result result;
	bool secure; /* validated by DNSSEC */
	uint32_t ttl; /* seconds */
	const todoku_record *records;
	size_t n_records;
} todoku_answer;

/* What is wanted: asked from 0 up to todoku_n_wanted(). Names live until the next todoku_evaluate(). */
size_t todoku_n_wanted(const todoku_evaluation *evaluation);
todoku_question todoku_wanted(const todoku_evaluation *evaluation, size_t i);

/* Copies the answer. TODOKU_OK, TODOKU_BAD_ARGUMENT (too many), TODOKU_NO_MEMORY */
todoku_status todoku_put(todoku_evaluation *evaluation, const todoku_answer *answer);

/* Evaluates to the end with zone text (RFC 1035 section 5.1) that knows everything. TODOKU_UNREADABLE: it is none. */
todoku_status todoku_evaluate_with_zone(todoku_evaluation *evaluation, const char *text, size_t len);

/* Evaluates to the end with the built-in resolver, within `seconds` (0: 10). `servers`: strings such as "192.0.2.1"
   or "[2001:db8::1]:53", ended by NULL; NULL: the system's. The one function that uses the network. */
todoku_status todoku_evaluate_with_dns(todoku_evaluation *evaluation, const char *const *servers, unsigned seconds);

/* "pass": the word of RFC 8601 section 2.7 for "spf", "dkim", "dmarc", "arc" or "iprev"; empty: not evaluated. Static. */
todoku_span todoku_result(const todoku_evaluation *evaluation, const char *method);

/* What `todoku spf|dkim|verify|dmarc --json` prints, its line end included; lives until the next call. Empty:
   not done yet, or no memory. */
todoku_span todoku_evaluation_json(todoku_evaluation *evaluation);

/* Of todoku_spf_create() with `repair`: the TXT record that lets the host pass, proved by evaluating again, and (may be
   NULL) whose it is. Empty: none is needed, or none can be proved. Lives as long as the handle. */
todoku_span todoku_suggested_record(const todoku_evaluation *evaluation, todoku_span *name);

/* ---- Signing with DKIM. RFC 6376 section 5, RFC 8463 ---- */

typedef struct todoku_key todoku_key;
typedef enum todoku_algorithm { TODOKU_RSA, TODOKU_ED25519 } todoku_algorithm;

/* A private key in PEM, without a password. TODOKU_UNREADABLE: it is none. */
todoku_status todoku_key_read(const char *pem, size_t len, todoku_key **key);

/* A new one; `bits` of RSA: 1024 to 8192. */
todoku_status todoku_key_make(todoku_algorithm algorithm, unsigned bits, todoku_key **key);
void todoku_key_free(todoku_key *key);

/* PEM (PKCS #8), and the text of the TXT record at <selector>._domainkey.<domain>. RFC 6376 section 3.6.1. Each lives
   until the next call on the key. Empty: no memory. */
todoku_span todoku_key_pem(todoku_key *key);
todoku_span todoku_key_record(todoku_key *key);

typedef struct todoku_signing {
	todoku_span domain, selector; /* d=, s= */
	todoku_span identity; /* i=; empty: left out */
	uint64_t now; /* t=, seconds since 1970 */
	uint64_t seconds; /* until x=; 0: it never expires */
} todoku_signing;

/* The DKIM-Signature field to stand before the message, line end included; relaxed/relaxed. `*field` lives until the
   next call on the key. TODOKU_BAD_ARGUMENT: domain or selector is no name (A-labels or UTF-8), identity is not at or
   below the domain, or the message does not begin with its header: an mbox line, a byte order mark or a blank line does not
   belong to it. */
todoku_status todoku_sign(todoku_key *key, const todoku_signing *signing, todoku_span message, todoku_span *field);

#ifdef __cplusplus
}
#endif

#endif
