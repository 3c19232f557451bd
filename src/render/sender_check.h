/*
 * A check's findings for people – what Gmail refuses for first, good advice
 * last – and as JSON.
 */
#ifndef RENDER_SENDER_CHECK_H
#define RENDER_SENDER_CHECK_H

#include "base/out.h"
#include "catalog/load.h"
#include "diagnose/sender_check.h"
#include "receiver/forecast.h"
#include "render/terminal.h"

struct check_view {
	struct span domain;
	const struct sender_check *check;
	const struct forecast *forecast;
	const struct catalog *catalog;
	const struct ip_address *ip; /* for its words; NULL: not known */
	bool bulk;
};

#define SENDER_CHECK_CSV_HEAD "domain,id,state,weight,says,fix,record_name,record"

void sender_check_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v);

/* schema, domain, bulk, passed, warned, failed, unknown, items (id, state, weight, seen, value, problem, slips, record_name, record, proved, says, fix: {ja, en} or null),
   gmail: see gmail_answer_write_json() */
void sender_check_write_json(struct out *out, const struct check_view *v);

/* A line for each finding, as the head has it; quoted where RFC 4180 wants it. */
void sender_check_write_csv(struct out *out, enum lang lang, const struct check_view *v);

#endif
