#include "auth/arc.h"

#include "auth/canonical.h"

enum { FIELD_RESULTS, FIELD_MESSAGE, FIELD_SEAL, FIELDS };

static const struct span names[FIELDS] = { SPAN_INIT("arc-authentication-results"), SPAN_INIT("arc-message-signature"),
	SPAN_INIT("arc-seal") };

const char *
arc_result_name(enum arc_result result)
{
	static const char *const words[] = { "none", "pass", "fail", "temperror", "needs answers" };

	return words[result];
}

static bool
fail(struct arc_evaluation *e, unsigned instance, enum problem problem, struct span at)
{
	e->result = ARC_FAIL;
	e->failed_at = instance;
	e->problem = problem;
	e->problem_at = at;
	return false;
}

static struct span
value_of(struct span field)
{
	const size_t colon = span_index(field, ':');

	return span_skip(field, colon < field.len ? colon + 1 : colon);
}

/* instance = [CFWS] %s"i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS] ";". RFC 8617 section 4.2.1 */
static bool
take_instance(struct span value, unsigned *instance, struct span *rest)
{
	const size_t end = span_index(value, ';');
	struct span tag = span_trim(span_first(value, end));
	uint64_t n;

	if (end == value.len || !span_take_char(&tag, 'i'))
		return false;
	tag = span_trim(tag);
	if (!span_take_char(&tag, '=') || !tag_read_number(span_trim(tag), 2, &n) || n == 0 || n > ARC_SETS_MAX)
		return false;
	*instance = (unsigned)n;
	*rest = span_skip(value, end + 1);
	return true;
}

static bool
add_results(struct arc_evaluation *e, struct span field, unsigned *instance)
{
	struct span rest;
	struct arc_set *set;

	if (!take_instance(value_of(field), instance, &rest))
		return fail(e, 0, PROBLEM_ARC_INSTANCE, field);
	set = &e->sets[*instance - 1];
	if (set->results_field.len > 0)
		return fail(e, *instance, PROBLEM_ARC_FIELD_TWICE, names[FIELD_RESULTS]);
	set->results_field = field;
	set->authentication_results = span_trim(rest);
	return true;
}

static bool
add_signature(struct arc_evaluation *e, struct span field, enum dkim_kind kind, unsigned *instance)
{
	struct dkim_signature s;
	struct dkim_check *check;

	if (!dkim_signature_parse(kind, value_of(field), &s))
		return fail(e, s.instance, s.problem, s.problem_at);
	*instance = s.instance;
	check = kind == ARC_SEAL ? &e->sets[s.instance - 1].seal : &e->sets[s.instance - 1].message;
	if (check->field.len > 0)
		return fail(
		    e, s.instance, PROBLEM_ARC_FIELD_TWICE, names[kind == ARC_SEAL ? FIELD_SEAL : FIELD_MESSAGE]);
	check->field = field;
	check->signature = s;
	return true;
}

/* RFC 8617 section 5.2 step 1 */
static bool
collect(const struct dkim_message *m, struct arc_evaluation *e)
{
	for (size_t i = 0; i < m->n_fields; i++) {
		const struct dkim_field *f = &m->fields[i];
		unsigned instance = 0;
		bool sound = true;

		if (span_equal_folded(f->name, names[FIELD_RESULTS]))
			sound = add_results(e, f->whole, &instance);
		else if (span_equal_folded(f->name, names[FIELD_MESSAGE]))
			sound = add_signature(e, f->whole, ARC_MESSAGE_SIGNATURE, &instance);
		else if (span_equal_folded(f->name, names[FIELD_SEAL]))
			sound = add_signature(e, f->whole, ARC_SEAL, &instance);
		if (instance > e->n)
			e->n = instance;
		if (!sound)
			return false;
	}
	return true;
}

/* A seal among what is signed would never fit again. RFC 8617 section 4.1.2 */
static bool
signs_seal(const struct dkim_signature *s)
{
	struct span rest = s->headers, name;

	while (tag_take_item(&rest, ':', &name))
		if (span_equal_folded(name, names[FIELD_SEAL]))
			return true;
	return false;
}

/* RFC 8617 section 5.2 steps 2 and 3 */
static bool
is_whole(struct arc_evaluation *e)
{
	static const struct span empty = { "", 0 };

	if (span_equal_folded(e->sets[e->n - 1].seal.signature.chain, span_of("fail")))
		return fail(e, e->n, PROBLEM_ARC_CHAIN_BROKEN, empty);
	for (unsigned i = 1; i <= e->n; i++) {
		const struct arc_set *set = &e->sets[i - 1];
		const char *wanted = i == 1 ? "none" : "pass";

		if (set->results_field.len == 0 || set->message.field.len == 0 || set->seal.field.len == 0)
			return fail(e, i, PROBLEM_ARC_FIELD_MISSING, empty);
		if (!span_equal_folded(set->seal.signature.chain, span_of(wanted)))
			return fail(e, i, PROBLEM_ARC_CHAIN_VALUE, set->seal.signature.chain);
		if (signs_seal(&set->message.signature))
			return fail(e, i, PROBLEM_ARC_SIGNS_SEAL, set->message.signature.headers);
	}
	return true;
}

/* All sets up to this one, in order, this seal last and without its b=. RFC 8617 section 5.1.1 */
static struct crypto_hash
hash_sealed(struct dkim_message *m, const struct arc_evaluation *e, unsigned instance)
{
	static const struct span nothing = { "", 0 };
	struct out out = { 0 };
	struct crypto_hash hash;

	for (unsigned i = 0; i < instance; i++) {
		const struct arc_set *set = &e->sets[i];

		canonical_header(&out, CANONICALIZATION_RELAXED, set->results_field, nothing);
		canonical_header(&out, CANONICALIZATION_RELAXED, set->message.field, nothing);
		canonical_header(&out, CANONICALIZATION_RELAXED, set->seal.field,
		    i + 1 == instance ? set->seal.signature.signature_hole : nothing);
	}
	out.len -= 2;
	hash = dkim_hash(m, out_view(&out));
	out_deinit(&out);
	return hash;
}

/* Whether one signature lets the chain go on. */
static bool
stands(struct arc_evaluation *e, unsigned instance, const struct dkim_check *check)
{
	if (check->result == DKIM_PASS)
		return true;
	fail(e, instance, check->problem, check->problem_at);
	if (check->result == DKIM_TEMPERROR)
		e->result = ARC_TEMPERROR;
	return false;
}

/* RFC 8617 section 5.2 steps 4 to 6 */
static void
verify(struct dkim_message *m, uint64_t now, struct dns_answers *answers, struct arc_evaluation *e)
{
	struct dkim_check *message = &e->sets[e->n - 1].message;
	bool missing;

	dkim_check_signature(m, now, answers, message);
	missing = message->result == DKIM_NEEDS_ANSWERS;
	for (unsigned i = e->n; i > 0; i--) {
		struct dkim_check *seal = &e->sets[i - 1].seal;
		const struct crypto_hash hash = hash_sealed(m, e, i);

		if (seal->signature.algorithm == DKIM_RSA_SHA1) {
			fail(e, i, PROBLEM_SIGNATURE_SHA1, seal->signature.algorithm_name);
			return;
		}
		dkim_check_data(m, &hash, answers, seal);
		missing = missing || seal->result == DKIM_NEEDS_ANSWERS;
	}
	if (missing) {
		e->result = ARC_NEEDS_ANSWERS;
		return;
	}
	if (!stands(e, e->n, message))
		return;
	for (unsigned i = e->n; i > 0; i--)
		if (!stands(e, i, &e->sets[i - 1].seal))
			return;
	e->result = ARC_PASS;
}

/* Most messages have none: 50 sets need not be cleared for them. */
static bool
has_sets(const struct dkim_message *m)
{
	for (size_t i = 0; i < m->n_fields; i++)
		if (span_starts_folded(m->fields[i].name, "arc-"))
			return true;
	return false;
}

void
arc_validate(struct dkim_message *m, uint64_t now, struct dns_answers *answers, struct arc_evaluation *e)
{
	static const struct arc_set empty = { .results_field = { "", 0 }, .authentication_results = { "", 0 } };

	e->result = ARC_NONE;
	e->n = e->failed_at = 0;
	e->problem = PROBLEM_NONE;
	e->problem_at = (struct span){ "", 0 };
	if (!has_sets(m))
		return;
	for (size_t i = 0; i < ARC_SETS_MAX; i++)
		e->sets[i] = empty;
	if (!collect(m, e) || e->n == 0 || !is_whole(e))
		return;
	verify(m, now, answers, e);
}
