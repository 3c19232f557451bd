/*
 * Who sent a message, from its own header where it was not given.
 */
#ifndef CMD_SENDER_H
#define CMD_SENDER_H

#include "auth/authentication.h"
#include "render/verify.h"

struct sender_sources {
	enum verify_source ip, helo, mail_from;
};

/* Fills what is not set yet in the query; says where each came from. */
void sender_take_from_message(struct arena *arena, struct authentication_query *query, struct sender_sources *sources);

#endif
