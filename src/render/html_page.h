/*
 * A page that stands alone: its style within, no script, nothing fetched. All
 * is said in both languages, and a switch that needs no script shows one.
 */
#ifndef RENDER_HTML_PAGE_H
#define RENDER_HTML_PAGE_H

#include "base/out.h"
#include "catalog/catalog.h"

/* `lang` is shown first; `title` is text. What follows is within <main>. */
void html_page_begin(struct out *out, enum lang lang, struct span title);
void html_page_end(struct out *out);

/* What is said in one language. */
void html_say_begin(struct out *out, enum lang lang);
void html_say_end(struct out *out);

/* base.css, made into C when the program is built. */
extern const char html_style[];

#endif
