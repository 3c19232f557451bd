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

/* Its parts, for whoever draws it otherwise. */
void sender_check_say_head(struct out *out, enum lang lang, const struct check_view *v);
const char *sender_check_group(enum check_weight weight, enum lang lang);
const char *sender_check_id(const struct sender_check_item *item); /* "spf.record" */
const char *sender_check_state(const struct sender_check_item *item, enum lang lang);
void sender_check_say(struct out *out, enum lang lang, const struct sender_check_item *item);
void sender_check_say_fix(
    struct out *out, enum lang lang, const struct sender_check_item *item); /* nothing where it passed */
void sender_check_say_slips(struct out *out, enum lang lang, const struct sender_check_item *item);

void sender_check_write_text(struct out *out, const struct terminal *t, enum lang lang, const struct check_view *v);

/* schema, domain, bulk, passed, warned, failed, unknown, items (id, state, weight, seen, value, problem, slips, record_name, record, proved, says, fix: {ja, en} or null),
   gmail: see gmail_answer_write_json() */
void sender_check_write_json(struct out *out, const struct check_view *v);

/* A line for each finding, as the head has it; quoted where RFC 4180 wants it. */
void sender_check_write_csv(struct out *out, enum lang lang, const struct check_view *v);

#endif
