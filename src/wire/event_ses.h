/*
 * Events of Amazon SES: https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
#ifndef WIRE_EVENT_SES_H
#define WIRE_EVENT_SES_H

#include "wire/event.h"

extern const struct event_format event_ses;

#endif
