/* What is wrong with a message's form, in words. */
#ifndef RENDER_FORM_H
#define RENDER_FORM_H

#include "catalog/catalog.h"

/* Of a token, as form_token() gives it: "LF without CR". The name of the field may follow. */
const char *form_words(const char *token, enum lang lang);

#endif
