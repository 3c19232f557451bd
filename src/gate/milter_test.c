#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "gate/milter.h"

enum { ALL_ACTIONS = 0x1ff, ALL_EVENTS = 0x1fffff };

#define TEXT(literal) ((struct span){ literal, sizeof(literal) - 1 })
#define PACKETS_MAX 32

static void
put_packet(struct out *out, struct span body)
{
	const uint32_t n = (uint32_t)body.len;

	out_span(out, (struct span){ (char[]){ (char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n }, 4 });
	out_span(out, body);
}

static void
put_offer(struct out *out, uint32_t version, uint32_t actions, uint32_t events)
{
	const uint32_t numbers[] = { version, actions, events };
	char packet[13] = { 'O' };

	for (size_t i = 0; i < 12; i++)
		packet[i + 1] = (char)(numbers[i / 4] >> (24 - 8 * (i % 4)));
	put_packet(out, (struct span){ packet, sizeof(packet) });
}

/* What the machine sent: the letters of its packets. */
static const char *
sent(struct milter *m)
{
	static char letters[PACKETS_MAX];
	struct span s = out_view(&m->to_mta);
	size_t n = 0;

	while (s.len >= 5 && n < PACKETS_MAX - 1) {
		const uint8_t *b = (const uint8_t *)s.at;

		letters[n++] = s.at[4];
		s = span_skip(s, 4 + ((size_t)b[2] << 8 | b[3]));
	}
	assert_int_equal(s.len, 0);
	letters[n] = '\0';
	out_clear(&m->to_mta);
	return letters;
}

/* The last packet's data, behind its letter. */
static struct span
sent_data(struct milter *m)
{
	return span_skip(out_view(&m->to_mta), 5);
}

static void
negotiate(struct milter *m, uint32_t version, uint32_t actions, uint32_t events)
{
	struct out stream = { 0 };
	struct milter_event e;
	struct span bytes;

	put_offer(&stream, version, actions, events);
	bytes = out_view(&stream);
	assert_int_equal(milter_take(m, &bytes, &e), PARSE_OK);
	assert_int_equal(e.kind, MILTER_NEGOTIATE);
	out_deinit(&stream);
}

/* One packet in; what came of it. */
static enum parse
give(struct milter *m, struct span body, struct milter_event *e)
{
	static struct out stream;
	struct span bytes;

	out_clear(&stream);
	put_packet(&stream, body);
	bytes = out_view(&stream);
	return milter_take(m, &bytes, e);
}

static void
to_the_end(struct milter *m)
{
	static const struct span way[] = { SPAN_INIT("Cmx\0U"), SPAN_INIT("Hmx\0"), SPAN_INIT("M<a@example.jp>\0"),
		SPAN_INIT("R<b@example.com>\0"), SPAN_INIT("N"), SPAN_INIT("E") };
	struct milter_event e;

	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++) {
		assert_int_equal(give(m, way[i], &e), PARSE_OK);
		if (e.kind != MILTER_END)
			milter_answer(m, MILTER_CONTINUE);
	}
	out_clear(&m->to_mta);
}

static const struct {
	const char *what;
	uint32_t version, actions, events;
	uint32_t version_told, actions_told, events_told;
} offers[] = {
	{ "Postfix 3.7", 6, 0x1ff, 0x1fffff, 6, 0x131, 0x1ff580 },
	{ "a newer version", 9, ALL_ACTIONS, ALL_EVENTS, 6, 0x131, 0x1ff580 },
	{ "version 2", 2, 0x3f, 0x7f, 2, 0x31, 0 },
	{ "no list of macros", 6, 0x3f, ALL_EVENTS, 6, 0x31, 0x1ff580 },
	{ "answers to all", 6, ALL_ACTIONS, 0x7f, 6, 0x131, 0 },
	{ "nothing", 6, 0, 0, 6, 0, 0 },
};

static uint32_t
number_at(struct span s, size_t at)
{
	const uint8_t *b = (const uint8_t *)s.at + at;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void
nothing_is_asked_for_that_was_not_offered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		struct milter m = { .state = MILTER_FRESH };
		struct span answer;

		negotiate(&m, offers[i].version, offers[i].actions, offers[i].events);
		answer = sent_data(&m);
		if (number_at(answer, 0) != offers[i].version_told || number_at(answer, 4) != offers[i].actions_told ||
		    number_at(answer, 8) != offers[i].events_told)
			fail_msg("%s: %u %x %x", offers[i].what, number_at(answer, 0), number_at(answer, 4),
			    number_at(answer, 8));
		assert_int_equal(answer.len > 12, (offers[i].actions & 0x100) != 0);
		assert_string_equal(sent(&m), "O");
		milter_deinit(&m);
	}
}

static void
the_macros_wanted_are_listed_by_stage(void **state)
{
	struct milter m = { .state = MILTER_FRESH };
	struct span list;

	(void)state;
	negotiate(&m, 6, ALL_ACTIONS, ALL_EVENTS);
	list = span_skip(sent_data(&m), 12);
	for (uint32_t stage = 0; stage < 7; stage++) {
		assert_int_equal(number_at(list, 0), stage);
		list = span_skip(list, 4);
		list = span_skip(list, span_index(list, '\0') + 1);
	}
	assert_int_equal(list.len, 0);
	milter_deinit(&m);
}

static const struct span message[] = { SPAN_INIT("DCj\0mx.example.com\0{daemon_name}\0smtpd\0"),
	SPAN_INIT("Cmail.example.jp\0"
		  "4\x30\x39"
		  "192.0.2.1\0"),
	SPAN_INIT("Hmail.example.jp\0"), SPAN_INIT("DM{auth_authen}\0taro\0"),
	SPAN_INIT("M<taro@example.jp>\0SIZE=9\0"), SPAN_INIT("R<hanako@example.com>\0"), SPAN_INIT("DTi\0ABC123\0"),
	SPAN_INIT("T"), SPAN_INIT("LSubject\0 order\0"), SPAN_INIT("N"), SPAN_INIT("Bone\r"), SPAN_INIT("B\ntwo\r\n"),
	SPAN_INIT("E") };
static const enum milter_kind kinds[] = { MILTER_CONNECT, MILTER_HELO, MILTER_MAIL, MILTER_RCPT, MILTER_DATA,
	MILTER_HEADER, MILTER_END_OF_HEADER, MILTER_BODY, MILTER_BODY, MILTER_END };

static void
check_event(const struct milter *m, const struct milter_event *e)
{
	switch (e->kind) {
	case MILTER_CONNECT:
		assert_true(span_equal(e->address, span_of("192.0.2.1")) && e->port == 12345);
		assert_true(span_equal(milter_macro(m, "daemon_name"), span_of("smtpd")));
		break;
	case MILTER_MAIL:
		assert_true(span_equal(e->text, span_of("<taro@example.jp>")) && span_equal(e->more, TEXT("SIZE=9\0")));
		assert_true(span_equal(milter_macro(m, "auth_authen"), span_of("taro")));
		break;
	case MILTER_HEADER: assert_true(span_equal(e->more, span_of(" order"))); break;
	case MILTER_END: assert_true(span_equal(milter_macro(m, "i"), span_of("ABC123"))); break;
	default: break;
	}
}

static void
a_message_cut_anywhere_gives_the_same_events(void **state)
{
	struct out stream = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(message) / sizeof(message[0]); i++)
		put_packet(&stream, message[i]);
	for (size_t cut = 1; cut <= stream.len; cut++) {
		struct milter m = { .state = MILTER_FRESH };
		struct milter_event e;
		size_t n = 0;

		negotiate(&m, 6, ALL_ACTIONS, ALL_EVENTS);
		out_clear(&m.to_mta);
		for (size_t at = 0; at < stream.len; at += cut) {
			struct span bytes = span_first(span_skip(out_view(&stream), at), cut);

			while (milter_take(&m, &bytes, &e) == PARSE_OK) {
				assert_int_equal(e.kind, kinds[n++]);
				check_event(&m, &e);
			}
		}
		assert_int_equal(n, sizeof(kinds) / sizeof(kinds[0]));
		assert_true(milter_answer(&m, MILTER_ACCEPT));
		assert_string_equal(sent(&m), "a");
		assert_null(milter_macro(&m, "auth_authen").at);
		assert_non_null(milter_macro(&m, "daemon_name").at);
		milter_deinit(&m);
	}
	out_deinit(&stream);
}

static void
an_mta_that_waits_for_answers_gets_one_each(void **state)
{
	struct milter m = { .state = MILTER_FRESH };
	struct milter_event e;
	size_t n = 0;

	(void)state;
	negotiate(&m, 2, 0x3f, 0x7f);
	out_clear(&m.to_mta);
	for (size_t i = 0; i < sizeof(message) / sizeof(message[0]); i++)
		if (give(&m, message[i], &e) == PARSE_OK && ++n)
			milter_answer(&m, MILTER_CONTINUE);
	assert_int_equal(n, sizeof(kinds) / sizeof(kinds[0]));
	assert_string_equal(sent(&m), "cccccccccc");
	milter_deinit(&m);
}

static const struct {
	const char *what;
	struct span packet;
	enum milter_state state; /* in which it comes */
	const char *told; /* to the MTA */
} faults[] = {
	{ "a mail before the connection", SPAN_INIT("M<a@example.jp>\0"), MILTER_IDLE, "t" },
	{ "a recipient without a sender", SPAN_INIT("R<a@example.jp>\0"), MILTER_IN_SESSION, "t" },
	{ "a field before the sender", SPAN_INIT("LA\0b\0"), MILTER_IN_SESSION, "t" },
	{ "a body within the header", SPAN_INIT("Bx"), MILTER_IN_ENVELOPE, "t" },
	{ "an end before the body", SPAN_INIT("E"), MILTER_IN_ENVELOPE, "t" },
	{ "a second connection", SPAN_INIT("Cmx\0U"), MILTER_IN_SESSION, "t" },
	{ "a second negotiation", SPAN_INIT("O\0\0\0\6\0\0\0\0\0\0\0\0"), MILTER_IN_SESSION, "t" },
	{ "a letter that is none", SPAN_INIT("?"), MILTER_IN_SESSION, "" },
	{ "a zero", SPAN_INIT("\0"), MILTER_IN_SESSION, "" },
	{ "a sender cut short", SPAN_INIT("M<a@exam"), MILTER_IN_SESSION, "t" },
	{ "no sender at all", SPAN_INIT("M"), MILTER_IN_SESSION, "t" },
	{ "a parameter cut short", SPAN_INIT("M<a@example.jp>\0SIZE"), MILTER_IN_SESSION, "t" },
	{ "a field without a value", SPAN_INIT("LA\0"), MILTER_IN_ENVELOPE, "t" },
	{ "a field without a name", SPAN_INIT("L\0b\0"), MILTER_IN_ENVELOPE, "t" },
	{ "a client without a family", SPAN_INIT("Cmx\0"), MILTER_IDLE, "t" },
	{ "a client of an odd family", SPAN_INIT("Cmx\0X\0\x19"), MILTER_IDLE, "t" },
	{ "a client without its port",
	    SPAN_INIT("Cmx\0"
		      "4\0"),
	    MILTER_IDLE, "t" },
	{ "an address cut short",
	    SPAN_INIT("Cmx\0"
		      "4\0\x19"
		      "192.0.2.1"),
	    MILTER_IDLE, "t" },
};

static void
bring(struct milter *m, enum milter_state state)
{
	struct milter_event e;

	negotiate(m, 2, 0x3f, 0x7f);
	if (state >= MILTER_IN_SESSION)
		give(m, TEXT("Cmx\0U"), &e);
	milter_answer(m, MILTER_CONTINUE);
	if (state >= MILTER_IN_ENVELOPE)
		give(m, TEXT("M<a@example.jp>\0"), &e);
	milter_answer(m, MILTER_CONTINUE);
	out_clear(&m->to_mta);
	assert_int_equal(m->state, state);
}

static void
what_cannot_stand_there_ends_the_connection_with_try_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct milter m = { .state = MILTER_FRESH };
		struct milter_event e;

		bring(&m, faults[i].state);
		if (give(&m, faults[i].packet, &e) != PARSE_BAD || m.fault == NULL)
			fail_msg("%s was taken", faults[i].what);
		if (strcmp(sent(&m), faults[i].told) != 0)
			fail_msg("%s", faults[i].what);
		assert_int_equal(give(&m, TEXT("Q"), &e), PARSE_BAD);
		milter_deinit(&m);
	}
}

static const struct {
	const char *what;
	struct span bytes;
	enum parse parse;
} frames[] = {
	{ "no length", SPAN_INIT("\0\0\0\0"), PARSE_BAD },
	{ "far too long", SPAN_INIT("\xff\xff\xff\xff"), PARSE_BAD },
	{ "longer than any", SPAN_INIT("\0\x10\0\1"), PARSE_BAD },
	{ "just not too long", SPAN_INIT("\0\x10\0\0"), PARSE_MORE },
	{ "an old negotiation", SPAN_INIT("\0\0\0\x0dO\0\0\0\1\0\0\0\0\0\0\0\0"), PARSE_BAD },
	{ "a short negotiation", SPAN_INIT("\0\0\0\x05O\0\0\0\6"), PARSE_BAD },
	{ "macros first",
	    SPAN_INIT("\0\0\0\x06"
		      "DCj\0x\0"),
	    PARSE_BAD },
	{ "a client first",
	    SPAN_INIT("\0\0\0\x05"
		      "Cmx\0U"),
	    PARSE_BAD },
	{ "another protocol", SPAN_INIT("GET / HTTP/1.1\r\n"), PARSE_BAD },
	{ "half a length", SPAN_INIT("\0\0"), PARSE_MORE },
};

static void
what_is_no_milter_is_refused_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct milter m = { .state = MILTER_FRESH };
		struct span bytes = frames[i].bytes;
		struct milter_event e;

		if (milter_take(&m, &bytes, &e) != frames[i].parse)
			fail_msg("%s", frames[i].what);
		milter_deinit(&m);
	}
}

/* This ended opendkim and opendmarc with SIGSEGV. */
static void
a_macro_without_its_value_is_dropped(void **state)
{
	struct milter m = { .state = MILTER_FRESH };
	struct milter_event e;

	(void)state;
	bring(&m, MILTER_IN_SESSION);
	assert_int_equal(give(&m, TEXT("DM{auth_type}\0plain\0i\0"), &e), PARSE_MORE);
	assert_int_equal(give(&m, TEXT("M<a@example.jp>\0"), &e), PARSE_OK);
	assert_true(span_equal(milter_macro(&m, "auth_type"), span_of("plain")));
	assert_null(milter_macro(&m, "i").at);
	milter_answer(&m, MILTER_CONTINUE);
	assert_int_equal(give(&m, TEXT("DM"), &e), PARSE_MORE);
	assert_int_equal(give(&m, TEXT("D"), &e), PARSE_MORE);
	assert_int_equal(give(&m, TEXT("D?a\0b\0"), &e), PARSE_MORE);
	assert_null(milter_macro(&m, "auth_type").at);
	milter_deinit(&m);
}

static void
macros_beyond_all_measure_are_dropped(void **state)
{
	struct milter m = { .state = MILTER_FRESH };
	struct out packet = { 0 };
	struct milter_event e;

	(void)state;
	bring(&m, MILTER_IN_SESSION);
	out_str(&packet, "DM");
	for (size_t i = 0; i < 20000; i++)
		out_span(&packet, TEXT("i\0first\0"));
	out_span(&packet, TEXT("{last}\0x\0"));
	assert_int_equal(give(&m, out_view(&packet), &e), PARSE_MORE);
	assert_true(span_equal(milter_macro(&m, "i"), span_of("first")));
	assert_true(m.macros[MILTER_STAGE_MAIL].len <= MILTER_MACROS_SIZE_MAX);
	out_deinit(&packet);
	milter_deinit(&m);
}

static void
the_newest_macro_counts(void **state)
{
	struct milter m = { .state = MILTER_FRESH };
	struct milter_event e;

	(void)state;
	bring(&m, MILTER_IN_ENVELOPE);
	give(&m, TEXT("DMi\0old\0"), &e);
	give(&m, TEXT("DEi\0new\0"), &e);
	assert_true(span_equal(milter_macro(&m, "i"), span_of("new")));
	give(&m, TEXT("A"), &e);
	assert_null(milter_macro(&m, "i").at);
	milter_deinit(&m);
}

static const struct {
	const char *reply; /* lines parted by LF */
	struct span packet; /* what is sent behind 'y'; at == NULL: it is refused */
} replies[] = {
	{ "550 5.7.26 no", SPAN_INIT("550 5.7.26 no\0") },
	{ "550-5.7.26 one\n550 5.7.26 two", SPAN_INIT("550-5.7.26 one\r\n550 5.7.26 two\0") },
	{ "451 4.7.1 100% later", SPAN_INIT("451 4.7.1 100%% later\0") },
	{ "421 bye", SPAN_INIT("421 bye\0") },
	{ "550 10.0.0.1 is no code", SPAN_INIT("550 10.0.0.1 is no code\0") },
	{ "550 4.7.26 the other class", { NULL, 0 } },
	{ "450 5.7.26 the other class", { NULL, 0 } },
	{ "250 2.0.0 taken", { NULL, 0 } },
	{ "354 go on", { NULL, 0 } },
	{ "560 odd", { NULL, 0 } },
	{ "550-a\n551 b", { NULL, 0 } },
	{ "550-only begun", { NULL, 0 } },
	{ "550 a\n550 b", { NULL, 0 } },
	{ "550-a\n", { NULL, 0 } },
	{ "550 a\rb", { NULL, 0 } },
	{ "550", { NULL, 0 } },
	{ "no", { NULL, 0 } },
	{ "", { NULL, 0 } },
};

static void
a_reply_is_what_an_mta_takes_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct milter m = { .state = MILTER_FRESH };
		const bool sound = replies[i].packet.at != NULL;

		negotiate(&m, 6, ALL_ACTIONS, ALL_EVENTS);
		to_the_end(&m);
		if (milter_reply(&m, span_of(replies[i].reply)) != sound || m.owes == sound)
			fail_msg("%s", replies[i].reply);
		if (sound && !span_equal(sent_data(&m), replies[i].packet))
			fail_msg("%s: %.*s", replies[i].reply, (int)m.to_mta.len, m.to_mta.at);
		milter_deinit(&m);
	}
}

static void
a_field_is_written_with_the_blank_the_mta_wants(void **state)
{
	struct milter m = { .state = MILTER_FRESH };

	(void)state;
	negotiate(&m, 6, ALL_ACTIONS, ALL_EVENTS);
	to_the_end(&m);
	assert_true(milter_insert_header(&m, 0, span_of("X-A"), span_of("one;\r\n\ttwo")));
	assert_true(span_equal(sent_data(&m), TEXT("\0\0\0\0X-A\0 one;\n\ttwo\0")));
	out_clear(&m.to_mta);
	assert_true(milter_change_header(&m, 2, span_of("X-A"), TEXT("")));
	assert_true(span_equal(sent_data(&m), TEXT("\0\0\0\2X-A\0\0")));
	milter_deinit(&m);

	negotiate(&m, 2, 0x3f, 0x7f);
	to_the_end(&m);
	assert_true(milter_insert_header(&m, 1, span_of("X-A"), span_of("one")));
	assert_true(span_equal(sent_data(&m), TEXT("\0\0\0\1X-A\0one\0")));
	milter_deinit(&m);
}

static void
a_message_is_changed_only_at_its_end_and_as_was_agreed(void **state)
{
	struct milter m = { .state = MILTER_FRESH };

	(void)state;
	bring(&m, MILTER_IN_ENVELOPE);
	assert_false(milter_insert_header(&m, 0, span_of("X"), span_of("y")));
	assert_false(milter_progress(&m));
	milter_deinit(&m);

	negotiate(&m, 6, 0x10, ALL_EVENTS);
	to_the_end(&m);
	assert_false(milter_insert_header(&m, 0, span_of("X"), span_of("y")));
	assert_false(milter_quarantine(&m, span_of("why")));
	assert_true(milter_change_header(&m, 1, span_of("X"), span_of("y")));
	assert_true(milter_progress(&m));
	assert_true(milter_answer(&m, MILTER_ACCEPT));
	assert_false(milter_change_header(&m, 1, span_of("X"), span_of("y")));
	assert_false(milter_answer(&m, MILTER_REJECT));
	assert_string_equal(sent(&m), "mpa");
	milter_deinit(&m);
}

static void
nothing_is_taken_before_the_answer(void **state)
{
	struct milter m = { .state = MILTER_FRESH };
	struct milter_event e;

	(void)state;
	negotiate(&m, 6, ALL_ACTIONS, ALL_EVENTS);
	to_the_end(&m);
	assert_int_equal(give(&m, TEXT("A"), &e), PARSE_MORE);
	assert_int_equal(m.state, MILTER_AT_END);
	milter_deinit(&m);
}

static void
the_next_message_and_the_next_session_go_on(void **state)
{
	struct milter m = { .state = MILTER_FRESH };
	struct milter_event e;

	(void)state;
	negotiate(&m, 6, ALL_ACTIONS, ALL_EVENTS);
	to_the_end(&m);
	milter_answer(&m, MILTER_ACCEPT);
	assert_int_equal(give(&m, TEXT("M<>\0"), &e), PARSE_OK);
	assert_int_equal(give(&m, TEXT("M<b@example.jp>\0"), &e), PARSE_OK);
	assert_int_equal(give(&m, TEXT("Hagain\0"), &e), PARSE_OK);
	assert_int_equal(m.state, MILTER_IN_SESSION);
	assert_int_equal(give(&m, TEXT("K"), &e), PARSE_OK);
	assert_int_equal(e.kind, MILTER_NEXT);
	assert_int_equal(give(&m,
			     TEXT("C[2001:db8::1]\0"
				  "6\0\x19IPv6:2001:db8::1\0"),
			     &e),
	    PARSE_OK);
	assert_true(span_equal(e.address, span_of("2001:db8::1")));
	assert_int_equal(give(&m, TEXT("Q"), &e), PARSE_OK);
	assert_int_equal(e.kind, MILTER_QUIT);
	assert_null(m.fault);
	milter_deinit(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_asked_for_that_was_not_offered),
		cmocka_unit_test(the_macros_wanted_are_listed_by_stage),
		cmocka_unit_test(a_message_cut_anywhere_gives_the_same_events),
		cmocka_unit_test(an_mta_that_waits_for_answers_gets_one_each),
		cmocka_unit_test(what_cannot_stand_there_ends_the_connection_with_try_again),
		cmocka_unit_test(what_is_no_milter_is_refused_at_once),
		cmocka_unit_test(a_macro_without_its_value_is_dropped),
		cmocka_unit_test(macros_beyond_all_measure_are_dropped),
		cmocka_unit_test(the_newest_macro_counts),
		cmocka_unit_test(a_reply_is_what_an_mta_takes_or_none),
		cmocka_unit_test(a_field_is_written_with_the_blank_the_mta_wants),
		cmocka_unit_test(a_message_is_changed_only_at_its_end_and_as_was_agreed),
		cmocka_unit_test(nothing_is_taken_before_the_answer),
		cmocka_unit_test(the_next_message_and_the_next_session_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
