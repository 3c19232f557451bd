/*
 * Events of Mailjet: https://dev.mailjet.com/email/guides/webhooks/
 */
#ifndef EVENT_EVENT_MAILJET_H
#define EVENT_EVENT_MAILJET_H

#include "event/event_format.h"

extern const struct event_format event_mailjet;

#endif
