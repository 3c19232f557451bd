/*
 * Everything the judges found on one message: one plain sentence, each
 * standard's result with its reason, the Authentication-Results line.
 */
#ifndef RENDER_VERIFY_H
#define RENDER_VERIFY_H

#include "auth/authentication.h"
#include "base/out.h"
#include "catalog/catalog.h"
#include "intake/sender.h"
#include "receiver/prospect.h"
#include "render/terminal.h"

struct verify_view {
	const struct authentication_query *query;
	const struct authentication *found;
	struct sender_sources sources;
	struct span authserv_id;
	const struct prospect *prospect;
	const struct catalog *catalog;
	bool accepted; /* DMARC passes, or nothing a receiver refuses for was found */
};

/* Its parts, for whoever draws it otherwise: the sentence; each under its heading. */
const char *verify_no_spf(enum lang lang); /* why SPF was not evaluated */
void verify_say(struct out *out, enum lang lang, const struct verify_view *v);
void verify_write_connection(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v);
void verify_write_arc(struct out *out, const struct terminal *t, enum lang lang, const struct arc_evaluation *e);
void verify_write_border(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v);
void verify_write_iprev(struct out *out, const struct terminal *t, enum lang lang, const struct authentication *a);

void verify_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct verify_view *v);

/* schema, accepted, ip, helo, mail_from, each with its source, doubt (shared-suffix, partly-signed, mapped-domain), spf, helo_spf, iprev, dkim, arc, dmarc, authentication_results, border_results (trusted, authserv_id, results; null: none), gmail (see gmail_answer_write_json()), repair (null: none was sought) */
void verify_write_json(struct out *out, const struct verify_view *v);

#endif
