/*
 * What `todoku why` found, as one page that stands alone: a card for each
 * explanation, and where there are many failures a table of them above.
 */
#ifndef RENDER_HTML_REPORT_H
#define RENDER_HTML_REPORT_H

#include "render/report_page.h"
#include "render/summary.h"

struct html_report { /* borrowed */
	const struct report_page *page;
	const struct summary *summary; /* of the same failures */
	bool table_alone; /* --summary */
	const unsigned *nothing; /* by enum outcome: inputs that told of no failure; NULL: none */
};

void html_report_write(struct out *out, enum lang lang, const struct html_report *report);

#endif
