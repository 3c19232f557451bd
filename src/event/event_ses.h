/*
 * Events of Amazon SES: https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
#ifndef EVENT_EVENT_SES_H
#define EVENT_EVENT_SES_H

#include "event/event_format.h"

extern const struct event_format event_ses;

#endif
