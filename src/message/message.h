/*
 * A message, split into its body parts. RFC 5322, RFC 2046 section 5.1
 *
 *	Content-Type: multipart/report; boundary="b"
 *
 *	--b
 *	Content-Type: message/delivery-status
 *	...
 *	--b--
 */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "message/mime.h"

enum {
	MESSAGE_PARTS_MAX = 1024,
	MESSAGE_DEPTH_MAX = 32, /* multiparts within multiparts */
};

enum message_field { /* those of the header that are asked for most: found in the pass for the body's */
	MESSAGE_FROM,
	MESSAGE_TO,
	MESSAGE_SUBJECT,
	MESSAGE_RETURN_PATH,
	MESSAGE_AUTO_SUBMITTED,
	MESSAGE_X_AUTOREPLY,
	MESSAGE_PRECEDENCE,
	MESSAGE_X_FAILED_RECIPIENTS,
	MESSAGE_DATE,
	MESSAGE_N_FIELDS
};

struct message {
	struct span header, body; /* raw */
	struct span fields[MESSAGE_N_FIELDS]; /* raw values of the first ones; empty: not there */
	struct mime_part *parts; /* leaves and message/..., in order */
	size_t n_parts;
	bool parts_cut; /* there are more parts, or deeper ones */
	bool unended; /* a multipart whose close-delimiter is missing: the message was cut short */
};

/*
 * Never decodes, borrows from `bytes`; only a message whose lines end in CR
 * alone is copied to the arena first. Always gives at least one part; false
 * when `bytes` holds no header field at all (the parts are set all the same).
 */
bool message_parse(struct arena *arena, struct span bytes, struct message *m);

/* The first part of a kind, or NULL. */
const struct mime_part *message_find_part(const struct message *m, enum mime_kind kind);

#endif
