/*
 * The fixed words of what people read, in each language. What is known about
 * mail stands in the catalogue, never here.
 */
#ifndef RENDER_PHRASES_H
#define RENDER_PHRASES_H

#include "base/out.h"
#include "diagnose/verdict.h"

/* Sentences may hold `{name}` holes, filled with fill_words(). */
enum phrase {
	/* labels */
	PHRASE_CAUSE,
	PHRASE_CHANGE,
	PHRASE_PROVED,
	PHRASE_OWNER,
	PHRASE_MESSAGE,
	PHRASE_ADDRESS,
	PHRASE_ACTS,
	PHRASE_REMEDY,
	PHRASE_DNS,
	PHRASE_REPLY,
	PHRASE_CONTRADICTION,
	PHRASE_LOG,
	PHRASE_SURE,
	PHRASE_RECEIVER,
	PHRASE_SOURCE,
	PHRASE_PLACE,
	PHRASE_RECIPIENTS,
	PHRASE_FACTS,
	PHRASE_EXAMPLE,
	/* headlines */
	PHRASE_BRIEF,
	PHRASE_BRIEF_UNKNOWN,
	PHRASE_HEAD_REFUSED,
	PHRASE_HEAD_DELAYED,
	PHRASE_HEAD_FAILED,
	PHRASE_HEAD_COMPLAINT,
	PHRASE_TO_ONE,
	PHRASE_TO_MANY,
	PHRASE_THE_RECEIVER,
	/* this message */
	PHRASE_PERMANENT,
	PHRASE_TEMPORARY,
	PHRASE_UNKNOWN,
	PHRASE_STOP,
	PHRASE_RETRY,
	PHRASE_RETRY_EVERY,
	PHRASE_RETRY_WITHIN,
	PHRASE_RETRY_IN_VAIN,
	PHRASE_GIVEN_UP,
	PHRASE_UNSURE_IF_PERMANENT,
	PHRASE_COMPLAINED,
	/* this address */
	PHRASE_KEEP,
	PHRASE_KEEP_FOR_NOW,
	PHRASE_SUPPRESS,
	PHRASE_SUPPRESS_AFTER,
	PHRASE_SUPPRESS_COMPLAINT,
	/* how sure */
	PHRASE_CERTAIN,
	PHRASE_LIKELY,
	PHRASE_UNKNOWABLE,
	PHRASE_BY_RECEIVERS_WORDS,
	PHRASE_BY_WORDS,
	PHRASE_BY_CODES,
	PHRASE_READ_FROM_PROSE,

	PHRASE_LATER_DELIVERED,
	PHRASE_LATER_SOME_DELIVERED,
	PHRASE_LATER_GIVEN_UP,
	PHRASE_MILTER,
	PHRASE_MILTER_HERE,
	PHRASE_REFUSED_HERE,
	PHRASE_REDIRECTED,
	PHRASE_SENT_FROM,
	/* undetermined */
	PHRASE_UNDETERMINED,
	PHRASE_UNDETERMINED_WHY,
	PHRASE_UNDETERMINED_NO_REPLY,
	PHRASE_UNDETERMINED_STEPS,
	PHRASE_POSTMASTER,
	PHRASE_UNDETERMINED_SURE,
	/* contradictions */
	PHRASE_CODE_AND_STATUS_CLASS,
	PHRASE_STATUS_AND_WORDS,
	PHRASE_CODE_AND_WORDS,
	PHRASE_REPORT_AND_REPLY,
	/* places and the rest */
	PHRASE_SEEN,
	PHRASE_SEEN_IN,
	PHRASE_RECEIVER_UNKNOWN,
	PHRASE_CHECKED,
	PHRASE_IN_MESSAGE,
	PHRASE_IN_LINE,
	PHRASE_PLACE_MORE,
	PHRASE_AND_MORE,
	PHRASE_MORE_LINES,
	PHRASE_JOINT,
	PHRASE_NO_REPLY,
	PHRASE_MORE_EXPLANATIONS,
	/* nothing to explain */
	PHRASE_NOT_A_BOUNCE,
	PHRASE_NOTHING_FAILED,
	PHRASE_AUTOMATIC_REPLY,
	PHRASE_NO_FAILED_RECIPIENT,
	PHRASE_NOT_A_REPLY,
	PHRASE_CANDIDATES,
	PHRASE_CANDIDATE_TEXT,
	PHRASE_BINARY,
	PHRASE_PDF,
	PHRASE_OUTLOOK_MSG,
	PHRASE_EMPTY,
	/* summary */
	PHRASE_SUMMARY_HEAD,
	PHRASE_SUMMARY_HEAD_ONE,
	PHRASE_SUMMARY_UNKNOWN,
	PHRASE_SUMMARY_SUPPRESS,
	PHRASE_SUMMARY_SUPPRESS_ONE,
	PHRASE_SUMMARY_REST,
	PHRASE_SUMMARY_NONE,
	PHRASE_ANY_RECEIVER,
	PHRASE_UNDETERMINED_TITLE,
	PHRASE_COUNT
};

const char *phrase_say(enum phrase word, enum lang lang);

/* The plain name of a fact that is not known: "the sending server's IP address". Empty for no fact. */
const char *phrase_of_fact(struct span name, enum lang lang);

/* What to write for it in a command or a longer name, for the reader to fill in: "<IP>". */
const char *phrase_in_place_of(struct span name);

const char *phrase_of_actor(enum actor actor, enum lang lang);

const char *phrase_of_permanence(enum permanence permanence, enum lang lang);

/* Where a fact was seen, in words and as a token for machines ("remote-mta"). */
const char *phrase_of_seen(enum seen seen, enum lang lang);
const char *seen_token(enum seen seen);

/* "15 minutes", 「15 分」. Only whole minutes, hours or days, whichever is exact. */
void phrase_put_duration(struct out *out, uint32_t seconds, enum lang lang);

#endif
