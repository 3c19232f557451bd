/*
 * Events of Resend: https://resend.com/docs/dashboard/webhooks/event-types
 */
#ifndef EVENT_EVENT_RESEND_H
#define EVENT_EVENT_RESEND_H

#include "event/event_format.h"

extern const struct event_format event_resend;

#endif
