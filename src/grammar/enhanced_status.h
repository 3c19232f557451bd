/*
 * The enhanced status code of a reply or report: "5.7.26". RFC 3463 section 2
 */
#ifndef GRAMMAR_ENHANCED_STATUS_H
#define GRAMMAR_ENHANCED_STATUS_H

#include "base/span.h"

struct enhanced_status { /* class 0: not given */
	uint16_t class, subject, detail;
};

/*
 * Takes `5.7.26` off the front of `s`, and one blank behind it. Fails where
 * more of a word follows: "5.7.26.example" is text. RFC 2034 section 4
 */
bool enhanced_status_take(struct span *s, struct enhanced_status *status);

/* Finds the first status that stands as a word of its own anywhere in `s`
   ("#5.1.1", "(5.2.2)"), but not within an IP address or a version number. */
bool enhanced_status_find(struct span s, struct enhanced_status *status);

static inline bool
enhanced_status_equal(struct enhanced_status a, struct enhanced_status b)
{
	return a.class == b.class && a.subject == b.subject && a.detail == b.detail;
}

#endif
