/*
 * The stanzas that tell how mailers word their notices.
 *
 *	Notice: qmail
 *	Subject: failure notice
 *	Opening: hi. this is the qmail
 *	Copy: below this line is a copy of
 */
#ifndef CATALOG_NOTICES_H
#define CATALOG_NOTICES_H

#include "base/arena.h"
#include "catalog/fault.h"
#include "catalog/stanza.h"
#include "failure/notice_marks.h"

struct notices { /* while they are loaded; zeroed: none */
	struct arena *arena;
	struct catalog_faults *faults;
	struct notice_mark *marks; /* from 1 on */
	struct span *formats;
	uint16_t n_marks, n_formats;
};

/* One stanza; what is unsound, or too much, is noted as a fault. */
void notices_add(struct notices *n, const char *file, struct stanza stanza, struct span name);

/* All of them, filed. */
const struct notice_index *notices_file(struct notices *n);

#endif
