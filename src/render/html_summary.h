/*
 * Failures counted by cause and receiver, as a table with bars.
 */
#ifndef RENDER_HTML_SUMMARY_H
#define RENDER_HTML_SUMMARY_H

#include "render/summary.h"

enum { HTML_SUMMARY_ROWS_MAX = 500 }; /* the rest is counted in one row */

void html_summary_write(struct out *out, enum lang lang, const struct summary *s);

#endif
