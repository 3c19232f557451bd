#include "record/border_results.h"

#include "message/header.h"

static void
add(struct border_results *b, const struct auth_results *r)
{
	if (b->n == 0)
		b->authserv_id = r->authserv_id;
	for (size_t i = 0; i < r->n && b->n < BORDER_RESULTS_MAX; i++)
		b->results[b->n++] = r->results[i];
}

static void
find_above(struct arena *arena, struct span header, struct border_results *b)
{
	struct header_field f;
	struct auth_results r;

	while (b->n < BORDER_RESULTS_MAX && header_take_field(&header, &f))
		if (span_equal_folded(f.name, span_of("authentication-results"))) {
			auth_results_parse(arena, f.value, &r);
			add(b, &r);
		}
}

/* Fields that a receiver writes together with its results. */
static bool
is_of_receiver(struct span name)
{
	return span_starts_folded(name, "arc-") || span_starts_folded(name, "x-") ||
	    span_equal_folded(name, span_of("received-spf")) || span_equal_folded(name, span_of("return-path")) ||
	    span_equal_folded(name, span_of("authentication-results"));
}

static void
find_below(struct arena *arena, struct span header, struct span by, struct border_results *b)
{
	struct header_field f;
	struct auth_results r;

	while (b->n == 0 && header_take_field(&header, &f) && is_of_receiver(f.name))
		if (span_equal_folded(f.name, span_of("authentication-results"))) {
			auth_results_parse(arena, f.value, &r);
			if (r.authserv_id.len > 0 && span_equal_folded(r.authserv_id, by))
				add(b, &r);
		}
}

void
border_results_find(struct arena *arena, struct span above, struct span below, struct span by, struct border_results *b)
{
	b->n = 0;
	b->authserv_id = (struct span){ "", 0 };
	find_above(arena, above, b);
	b->trusted = b->n > 0;
	if (b->n == 0)
		find_below(arena, below, by, b);
}

struct span
border_results_of(const struct border_results *b, const char *method)
{
	struct span found = { "", 0 };

	for (size_t i = 0; i < b->n; i++)
		if (span_equal_folded(b->results[i].method, span_of(method)) &&
		    (found.len == 0 || span_equal_folded(b->results[i].result, span_of("pass"))))
			found = b->results[i].result;
	return found;
}

struct span
border_results_property(const struct border_results *b, const char *method, const char *ptype, const char *property)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct auth_result *r = &b->results[i];

		for (size_t k = 0; k < r->n_properties && span_equal_folded(r->method, span_of(method)); k++)
			if (span_equal_folded(r->properties[k].ptype, span_of(ptype)) &&
			    span_equal_folded(r->properties[k].property, span_of(property)))
				return r->properties[k].value;
	}
	return (struct span){ "", 0 };
}
