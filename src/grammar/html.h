/*
 * What a reader sees of an HTML body.
 *
 *	<p>550 5.1.1 &lt;a@example.jp&gt;<br>no such user</p>
 */
#ifndef GRAMMAR_HTML_H
#define GRAMMAR_HTML_H

#include "base/arena.h"

/* Plain text of an HTML document in UTF-8: tags, comments, scripts and styles
   dropped, entities decoded, runs of blanks made one, line breaks (LF) where
   lines and blocks end, blanks between table cells. */
struct span html_to_text(struct arena *arena, struct span html);

/* "&lt;" or "&#39;" off the front of `s`, and its character. */
bool html_take_entity(struct span *s, uint32_t *c);

#endif
