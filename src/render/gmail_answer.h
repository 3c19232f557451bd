/*
 * What Gmail would answer, in its own words, for people and as JSON: by cases
 * where something that decides is not known.
 */
#ifndef RENDER_GMAIL_ANSWER_H
#define RENDER_GMAIL_ANSWER_H

#include "base/out.h"
#include "catalog/load.h"
#include "receiver/forecast.h"
#include "render/terminal.h"

struct gmail_view { /* borrowed */
	const struct forecast *forecast;
	const struct catalog *catalog; /* whose rules have the words */
	const struct ip_address *ip; /* for its words; NULL: not known */
	bool failed; /* something was found wrong, whatever Gmail says to it */
};

void gmail_answer_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct gmail_view *view);

/* An object: refused (null: it depends), replies (rule, code, status, confidence, reply) of the worst case, cases (when,
   refused, replies; none where it does not depend). Null where nothing is foretold. */
void gmail_answer_write_json(struct out *out, const struct gmail_view *view);

#endif
