/*
 * An SPF record's terms. RFC 7208 sections 4.6 and 12
 *
 *	v=spf1 ip4:192.0.2.0/24 include:_spf.example.net mx/28//64 -all exp=why.example.jp
 *
 * All spans are borrowed from the record.
 */
#ifndef RECORD_SPF_RECORD_H
#define RECORD_SPF_RECORD_H

#include "base/arena.h"
#include "grammar/problem.h"

enum spf_term_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT,
	SPF_EXP,
	SPF_UNKNOWN_MODIFIER
};

struct spf_term {
	enum spf_term_kind kind;
	char qualifier; /* '+' '-' '~' '?'; '+' where none is written, 0 for a modifier */
	struct span text; /* as written */
	struct span domain_spec; /* unexpanded; empty: not given */
	uint8_t address[16]; /* ip4: the first four */
	uint8_t cidr4, cidr6; /* 32 and 128 where none is given */
};

enum { SPF_TERMS_MAX = 1024 };

struct spf_record {
	struct spf_term *terms;
	size_t n_terms;
	const struct spf_term *redirect, *exp; /* NULL: none */
	struct span fault; /* the term that is unsound, or empty */
	enum problem problem; /* PROBLEM_NONE: the record is sound */
};

/* Whether it is one at all: "v=spf1" and a blank or the end. RFC 7208 section 4.5 */
bool spf_record_is(struct span text);

/* False where it is unsound anywhere: a permerror. The terms before that are there. */
bool spf_record_parse(struct arena *arena, struct span text, struct spf_record *r);

/* Whether a macro-string is sound; `explains`: c, r and t may stand in it, too. RFC 7208 section 7.1 */
bool spf_macro_string_is_sound(struct span s, bool explains);

#endif
