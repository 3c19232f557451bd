/*
 * Events of Brevo: https://developers.brevo.com/docs/transactional-webhooks
 */
#ifndef EVENT_EVENT_BREVO_H
#define EVENT_EVENT_BREVO_H

#include "event/event_format.h"

extern const struct event_format event_brevo;

#endif
