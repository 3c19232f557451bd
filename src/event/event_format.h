/*
 * How one sending service words its events: how an object of its own is known,
 * and the failures it tells of.
 */
#ifndef EVENT_EVENT_FORMAT_H
#define EVENT_EVENT_FORMAT_H

#include "base/arena.h"
#include "failure/failure.h"

struct event_format {
	const char *name; /* "ses" */
	/* Whether the object is an event of this service, of a failure or not. */
	bool (*recognise)(struct span object);
	/* Its failure; false: it tells of none. Borrows from the object or the arena. */
	bool (*take)(struct arena *arena, struct span object, struct failure *f);
	/* For an event of many: the array of its recipients, and what one of them adds to what take() found. Else NULL. */
	struct span (*recipients)(struct span object);
	void (*add_recipient)(struct arena *arena, struct span recipient, struct failure *f);
};

#endif
