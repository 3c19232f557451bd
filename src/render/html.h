/*
 * HTML, written piece by piece. Whatever others wrote comes out through
 * html_put_text(): nothing of it is markup, and nothing of it turns or hides
 * the text around it.
 *
 *	<b>"&\u202e	→ &lt;b&gt;&quot;&amp;\u202e
 */
#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include "base/out.h"

/* The one escaping: for text, and for the value of an attribute in double quotes. Controls become visible. */
void html_put_text(struct out *out, struct span s);

/* The same where line ends stay: within <pre>. */
void html_put_lines(struct out *out, struct span s);

/* In one line of text: what stands in `backquotes` as <code>. */
void html_put_words(struct out *out, struct span words);

/* A <p> for each line. */
void html_put_paragraphs(struct out *out, struct span words);

/* A link, where it is one over https; else the text. */
void html_put_link(struct out *out, struct span url);

/*
 * What was written for a terminal in colour and without a width: lines that are a label become <h3>, the rest
 * <p>, styles <b>, <small> or a <span> with a class (see base.css).
 */
void html_put_terminal(struct out *out, struct span text);

#endif
