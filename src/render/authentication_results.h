/*
 * What was found, as an Authentication-Results field's value. RFC 8601
 */
#ifndef RENDER_AUTHENTICATION_RESULTS_H
#define RENDER_AUTHENTICATION_RESULTS_H

#include "auth/authentication.h"
#include "base/out.h"

/* The header's name is not written. Words in comments are English, for any reader. */
void authentication_results_write(
    struct out *out, const struct authentication_query *query, const struct authentication *a, struct span authserv_id);

#endif
