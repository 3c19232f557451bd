/*
 * Events that sending services report as JSON, by web hook or export: one
 * object, an array, JSON Lines, or wrapped in what carried them (Amazon SNS,
 * SQS, EventBridge; Mailgun's "event-data"; a page of "items").
 *
 * A format is a file `event_<service>.c` and a row in `event_formats`.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "event/event_format.h"

enum { EVENT_DEPTH_MAX = 6 /* of wrapping */, EVENT_FORMATS_MAX = 16 };
extern const struct event_format *const event_formats[EVENT_FORMATS_MAX]; /* up to a NULL */

/* Whether the bytes begin like JSON that holds such events. */
bool event_looks_like(struct span first_bytes);

/* Walks all there is in `text`, wrappers opened, and tells each failure with its ordinal from 1. Returns how
   many events were understood, failures or not; `*unsound` becomes where the text stops being JSON, or its length. */
size_t event_read(struct arena *arena, struct span text, void (*tell)(void *context, const struct failure *f),
    void *context, size_t *unsound);

#endif
