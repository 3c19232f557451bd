#include "grammar/tag_list.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_alpha(char c)
{
	const char l = ascii_lower(c);

	return l >= 'a' && l <= 'z';
}

/* tag-name = ALPHA *ALNUMPUNC. RFC 6376 section 3.2 */
static bool
is_name(struct span s)
{
	if (s.len == 0 || !is_alpha(s.at[0]))
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!is_alpha(s.at[i]) && !(s.at[i] >= '0' && s.at[i] <= '9') && s.at[i] != '_')
			return false;
	return true;
}

/* VALCHAR = %x21-3A / %x3C-7E, and UTF-8. RFC 6376 section 3.2, RFC 8616 section 5. No early end: so it runs on many bytes at once. */
static bool
is_value(struct span s)
{
	uint8_t bad = 0;

	for (size_t i = 0; i < s.len; i++) {
		const uint8_t c = (uint8_t)s.at[i];

		bad |= (uint8_t)((c < 0x21 && c != ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f);
	}
	return bad == 0;
}

bool
tag_is_base64(struct span s)
{
	uint8_t bad = 0;

	for (size_t i = 0; i < s.len; i++) {
		const uint8_t c = (uint8_t)s.at[i], letter = (uint8_t)((c | 0x20) - 'a'), digit = (uint8_t)(c - '0');

		bad |= (uint8_t) !(letter < 26 || digit < 10 || c == '+' || c == '/' || c == '=' || c == ' ' ||
		    c == '\t' || c == '\r' || c == '\n');
	}
	return bad == 0;
}

static bool
fail(struct tag_list *list, enum problem problem, struct span at)
{
	list->problem = problem;
	list->problem_at = at;
	return false;
}

/* tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]. RFC 6376 section 3.2 */
static bool
add(struct tag_list *list, struct span spec)
{
	const size_t equals = span_index(spec, '=');
	struct tag tag = { .name = span_trim(span_first(spec, equals)) };

	if (equals == spec.len || !is_name(tag.name))
		return fail(list, PROBLEM_TAG_UNSOUND, spec);
	tag.whole = span_skip(spec, equals + 1);
	tag.value = span_trim(tag.whole);
	if (!is_value(tag.value))
		return fail(list, PROBLEM_TAG_CONTROL, tag.name);
	for (size_t i = 0; i < list->n; i++)
		if (span_equal(list->tags[i].name, tag.name))
			return fail(list, PROBLEM_TAG_TWICE, tag.name);
	if (list->n == TAGS_MAX)
		return fail(list, PROBLEM_TAG_TOO_MANY, tag.name);
	list->tags[list->n++] = tag;
	return true;
}

/* tag-list = tag-spec *( ";" tag-spec ) [ ";" ]. RFC 6376 section 3.2 */
bool
tag_list_parse(struct span text, struct tag_list *list)
{
	list->n = 0;
	list->problem = PROBLEM_NONE;
	list->problem_at = (struct span){ "", 0 };
	for (;;) {
		const size_t n = span_index(text, ';');
		const struct span spec = span_first(text, n);

		if (n == text.len && span_trim(spec).len == 0)
			return list->n > 0 || fail(list, PROBLEM_TAG_NONE, spec);
		if (!add(list, spec))
			return false;
		if (n == text.len)
			return true;
		text = span_skip(text, n + 1);
	}
}

const struct tag *
tag_list_find(const struct tag_list *list, const char *name)
{
	const struct span wanted = span_of(name);

	for (size_t i = 0; i < list->n; i++)
		if (span_equal(list->tags[i].name, wanted))
			return &list->tags[i];
	return NULL;
}

struct span
tag_list_value(const struct tag_list *list, const char *name)
{
	const struct tag *tag = tag_list_find(list, name);

	return tag ? tag->value : (struct span){ "", 0 };
}

bool
tag_take_item(struct span *rest, char separator, struct span *item)
{
	size_t n;

	if (rest->len == 0)
		return false;
	n = span_index(*rest, separator);
	*item = span_trim(span_first(*rest, n));
	*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
	return true;
}

struct span
tag_without_blanks(struct arena *arena, struct span value)
{
	size_t n = 0;
	char *to;

	while (n < value.len && !is_blank(value.at[n]))
		n++;
	if (n == value.len)
		return value;
	to = arena_take(arena, value.len);
	memcpy(to, value.at, n);
	for (size_t i = n; i < value.len; i++)
		if (!is_blank(value.at[i]))
			to[n++] = value.at[i];
	return (struct span){ to, n };
}

bool
tag_read_number(struct span value, unsigned digits, uint64_t *number)
{
	uint64_t n = 0;

	if (value.len == 0 || value.len > digits || digits > 18)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(value.at[i] - '0');
	}
	*number = n;
	return true;
}
