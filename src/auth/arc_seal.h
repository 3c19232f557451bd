/*
 * Sealing: one more set for a chain, by whoever passes a message on.
 * RFC 8617 section 5.1
 *
 *	ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=mx.example.org; s=arc; t=…; b=…
 *	ARC-Message-Signature: i=2; …
 *	ARC-Authentication-Results: i=2; mx.example.org; spf=pass …
 */
#ifndef AUTH_ARC_SEAL_H
#define AUTH_ARC_SEAL_H

#include "auth/arc.h"

struct arc_sealing {
	struct crypto_private *key;
	struct span domain, selector;
	struct span results; /* an Authentication-Results field's value: what was found on arrival */
	uint64_t now; /* t= */
};

/* Whole fields, each with its line end; within the message's arena. */
struct arc_seal {
	struct span results, signature, seal; /* to stand in this order from below, the seal on top */
};

/* `found`: what the chain came to on arrival. False: it is not sealed, for it is marked as failed already, full, or cannot be
   validated now. A chain that fails here is told to have failed, by a seal of this set alone (section 5.1.2). */
bool arc_seal(struct dkim_message *m, const struct arc_evaluation *found, const struct arc_sealing *sealing,
    struct arc_seal *seal);

#endif
