/*
 * Authentication-Results, read and written. RFC 8601 section 2.2
 *
 *	mx.example.com; spf=pass smtp.mailfrom=taro@example.jp;
 *	 dkim=fail (body hash did not verify) header.d=example.jp reason="a reason"
 *
 * Also what ARC-Authentication-Results holds: "i=1; mx.example.com; …".
 * RFC 8617 section 4.1.1
 */
#ifndef RECORD_AUTH_RESULTS_H
#define RECORD_AUTH_RESULTS_H

#include "base/arena.h"
#include "base/out.h"

enum { AUTH_RESULTS_MAX = 64, AUTH_PROPERTIES_MAX = 32 };

struct auth_property {
	struct span ptype, property; /* "header", "d"; ptype empty: it was left out */
	struct span value; /* quotes and backslashes undone */
};

struct auth_result {
	struct span method, result, reason;
	struct span comment; /* the first one behind the result, without its parentheses */
	struct auth_property *properties;
	size_t n_properties;
};

struct auth_results {
	unsigned instance; /* ARC's i=; 0: none */
	struct span authserv_id; /* empty: left out */
	struct auth_result *results;
	size_t n;
	const char *problem; /* NULL: sound */
	size_t at; /* the byte where it is not */
};

/* False: unsound somewhere; what is odd costs itself, the results before and behind it are there. Behind a comment or
   quoted string without an end nothing is. Borrowed where nothing is to be undone. */
bool auth_results_parse(struct arena *arena, struct span value, struct auth_results *r);

/*
 * Writing: everything that comes from mail or DNS is made harmless. A value is
 * bare where it is a token or an address of tokens, else a quoted-string; what
 * steers, and what is no UTF-8, becomes "?".
 */
void auth_results_begin(struct out *out, struct span authserv_id);
void auth_results_add(struct out *out, const char *method, const char *result);
void auth_results_reason(struct out *out, struct span reason);
void auth_results_comment(struct out *out, struct span comment);
void auth_results_property(struct out *out, const char *ptype, const char *property, struct span value);

/* `n`: how many were added; none is said in so many words. */
void auth_results_end(struct out *out, size_t n);

#endif
