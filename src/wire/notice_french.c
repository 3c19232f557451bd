/*
 * Orange, La Poste, Free and others.
 */
#include "wire/notice_format.h"

static const struct notice_mark marks[] = {
	NOTICE_MARK(NOTICE_SUBJECT, "echec de la remise"),
	NOTICE_MARK(NOTICE_SUBJECT, "échec de"),
	NOTICE_MARK(NOTICE_SUBJECT, "message non remis"),
	NOTICE_MARK(NOTICE_SUBJECT, "non distribu"),
	NOTICE_MARK(NOTICE_WORDS, "n'a pas pu être"),
	NOTICE_MARK(NOTICE_WORDS, "n'a pu être"),
	NOTICE_MARK(NOTICE_WORDS, "n'a pas été remis"),
	NOTICE_MARK(NOTICE_COPY, "message d'origine"),
};

const struct notice_format notice_french = { "french", marks, sizeof(marks) / sizeof(marks[0]) };
