#include "record/near_miss.h"

#include "record/near_miss_text.h"

const char *
slip_token(enum slip slip)
{
	static const char *const tokens[SLIPS] = { "quotes", "backslash", "leading-blank", "foreign-blank",
		"full-width", "dash", "pasted", "version", "version-missing", "version-late", "separator-missing",
		"separator-wrong", "stray-blank", "sign", "name", "value" };

	return tokens[slip];
}

bool
near_miss_read(struct arena *arena, enum record_kind kind, struct span text, struct near_miss *miss)
{
	struct near_text t = { .arena = arena, .miss = miss };
	struct out out = { 0 };
	bool is;

	*miss = (struct near_miss){ .kind = kind, .before = text, .after = { "", 0 }, .unclear = { "", 0 } };
	if (text.len == 0 || text.len > NEAR_MISS_SIZE_MAX)
		return false;
	near_text_read(&t);
	is = kind == RECORD_SPF ? near_miss_read_spf(&t, &out) : near_miss_read_tags(&t, &out);
	if (is && miss->unclear.len == 0)
		miss->after = miss->n_slips > 0 ? arena_copy(arena, out_view(&out)) : text;
	out_deinit(&out);
	return is;
}
