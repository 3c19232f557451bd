/*
 * Events of Mailchimp Transactional (Mandrill): https://mailchimp.com/developer/transactional/docs/webhooks/
 */
#ifndef EVENT_EVENT_MANDRILL_H
#define EVENT_EVENT_MANDRILL_H

#include "event/event_format.h"

extern const struct event_format event_mandrill;

#endif
