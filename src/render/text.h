/*
 * Verdicts for people. Failures that have the same explanation share one, with
 * the recipients listed:
 *
 *	Google refused the mail to user@example.jp (permanent error).
 *
 *	  Cause         SPF does not pass for the sending server
 *	  …
 */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <stdio.h>

#include "base/arena.h"
#include "diagnose/confirm.h"
#include "diagnose/verdict.h"
#include "render/json.h"
#include "render/terminal.h"

enum {
	TEXT_EXPLANATIONS_MAX = 200, /* failures of further kinds are only counted */
	TEXT_RECIPIENTS_MAX = 10, /* listed; the rest is counted */
	TEXT_REPLY_SIZE_MAX = 16 * 1024,
	TEXT_REPLY_ROWS_MAX = 24,
	TEXT_RETURNED_SIZE_MAX = 1024 * 1024, /* of a returned message, kept to be verified */
};

struct text_group { /* failures with one explanation; everything in the text's arena */
	struct verdict verdict; /* of the first of them */
	struct failure failure;
	struct json_source source;
	struct span key;
	struct span recipients[TEXT_RECIPIENTS_MAX];
	size_t n_recipients, n_unlisted; /* n_unlisted: failures of recipients not listed */
	size_t n_failures, n_delivered_later;
	const struct confirmation *dns; /* what the DNS shows of it; NULL: it was not asked */
};

struct text {
	struct arena arena;
	struct out key;
	struct text_group *groups[TEXT_EXPLANATIONS_MAX];
	size_t n_groups, n_unshown;
};

void text_init(struct text *text);
void text_deinit(struct text *text);

/* Copies what it keeps: `v` and all it borrows may go, but for the catalogue. */
void text_add(struct text *text, const struct verdict *v, const struct json_source *source);

/* Writes all explanations, in the order their first failures came. */
void text_write(const struct text *text, struct out *out, const struct terminal *t, enum lang lang);

/* One explanation. */
void text_write_group(struct out *out, const struct text_group *g, const struct terminal *t, enum lang lang);

/* Says on `to` that nothing was to be explained in `file` (NULL: unnamed), and why: "delivered",
   "not-a-bounce", "automatic-reply", "no-failed-recipient", "empty". */
void text_tell_nothing(FILE *to, enum lang lang, const char *file, uint64_t message, const char *what);

#endif
