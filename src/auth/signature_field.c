#include "auth/signature_field.h"

#include "grammar/tag_list.h"

enum { COLUMNS = 72 };

void
signature_field_fold(struct signature_field *f)
{
	out_str(&f->out, "\r\n\t");
	f->line = f->out.len - 1;
}

void
signature_field_tag(struct signature_field *f, const char *name, struct span value)
{
	if (f->out.len - f->line + strlen(name) + value.len + 3 > COLUMNS)
		signature_field_fold(f);
	else
		out_char(&f->out, ' ');
	out_str(&f->out, name);
	out_char(&f->out, '=');
	out_span(&f->out, value);
	out_char(&f->out, ';');
}

void
signature_field_number(struct signature_field *f, const char *name, uint64_t n)
{
	struct out number = { 0 };

	out_number(&number, n);
	signature_field_tag(f, name, out_view(&number));
	out_deinit(&number);
}

void
signature_field_list(struct signature_field *f, const char *name, struct span value, char separator)
{
	struct span item;
	bool first = true;

	signature_field_fold(f);
	out_str(&f->out, name);
	out_char(&f->out, '=');
	for (; tag_take_item(&value, separator, &item); first = false) {
		if (!first)
			out_char(&f->out, separator);
		if (!first && f->out.len - f->line + item.len + 1 > COLUMNS)
			signature_field_fold(f);
		out_span(&f->out, item);
	}
	out_char(&f->out, ';');
}

void
signature_field_base64(struct signature_field *f, struct span text)
{
	while (text.len > 0) {
		const size_t used = f->out.len - f->line, n = used < COLUMNS ? COLUMNS - used : 0;

		out_span(&f->out, span_first(text, n));
		text = span_skip(text, n < text.len ? n : text.len);
		if (text.len > 0)
			signature_field_fold(f);
	}
}
