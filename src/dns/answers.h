/*
 * DNS answers as data: what was asked, and what came of it. The judges look
 * answers up here; what is missing is noted as wanted, for whoever asks the
 * network, a zone or a file.
 *
 * A CNAME is followed by who fills them in: an answer holds records of the
 * type that was asked.
 */
#ifndef DNS_ANSWERS_H
#define DNS_ANSWERS_H

#include "base/arena.h"

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28
};

enum dns_result {
	DNS_ANSWERED, /* with at least one record */
	DNS_NO_DATA, /* the name is there, but nothing of this type. RFC 2308 section 2.2 */
	DNS_NO_NAME, /* NXDOMAIN. RFC 2308 section 2.1 */
	DNS_FAILED /* a time-out, SERVFAIL, or an answer that is none */
};

struct dns_record {
	struct span data; /* A, AAAA: the bytes; TXT: the strings joined; MX, PTR, NS: a name, no dot at its end */
	uint16_t preference; /* MX. RFC 5321 section 5.1 */
};

struct dns_answer {
	struct span name; /* in lower case, no dot at its end */
	enum dns_type type;
	enum dns_result result;
	bool secure; /* validated by DNSSEC. RFC 4035 section 4.3 */
	uint32_t ttl; /* seconds */
	const struct dns_record *records;
	size_t n_records;
};

enum { DNS_NAME_SIZE_MAX = 253, DNS_LABEL_SIZE_MAX = 63, DNS_ANSWERS_MAX = 262144, DNS_WANTED_MAX = 256 };

struct dns_question {
	struct span name;
	enum dns_type type;
};

struct dns_answers {
	struct arena *arena; /* holds all that is put in */
	struct dns_answer *all;
	size_t n, room;
	uint32_t *slots; /* by hash of name and type: index + 1 */
	uint32_t n_slots;
	struct dns_question wanted[DNS_WANTED_MAX];
	size_t n_wanted;
};

void dns_answers_init(struct dns_answers *answers, struct arena *arena);

/* Copies name and records, each of those once; replaces an answer to the same question. False: there are too many. */
bool dns_answers_put(struct dns_answers *answers, const struct dns_answer *answer);

/* NULL: not there; then it is noted as wanted, once. The case of the name does not matter. */
const struct dns_answer *dns_answers_find(struct dns_answers *answers, struct span name, enum dns_type type);

/* Whether a name can be asked for at all: labels of 1 to 63 bytes, 253 in sum. A dot at the end is allowed. RFC 1035 section 2.3.4 */
bool dns_name_is_sound(struct span name);

/* "MX" for DNS_MX. */
const char *dns_type_name(enum dns_type type);

#endif
