#include "auth/canonical.h"

enum { BLOCK = 16, STRIDE = 4 * BLOCK };

/* 16 bytes at once: what any machine of today compares in one instruction. */
typedef char block __attribute__((vector_size(BLOCK)));
typedef long long halves __attribute__((vector_size(BLOCK)));

void
canonical_body_init(struct canonical_body *c, enum canonicalization way, uint64_t limit,
    void (*put)(void *context, struct span bytes), void *context)
{
	*c = (struct canonical_body){ .way = way, .put = put, .context = context, .limit = limit };
}

static void
hand_on(struct canonical_body *c, struct span s)
{
	const uint64_t room = c->size < c->limit ? c->limit - c->size : 0;

	c->size += s.len;
	if (s.len > room)
		s.len = (size_t)room;
	if (s.len > 0)
		c->put(c->context, s);
}

/* Something follows, so what was held back was not the end. */
static void
hand_on_held(struct canonical_body *c)
{
	static const char ends[] = "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";
	const uint64_t most = (sizeof(ends) - 1) / 2;

	while (c->line_ends > 0) {
		const uint64_t n = c->line_ends < most ? c->line_ends : most;

		hand_on(c, (struct span){ ends, (size_t)n * 2 });
		c->line_ends -= n;
	}
	if (c->blank) {
		hand_on(c, span_of(" "));
		c->blank = false;
	}
}

/* WSP at a line's end and more than one in a row are what "relaxed" changes. RFC 6376 section 3.4.4 */
static bool
changes_at(const char *at)
{
	return at[0] == '\t' || (at[0] == ' ' && (ascii_is_blank(at[1]) || at[1] == '\r'));
}

static inline block
hits_in(const char *at)
{
	block here, next;

	memcpy(&here, at, BLOCK);
	memcpy(&next, at + 1, BLOCK);
	return (block)((here == '\t') | ((here == ' ') & ((next == ' ') | (next == '\t') | (next == '\r'))));
}

/* How many bytes from the front stay as they are, looked at one ahead. */
static size_t
unchanged_len(struct span s)
{
	const size_t last = s.len - 1;
	size_t i = 0;

	for (; i + STRIDE < s.len; i += STRIDE) {
		const block all = hits_in(s.at + i) | hits_in(s.at + i + BLOCK) | hits_in(s.at + i + 2 * BLOCK) |
		    hits_in(s.at + i + 3 * BLOCK);
		const halves hit = (halves)all;

		if ((hit[0] | hit[1]) != 0)
			break;
	}
	while (i < last && !changes_at(s.at + i))
		i++;
	return i;
}

/* Hands on a run that stays as it is, but holds the line ends at its end back. */
static void
hand_on_run(struct canonical_body *c, struct span run)
{
	size_t text = run.len;

	while (text >= 2 && run.at[text - 1] == '\n' && run.at[text - 2] == '\r')
		text -= 2;
	if (text > 0) {
		hand_on_held(c);
		hand_on(c, span_first(run, text));
	}
	c->line_ends += (run.len - text) / 2;
	if (text < run.len)
		c->blank = false;
}

/* The one byte that cannot be judged from what is around it. */
static void
add_byte(struct canonical_body *c, const char *at)
{
	if (c->cr) {
		c->cr = false;
		if (*at == '\n') {
			c->line_ends++;
			c->blank = false;
			return;
		}
		hand_on_held(c);
		hand_on(c, span_of("\r"));
	}
	if (*at == '\r') {
		c->cr = true;
	} else if (c->way == CANONICALIZATION_RELAXED && ascii_is_blank(*at)) {
		c->blank = true;
	} else {
		hand_on_held(c);
		hand_on(c, (struct span){ at, 1 });
	}
}

void
canonical_body_add(struct canonical_body *c, struct span piece)
{
	while (piece.len > 0) {
		size_t n = 0;

		if (!c->cr && !(c->blank && (ascii_is_blank(piece.at[0]) || piece.at[0] == '\r'))) {
			n = c->way == CANONICALIZATION_RELAXED ? unchanged_len(piece) : piece.len;
			while (n > 0 && piece.at[n - 1] == '\r')
				n--; /* may begin a line end */
		}
		if (n > 0) {
			hand_on_run(c, span_first(piece, n));
		} else {
			add_byte(c, piece.at);
			n = 1;
		}
		piece = span_skip(piece, n);
	}
}

/* "simple" has one line end even when empty; "relaxed" none then. RFC 6376 sections 3.4.3 and 3.4.4 */
void
canonical_body_end(struct canonical_body *c)
{
	if (c->cr) {
		c->cr = false;
		hand_on_held(c);
		hand_on(c, span_of("\r"));
	}
	c->blank = c->blank && c->way == CANONICALIZATION_SIMPLE;
	if (c->size > 0 || c->way == CANONICALIZATION_SIMPLE)
		hand_on(c, span_of("\r\n"));
	c->line_ends = 0;
}

static void
put_simple(struct out *out, struct span field)
{
	out_span(out, field);
	while (out->len > 0 && (out->at[out->len - 1] == '\n' || out->at[out->len - 1] == '\r'))
		out->len--;
}

/* The name in lower case, no WSP around the colon, unfolded, WSP as one SP, none at the end. RFC 6376 section 3.4.2 */
static void
put_relaxed(struct out *out, struct span field)
{
	const size_t colon = span_index(field, ':');
	const struct span name = span_trim(span_first(field, colon));
	bool blank = false, any = false;

	for (size_t i = 0; i < name.len; i++)
		out_char(out, ascii_lower(name.at[i]));
	out_char(out, ':');
	for (size_t i = colon + 1; i < field.len; i++) {
		const char c = field.at[i];

		if (ascii_is_blank(c) || c == '\r' || c == '\n') {
			blank = true;
			continue;
		}
		if (blank && any)
			out_char(out, ' ');
		out_char(out, c);
		blank = false;
		any = true;
	}
}

void
canonical_header(struct out *out, enum canonicalization way, struct span field, struct span hole)
{
	struct out whole = { 0 };

	if (hole.len > 0) {
		out_span(&whole, span_first(field, (size_t)(hole.at - field.at)));
		out_span(&whole, span_skip(field, (size_t)(hole.at + hole.len - field.at)));
		field = out_view(&whole);
	}
	if (way == CANONICALIZATION_RELAXED)
		put_relaxed(out, field);
	else
		put_simple(out, field);
	out_str(out, "\r\n");
	out_deinit(&whole);
}
