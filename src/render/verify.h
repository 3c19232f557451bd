/*
 * Everything the judges found on one message: one plain sentence, each
 * standard's result with its reason, the Authentication-Results line.
 */
#ifndef RENDER_VERIFY_H
#define RENDER_VERIFY_H

#include "auth/authentication.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "render/terminal.h"

enum verify_source { VERIFY_TOLD, VERIFY_RECEIVED, VERIFY_RECEIVED_SPF, VERIFY_RETURN_PATH, VERIFY_UNKNOWN };

struct verify_view {
	const struct authentication_query *query;
	const struct authentication *found;
	enum verify_source ip_source, helo_source, mail_from_source;
	struct span authserv_id;
	bool accepted; /* DMARC passes, or nothing a receiver refuses for was found */
};

void verify_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v);

/* schema, accepted, ip, helo, mail_from, each with its source, spf, helo_spf, iprev, dkim, arc, dmarc, authentication_results */
void verify_write_json(struct out *out, const struct verify_view *v);

/* The sentence, and "certain"; used by others, too. */
void verify_write_sentence(struct out *out, enum lang lang, const struct verify_view *v);

#endif
