/*
 * Answers: with the fields that keep a browser from doing anything but what
 * the page is for, and what goes wrong as application/problem+json (RFC 9457).
 */
#ifndef WEB_REPLY_H
#define WEB_REPLY_H

#include <event2/http.h>

#include "base/span.h"

enum problem_kind {
	WEB_NOT_FOUND,
	WEB_NOT_ALLOWED, /* the method */
	WEB_WRONG_HOST,
	WEB_WRONG_ORIGIN,
	WEB_NO_TOKEN,
	WEB_BAD_REQUEST,
	WEB_UNREADABLE,
	WEB_BUSY,
	WEB_TOO_LONG,
	WEB_DIED,
	WEB_NO_RECEIVER,
	WEB_PROBLEMS
};

/* Both answer, and return the HTTP status. */
int reply_send(struct evhttp_request *request, const char *type, struct evbuffer *body);
int reply_refuse(struct evhttp_request *request, enum problem_kind kind, struct span detail);

#endif
