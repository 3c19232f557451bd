/*
 * What an explanation is drawn on: a terminal (report_text) or a page (html_card).
 * What is said, and in which order, is report_card's; how it looks, its hands'.
 */
#ifndef RENDER_SHEET_H
#define RENDER_SHEET_H

#include "render/phrases.h"
#include "render/record.h"

struct sheet_reply { /* as it is to be read: lines end in LF */
	struct span text;
	const char *marks; /* a byte for each of the text; not 0: it is of the words that decided */
	unsigned hang; /* the width of the codes in front */
};

struct sheet;

struct sheet_hands { /* words are plain text: lines end in LF, `commands` stand in backquotes */
	void (*headline)(struct sheet *sheet, enum permanence permanence, struct span words);
	void (*title)(struct sheet *sheet, struct span words);
	void (*row)(struct sheet *sheet, enum phrase label, struct span words);
	void (*step)(struct sheet *sheet, enum phrase label, unsigned n, struct span words); /* n: from 1 */
	void (*record)(struct sheet *sheet, const struct record_change *change);
	void (*reply)(struct sheet *sheet, const struct sheet_reply *reply);
	void (*part)(struct sheet *sheet); /* what follows is of another kind */
	void (*end)(struct sheet *sheet); /* of one explanation */
};

struct sheet {
	const struct sheet_hands *hands;
	struct out *out;
	enum lang lang;
};

#endif
