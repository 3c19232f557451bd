/*
 * Packets in any order, cut anywhere, answered in any way. What is sent must
 * be packets, of kinds the MTA offered to take, and changes only at the end of
 * a message; each event that is answered is answered once.
 *
 *	"OCMRLNBE", each behind two bytes: how its data is made and how it is answered
 */
#include <stdlib.h>

#include "gate/milter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_packet(struct out *out, char letter, struct span data)
{
	const uint32_t n = (uint32_t)data.len + 1;

	out_span(out, (struct span){ (char[]){ 0, (char)(n >> 16), (char)(n >> 8), (char)n, letter }, 5 });
	out_span(out, data);
}

/* The MTA's side: three bytes a packet, then as much data as the second says. */
static void
make_stream(struct span in, struct out *out)
{
	const uint32_t bits = in.len > 2 ? (uint32_t)((uint8_t)in.at[0] << 13 | (uint8_t)in.at[1] << 5 | 0x1f) : 0;
	const char offer[] = { 0, 0, 0, in.len > 0 && (in.at[0] & 1) ? 2 : 6, 0, 0, 1,
		(char)(in.len > 1 ? in.at[1] : 0x31), 0, (char)(bits >> 16), (char)(bits >> 8), (char)bits };

	put_packet(out, 'O', (struct span){ offer, sizeof(offer) });
	in = span_skip(in, in.len < 2 ? in.len : 2);
	while (in.len >= 2) {
		const char letter = in.at[0];
		const size_t n = (uint8_t)in.at[1] & 0x3f;

		in = span_skip(in, 2);
		put_packet(out, letter, span_first(in, n));
		in = span_skip(in, n < in.len ? n : in.len);
	}
}

/* Whole packets only; returns how many answers are among them. */
static unsigned
check_sent(struct milter *m, bool at_end)
{
	struct span s = out_view(&m->to_mta);
	unsigned answers = 0;

	while (s.len > 0) {
		const uint8_t *b = (const uint8_t *)s.at;
		const size_t n = s.len < 5 ? 0 : (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];

		if (n == 0 || n > s.len - 4 || strchr("Ocartdsyimqp", s.at[4]) == NULL)
			abort();
		if (strchr("imqp", s.at[4]) != NULL && !at_end)
			abort();
		if ((s.at[4] == 'i' && !(m->actions & 1)) || (s.at[4] == 'm' && !(m->actions & 0x10)))
			abort();
		answers += strchr("cartdsy", s.at[4]) != NULL;
		s = span_skip(s, n + 4);
	}
	out_clear(&m->to_mta);
	return answers;
}

static void
answer(struct milter *m, const struct milter_event *e)
{
	static const enum milter_answer all[] = { MILTER_CONTINUE, MILTER_ACCEPT, MILTER_REJECT, MILTER_TEMPFAIL,
		MILTER_SKIP };
	const size_t how = e->text.len + e->more.len;
	const bool at_end = m->state == MILTER_AT_END, owed = m->owes;

	milter_macro(m, "i");
	milter_insert_header(m, 0, span_of("X"), e->text);
	milter_change_header(m, 1, span_of("X"), e->more);
	milter_quarantine(m, e->text);
	milter_progress(m);
	if (how % 3 != 0 || !milter_reply(m, e->more.len > 0 ? e->more : span_of("550-5.7.26 100%\n550 5.7.26 no")))
		milter_answer(m, all[how % 5]);
	if (m->owes || check_sent(m, at_end) != owed)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct milter m = { .state = MILTER_FRESH };
	struct milter_event e;
	struct out stream = { 0 };
	const size_t cut = size > 0 ? 1 + data[size - 1] % 40U : 1;
	enum parse parse = PARSE_MORE;

	if (size > 0 && data[0] == 'R') /* raw */
		out_span(&stream, (struct span){ (const char *)data + 1, size - 1 });
	else
		make_stream((struct span){ (const char *)data, size }, &stream);
	for (size_t at = 0; at < stream.len && parse != PARSE_BAD; at += cut) {
		struct span bytes = span_first(span_skip(out_view(&stream), at), cut);

		while ((parse = milter_take(&m, &bytes, &e)) == PARSE_OK) {
			if (e.kind == MILTER_NEGOTIATE)
				check_sent(&m, false);
			else
				answer(&m, &e);
		}
		if (parse == PARSE_MORE && bytes.len > 0)
			abort();
	}
	if (parse == PARSE_BAD)
		check_sent(&m, false);
	out_deinit(&stream);
	milter_deinit(&m);
	return 0;
}
