/*
 * The words for what the judges find wrong, and the codes that stay the same
 * from one release to the next.
 */
#ifndef RENDER_PROBLEM_H
#define RENDER_PROBLEM_H

#include "base/out.h"
#include "catalog/catalog.h"
#include "grammar/problem.h"

/* "spf.include-without-record"; "" for none */
const char *problem_code(enum problem problem);

/* "an include without an SPF record", 「include 先に SPF レコードがない」 */
const char *problem_words(enum problem problem, enum lang lang);

/* ,"key":"the.code","key_words":{"ja":…,"en":…}; null and null for none */
void problem_write_json(struct out *out, const char *key, enum problem problem);

#endif
