/*
 * Why a document tells of no failure; render has the words.
 */
#ifndef INTAKE_OUTCOME_H
#define INTAKE_OUTCOME_H

enum outcome {
	OUTCOME_EMPTY, /* there was nothing to read at all */
	OUTCOME_NOT_A_BOUNCE,
	OUTCOME_AUTOMATIC_REPLY,
	OUTCOME_NO_FAILED_RECIPIENT, /* a bounce, but whom it is about is not told */
	OUTCOME_DELIVERED, /* it tells of deliveries alone */
	OUTCOME_NOT_AN_EVENT,
	OUTCOME_NOT_A_REPLY, /* a text in which no reply was found */
	OUTCOME_BINARY, /* nothing that could be read */
	OUTCOME_PDF,
	OUTCOME_OUTLOOK_MSG,
	OUTCOME_COUNT
};

#endif
