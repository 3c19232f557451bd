/*
 * A record's data as it comes over the wire, names in it not compressed.
 * RFC 1035 sections 3.3 and 3.4, RFC 3596 section 2.2
 */
#ifndef DNS_RDATA_H
#define DNS_RDATA_H

#include "dns/answers.h"

/* False: it is not what its type says. What is built lies in the arena; addresses are borrowed. */
bool rdata_read(struct arena *arena, enum dns_type type, struct span data, struct dns_record *record);

#endif
