#include "message/rfc5322_form.h"

#include "message/author.h"
#include "message/header.h"
#include "message/mbox.h"

static const struct {
	const char *token;
	enum form_weight weight;
} kinds[FORM_KINDS] = {
	[FORM_NO_FROM] = { "no-from", FORM_REFUSED },
	[FORM_SEVERAL_FROM] = { "several-from", FORM_REFUSED },
	[FORM_SEVERAL_AUTHORS] = { "several-authors", FORM_REFUSED },
	[FORM_FROM_UNREADABLE] = { "from-unreadable", FORM_REFUSED },
	[FORM_NO_DATE] = { "no-date", FORM_WRONG },
	[FORM_NO_MESSAGE_ID] = { "no-message-id", FORM_REFUSED },
	[FORM_BAD_MESSAGE_ID] = { "bad-message-id", FORM_REFUSED },
	[FORM_LONG_MESSAGE_ID] = { "long-message-id", FORM_REFUSED },
	[FORM_DUPLICATE] = { "duplicate", FORM_REFUSED },
	[FORM_ENCODED_WORD] = { "encoded-word", FORM_REFUSED },
	[FORM_RAW_8BIT] = { "raw-8bit", FORM_REFUSED },
	[FORM_NUL] = { "nul", FORM_WRONG },
	[FORM_BARE_CR] = { "bare-cr", FORM_REFUSED },
	[FORM_BARE_LF] = { "bare-lf", FORM_REFUSED },
	[FORM_LONG_LINE] = { "long-line", FORM_WRONG },
	[FORM_BAD_FIELD] = { "bad-field", FORM_REFUSED },
	[FORM_HEADER_SIZE] = { "header-size", FORM_REFUSED },
	[FORM_TOO_MANY_FIELDS] = { "too-many-fields", FORM_REFUSED },
	[FORM_VALUE_SIZE] = { "value-size", FORM_REFUSED },
	[FORM_SUBJECT_SIZE] = { "subject-size", FORM_REFUSED },
	[FORM_HOPS] = { "hops", FORM_REFUSED },
};

enum form_weight
form_weight_of(enum form_kind kind)
{
	return kinds[kind].weight;
}

const char *
form_token(enum form_kind kind)
{
	return kinds[kind].token;
}

struct checking {
	struct arena *arena;
	struct span message, header;
	struct rfc5322_form *form;
	size_t n_fields, n_hops, n_from;
	bool has_date, has_message_id;
};

static void
find(struct checking *c, enum form_kind kind, struct span field, const char *at)
{
	struct rfc5322_form *form = c->form;

	for (size_t i = 0; i < form->n; i++)
		if (form->findings[i].kind == kind && span_equal_folded(form->findings[i].field, field)) {
			form->findings[i].count++;
			return;
		}
	if (form->n < FORM_FINDINGS_MAX)
		form->findings[form->n++] = (struct form_finding){ kind, field, at ? (size_t)(at - c->message.at) : 0,
			1 };
}

static const struct span nothing = { "", 0 };

/* Fields that may stand once. RFC 5322 section 3.6, RFC 2045 section 3 */
static const struct span once[] = { SPAN_INIT("date"), SPAN_INIT("sender"), SPAN_INIT("reply-to"), SPAN_INIT("to"),
	SPAN_INIT("cc"), SPAN_INIT("bcc"), SPAN_INIT("message-id"), SPAN_INIT("in-reply-to"), SPAN_INIT("references"),
	SPAN_INIT("subject"), SPAN_INIT("mime-version"), SPAN_INIT("content-type"),
	SPAN_INIT("content-transfer-encoding") };

enum { ONCE = sizeof(once) / sizeof(once[0]) };

/* msg-id = "<" id-left "@" id-right ">". RFC 5322 section 3.6.4 */
static bool
is_message_id(struct span s)
{
	size_t at;

	s = span_trim(s);
	if (s.len < 5 || s.at[0] != '<' || s.at[s.len - 1] != '>')
		return false;
	s = span_first(span_skip(s, 1), s.len - 2);
	at = span_index(s, '@');
	for (size_t i = 0; i < s.len; i++)
		if ((uint8_t)s.at[i] <= ' ' || s.at[i] == '<' || s.at[i] == '>' || s.at[i] == 0x7f)
			return false;
	return at > 0 && at + 1 < s.len;
}

static bool
has_encoded_word(struct span s)
{
	const char *at = s.len > 6 ? memmem(s.at, s.len, "=?", 2) : NULL;

	return at != NULL && memmem(at, (size_t)(s.at + s.len - at), "?=", 2) != NULL;
}

/* Those whose value has no place for one at all. RFC 2047 section 5 */
static bool
may_not_be_encoded(struct span name)
{
	static const struct span names[] = { SPAN_INIT("message-id"), SPAN_INIT("date"), SPAN_INIT("received"),
		SPAN_INIT("in-reply-to"), SPAN_INIT("references"), SPAN_INIT("return-path"),
		SPAN_INIT("mime-version") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal_folded(name, names[i]))
			return true;
	return false;
}

static void
check_from(struct checking *c, const struct header_field *f)
{
	struct authors authors = { .n = 0 };

	if (c->n_from++ > 0) {
		find(c, FORM_SEVERAL_FROM, f->name, f->name.at);
		return;
	}
	authors_add(c->arena, f->value, &authors);
	if (authors.fault == PROBLEM_AUTHOR_ENCODED)
		find(c, FORM_ENCODED_WORD, f->name, f->value.at);
	else if (authors.fault != PROBLEM_NONE)
		find(c, FORM_FROM_UNREADABLE, f->name, authors.fault_at.at);
	else if (authors.n == 0 || authors.all[0].domain.len == 0 || authors.doubt != PROBLEM_NONE)
		find(c, FORM_FROM_UNREADABLE, f->name, f->name.at);
	if (authors.n > 1)
		find(c, FORM_SEVERAL_AUTHORS, f->name, f->name.at);
}

static void
check_message_id(struct checking *c, const struct header_field *f)
{
	c->has_message_id = true;
	if (!is_message_id(f->value))
		find(c, FORM_BAD_MESSAGE_ID, f->name, f->value.at);
	if (f->value.len > FORM_MESSAGE_ID_MAX)
		find(c, FORM_LONG_MESSAGE_ID, f->name, f->value.at);
}

static bool
is_list_of_addresses(struct span name)
{
	return span_equal_folded(name, span_of("to")) || span_equal_folded(name, span_of("cc")) ||
	    span_equal_folded(name, span_of("references"));
}

static void
check_value(struct checking *c, const struct header_field *f)
{
	for (size_t i = 0; i < f->value.len; i++)
		if ((uint8_t)f->value.at[i] >= 0x80) {
			find(c, FORM_RAW_8BIT, f->name, f->value.at + i);
			break;
		}
	if (may_not_be_encoded(f->name) && has_encoded_word(f->value))
		find(c, FORM_ENCODED_WORD, f->name, f->value.at);
	if (f->value.len > FORM_VALUE_MAX && !is_list_of_addresses(f->name))
		find(c, FORM_VALUE_SIZE, f->name, f->value.at);
	if (span_equal_folded(f->name, span_of("subject")) && f->value.len > FORM_SUBJECT_MAX)
		find(c, FORM_SUBJECT_SIZE, f->name, f->value.at);
}

static void
check_field(struct checking *c, const struct header_field *f, unsigned seen[ONCE])
{
	c->n_fields++;
	c->n_hops += span_equal_folded(f->name, span_of("received"));
	c->has_date = c->has_date || span_equal_folded(f->name, span_of("date"));
	if (span_equal_folded(f->name, span_of("from")))
		check_from(c, f);
	if (span_equal_folded(f->name, span_of("message-id")))
		check_message_id(c, f);
	for (size_t i = 0; i < ONCE; i++)
		if (span_equal_folded(f->name, once[i]) && seen[i]++ > 0)
			find(c, FORM_DUPLICATE, f->name, f->name.at);
	check_value(c, f);
}

/* What lies between two fields is no field. */
static void
check_fields(struct checking *c)
{
	struct span rest = c->header;
	const char *at = rest.at;
	unsigned seen[ONCE] = { 0 };
	struct header_field f;

	while (header_take_field(&rest, &f)) {
		if (f.whole.at > at)
			find(c, FORM_BAD_FIELD, nothing, at);
		check_field(c, &f, seen);
		at = f.whole.at + f.whole.len;
	}
	if (rest.len == 0 && at < c->header.at + c->header.len)
		find(c, FORM_BAD_FIELD, nothing, at);
}

/* Every `byte` of m[begin] to m[end] that no `next` follows. */
static void
find_bytes(struct checking *c, enum form_kind kind, size_t begin, size_t end, char byte, int next)
{
	const struct span m = c->message;

	while (begin < end) {
		const char *at = memchr(m.at + begin, byte, end - begin);

		if (at == NULL)
			return;
		begin = (size_t)(at - m.at) + 1;
		if (begin == m.len || (uint8_t)m.at[begin] != next)
			find(c, kind, nothing, at);
	}
}

/* RFC 5321 section 2.3.8: CR and LF stand together or not at all. */
static void
check_lines(struct checking *c, bool restored)
{
	const struct span m = c->message;
	size_t begin = 0;

	find_bytes(c, FORM_NUL, 0, m.len, '\0', -1);
	while (begin < m.len) {
		const size_t end = begin + span_index(span_skip(m, begin), '\n');

		find_bytes(c, FORM_BARE_CR, begin, end, '\r', '\n');
		if (end == m.len)
			break;
		if (!restored && (end == 0 || m.at[end - 1] != '\r'))
			find(c, FORM_BARE_LF, nothing, m.at + end);
		if (end - begin > FORM_LINE_MAX + 1)
			find(c, FORM_LONG_LINE, nothing, m.at + begin);
		begin = end + 1;
	}
	if (m.len - begin > FORM_LINE_MAX)
		find(c, FORM_LONG_LINE, nothing, m.at + begin);
}

void
rfc5322_form_check(struct arena *arena, struct span message, bool restored, struct rfc5322_form *form)
{
	struct checking c = { .arena = arena, .message = message, .form = form };
	struct span body;

	form->n = 0;
	header_split(header_start(message), &c.header, &body);
	if (c.header.at > message.at && !mbox_is_start(message))
		find(&c, FORM_BAD_FIELD, nothing, message.at);
	check_fields(&c);
	if (c.n_from == 0)
		find(&c, FORM_NO_FROM, nothing, NULL);
	if (!c.has_date)
		find(&c, FORM_NO_DATE, nothing, NULL);
	if (!c.has_message_id)
		find(&c, FORM_NO_MESSAGE_ID, nothing, NULL);
	if (c.header.len > FORM_HEADER_MAX)
		find(&c, FORM_HEADER_SIZE, nothing, NULL);
	if (c.n_fields > FORM_FIELDS_MAX)
		find(&c, FORM_TOO_MANY_FIELDS, nothing, NULL);
	if (c.n_hops > FORM_HOPS_MAX)
		find(&c, FORM_HOPS, nothing, NULL);
	check_lines(&c, restored);
}
