/*
 * What the events of many services have in common: a word for what happened,
 * an address, and a reply, or the service's own word where there is none.
 */
#ifndef EVENT_EVENT_MEMBER_H
#define EVENT_EVENT_MEMBER_H

#include "event/event_format.h"
#include "grammar/json.h"

struct event_kind {
	const char *word; /* "hard_bounce" */
	const char *action; /* "failed", "delayed"; a complaint's type: "abuse", "opt-out" */
	bool complaint;
};

/* The kind that is named so, or NULL: no failure. */
const struct event_kind *event_kind_of(const struct event_kind *kinds, size_t n, struct span word);

/* The address in a member, taken as it stands where it is none. */
struct span event_address(struct arena *arena, struct span object, const char *path);

/* What was said: `reply` (without "smtp;"), or "Brevo hard_bounce: …" where no code stands in front of it. */
struct span event_reply(struct arena *arena, const char *service, struct span word, struct span reply);

/* Sets action, recipient and reply of `f`, a complaint's too. */
void event_fill(
    struct arena *arena, const struct event_kind *kind, struct span recipient, struct span reply, struct failure *f);

/* "<x@example.com>" without its brackets. */
struct span event_message_id(struct span id);

#endif
