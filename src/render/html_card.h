/*
 * One explanation as a card: an <article> of what happened, what to change
 * with the record in a box of its own, the steps, and the rest beside labels.
 */
#ifndef RENDER_HTML_CARD_H
#define RENDER_HTML_CARD_H

#include "render/report_page.h"

/* In one language. `number`: of the card on its page, from 1; its id is card-NUMBER-LANG. */
void html_card_write(struct out *out, enum lang lang, const struct report_group *g, bool verbose, size_t number);

/* A record in its box: what goes and what comes, and every way to write it. Nothing where there is none. */
void html_record_write(struct out *out, enum lang lang, const struct record_change *change);

#endif
