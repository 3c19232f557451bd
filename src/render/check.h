/*
 * A check's findings for people – what Gmail refuses for first, good advice
 * last – and as JSON.
 */
#ifndef RENDER_CHECK_H
#define RENDER_CHECK_H

#include "base/out.h"
#include "catalog/load.h"
#include "diagnose/check.h"
#include "receiver/gmail.h"
#include "render/terminal.h"

struct check_view {
	struct span domain;
	const struct check *check;
	const struct gmail_answer *answer; /* NULL: there was neither message nor address to judge by */
	const struct catalog *catalog;
	const struct ip_address *ip; /* for its words; NULL: not known */
	bool bulk, has_message;
};

void check_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v);

/* schema, domain, bulk, passed, warned, failed, unknown, items (id, state, weight, seen, value, problem, says, fix),
   gmail (refused, confidence, reply, others) */
void check_write_json(struct out *out, enum lang lang, const struct check_view *v);

#endif
