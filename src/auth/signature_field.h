/*
 * A field of tags in the making, as DKIM-Signature and ARC-Seal are: folded
 * before it gets too long, ready to be hashed and to be sent.
 */
#ifndef AUTH_SIGNATURE_FIELD_H
#define AUTH_SIGNATURE_FIELD_H

#include "base/out.h"

struct signature_field {
	struct out out;
	size_t line; /* where its last line began */
};

/* " name=value;" */
void signature_field_tag(struct signature_field *f, const char *name, struct span value);
void signature_field_number(struct signature_field *f, const char *name, uint64_t n);

/* On a line of its own, folded behind separators. */
void signature_field_list(struct signature_field *f, const char *name, struct span value, char separator);

/* The rest of a line, and as many as it takes. */
void signature_field_base64(struct signature_field *f, struct span text);

/* Begins a line. */
void signature_field_fold(struct signature_field *f);

#endif
