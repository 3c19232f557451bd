/*
 * The fixed words of what people read, in each language. What is known about
 * mail stands in the catalogue, never here.
 */
#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include "base/out.h"
#include "diagnose/verdict.h"

/* Sentences may hold `{name}` holes, filled with fill_words(). */
enum word {
	/* labels */
	WORD_CAUSE,
	WORD_MESSAGE,
	WORD_ADDRESS,
	WORD_ACTS,
	WORD_REMEDY,
	WORD_DNS,
	WORD_REPLY,
	WORD_MIND,
	WORD_LOG,
	WORD_SURE,
	WORD_RECEIVER,
	WORD_SOURCE,
	WORD_PLACE,
	WORD_RECIPIENTS,
	WORD_FACTS,
	WORD_EXAMPLE,
	/* headlines */
	WORD_HEAD_REFUSED,
	WORD_HEAD_DELAYED,
	WORD_HEAD_FAILED,
	WORD_HEAD_COMPLAINT,
	WORD_TO_ONE,
	WORD_TO_MANY,
	WORD_THE_RECEIVER,
	/* this message */
	WORD_PERMANENT,
	WORD_TEMPORARY,
	WORD_UNKNOWN,
	WORD_STOP,
	WORD_RETRY,
	WORD_RETRY_EVERY,
	WORD_RETRY_WITHIN,
	WORD_GIVEN_UP,
	WORD_UNSURE_IF_PERMANENT,
	WORD_COMPLAINED,
	/* this address */
	WORD_KEEP,
	WORD_KEEP_FOR_NOW,
	WORD_SUPPRESS,
	WORD_SUPPRESS_AFTER,
	WORD_SUPPRESS_COMPLAINT,
	/* how sure */
	WORD_CERTAIN,
	WORD_LIKELY,
	WORD_UNKNOWABLE,
	WORD_BY_RECEIVERS_WORDS,
	WORD_BY_WORDS,
	WORD_BY_CODES,
	WORD_READ_FROM_PROSE,

	WORD_LATER_DELIVERED,
	WORD_LATER_SOME_DELIVERED,
	WORD_LATER_GIVEN_UP,
	WORD_MILTER,
	WORD_REDIRECTED,
	WORD_SENT_FROM,
	/* undetermined */
	WORD_UNDETERMINED,
	WORD_UNDETERMINED_WHY,
	WORD_UNDETERMINED_NO_REPLY,
	WORD_UNDETERMINED_STEPS,
	WORD_POSTMASTER,
	WORD_UNDETERMINED_SURE,
	/* contradictions */
	WORD_CODE_AND_STATUS_CLASS,
	WORD_STATUS_AND_WORDS,
	WORD_CODE_AND_WORDS,
	WORD_REPORT_AND_REPLY,
	/* places and the rest */
	WORD_SEEN,
	WORD_SEEN_IN,
	WORD_RECEIVER_UNKNOWN,
	WORD_CHECKED,
	WORD_IN_MESSAGE,
	WORD_IN_LINE,
	WORD_PLACE_MORE,
	WORD_AND_MORE,
	WORD_MORE_LINES,
	WORD_JOINT,
	WORD_NO_REPLY,
	WORD_MORE_EXPLANATIONS,
	/* nothing to explain */
	WORD_NOT_A_BOUNCE,
	WORD_NOTHING_FAILED,
	WORD_AUTOMATIC_REPLY,
	WORD_NO_FAILED_RECIPIENT,
	WORD_EMPTY,
	/* summary */
	WORD_SUMMARY_HEAD,
	WORD_SUMMARY_REST,
	WORD_SUMMARY_NONE,
	WORD_ANY_RECEIVER,
	WORD_UNDETERMINED_TITLE,
	WORD_COUNT
};

const char *words_say(enum word word, enum lang lang);

/* The plain name of a fact that is not known: "the sending server's IP address". Empty for no fact. */
const char *words_of_fact(struct span name, enum lang lang);

const char *words_of_actor(enum actor actor, enum lang lang);

const char *words_of_permanence(enum permanence permanence, enum lang lang);

/* Where a fact was seen, in words and as a token for machines ("remote-mta"). */
const char *words_of_seen(enum seen seen, enum lang lang);
const char *words_seen_token(enum seen seen);

/* "15 minutes", 「15 分」. Only whole minutes, hours or days, whichever is exact. */
void words_put_duration(struct out *out, uint32_t seconds, enum lang lang);

#endif
