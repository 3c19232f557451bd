/*
 * Events of Twilio SendGrid: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
#ifndef WIRE_EVENT_SENDGRID_H
#define WIRE_EVENT_SENDGRID_H

#include "wire/event.h"

extern const struct event_format event_sendgrid;

#endif
