/*
 * Text between quotation marks, as programs print it: 'no\nsuch user',
 * b'5.1.1 \xe5…', "it\"s full".
 */
#ifndef FAILURE_LITERAL_H
#define FAILURE_LITERAL_H

#include "base/arena.h"
#include "base/span.h"

enum { LITERAL_SIZE_MAX = 4096 };

/* `at` stands behind an opening mark: where the closing one begins, or 0. */
size_t literal_end(struct span text, size_t at);

/* Its escapes undone: \n \r \t \' \" \\ \/ \xe5. Borrowed where it has none. */
struct span literal_unescape(struct arena *arena, struct span s);

#endif
