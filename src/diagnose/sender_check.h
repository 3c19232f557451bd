/*
 * A domain against what receivers ask of senders, before anything is sent:
 * every requirement passed, warned, failed or not to be known from here, each
 * with what was seen. Pure: answers that are missing are wanted.
 *
 * "Gmail refuses for this" is kept apart from good advice.
 */
#ifndef DIAGNOSE_SENDER_CHECK_H
#define DIAGNOSE_SENDER_CHECK_H

#include "diagnose/check_item.h"

/* False: answers are missing. */
bool sender_check_evaluate(
    struct arena *arena, const struct sender_check_query *q, struct dns_answers *answers, struct sender_check *check);

/* Findings that nothing is known of because the DNS did not answer. */
size_t sender_check_unanswered(const struct sender_check *check);

#endif
