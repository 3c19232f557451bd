#include "message/message.h"

#include "message/header.h"

enum {
	PARTS_FIRST = 8,
	FIRST_LINES_SIZE = 4096, /* where a line end must have come */
};

enum state {
	IN_HEADER,
	IN_LEAF,
	IN_MULTIPART, /* preamble, or epilogue */
};

/* A multipart whose end has not come yet. */
struct open_multipart {
	struct span boundary; /* empty: not told, the first delimiter says */
	struct span header;
	const char *body;
	bool delimited; /* a delimiter of its own was met */
	bool closed; /* so was its last one */
};

struct splitter {
	struct arena *arena;
	struct message *m;
	size_t parts_size;
	struct open_multipart open[MESSAGE_DEPTH_MAX];
	unsigned depth;
	enum state state;
	const char *header; /* where the part began */
	struct mime_part part; /* the leaf being read */
};

static struct span
between(const char *start, const char *end)
{
	return (struct span){ start, end > start ? (size_t)(end - start) : 0 };
}

static void
add_part(struct splitter *sp, const struct mime_part *part)
{
	struct message *m = sp->m;

	if (m->n_parts == MESSAGE_PARTS_MAX) {
		m->parts_cut = true;
		return;
	}
	if (m->n_parts == sp->parts_size) {
		size_t size = sp->parts_size ? sp->parts_size * 2 : PARTS_FIRST;

		m->parts = arena_grow(sp->arena, m->parts, sp->parts_size * sizeof(*part), size * sizeof(*part));
		sp->parts_size = size;
	}
	m->parts[m->n_parts++] = *part;
}

/* The line end before a delimiter belongs to the delimiter.
   RFC 2046 section 5.1.1 */
static struct span
without_line_end(struct span s)
{
	if (s.len > 0 && s.at[s.len - 1] == '\n')
		s.len--;
	if (s.len > 0 && s.at[s.len - 1] == '\r')
		s.len--;
	return s;
}

static void
push(struct splitter *sp, const char *body)
{
	sp->open[sp->depth++] = (struct open_multipart){
		.boundary = sp->part.boundary,
		.header = sp->part.header,
		.body = body,
	};
	sp->state = IN_MULTIPART;
}

enum { CONTENT_TYPE = MESSAGE_N_FIELDS, CONTENT_TRANSFER_ENCODING, N_TOP_FIELDS };

/* The message's own header: one pass for all that is asked of it. */
static void
read_top_header(struct splitter *sp, struct span header)
{
	static const struct span names[N_TOP_FIELDS] = { [MESSAGE_FROM] = SPAN_INIT("From"),
		[MESSAGE_TO] = SPAN_INIT("To"),
		[MESSAGE_SUBJECT] = SPAN_INIT("Subject"),
		[MESSAGE_RETURN_PATH] = SPAN_INIT("Return-Path"),
		[MESSAGE_AUTO_SUBMITTED] = SPAN_INIT("Auto-Submitted"),
		[MESSAGE_X_AUTOREPLY] = SPAN_INIT("X-Autoreply"),
		[MESSAGE_PRECEDENCE] = SPAN_INIT("Precedence"),
		[MESSAGE_X_FAILED_RECIPIENTS] = SPAN_INIT("X-Failed-Recipients"),
		[MESSAGE_DATE] = SPAN_INIT("Date"),
		[CONTENT_TYPE] = SPAN_INIT("Content-Type"),
		[CONTENT_TRANSFER_ENCODING] = SPAN_INIT("Content-Transfer-Encoding") };
	struct span values[N_TOP_FIELDS];

	header_find_all(header, names, N_TOP_FIELDS, values);
	for (size_t i = 0; i < MESSAGE_N_FIELDS; i++)
		sp->m->fields[i] = values[i].at != NULL ? values[i] : (struct span){ "", 0 };
	mime_read_fields(sp->arena, header, values[CONTENT_TYPE], values[CONTENT_TRANSFER_ENCODING], &sp->part);
}

/* The header of a part is all there, its body begins at `body`. */
static void
end_header(struct splitter *sp, const char *end, const char *body)
{
	if (sp->header == sp->m->header.at)
		read_top_header(sp, between(sp->header, end));
	else
		mime_read_header(sp->arena, between(sp->header, end), &sp->part);
	sp->part.depth = sp->depth;
	if (sp->part.kind == MIME_MULTIPART && sp->depth < MESSAGE_DEPTH_MAX) {
		push(sp, body);
		return;
	}
	if (sp->part.kind == MIME_MULTIPART) {
		sp->part.kind = MIME_OTHER;
		sp->m->parts_cut = true;
	}
	sp->part.body = between(body, body);
	sp->state = IN_LEAF;
}

/* A multipart without one delimiter of its own is taken for text: its boundary
   was mangled, and what it says is still worth reading. */
static void
pop(struct splitter *sp, const char *end)
{
	const struct open_multipart *top = &sp->open[--sp->depth];
	struct mime_part part;

	if (top->delimited)
		return;
	mime_read_header(sp->arena, top->header, &part);
	part.kind = MIME_TEXT_PLAIN;
	part.depth = sp->depth;
	part.body = between(top->body, end);
	if (part.depth > 0)
		part.body = without_line_end(part.body);
	add_part(sp, &part);
}

/* What is being read ends at `end`. */
static void
end_part(struct splitter *sp, const char *end)
{
	if (sp->state == IN_HEADER)
		end_header(sp, end, end);
	if (sp->state == IN_LEAF) {
		sp->part.body = between(sp->part.body.at, end);
		if (sp->depth > 0)
			sp->part.body = without_line_end(sp->part.body);
		add_part(sp, &sp->part);
	}
	sp->state = IN_MULTIPART;
}

/* delimiter := "--" boundary, close-delimiter := delimiter "--", each with
   blanks behind it. RFC 2046 section 5.1.1 */
static bool
is_delimiter(struct span line, struct span boundary, bool *closing)
{
	struct span rest;

	if (boundary.len == 0 || line.len < boundary.len || memcmp(line.at, boundary.at, boundary.len) != 0)
		return false;
	rest = span_trim(span_skip(line, boundary.len));
	*closing = rest.len == 2 && rest.at[0] == '-' && rest.at[1] == '-';
	return rest.len == 0 || *closing;
}

/* A multipart that keeps its boundary to itself: its first line that begins
   with two hyphens tells it. */
static void
learn_boundary(struct splitter *sp, struct span line)
{
	struct open_multipart *top = &sp->open[sp->depth - 1];

	if (sp->state == IN_MULTIPART && top->boundary.len == 0 && line.len < 256)
		top->boundary = span_trim(line);
}

/* `line` began with two hyphens, which are off; `start` is before them. */
static void
meet_hyphens(struct splitter *sp, struct span line, const char *start, const char *next)
{
	bool closing = false;
	unsigned level;

	learn_boundary(sp, line);
	for (level = sp->depth; level > 0; level--)
		if (!sp->open[level - 1].closed && is_delimiter(line, sp->open[level - 1].boundary, &closing))
			break;
	if (level == 0)
		return;
	end_part(sp, start);
	while (sp->depth > level)
		pop(sp, start);
	sp->open[level - 1].delimited = true;
	sp->open[level - 1].closed = closing;
	sp->header = next;
	sp->state = closing ? IN_MULTIPART : IN_HEADER;
}

/* One pass over the lines: each is held against the few boundaries that are
   open, so nested parts are not read again level by level. */
static void
split(struct splitter *sp, struct span rest)
{
	while (rest.len > 0 && sp->m->n_parts < MESSAGE_PARTS_MAX) {
		size_t n = span_index(rest, '\n');
		const char *next = rest.at + (n < rest.len ? n + 1 : n);
		struct span line = span_first(rest, n);

		if (line.len >= 2 && line.at[0] == '-' && line.at[1] == '-' && sp->depth > 0)
			meet_hyphens(sp, span_skip(line, 2), rest.at, next);
		else if (sp->state == IN_HEADER && n < rest.len && line.len < 3 && span_trim(line).len == 0)
			end_header(sp, rest.at, next);
		rest = between(next, rest.at + rest.len);
		if (sp->open[0].closed)
			return; /* all behind it is epilogue */
	}
	sp->m->parts_cut |= rest.len > 0;
}

/* Old Macintosh files end lines in CR alone. */
static bool
has_cr_alone(struct span bytes)
{
	struct span first = span_first(bytes, FIRST_LINES_SIZE);

	return span_index(first, '\n') == first.len && span_index(first, '\r') + 1 < first.len;
}

static struct span
with_lf(struct arena *arena, struct span s)
{
	char *start = arena_take(arena, s.len + 1), *to = start;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n')
			continue;
		*to++ = s.at[i] == '\r' ? '\n' : s.at[i];
	}
	return (struct span){ start, (size_t)(to - start) };
}

bool
message_parse(struct arena *arena, struct span bytes, struct message *m)
{
	struct splitter sp = { .arena = arena, .m = m };
	struct header_field f;
	struct span fields;
	const char *end;

	if (bytes.at == NULL)
		bytes = span_of("");
	if (has_cr_alone(bytes))
		bytes = with_lf(arena, bytes);
	end = bytes.at + bytes.len;
	*m = (struct message){ 0 };
	header_split(bytes, &m->header, &m->body);
	fields = m->header;
	sp.header = m->header.at;
	end_header(&sp, m->header.at + m->header.len, m->body.at);
	if (sp.depth > 0)
		split(&sp, m->body);
	if (sp.state != IN_HEADER || sp.header < end)
		end_part(&sp, end); /* a delimiter that nothing follows is no part */
	m->unended = sp.depth > 0 && !sp.open[0].closed;
	while (sp.depth > 0)
		pop(&sp, end);
	if (m->n_parts == 0) {
		mime_read_header(arena, m->header, &sp.part);
		sp.part.kind = MIME_TEXT_PLAIN;
		sp.part.depth = 0;
		sp.part.body = m->body;
		add_part(&sp, &sp.part);
	}
	return header_take_field(&fields, &f);
}

const struct mime_part *
message_find_part(const struct message *m, enum mime_kind kind)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].kind == kind)
			return &m->parts[i];
	return NULL;
}
