/*
 * Events of Mailgun: https://documentation.mailgun.com/docs/mailgun/user-manual/events/
 */
#ifndef EVENT_EVENT_MAILGUN_H
#define EVENT_EVENT_MAILGUN_H

#include "event/event_format.h"

extern const struct event_format event_mailgun;

#endif
