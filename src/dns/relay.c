#include "dns/relay.h"

#include <errno.h>
#include <unistd.h>

#include "base/out.h"
#include "dns/evidence.h"

static bool
write_whole(int fd, struct span s)
{
	while (s.len > 0) {
		const ssize_t n = write(fd, s.at, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s = span_skip(s, (size_t)n);
	}
	return true;
}

static bool
read_whole(int fd, char *to, size_t size)
{
	while (size > 0) {
		const ssize_t n = read(fd, to, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		size -= (size_t)n;
	}
	return true;
}

static bool
send_evidence(int fd, const struct dns_answers *answers)
{
	struct out out = { 0 };
	char length[4];
	bool sent;

	evidence_write(&out, answers, 0);
	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (char)(out.len >> (24 - 8 * i) & 0xff);
	sent = write_whole(fd, (struct span){ length, sizeof(length) }) && write_whole(fd, out_view(&out));
	out_deinit(&out);
	return sent;
}

static bool
receive_evidence(int fd, size_t max, struct dns_answers *answers)
{
	struct evidence_fault fault;
	uint8_t length[4];
	uint64_t then;
	size_t n;
	char *text;

	if (!read_whole(fd, (char *)length, sizeof(length)))
		return false;
	n = (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 | length[3];
	if (n > max)
		return false;
	text = arena_take(answers->arena, n + 1);
	return read_whole(fd, text, n) && evidence_parse((struct span){ text, n }, answers, &then, &fault);
}

static void
put_failed(struct dns_answers *answers, const struct dns_question *question)
{
	dns_answers_put(
	    answers, &(struct dns_answer){ .name = question->name, .type = question->type, .result = DNS_FAILED });
}

void
relay_ask(int fd, struct dns_answers *answers)
{
	struct dns_question wanted[DNS_WANTED_MAX];
	const size_t n = answers->n_wanted;
	struct arena arena = { 0 };
	struct dns_answers questions;

	memcpy(wanted, answers->wanted, n * sizeof(wanted[0]));
	answers->n_wanted = 0;
	dns_answers_init(&questions, &arena);
	for (size_t i = 0; i < n; i++)
		put_failed(&questions, &wanted[i]);
	if (!send_evidence(fd, &questions) || !receive_evidence(fd, RELAY_ANSWERS_SIZE_MAX, answers))
		answers->n_wanted = 0;
	for (size_t i = 0; i < n; i++)
		if (dns_answers_find(answers, wanted[i].name, wanted[i].type) == NULL)
			put_failed(answers, &wanted[i]);
	answers->n_wanted = 0;
	arena_deinit(&arena);
}

bool
relay_take_questions(int fd, struct dns_answers *answers)
{
	struct dns_answers questions;

	dns_answers_init(&questions, answers->arena);
	if (!receive_evidence(fd, RELAY_QUESTIONS_SIZE_MAX, &questions) || questions.n > DNS_WANTED_MAX)
		return false;
	for (size_t i = 0; i < questions.n; i++)
		dns_answers_find(answers, questions.all[i].name, questions.all[i].type);
	return true;
}

bool
relay_send_answers(int fd, const struct dns_answers *answers)
{
	return send_evidence(fd, answers);
}
