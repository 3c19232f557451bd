/*
 * A TXT record ready to publish: the value alone, as a zone-file line, as a
 * web panel's fields, and in Route 53's quoting; and a change of one, with
 * the terms that go marked - and those that come marked +.
 */
#ifndef RENDER_RECORD_H
#define RENDER_RECORD_H

#include "base/out.h"
#include "catalog/catalog.h"
#include "render/terminal.h"

enum record_format { RECORD_VALUE, RECORD_ZONE, RECORD_PANEL, RECORD_ROUTE53, RECORD_EVERY };

/* "value", "zone", "panel", "route53", "every"; false: none of these. */
bool record_format_read(const char *name, enum record_format *format);

struct record_change {
	const char *kind; /* "SPF", "DMARC" */
	struct span name; /* whose TXT record, no dot at its end */
	struct span zone; /* the domain that a web panel is likely to manage: it wants the rest of the name, or @ */
	struct span before; /* what stands there; empty: nothing */
	struct span after;
};

/* Its title, the name, the terms that go and those that come, and the record in the format wanted. Nothing where the name is none
   that a name server would read as one. */
void record_write_change(struct out *out, const struct terminal *t, enum lang lang, const struct record_change *change,
    enum record_format format);

/* Its parts, for whoever draws it otherwise: false: there is nothing to draw. */
bool record_can_be_published(const struct record_change *change);
void record_say_title(struct out *out, enum lang lang, const struct record_change *change);
void record_say_name(struct out *out, enum lang lang, const struct record_change *change);
void record_say_difference(struct out *out, const struct record_change *change); /* "- …" and "+ …", a line each */
const char *record_form_name(enum lang lang, enum record_format format);
void record_put_form(struct out *out, enum lang lang, const struct record_change *change, enum record_format format);

/* The record in every format but the value alone, each under its heading. */
void record_write_text(struct out *out, const struct terminal *t, enum lang lang, struct span name, struct span text);

/* The member "strings": an array of what a TXT record's strings are, of at most 255 bytes each. */
void record_write_strings(struct out *out, struct span text);

#endif
