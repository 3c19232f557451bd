/*
 * Events that sending services report as JSON, by web hook or export: one
 * object, an array, JSON Lines, or wrapped in what carried them (Amazon SNS,
 * SQS, EventBridge; Mailgun's "event-data"; a page of "items").
 *
 * A format is a file `event_<service>.c` and a row in `event_formats`.
 */
#ifndef WIRE_EVENT_H
#define WIRE_EVENT_H

#include "base/arena.h"
#include "wire/failure.h"

enum {
	EVENT_DEPTH_MAX = 6, /* of wrapping */
	EVENT_RECIPIENTS_MAX = 1000, /* of one event */
};

struct event_format {
	const char *name; /* "ses" */
	/* Whether the object is an event of this service, of a failure or not. */
	bool (*recognise)(struct span object);
	/* Its failure number `nth`, from 0; false when there are no more. Borrows from the object or the arena. */
	bool (*take)(struct arena *arena, struct span object, size_t nth, struct failure *f);
};

enum { EVENT_FORMATS_MAX = 16 };
extern const struct event_format *const event_formats[EVENT_FORMATS_MAX]; /* up to a NULL */

/* Makes a complaint of it, of a type as RFC 5965 section 7.3 names them. */
void event_make_complaint(struct arena *arena, struct span type, struct failure *f);

/* Whether the bytes begin like JSON that holds such events. */
bool event_looks_like(struct span first_bytes);

/* Walks all there is in `text`, wrappers opened, and tells each failure with its ordinal from 1. Returns how
   many events were understood, failures or not; `*unsound` becomes where the text stops being JSON, or its length. */
size_t event_read(struct arena *arena, struct span text, void (*tell)(void *context, const struct failure *f),
    void *context, size_t *unsound);

#endif
