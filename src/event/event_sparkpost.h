/*
 * Events of SparkPost: https://developers.sparkpost.com/api/webhooks/
 */
#ifndef EVENT_EVENT_SPARKPOST_H
#define EVENT_EVENT_SPARKPOST_H

#include "event/event_format.h"

extern const struct event_format event_sparkpost;

#endif
