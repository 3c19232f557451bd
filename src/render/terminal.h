/*
 * Text for a terminal: hostile bytes made visible, lines broken at its width.
 * What others wrote (replies, addresses, host names) is never trusted:
 *
 *	"\x1b[2J" → \x1b[2J, drawn as seven harmless characters
 */
#ifndef RENDER_TERMINAL_H
#define RENDER_TERMINAL_H

#include "base/out.h"

enum { TERMINAL_WIDTH_USUAL = 80, TERMINAL_ROOM_LEAST = 20 };

struct terminal {
	bool colour;
	unsigned width; /* columns; 0: lines are not broken */
};

enum terminal_style {
	STYLE_PLAIN,
	STYLE_STRONG,
	STYLE_FAINT,
	STYLE_LABEL,
	STYLE_BAD,
	STYLE_PASSING,
	STYLE_GOOD,
	STYLE_MARK
};

/* One character as it is drawn. */
struct terminal_glyph {
	struct span bytes;
	uint32_t code;
	unsigned width; /* of what is drawn: 4 for ESC, which is drawn as \x1b */
	bool sound; /* false: no UTF-8, drawn as U+FFFD */
};

/* Takes the next character off `s`, which must not be empty. */
struct terminal_glyph terminal_take_glyph(struct span *s);
void terminal_put_glyph(struct out *out, const struct terminal_glyph *g);

/* Appends `s` with everything escaped that is not to be drawn; line ends too. */
void terminal_escape(struct out *out, struct span s);

/* The columns that terminal_escape() would take. */
unsigned terminal_width(struct span s);

/*
 * Takes what fits in `room` columns off `rest`: to a line end, a blank, or
 * between two East Asian characters, where JIS X 4051 allows it. A longer word
 * (a URL, a record) is left whole. `room` 0: only to a line end.
 */
struct span terminal_take_row(struct span *rest, unsigned room);

/* Appends `text` in lines that begin in column `indent`; the first is written
   from where the cursor stands, which must be that column. Ends with a line end. */
void terminal_paragraph(const struct terminal *t, struct out *out, struct span text, unsigned indent);

void terminal_blanks(struct out *out, unsigned n);

/* The columns left of `indent` for text; 0: lines are not broken. */
unsigned terminal_room(const struct terminal *t, unsigned indent);

/* Begins or ends (STYLE_PLAIN) a style; nothing without colour. */
void terminal_style(const struct terminal *t, struct out *out, enum terminal_style style);

#endif
