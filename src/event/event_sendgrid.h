/*
 * Events of Twilio SendGrid: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
#ifndef EVENT_EVENT_SENDGRID_H
#define EVENT_EVENT_SENDGRID_H

#include "event/event_format.h"

extern const struct event_format event_sendgrid;

#endif
