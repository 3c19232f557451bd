#include "cmd/gate_policy.h"

#include "cmd/options.h"
#include "intake/complain.h"

enum { POLICY_FILE_SIZE_MAX = 1024 * 1024, TOLD_MAX = 200 };

void
gate_tell_fault(const char *path, unsigned line, const char *what, struct span at)
{
	complain("%s:%u: %s%s%.*s\n", path, line, what, at.len > 0 ? ": " : "",
	    (int)(at.len < TOLD_MAX ? at.len : TOLD_MAX), at.at);
}

bool
gate_refuse_value(enum lang lang, const char *name, const char *value)
{
	complain(lang == LANG_JA ? "todoku: %s に '%s' は使えません\n" : "todoku: %s cannot be '%s'\n", name, value);
	return false;
}

static bool
has_all_rules(const struct catalog *catalog, const struct policy *p, const char *path)
{
	for (size_t i = 0; i < p->n; i++)
		if (catalog_find_rule(catalog, p->rows[i].rule) == NULL) {
			complain("todoku: %s: %.*s: no rule %.*s\n", path != NULL ? path : "receivers.policy",
			    (int)p->name.len, p->name.at, (int)p->rows[i].rule.len, p->rows[i].rule.at);
			return false;
		}
	return true;
}

const struct policies *
gate_policy_read(struct arena *arena, const struct catalog *catalog, const char *path)
{
	struct policies *all = arena_take(arena, sizeof(*all));
	struct policy_fault fault;
	struct span text;

	*all = *policies_built_in();
	if (path != NULL && !options_read_file(arena, path, POLICY_FILE_SIZE_MAX, &text))
		return NULL;
	if (path != NULL && !policies_read(all, text, &fault)) {
		gate_tell_fault(path, fault.line, fault.what, fault.at);
		return NULL;
	}
	for (size_t i = 0; i < all->n; i++)
		if (!has_all_rules(catalog, &all->all[i], path))
			return NULL;
	return all;
}

const struct policy *
gate_policy_find(const struct policies *policies, enum lang lang, const char *name)
{
	const struct policy *p = policies_find(policies, span_of(name));

	if (p == NULL)
		gate_refuse_value(lang, "--policy", name);
	return p;
}
