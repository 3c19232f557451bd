/*
 * Events of Mailgun: https://documentation.mailgun.com/docs/mailgun/user-manual/events/
 */
#ifndef WIRE_EVENT_MAILGUN_H
#define WIRE_EVENT_MAILGUN_H

#include "wire/event.h"

extern const struct event_format event_mailgun;

#endif
