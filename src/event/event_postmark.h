/*
 * Events of Postmark: https://postmarkapp.com/developer/webhooks/bounce-webhook
 */
#ifndef EVENT_EVENT_POSTMARK_H
#define EVENT_EVENT_POSTMARK_H

#include "event/event_format.h"

extern const struct event_format event_postmark;

#endif
