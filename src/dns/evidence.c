#include "dns/evidence.h"

#include "grammar/ip_address.h"

enum { RECORDS_FIRST = 4, RECORDS_MAX = 4096 };

static const struct span head = SPAN_INIT("todoku-evidence 1");

static const struct span results[] = { [DNS_ANSWERED] = SPAN_INIT("answered"),
	[DNS_NO_DATA] = SPAN_INIT("no-data"),
	[DNS_NO_NAME] = SPAN_INIT("no-name"),
	[DNS_FAILED] = SPAN_INIT("failed") };

/* `and_blank`: a blank would end it, too. */
static void
put_escaped(struct out *out, struct span s, bool and_blank)
{
	for (size_t i = 0; i < s.len; i++) {
		const uint8_t c = (uint8_t)s.at[i];

		if (c > ' ' + and_blank - 1 && c < 0x7f && c != '\\') {
			out_char(out, (char)c);
			continue;
		}
		out_char(out, '\\');
		out_char(out, (char)('0' + c / 100));
		out_char(out, (char)('0' + c / 10 % 10));
		out_char(out, (char)('0' + c % 10));
	}
}

static void
put_address(struct out *out, struct span bytes)
{
	struct ip_address ip = { .is_v6 = bytes.len == 16 };
	char text[IP_ADDRESS_TEXT_MAX];

	memcpy(ip.bytes, bytes.at, bytes.len <= 16 ? bytes.len : 16);
	ip_address_write(&ip, text);
	out_str(out, text);
}

static void
put_record(struct out *out, enum dns_type type, const struct dns_record *r)
{
	out_char(out, ' ');
	if (type == DNS_MX) {
		out_number(out, r->preference);
		out_char(out, ' ');
	}
	if (type == DNS_A || type == DNS_AAAA)
		put_address(out, r->data);
	else
		put_escaped(out, r->data, false);
	out_char(out, '\n');
}

void
evidence_write(struct out *out, const struct dns_answers *answers, uint64_t now)
{
	out_span(out, head);
	out_str(out, "\nnow ");
	out_number(out, now);
	out_char(out, '\n');
	for (size_t i = 0; i < answers->n; i++) {
		const struct dns_answer *a = &answers->all[i];

		out_str(out, dns_type_name(a->type));
		out_char(out, ' ');
		put_escaped(out, a->name, true);
		out_char(out, ' ');
		out_span(out, results[a->result]);
		out_char(out, ' ');
		out_number(out, a->ttl);
		out_str(out, a->secure ? " secure\n" : "\n");
		for (size_t k = 0; k < a->n_records; k++)
			put_record(out, a->type, &a->records[k]);
	}
}

static bool
unescape(struct arena *arena, struct span s, struct span *plain)
{
	char *to = arena_take(arena, s.len + 1);
	size_t n = 0;

	while (s.len > 0) {
		uint16_t byte;

		if (s.at[0] != '\\') {
			to[n++] = s.at[0];
			s = span_skip(s, 1);
			continue;
		}
		s = span_skip(s, 1);
		if (s.len < 3)
			return false;
		struct span digits = span_first(s, 3);
		if (!span_take_digits(&digits, 3, 3, &byte) || byte > 255)
			return false;
		to[n++] = (char)byte;
		s = span_skip(s, 3);
	}
	*plain = (struct span){ to, n };
	return true;
}

static bool
read_address(struct arena *arena, struct span s, enum dns_type type, struct span *bytes)
{
	uint8_t raw[16];
	struct span rest = s;
	const size_t size = type == DNS_A ? 4 : 16;

	if (type == DNS_A ? !ip_address_take_v4(&rest, raw) || rest.len > 0 : !ip_address_read_v6(s, raw))
		return false;
	*bytes = arena_copy(arena, (struct span){ (const char *)raw, size });
	return true;
}

static bool
read_record(struct arena *arena, struct span line, enum dns_type type, struct dns_record *r)
{
	*r = (struct dns_record){ .data = { "", 0 } };
	if (type == DNS_MX && (!span_take_digits(&line, 1, 5, &r->preference) || !span_take_char(&line, ' ')))
		return false;
	if (type == DNS_A || type == DNS_AAAA)
		return read_address(arena, line, type, &r->data);
	return unescape(arena, line, &r->data);
}

static struct span
take_word(struct span *line)
{
	const size_t n = span_index(*line, ' ');
	const struct span word = span_first(*line, n);

	*line = span_skip(*line, n < line->len ? n + 1 : n);
	return word;
}

static bool
read_type(struct span word, enum dns_type *type)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_TXT, DNS_MX, DNS_PTR, DNS_NS, DNS_CNAME };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (span_equal(word, span_of(dns_type_name(types[i])))) {
			*type = types[i];
			return true;
		}
	return false;
}

static bool
read_result(struct span word, enum dns_result *result)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (span_equal(word, results[i])) {
			*result = (enum dns_result)i;
			return true;
		}
	return false;
}

static bool
read_number(struct span word, uint64_t *number)
{
	uint64_t n = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] < '0' || word.at[i] > '9' || word.len > 18)
			return false;
		n = n * 10 + (uint64_t)(word.at[i] - '0');
	}
	*number = n;
	return word.len > 0;
}

static bool
read_answer(struct arena *arena, struct span line, struct dns_answer *a)
{
	const struct span type = take_word(&line), name = take_word(&line), result = take_word(&line);
	uint64_t ttl;

	*a = (struct dns_answer){ .result = DNS_FAILED };
	if (!read_type(type, &a->type) || !unescape(arena, name, &a->name) || !dns_name_is_sound(a->name) ||
	    a->name.at[a->name.len - 1] == '.' || !read_result(result, &a->result) ||
	    !read_number(take_word(&line), &ttl) || ttl > UINT32_MAX)
		return false;
	a->ttl = (uint32_t)ttl;
	a->secure = span_equal(line, span_of("secure"));
	return a->secure || line.len == 0;
}

static bool
fail(struct evidence_fault *fault, unsigned line, const char *what)
{
	*fault = (struct evidence_fault){ line, what };
	return false;
}

static bool
take_line(struct span *text, struct span *line)
{
	if (text->len == 0)
		return false;
	if (!span_take_line(text, line)) {
		*line = *text;
		*text = span_skip(*text, text->len);
	}
	return true;
}

/* The records behind an answer. */
static bool
take_records(struct arena *arena, struct span *text, unsigned *n_line, struct dns_answer *a)
{
	struct dns_record *records = arena_take(arena, RECORDS_FIRST * sizeof(*records));
	size_t room = RECORDS_FIRST;
	struct span line;

	for (; text->len > 0 && text->at[0] == ' '; a->n_records++) {
		take_line(text, &line);
		++*n_line;
		if (a->n_records == RECORDS_MAX)
			return false;
		if (a->n_records == room) {
			records = arena_grow(arena, records, room * sizeof(*records), 2 * room * sizeof(*records));
			room *= 2;
		}
		if (!read_record(arena, span_skip(line, 1), a->type, &records[a->n_records]))
			return false;
	}
	a->records = records;
	return (a->n_records > 0) == (a->result == DNS_ANSWERED);
}

bool
evidence_parse(struct span text, struct dns_answers *answers, uint64_t *now, struct evidence_fault *fault)
{
	struct span line;
	unsigned n_line = 2;

	if (!take_line(&text, &line) || !span_equal(line, head))
		return fail(fault, 1, "it does not begin with \"todoku-evidence 1\"");
	if (!take_line(&text, &line) || !span_equal(take_word(&line), span_of("now")) || !read_number(line, now))
		return fail(fault, 2, "the time is missing: \"now SECONDS\"");
	while (take_line(&text, &line)) {
		struct dns_answer a;

		n_line++;
		if (!read_answer(answers->arena, line, &a))
			return fail(fault, n_line, "not an answer: TYPE NAME RESULT TTL");
		if (!take_records(answers->arena, &text, &n_line, &a))
			return fail(fault, n_line, "the records do not fit their answer");
		if (!dns_answers_put(answers, &a))
			return fail(fault, n_line, "too many answers");
	}
	return true;
}
