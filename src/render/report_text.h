/*
 * Explanations on a terminal: a label beside each paragraph.
 *
 *	Google refused the mail to user@example.jp (permanent error).
 *	SPF does not pass for the sending server
 *
 *	  Change        Replace the SPF record of example.jp …
 *	  …
 */
#ifndef RENDER_REPORT_TEXT_H
#define RENDER_REPORT_TEXT_H

#include "render/report_page.h"
#include "render/terminal.h"

/* Writes all explanations, in the order their first failures came. */
void report_text_write(const struct report_page *page, struct out *out, const struct terminal *t, enum lang lang);

#endif
