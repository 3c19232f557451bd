#include <stdlib.h>

#include "grammar/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Walks all there is; whatever it finds lies within, and a text is never longer than what it stands for. */
static void
walk(struct arena *arena, struct span value, unsigned depth)
{
	struct span rest = value, name, inner;

	if (depth > 4)
		return;
	if (json_text(arena, value).len > value.len + 4)
		abort();
	while (json_is_object(value) && json_take_member(&rest, &name, &inner)) {
		if (inner.at < value.at || inner.at + inner.len > value.at + value.len)
			abort();
		walk(arena, inner, depth + 1);
	}
	while (json_is_array(value) && json_take_element(&rest, &inner)) {
		if (inner.at < value.at || inner.at + inner.len > value.at + value.len)
			abort();
		walk(arena, inner, depth + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span rest = { (const char *)data, len }, value;
	struct arena arena = { 0 };

	while (json_take_value(&rest, &value))
		walk(&arena, value, 0);
	json_find_text(&arena, (struct span){ (const char *)data, len }, "a.b");
	arena_deinit(&arena);
	return 0;
}
