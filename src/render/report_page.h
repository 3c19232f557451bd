/*
 * Verdicts gathered for people. Failures that have the same explanation share
 * one, with the recipients listed; report_text and html_card write them.
 */
#ifndef RENDER_REPORT_PAGE_H
#define RENDER_REPORT_PAGE_H

#include <stdio.h>

#include "base/arena.h"
#include "diagnose/confirm.h"
#include "diagnose/verdict.h"
#include "intake/outcome.h"
#include "render/record.h"
#include "render/verdict_json.h"

enum {
	REPORT_EXPLANATIONS_MAX = 200, /* failures of further kinds are only counted */
	REPORT_RECIPIENTS_MAX = 10, /* listed; the rest is counted */
	REPORT_REPLY_SIZE_MAX = 16 * 1024,
	REPORT_REPLY_ROWS_MAX = 24,
	REPORT_RETURNED_SIZE_MAX = 1024 * 1024, /* of a returned message, kept to be verified */
};

struct report_group { /* failures with one explanation; everything in the text's arena */
	struct verdict verdict; /* of the first of them */
	struct failure failure;
	struct json_source source;
	struct span key;
	struct span recipients[REPORT_RECIPIENTS_MAX];
	size_t n_recipients, n_unlisted; /* n_unlisted: failures of recipients not listed */
	size_t n_failures, n_delivered_later;
	const struct confirmation *dns; /* what the DNS shows of it; NULL: it was not asked */
};

struct report_page {
	bool verbose; /* the steps and every way to write a record too, where one that was proved stands on top */
	enum record_format format; /* of that record */
	struct arena arena;
	struct out key;
	struct report_group *groups[REPORT_EXPLANATIONS_MAX];
	size_t n_groups, n_unshown;
};

void report_page_init(struct report_page *text);
void report_page_deinit(struct report_page *text);

/* Copies what it keeps: `v` and all it borrows may go, but for the catalogue. */
void report_page_add(struct report_page *text, const struct verdict *v, const struct json_source *source);

/* Adds what another page gathered, as if it had been added here. */
void report_page_merge(struct report_page *text, const struct report_page *from);

/* One line for one failure, made to be searched: "FILE:LINE: RECIPIENT: CAUSE (PERMANENCE)". */
void report_page_write_brief(
    struct out *out, enum lang lang, const struct verdict *v, const struct json_source *source);

/* Why an input tells of no failure, in a sentence that follows a file's name. */
void report_page_say_nothing(struct out *out, enum lang lang, enum outcome outcome);

/* Says on `to` that nothing was to be explained in `file` (NULL: unnamed), and why. */
void report_page_tell_nothing(FILE *to, enum lang lang, const char *file, uint64_t message, enum outcome outcome);

#endif
