/*
 * Replies within JSON of any shape: error objects, log records, events of a
 * service not known here. What names the recipient, the command and the codes
 * may stand beside the reply or in an object around it.
 *
 *	{"to":"taro@example.jp","err":{"responseCode":550,"response":"550 5.1.2 …","command":"RCPT TO"}}
 *	{"smtp_code":501,"smtp_enchcode":"5.1.8","smtp_msg":"Use Submission"}
 */
#ifndef FAILURE_PASTED_JSON_H
#define FAILURE_PASTED_JSON_H

#include "base/arena.h"
#include "base/span.h"

enum { PASTED_JSON_DEPTH_MAX = 8 };

struct pasted_object {
	struct span recipient, command; /* as it names them, or empty */
	bool composed; /* the text is a reply, made of its parts */
};

/* An object or array at the front. */
bool pasted_json_take(struct span *s, struct span *value);

/* Hands on every string that may hold a reply. */
void pasted_json_read(struct arena *arena, struct span value,
    void (*read)(void *context, const struct pasted_object *object, struct span text), void *context);

/* Where no string holds a reply: each object's own words, "message" or the like, which a service's API says in place of one. */
void pasted_json_read_words(struct arena *arena, struct span value,
    void (*read)(void *context, const struct pasted_object *object, struct span text), void *context);

#endif
