/*
 * Verdicts for machines: one JSON object a failed recipient, a line each.
 * The schema is described in man/todoku-why.1 and numbered by `schema`.
 */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include "base/out.h"
#include "diagnose/verdict.h"

enum { JSON_SCHEMA = 1 };

struct confirmation;

struct json_source {
	struct span file;
	uint64_t message, line; /* from 1; 0: null */
	uint64_t byte;
	bool has_byte;
};

/* A JSON string with its quotes; what is no UTF-8 becomes U+FFFD. RFC 8259 section 7 */
void json_write_string(struct out *out, struct span s);

/* The same without quotes; `trusted`: text of ours, known to be sound UTF-8 that steers nothing. */
void json_put_text(struct out *out, struct span s);
void json_put_trusted(struct out *out, struct span s);

/* A comma, the key and the value; an empty string is null. */
void json_write_member(struct out *out, const char *key, struct span value);
void json_write_number(struct out *out, const char *key, uint64_t n);

/* One object and a line end. `dns`: what the DNS shows of it; NULL: it was not asked. */
void json_write_verdict(
    struct out *out, const struct verdict *v, const struct json_source *source, const struct confirmation *dns);

#endif
