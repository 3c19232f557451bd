#include "catalog/stanza.h"

/* The first line of `s` with its line end; the last line may have none. */
static struct span
first_line(struct span s)
{
	size_t n = span_index(s, '\n');

	return span_first(s, n + 1);
}

static bool
is_blank_line(struct span line)
{
	return span_trim(line).len == 0;
}

bool
stanza_take(struct span *in, unsigned *line, struct stanza *stanza)
{
	struct span l;
	const char *start;

	while (in->len > 0 && (l = first_line(*in), is_blank_line(l) || l.at[0] == '#')) {
		*in = span_skip(*in, l.len);
		++*line;
	}
	if (in->len == 0)
		return false;
	start = in->at;
	stanza->line = *line;
	while (in->len > 0 && (l = first_line(*in), !is_blank_line(l))) {
		*in = span_skip(*in, l.len);
		++*line;
	}
	stanza->text = (struct span){ start, (size_t)(in->at - start) };
	return true;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* field-name ":" of a line. RFC 5322 section 2.2 */
static bool
take_name(struct span line, struct span *name, struct span *rest)
{
	size_t n = 0;

	while (n < line.len && is_name_char(line.at[n]))
		n++;
	if (n == 0 || n == line.len || line.at[n] != ':')
		return false;
	*name = span_first(line, n);
	*rest = span_skip(line, n + 1);
	return true;
}

bool
stanza_take_field(struct stanza *stanza, struct stanza_field *field)
{
	struct span l;

	while (stanza->text.len > 0 && stanza->text.at[0] == '#') {
		stanza->text = span_skip(stanza->text, first_line(stanza->text).len);
		stanza->line++;
	}
	if (stanza->text.len == 0 || !take_name(first_line(stanza->text), &field->name, &field->value))
		return false;
	field->line = stanza->line++;
	stanza->text = span_skip(stanza->text, first_line(stanza->text).len);
	while (stanza->text.len > 0 && (stanza->text.at[0] == ' ' || stanza->text.at[0] == '\t')) {
		l = first_line(stanza->text);
		field->value.len = (size_t)(l.at + l.len - field->value.at);
		stanza->text = span_skip(stanza->text, l.len);
		stanza->line++;
	}
	field->value = span_trim(field->value);
	return true;
}
