/*
 * Events of Postmark: https://postmarkapp.com/developer/webhooks/bounce-webhook
 */
#ifndef WIRE_EVENT_POSTMARK_H
#define WIRE_EVENT_POSTMARK_H

#include "wire/event.h"

extern const struct event_format event_postmark;

#endif
