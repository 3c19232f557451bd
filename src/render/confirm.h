/*
 * What the DNS shows of a refusal's cause, for people and as JSON.
 */
#ifndef RENDER_CONFIRM_H
#define RENDER_CONFIRM_H

#include "base/out.h"
#include "diagnose/confirm.h"
#include "render/terminal.h"

/* Paragraphs, a line each; nothing where there is nothing to tell. */
void confirm_say(struct out *out, enum lang lang, const struct confirmation *c);

/* The record to publish, ready to paste, where one was proved. */
void confirm_write_record(struct out *out, const struct terminal *t, enum lang lang, const struct confirmation *c);

/* An object: state, about, domain, hints, spf, repair, ptr, dmarc, dkim; what was not looked at is null. */
void confirm_write_json(struct out *out, const struct confirmation *c);

#endif
