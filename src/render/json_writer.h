/*
 * JSON, written member by member. RFC 8259
 *
 *	,"recipient":"taro@example.jp"
 *
 * What is no UTF-8 becomes U+FFFD, and what would steer a terminal is escaped.
 */
#ifndef RENDER_JSON_WRITER_H
#define RENDER_JSON_WRITER_H

#include "base/out.h"

/* A string with its quotes. RFC 8259 section 7 */
void json_write_string(struct out *out, struct span s);

/* The same without quotes; `trusted`: text of ours, known to be sound UTF-8 that steers nothing. */
void json_put_text(struct out *out, struct span s);
void json_put_trusted(struct out *out, struct span s);

/* A comma and the key. Keys are literals: inline, their lengths are known when compiled. */
static inline __attribute__((always_inline)) void
json_write_key(struct out *out, const char *key)
{
	const size_t n = strlen(key);
	char *to = out_room(out, n + 4);

	memcpy(to, ",\"", 2);
	memcpy(to + 2, key, n);
	memcpy(to + 2 + n, "\":", 2);
	out->len += n + 4;
}

/* A comma, the key and the value; an empty string is null. */
static inline __attribute__((always_inline)) void
json_write_member(struct out *out, const char *key, struct span value)
{
	json_write_key(out, key);
	if (value.len == 0)
		out_str(out, "null");
	else
		json_write_string(out, value);
}

/* The same; null where it is not known. */
static inline __attribute__((always_inline)) void
json_write_number_or_null(struct out *out, const char *key, uint64_t n, bool known)
{
	json_write_key(out, key);
	if (known)
		out_number(out, n);
	else
		out_str(out, "null");
}

static inline void
json_write_number(struct out *out, const char *key, uint64_t n)
{
	json_write_number_or_null(out, key, n, true);
}

#endif
