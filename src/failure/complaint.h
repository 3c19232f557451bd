/*
 * A recipient's complaint as a failure, whoever passes it on.
 */
#ifndef FAILURE_COMPLAINT_H
#define FAILURE_COMPLAINT_H

#include "base/arena.h"
#include "failure/failure.h"

/* Makes a complaint of it, of a type as RFC 5965 section 7.3 names them. */
void failure_make_complaint(struct arena *arena, struct span type, struct failure *f);

#endif
