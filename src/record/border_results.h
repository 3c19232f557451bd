/*
 * What the receiver at the border found when it took a message: its own
 * Authentication-Results. RFC 8601 section 5
 *
 *	Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=taro@example.jp
 *	Received: from mail.example.jp (mail.example.jp [192.0.2.25]) by mx.example.com …
 *
 * Above the border's Received: only the receiver's own hosts write. Below it
 * whoever sent the message does too, so a field there counts only in the name
 * of who took it, and proves nothing.
 */
#ifndef RECORD_BORDER_RESULTS_H
#define RECORD_BORDER_RESULTS_H

#include "record/auth_results.h"

enum { BORDER_RESULTS_MAX = 32 };

struct border_results {
	struct span authserv_id;
	bool trusted; /* it stands above the border's Received: */
	struct auth_result results[BORDER_RESULTS_MAX]; /* of all such fields, the topmost first */
	size_t n; /* 0: there is none */
};

/* `above`, `below`: the header parted at the border's Received:, which tells `by`. */
void border_results_find(
    struct arena *arena, struct span above, struct span below, struct span by, struct border_results *b);

/* "pass" where any of a method's results is, else its first; empty: it tells none. */
struct span border_results_of(const struct border_results *b, const char *method);

/* A property's value in the first result of a method, "smtp.mailfrom" as two words; empty: it is not told. */
struct span border_results_property(
    const struct border_results *b, const char *method, const char *ptype, const char *property);

#endif
