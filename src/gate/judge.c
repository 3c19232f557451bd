#include "gate/judge.h"

#include <time.h>

enum { ROUNDS_MAX = 64 };

static uint32_t
steady_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint32_t)t.tv_sec;
}

static void
read_answers(evutil_socket_t fd, short what, void *context)
{
	struct judge *j = context;

	(void)fd;
	(void)what;
	resolver_process(j->resolver);
}

bool
judge_init(struct judge *j, const struct resolver_options *options, const char **what)
{
	dns_cache_init(&j->cache);
	j->crypto = crypto_create();
	j->seconds = options->seconds;
	if (j->zone != NULL)
		return true;
	j->resolver = resolver_create(options, what);
	if (j->resolver == NULL)
		return false;
	j->readable = event_new(j->base, resolver_descriptor(j->resolver), EV_READ | EV_PERSIST, read_answers, j);
	return j->readable != NULL && event_add(j->readable, NULL) == 0;
}

void
judge_deinit(struct judge *j)
{
	if (j->readable != NULL)
		event_free(j->readable);
	resolver_free(j->resolver);
	crypto_free(j->crypto);
	dns_cache_deinit(&j->cache);
}

static void go_on(struct case_at_hand *c);

static void
answered(void *context)
{
	struct case_at_hand *c = context;

	c->batch = NULL;
	dns_cache_keep(&c->judge->cache, steady_seconds(), &c->answers, c->asked, c->n_asked);
	go_on(c);
}

static void
run_out_of_time(evutil_socket_t fd, short what, void *context)
{
	struct case_at_hand *c = context;

	(void)fd;
	(void)what;
	c->out_of_time = true;
	if (c->batch != NULL)
		resolver_expire(c->batch);
}

/* Nothing more is asked: what is wanted has failed. */
static void
fail_wanted(struct dns_answers *answers)
{
	const size_t n = answers->n_wanted;

	answers->n_wanted = 0;
	for (size_t i = 0; i < n; i++)
		dns_answers_put(answers,
		    &(struct dns_answer){
			.name = answers->wanted[i].name, .type = answers->wanted[i].type, .result = DNS_FAILED });
}

/* False: the answers are on their way. */
static bool
answer(struct case_at_hand *c)
{
	struct judge *j = c->judge;

	if (c->out_of_time || c->rounds++ >= ROUNDS_MAX) {
		fail_wanted(&c->answers);
		return true;
	}
	if (j->zone != NULL) {
		zone_answer(j->zone, &c->answers);
		return true;
	}
	dns_cache_answer(&j->cache, steady_seconds(), &c->answers);
	c->n_asked = c->answers.n_wanted;
	memcpy(c->asked, c->answers.wanted, c->n_asked * sizeof(c->asked[0]));
	c->batch = resolver_start(j->resolver, &c->answers, answered, c);
	return c->batch == NULL;
}

/* RFC 6532 section 3 */
static void
allow_utf8(struct rfc5322_form *form)
{
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++)
		if (form->findings[i].kind != FORM_RAW_8BIT)
			form->findings[n++] = form->findings[i];
	form->n = n;
}

static void
ask_the_mind(struct case_at_hand *c)
{
	c->facts.query = &c->query;
	c->facts.found = c->found;
	c->facts.form = c->form;
	c->facts.size = c->query.message.len;
	c->facts.attachment = receiver_find_attachment(c->arena, c->facts.policy, c->query.message);
	receiver_judge(&c->facts, &c->answer);
}

/* False: answers are missing. */
static bool
evaluate(struct case_at_hand *c)
{
	if (!authentication_evaluate(c->arena, &c->query, &c->answers, c->found))
		return false;
	ask_the_mind(c);
	if (!c->wants_prospect || c->answer.n == 0)
		return true;
	return c->has_prospect = prospect_evaluate(
		   c->arena, c->judge->catalog, &c->query, false, c->found, &c->answers, &c->prospect);
}

static void
stop_clock(struct case_at_hand *c)
{
	if (c->deadline != NULL)
		event_free(c->deadline);
	c->deadline = NULL;
}

static void
go_on(struct case_at_hand *c)
{
	while (!evaluate(c))
		if (!answer(c))
			return;
	stop_clock(c);
	c->done(c->context);
}

void
judge_begin(struct judge *j, struct arena *arena, struct case_at_hand *c)
{
	const struct timeval patience = { j->seconds ? j->seconds : JUDGE_SECONDS, 0 };

	c->judge = j;
	c->arena = arena;
	c->query.suffixes = j->suffixes;
	c->query.now = j->now ? j->now : (uint64_t)time(NULL);
	c->found = arena_take(arena, sizeof(*c->found));
	c->form = arena_take_items(arena, 1, sizeof(*c->form));
	rfc5322_form_check(arena, c->query.message, false, c->form);
	if (c->utf8)
		allow_utf8(c->form);
	dns_answers_init(&c->answers, arena);
	authentication_init(arena, j->crypto, &c->query, c->found);
	c->deadline = event_new(j->base, -1, 0, run_out_of_time, c);
	if (c->deadline != NULL)
		event_add(c->deadline, &patience);
	go_on(c);
}

void
judge_abandon(struct case_at_hand *c)
{
	stop_clock(c);
	if (c->batch != NULL)
		resolver_abandon(c->batch);
	c->batch = NULL;
}
