/*
 * Who may ask: a name that an attacker's DNS could point at this machine is
 * none of the server's (rebinding), another site's page has no say, and where
 * a token is set it must be shown.
 */
#ifndef WEB_ACCESS_H
#define WEB_ACCESS_H

#include "base/span.h"

enum { ACCESS_NAMES_MAX = 16 };

struct access {
	const char *names[ACCESS_NAMES_MAX]; /* besides localhost and addresses */
	size_t n_names;
	struct span token; /* empty: none is wanted */
};

/* Of a Host field: an IP address, localhost, or one of the names; any port. RFC 9110 section 7.2 */
bool access_knows_host(const struct access *access, struct span host);

/* Of an Origin field, beside the Host: of the same host and port. RFC 6454 section 7 */
bool access_is_own_origin(struct span origin, struct span host);

/* Of an Authorization field: "Bearer TOKEN". Takes as long for a wrong token as for the right one. RFC 6750 section 2.1 */
bool access_has_token(const struct access *access, struct span authorization);

#endif
