/*
 * The findings of a domain's check as a page that stands alone.
 */
#ifndef RENDER_HTML_CHECK_H
#define RENDER_HTML_CHECK_H

#include "render/sender_check.h"

void html_check_write(struct out *out, enum lang lang, const struct check_view *v);

#endif
