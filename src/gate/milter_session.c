#include "gate/milter_session.h"

#include <event2/buffer.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/filter_log.h"

enum {
	PATIENCE = 7200, /* seconds between packets: an SMTP client may be slow, and an MTA does not ping */
	PROGRESS = 5, /* seconds, after which an MTA is told that it takes longer, and again */
	INPUT_MAX = 1024 * 1024 + 64 * 1024 /* read ahead: a packet is whole by then */
};

struct milter_session {
	struct milter_loop *loop;
	struct milter_session *next, *previous;
	struct bufferevent *bev;
	struct milter m;
	struct filter f;
	struct milter_settings *settings; /* that the message goes by */
	struct case_at_hand *at_hand; /* NULL: nothing is judged */
	struct event *progress;
	bool goes_on; /* go_on() is at work */
	bool closes; /* when all is sent */
};

void
milter_gate_init(struct milter_gate *g)
{
	*g = (struct milter_gate){ .log = NULL };
	pthread_mutex_init(&g->lock, NULL);
}

static void
free_settings(struct milter_settings *s)
{
	signing_table_free(&s->keys);
	arena_deinit(&s->arena);
	memory_free(s);
}

static void
leave_settings(struct milter_settings *s)
{
	if (s != NULL && atomic_fetch_sub(&s->users, 1) == 1)
		free_settings(s);
}

static struct milter_settings *
use_settings(struct milter_gate *g)
{
	struct milter_settings *s;

	pthread_mutex_lock(&g->lock);
	s = g->settings;
	atomic_fetch_add(&s->users, 1);
	pthread_mutex_unlock(&g->lock);
	return s;
}

void
milter_gate_set(struct milter_gate *g, struct milter_settings *settings)
{
	struct milter_settings *old;

	atomic_fetch_add(&settings->users, 1);
	pthread_mutex_lock(&g->lock);
	old = g->settings;
	g->settings = settings;
	pthread_mutex_unlock(&g->lock);
	leave_settings(old);
}

void
milter_gate_deinit(struct milter_gate *g)
{
	leave_settings(g->settings);
	pthread_mutex_destroy(&g->lock);
}

static void
end(struct milter_session *s)
{
	struct milter_loop *loop = s->loop;

	if (s->at_hand != NULL)
		judge_abandon(s->at_hand);
	if (s->progress != NULL)
		event_free(s->progress);
	if (s->previous != NULL)
		s->previous->next = s->next;
	else
		loop->first = s->next;
	if (s->next != NULL)
		s->next->previous = s->previous;
	loop->n--;
	atomic_fetch_sub(&loop->gate->n_sessions, 1);
	bufferevent_free(s->bev);
	filter_deinit(&s->f);
	milter_deinit(&s->m);
	leave_settings(s->settings);
	memory_free(s);
	if (loop->stopping && loop->n == 0)
		loop->emptied(loop->context);
}

static void
flush(struct milter_session *s)
{
	if (s->m.to_mta.len > 0)
		bufferevent_write(s->bev, s->m.to_mta.at, s->m.to_mta.len);
	out_clear(&s->m.to_mta);
}

static void
tell(struct milter_session *s, struct span queue_id)
{
	struct milter_gate *g = s->loop->gate;
	struct out out = { 0 };

	if (g->log == NULL)
		return;
	filter_write_log(&out, g->lang, &s->f, queue_id);
	pthread_mutex_lock(&g->lock);
	fwrite(out.at, 1, out.len, g->log);
	fflush(g->log);
	pthread_mutex_unlock(&g->lock);
	out_deinit(&out);
}

/* Macros are gone with the answer. */
static struct span
keep_queue_id(struct milter_session *s)
{
	const struct span id = milter_macro(&s->m, "i");

	return id.len > 0 ? arena_copy(&s->f.arena, id) : (struct span){ "", 0 };
}

static void go_on(struct milter_session *s);

static void
judged(void *context)
{
	struct milter_session *s = context;
	struct case_at_hand *c = s->at_hand;
	const struct span queue_id = keep_queue_id(s);

	s->at_hand = NULL;
	if (s->progress != NULL)
		event_free(s->progress);
	s->progress = NULL;
	filter_conclude(&s->f, &s->m, c->found, &c->answer);
	tell(s, queue_id);
	if (!s->goes_on)
		go_on(s);
}

static void
tell_progress(evutil_socket_t fd, short what, void *context)
{
	struct milter_session *s = context;

	(void)fd;
	(void)what;
	milter_progress(&s->m);
	flush(s);
}

/* What is not in the DNS cache comes later; meanwhile nothing is read. */
static void
wait_for_judge(struct milter_session *s)
{
	static const struct timeval patience = { PROGRESS, 0 };

	s->progress = event_new(s->loop->base, -1, EV_PERSIST, tell_progress, s);
	if (s->progress != NULL)
		event_add(s->progress, &patience);
}

static void
reach_the_end(struct milter_session *s)
{
	const uint64_t now = s->loop->gate->now ? s->loop->gate->now : (uint64_t)time(NULL);
	struct span queue_id = keep_queue_id(s);
	struct case_at_hand *c;

	if (!filter_decide(&s->f, &s->m, now)) {
		tell(s, queue_id);
		return;
	}
	c = arena_take_items(&s->f.arena, 1, sizeof(*c));
	c->query = s->f.query;
	c->facts = s->f.facts;
	c->done = judged;
	c->context = s;
	s->at_hand = c;
	judge_begin(&s->loop->judge, &s->f.arena, c);
	if (s->at_hand != NULL)
		wait_for_judge(s);
}

/* Each message goes by the settings of its beginning. */
static void
renew_settings(struct milter_session *s)
{
	struct milter_settings *newest = use_settings(s->loop->gate);

	leave_settings(s->settings);
	s->settings = newest;
	s->f.settings = &newest->filter;
}

static void
take_event(struct milter_session *s, const struct milter_event *e)
{
	if (e->kind == MILTER_MAIL)
		renew_settings(s);
	if (e->kind == MILTER_NEGOTIATE)
		return;
	if (filter_take(&s->f, &s->m, e))
		reach_the_end(s);
}

/* The next piece of input that lies in one; empty: there is none. */
static struct span
next_piece(struct evbuffer *input)
{
	struct evbuffer_iovec piece;

	if (evbuffer_peek(input, -1, NULL, &piece, 1) < 1)
		return (struct span){ "", 0 };
	return (struct span){ piece.iov_base, piece.iov_len };
}

/* Takes what there is until an answer is owed that comes later. */
static void
take_input(struct milter_session *s)
{
	struct evbuffer *input = bufferevent_get_input(s->bev);
	enum parse parse = PARSE_MORE;

	while (s->at_hand == NULL && parse != PARSE_BAD && s->m.state != MILTER_OVER) {
		const struct span piece = next_piece(input);
		struct span rest = piece;
		struct milter_event e;

		if (piece.len == 0)
			return;
		do {
			parse = milter_take(&s->m, &rest, &e);
			if (parse == PARSE_OK)
				take_event(s, &e);
		} while (parse == PARSE_OK && s->at_hand == NULL);
		evbuffer_drain(input, piece.len - rest.len);
	}
}

static void
go_on(struct milter_session *s)
{
	s->goes_on = true;
	take_input(s);
	s->goes_on = false;
	flush(s);
	if (s->m.state == MILTER_OVER)
		s->closes = true;
	if (s->closes) {
		bufferevent_disable(s->bev, EV_READ);
		if (evbuffer_get_length(bufferevent_get_output(s->bev)) == 0)
			end(s);
	}
}

static void
on_read(struct bufferevent *bev, void *context)
{
	struct milter_session *s = context;

	(void)bev;
	if (s->at_hand == NULL && !s->closes)
		go_on(s);
}

static void
on_written(struct bufferevent *bev, void *context)
{
	struct milter_session *s = context;

	(void)bev;
	if (s->closes)
		end(s);
}

static void
on_event(struct bufferevent *bev, short what, void *context)
{
	(void)bev;
	(void)what;
	end(context);
}

void
milter_session_begin(struct milter_loop *loop, evutil_socket_t fd)
{
	static const struct timeval patience = { PATIENCE, 0 };
	struct milter_session *s;

	if (atomic_fetch_add(&loop->gate->n_sessions, 1) >= MILTER_SESSIONS_MAX) {
		atomic_fetch_sub(&loop->gate->n_sessions, 1);
		evutil_closesocket(fd);
		return;
	}
	s = memory_take_cleared(sizeof(*s));
	s->loop = loop;
	s->next = loop->first;
	if (s->next != NULL)
		s->next->previous = s;
	loop->first = s;
	loop->n++;
	s->settings = use_settings(loop->gate);
	filter_init(&s->f, &s->settings->filter, loop->judge.crypto);
	s->bev = bufferevent_socket_new(loop->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (s->bev == NULL)
		memory_fail(sizeof(*s));
	bufferevent_setcb(s->bev, on_read, on_written, on_event, s);
	bufferevent_setwatermark(s->bev, EV_READ, 0, INPUT_MAX);
	bufferevent_set_max_single_read(s->bev, 256 * 1024);
	bufferevent_set_timeouts(s->bev, &patience, &patience);
	bufferevent_enable(s->bev, EV_READ | EV_WRITE);
}

void
milter_session_end_all(struct milter_loop *loop)
{
	while (loop->first != NULL)
		end(loop->first);
}
