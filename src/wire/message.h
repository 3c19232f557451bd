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
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "wire/mime.h"

enum {
	MESSAGE_PARTS_MAX = 1024,
	MESSAGE_DEPTH_MAX = 32, /* multiparts within multiparts */
};

struct message {
	struct span header, body; /* raw */
	struct mime_part *parts; /* leaves and message/..., in order */
	size_t n_parts;
	bool parts_cut; /* there are more parts, or deeper ones */
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
