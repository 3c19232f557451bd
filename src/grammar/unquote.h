/*
 * Text as it was before somebody quoted, formatted or escaped it to show it.
 *
 *	> <taro@example.jp>: host …		<taro@example.jp>: host …
 *	| taro@example.jp | 550 no |		taro@example.jp | 550 no
 *	&lt;taro@example.jp&gt; domain’s	<taro@example.jp> domain's
 *	[taro@example.jp](mailto:taro@…)	taro@example.jp
 */
#ifndef GRAMMAR_UNQUOTE_H
#define GRAMMAR_UNQUOTE_H

#include "base/arena.h"

enum { UNQUOTE_SIZE_MAX = 4 * 1024 * 1024 }; /* nobody shows a longer text so */

/* `text` is UTF-8 and is returned as it is where nothing is to be taken off. Lines stay lines; the commands and answers
   of an SMTP session (">>> RCPT", "> RCPT" with "< 550") keep their marks. */
struct span unquote(struct arena *arena, struct span text);

/* Without so many blanks before each line; what stands further left stays. */
struct span unindent(struct arena *arena, struct span text, size_t n_blanks);

#endif
