/*
 * The header of the message sent, where a pasted text quotes it. What its
 * fields say of SPF or DKIM was said before the refusal and is no reply.
 */
#ifndef BOUNCE_ORIGINAL_H
#define BOUNCE_ORIGINAL_H

#include "base/arena.h"

/* The text without those fields: blanks stand where they stood, so that every other byte keeps its place. */
struct span original_without_verdicts(struct arena *arena, struct span text);

#endif
