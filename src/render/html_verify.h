/*
 * What the judges found on one message, as a page that stands alone.
 */
#ifndef RENDER_HTML_VERIFY_H
#define RENDER_HTML_VERIFY_H

#include "render/verify.h"

void html_verify_write(struct out *out, enum lang lang, const struct verify_view *v);

#endif
