#include "auth/dkim_findings.h"

#include "auth/dkim_body_damage.h"
#include "auth/dkim_header_damage.h"

static void
look_at_damage(struct dkim_message *m, const struct dkim_check *check, struct dkim_damage *d)
{
	*d = (struct dkim_damage){ .added = { "", 0 }, .removed = { "", 0 } };
	if (!check->body_hash_matches)
		dkim_look_at_body(m, check, d);
	if (!check->header_matches && check->key_bits > 0)
		dkim_look_at_header(m, check, d);
}

bool
dkim_findings_collect(struct dkim_message *m, const struct dkim_evaluation *e, struct dns_answers *answers,
    struct dkim_findings *findings)
{
	unsigned looked_at = 0;
	bool known = true;

	for (size_t i = 0; i < e->n; i++) {
		const struct dkim_check *check = &e->checks[i];

		findings->damage[i] = (struct dkim_damage){ .body = DKIM_BODY_WHOLE };
		findings->search[i] = (struct dkim_key_search){ .damage = DKIM_KEY_OTHER, .name = { "", 0 } };
		if (check->result == DKIM_FAIL && looked_at++ < DKIM_DAMAGES_MAX)
			look_at_damage(m, check, &findings->damage[i]);
		if ((check->result == DKIM_PERMERROR ||
			(check->result == DKIM_FAIL && findings->damage[i].header == DKIM_HEADER_OTHER_KEY)) &&
		    check->key_name.len > 0 && dns_name_is_sound(check->key_name))
			known = dkim_search_key(m, check, answers, &findings->search[i]) && known;
	}
	return known;
}
