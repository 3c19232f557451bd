/*
 * What was asked and answered, as a file to judge from again.
 *
 *	todoku-evidence 1
 *	now 1764000000
 *	TXT example.jp answered 300
 *	 v=spf1 ip4:192.0.2.0/24 -all
 *	MX example.jp answered 300 secure
 *	 10 mail.example.jp
 *	A mail.example.jp no-name
 *
 * Records stand behind their answer, a blank in front. Bytes that are not
 * printable ASCII, and the backslash, are written as \DDD.
 */
#ifndef DNS_EVIDENCE_H
#define DNS_EVIDENCE_H

#include "base/out.h"
#include "dns/answers.h"

enum { EVIDENCE_SIZE_MAX = 64 * 1024 * 1024 };

struct evidence_fault {
	unsigned line; /* from 1 */
	const char *what;
};

/* `now`: seconds since 1970. */
void evidence_write(struct out *out, const struct dns_answers *answers, uint64_t now);

/* Puts all answers in; false at the first unsound line. */
bool evidence_parse(struct span text, struct dns_answers *answers, uint64_t *now, struct evidence_fault *fault);

#endif
