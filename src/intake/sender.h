/*
 * Who sent a message, from its own header where it was not given.
 */
#ifndef INTAKE_SENDER_H
#define INTAKE_SENDER_H

#include "auth/authentication.h"
#include "record/border_results.h"

enum sender_source {
	SENDER_TOLD,
	SENDER_RECEIVED,
	SENDER_RECEIVED_SPF,
	SENDER_RETURN_PATH,
	SENDER_BORDER_RESULTS, /* the border's own Authentication-Results */
	SENDER_UNKNOWN
};

struct sender_sources {
	enum sender_source ip, helo, mail_from;
	struct border_results border; /* of the hop whose address is judged */
};

/* Fills what is not set yet in the query; says where each came from. */
void sender_take_from_message(struct arena *arena, struct authentication_query *query, struct sender_sources *sources);

#endif
