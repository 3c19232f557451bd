/*
 * Domains, addresses and IP addresses as people write them: with blanks around,
 * full-width, in brackets, out of a URL. Each is taken, or refused with what is
 * wrong. RFC 5321 section 4.1.2, RFC 5891 section 5
 *
 *	" https://例え.jp/x " → xn--r8jz45g.jp
 */
#ifndef CMD_OPERAND_H
#define CMD_OPERAND_H

#include "catalog/catalog.h"
#include "grammar/ip_address.h"

/* `what` names where it was given: "--domain", "DOMAIN". In lower case, A-labels, no dot at its end. False: told. */
bool operand_domain(struct arena *arena, enum lang lang, const char *what, const char *value, struct span *domain);

/* An envelope sender; "<>" gives an empty one, a domain alone stands for anybody of it. What is no sound address is left
   as it is, for a judge to say so. */
bool operand_address(struct arena *arena, enum lang lang, const char *what, const char *value, struct span *address);

/* A name that need not be a domain's, as HELO has them. */
bool operand_name(struct arena *arena, enum lang lang, const char *what, const char *value, struct span *name);

/* A number from `least` to `most`. */
bool operand_number(enum lang lang, const char *what, const char *value, uint64_t least, uint64_t most, uint64_t *n);

bool operand_ip(struct arena *arena, enum lang lang, const char *what, const char *value, struct ip_address *ip);

#endif
