/*
 * What one explanation says, in its order: what happened, what to change, what
 * to do with mail and address; then why, who said so, how sure.
 */
#ifndef RENDER_REPORT_CARD_H
#define RENDER_REPORT_CARD_H

#include "render/report_page.h"
#include "render/sheet.h"

/* `verbose`: the steps, too, where a record was proved. */
void report_card_write(struct sheet *sheet, const struct report_group *g, bool verbose);

/* The bytes of the codes that a line of the reply begins with ("550-5.7.26 "); 0 for none. */
unsigned report_card_codes_size(struct span line);

#endif
