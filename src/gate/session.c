#include "gate/session.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "base/memory.h"
#include "catalog/load.h"
#include "gate/maildir.h"
#include "gate/proxy.h"
#include "message/header.h"
#include "message/mailbox.h"
#include "render/authentication_results.h"

enum {
	PATIENCE = 300, /* seconds. RFC 5321 section 4.5.3.2.7 */
	INPUT_MAX = 64 * 1024, /* read ahead */
	OUTPUT_MAX = 64 * 1024, /* not sent yet: nothing more is read */
	ID_SIZE_MAX = 48,
	GREYLIST_SECONDS = 4 * 3600,
	ONCE = 1
};

struct session {
	struct session_loop *loop;
	struct session *next, *previous;
	struct bufferevent *bev;
	struct smtp smtp;
	bool waits_for_proxy, closes;
	bool starts_tls, shakes_hands; /* the 220 is not out yet; it is */
	bool is_here; /* from this machine, and stands for nobody: which host sends is not known */
	bool goes_on; /* go_on() is at work: who is called from it does not call it */
	struct event *delay; /* of an answer */
	struct arena arena; /* of the transaction */
	struct mailbox boxes[SMTP_RECIPIENTS_MAX]; /* of the recipients taken */
	struct transaction_recipient *tried; /* all that were asked for */
	size_t n_tried, tried_room;
	struct span sender, helo; /* of the transaction */
	struct case_at_hand *at_hand; /* NULL: no message is judged */
	struct mailbox box; /* of the recipient that waits */
	char id[ID_SIZE_MAX];
};

static void go_on(struct session *s);

static uint64_t
now_in_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint64_t
now_of(const struct session *s)
{
	return s->loop->gate->now ? s->loop->gate->now : (uint64_t)time(NULL);
}

/* Like "a1b2c3d4e5f-7a1bsi42b3a.7": unique within a gate's life, and told from its restarts by the clock. */
static void
name_transaction(struct session *s)
{
	const uint64_t n = atomic_fetch_add(&s->loop->gate->next_id, 1);
	const int len = snprintf(s->id, sizeof(s->id), "%llx-%llxsi%llutdk.%llu",
	    (unsigned long long)(now_in_ms() * 1000), (unsigned long long)(n * 2654435761u % 1048576),
	    (unsigned long long)n, (unsigned long long)(n % 100));

	s->smtp.id = (struct span){ s->id, (size_t)len };
}

static void
forget_transaction(struct session *s)
{
	arena_reset(&s->arena);
	s->tried = NULL;
	s->n_tried = s->tried_room = 0;
	s->at_hand = NULL;
	s->sender = s->helo = (struct span){ "", 0 };
}

static void
tell(struct session *s, struct span reply, struct span head)
{
	struct gate *g = s->loop->gate;
	const struct transaction r = { .at = now_in_ms(),
		.id = s->smtp.id,
		.client = &s->smtp.client,
		.helo = s->helo,
		.sender = s->sender,
		.tls = s->smtp.tls,
		.recipients = s->tried,
		.n_recipients = s->n_tried,
		.found = s->at_hand,
		.reply = reply,
		.authserv_id = g->host,
		.catalog = g->catalog };

	gate_tell(g, &r, head);
}

/* A transaction that came to no message is told of, if anybody was refused in it. */
static void
end_transaction(struct session *s)
{
	if (s->n_tried > 0 && s->at_hand == NULL)
		tell(s, (struct span){ "", 0 }, (struct span){ "", 0 });
	forget_transaction(s);
}

static void
end(struct session *s)
{
	struct session_loop *loop = s->loop;

	if (s->at_hand != NULL)
		judge_abandon(s->at_hand);
	if (s->delay != NULL)
		event_free(s->delay);
	if (s->smtp.tls && bufferevent_openssl_get_ssl(s->bev) != NULL)
		SSL_shutdown(bufferevent_openssl_get_ssl(s->bev));
	end_transaction(s);
	if (s->previous != NULL)
		s->previous->next = s->next;
	else
		loop->first = s->next;
	if (s->next != NULL)
		s->next->previous = s->previous;
	loop->n--;
	atomic_fetch_sub(&loop->gate->n_sessions, 1);
	bufferevent_free(s->bev);
	smtp_deinit(&s->smtp);
	arena_deinit(&s->arena);
	memory_free(s);
	if (loop->stopping && loop->n == 0)
		loop->emptied(loop->context);
}

static void
send_replies(struct session *s)
{
	const struct span out = out_view(&s->smtp.out);

	if (out.len > 0)
		bufferevent_write(s->bev, out.at, out.len);
	out_clear(&s->smtp.out);
}

/* What was answered to the recipient that waited, as lines with LF. */
static void
note_recipient(struct session *s, size_t from)
{
	const struct out *out = &s->smtp.out;
	char *reply = arena_take(&s->arena, out->len - from + 1);
	size_t n = 0;

	for (size_t i = from; i < out->len; i++)
		if (out->at[i] != '\r')
			reply[n++] = out->at[i];
	if (s->n_tried == s->tried_room) {
		s->tried = arena_grow(&s->arena, s->tried, s->tried_room * sizeof(*s->tried),
		    (2 * s->tried_room + 4) * sizeof(*s->tried));
		s->tried_room = 2 * s->tried_room + 4;
	}
	s->tried[s->n_tried++] = (struct transaction_recipient){ arena_copy(&s->arena, s->smtp.asked), { reply, n } };
}

static void
accept_recipient(struct session *s)
{
	const size_t from = s->smtp.out.len;

	s->boxes[s->smtp.n_recipients] = s->box;
	smtp_accept(&s->smtp);
	note_recipient(s, from);
	s->tried[s->n_tried - 1].reply.len = 0;
}

static void
refuse_recipient(struct session *s, const struct policy_row *row)
{
	const size_t from = s->smtp.out.len;

	smtp_refuse(&s->smtp,
	    &(struct receiver_reply){ .rule = row->rule,
		.temporary = row->temporary,
		.domain = s->smtp.asked,
		.confidence = CONFIDENCE_CERTAIN });
	note_recipient(s, from);
}

/* By the policy's rule; where it minds no such thing, the recipient is taken. */
static void
mind_recipient(struct session *s, enum concern concern)
{
	const struct policy_row *row = policy_on(s->loop->gate->policy, concern);

	if (row != NULL)
		refuse_recipient(s, row);
	else
		accept_recipient(s);
}

static void
answer_late(evutil_socket_t fd, short what, void *context)
{
	struct session *s = context;

	(void)fd;
	(void)what;
	event_free(s->delay);
	s->delay = NULL;
	accept_recipient(s);
	go_on(s);
}

static void
wait_for(struct session *s, uint32_t seconds)
{
	const struct timeval t = { (time_t)seconds, 0 };

	s->delay = event_new(s->loop->base, -1, 0, answer_late, s);
	if (s->delay == NULL || event_add(s->delay, &t) != 0)
		accept_recipient(s);
}

/* Client, sender and recipient. RFC 6647 section 2.1 */
static bool
comes_again(struct session *s)
{
	char ip[IP_ADDRESS_TEXT_MAX];
	struct out key = { 0 };
	uint32_t n;

	out_span(&key, (struct span){ ip, ip_address_write(&s->smtp.client.ip, ip) });
	out_char(&key, ' ');
	out_span(&key, s->sender);
	out_char(&key, ' ');
	out_span(&key, s->smtp.asked);
	n = counters_add(&s->loop->gate->counters, "greylist", out_view(&key), now_of(s), GREYLIST_SECONDS);
	out_deinit(&key);
	return n > ONCE;
}

/* Whether a rule speaks of the recipient, so that it is given at RCPT. */
static bool
speaks_of_recipient(const struct session *s, struct span name)
{
	const struct rule *rule = catalog_find_rule(s->loop->gate->catalog, name);

	return rule != NULL && span_starts(rule->cause->name, "recipient.");
}

static bool
is_over_quota(struct session *s)
{
	return s->box.quota > 0 && s->loop->gate->maildir != NULL &&
	    maildir_size(s->loop->gate->maildir, s->smtp.asked) >= s->box.quota;
}

static void
mind_rate(struct session *s)
{
	if (counters_add(&s->loop->gate->counters, "rate", s->smtp.asked, now_of(s), s->box.seconds) > s->box.count)
		mind_recipient(s, CONCERN_RATE_IP);
	else
		accept_recipient(s);
}

static void
reply_by_rule(struct session *s)
{
	const struct policy_row row = { .rule = s->box.rule };

	if (speaks_of_recipient(s, s->box.rule))
		refuse_recipient(s, &row);
	else
		accept_recipient(s);
}

static void
ask_recipient(struct session *s)
{
	s->box = gate_find_mailbox(s->loop->gate, &s->arena, s->smtp.asked);
	switch (s->box.course) {
	case MAILBOX_MINDS: mind_recipient(s, s->box.concern); return;
	case MAILBOX_REPLIES: reply_by_rule(s); return;
	case MAILBOX_COUNTS: mind_rate(s); return;
	case MAILBOX_WAITS: wait_for(s, s->box.seconds); return;
	case MAILBOX_GREYLISTS:
		if (!comes_again(s))
			mind_recipient(s, CONCERN_GREYLISTED);
		else
			accept_recipient(s);
		return;
	case MAILBOX_ACCEPTS:
	case MAILBOX_DROPS: break;
	}
	if (is_over_quota(s))
		mind_recipient(s, s->box.quota_is_hard ? CONCERN_FULL : CONCERN_FULL_FOR_NOW);
	else
		accept_recipient(s);
}

static void
ask_sender(struct session *s)
{
	end_transaction(s);
	name_transaction(s);
	s->sender = arena_copy(&s->arena, s->smtp.sender);
	s->helo = arena_copy(&s->arena, s->smtp.helo);
	if (s->loop->stopping)
		smtp_answer(&s->smtp, span_of("421 4.3.2 Service is going down\n"));
	else
		smtp_accept(&s->smtp);
}

static void
ask_data(struct session *s)
{
	for (size_t i = 0; i < s->smtp.n_recipients; i++)
		if (s->boxes[i].course == MAILBOX_DROPS) {
			s->closes = true;
			return;
		}
	smtp_accept(&s->smtp);
}

/* "Sat, 28 Nov 2026 07:10:00 +0000". RFC 5322 section 3.3 */
static void
put_date(struct out *out, time_t seconds)
{
	char text[64];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	out_span(out, (struct span){ text, strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &tm) });
}

static void
put_field_value(struct out *out, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		out_char(out, (uint8_t)s.at[i] < ' ' || s.at[i] == '\x7f' ? '?' : s.at[i]);
}

/* What a receiver puts before the message. RFC 5321 section 4.4, RFC 8601 section 4 */
static void
put_head(struct out *out, const struct session *s)
{
	const struct smtp *m = &s->smtp;
	const struct gate *g = s->loop->gate;
	char ip[IP_ADDRESS_TEXT_MAX];
	const struct span address = { ip, ip_address_write(&m->client.ip, ip) };

	out_str(out, "Return-Path: <");
	put_field_value(out, s->sender);
	out_str(out, ">\r\nAuthentication-Results: ");
	authentication_results_write(out, &s->at_hand->query, s->at_hand->found, g->host);
	out_str(out, "\r\nReceived: from ");
	put_field_value(out, s->helo);
	out_str(out, " (");
	put_field_value(out, m->client.name.len > 0 ? m->client.name : span_of("unknown"));
	out_str(out, m->client.ip.is_v6 ? " [IPv6:" : " [");
	out_span(out, address);
	out_str(out, "])\r\n\tby ");
	out_span(out, g->host);
	out_str(out,
	    m->utf8            ? (m->tls ? " with UTF8SMTPS id " : " with UTF8SMTP id ")
		: !m->extended ? " with SMTP id "
			       : (m->tls ? " with ESMTPS id " : " with ESMTP id "));
	out_span(out, m->id);
	if (m->n_recipients == 1) {
		out_str(out, "\r\n\tfor <");
		put_field_value(out, m->recipients[0].address);
		out_str(out, ">");
	}
	out_str(out, ";\r\n\t");
	put_date(out, (time_t)now_of(s));
	out_str(out, "\r\n");
}

/* To all, or to none. */
static enum maildir_result
deliver(struct session *s, struct span head)
{
	const char *folder = s->loop->gate->maildir;
	enum maildir_result result = MAILDIR_DELIVERED;

	for (size_t i = 0; folder != NULL && i < s->smtp.n_recipients; i++) {
		const struct span to = s->smtp.recipients[i].address;

		result = maildir_deliver(folder, to, s->smtp.id, head, out_view(&s->smtp.message), s->boxes[i].quota);
		if (result == MAILDIR_DELIVERED)
			continue;
		s->box = s->boxes[i];
		while (i-- > 0)
			maildir_take_back(folder, s->smtp.recipients[i].address, s->smtp.id);
		break;
	}
	return result;
}

/* "X-Todoku-Reply: google.spf-hard-fail", and what the recipients' rules say. */
static bool
find_wanted_reply(const struct session *s, struct receiver_reply *reply)
{
	struct span section = { "", 0 }, body, wanted;

	header_split(header_start(out_view(&s->smtp.message)), &section, &body);
	wanted = span_trim(header_find(section, "X-Todoku-Reply"));
	for (size_t i = 0; i < s->smtp.n_recipients && wanted.len == 0; i++)
		if (s->boxes[i].course == MAILBOX_REPLIES)
			wanted = s->boxes[i].rule;
	*reply = (struct receiver_reply){ .rule = wanted, .domain = s->at_hand->query.mail_from };
	return wanted.len > 0 && catalog_find_rule(s->loop->gate->catalog, wanted) != NULL;
}

static void
refuse_for_store(struct session *s, enum maildir_result result)
{
	const enum concern concern = s->box.quota_is_hard ? CONCERN_FULL : CONCERN_FULL_FOR_NOW;
	const struct policy_row *row = policy_on(s->loop->gate->policy, concern);

	if (result == MAILDIR_OVER_QUOTA && row != NULL)
		smtp_refuse(&s->smtp,
		    &(struct receiver_reply){ .rule = row->rule, .temporary = row->temporary, .domain = s->sender });
	else
		smtp_answer(&s->smtp,
		    errno == ENOSPC ? span_of("452 4.3.1 Insufficient system storage\n")
				    : span_of("451 4.3.0 The message could not be stored\n"));
}

/* Tells what was answered behind `from`. */
static void
tell_answer(struct session *s, size_t from, struct span head)
{
	struct span reply = { s->smtp.out.at + from, s->smtp.out.len - from };
	char *lines = arena_take(&s->arena, reply.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < reply.len; i++)
		if (reply.at[i] != '\r')
			lines[n++] = reply.at[i];
	tell(s, (struct span){ lines, n }, head);
}

static void
answer_message(struct session *s, struct span head)
{
	struct receiver_reply wanted;
	enum maildir_result result;

	if (find_wanted_reply(s, &wanted)) {
		smtp_refuse(&s->smtp, &wanted);
		return;
	}
	if (s->at_hand->answer.n > 0) {
		smtp_refuse(&s->smtp, &s->at_hand->answer.replies[0]);
		return;
	}
	result = deliver(s, head);
	if (result == MAILDIR_DELIVERED)
		smtp_accept(&s->smtp);
	else
		refuse_for_store(s, result);
}

/* Judged: it is answered, and told of. The message outlives its transaction for that. */
static void
conclude(void *context)
{
	struct session *s = context;
	const size_t from = s->smtp.out.len;
	struct out head = { 0 }, message;

	put_head(&head, s);
	s->smtp.keeps_message = true;
	answer_message(s, out_view(&head));
	message = smtp_take_message(&s->smtp);
	tell_answer(s, from, out_view(&head));
	out_deinit(&message);
	out_deinit(&head);
	forget_transaction(s);
	if (!s->goes_on)
		go_on(s);
}

static void
judge(struct session *s)
{
	struct gate *g = s->loop->gate;
	struct case_at_hand *c = arena_take_items(&s->arena, 1, sizeof(*c));
	struct span section = { "", 0 }, body, author;

	c->query = (struct authentication_query){ .message = out_view(&s->smtp.message),
		.ip = s->smtp.client.ip,
		.has_ip = !s->is_here,
		.helo = s->helo,
		.mail_from = s->sender,
		.has_mail_from = true,
		.receiver = g->host };
	header_split(header_start(c->query.message), &section, &body);
	author = mailbox_from_field(&s->arena, header_find(section, "From"));
	author = author.at != NULL ? mailbox_domain(author) : author;
	c->facts.policy = gate_policy_for(g, author.at != NULL ? author : span_of("?"), now_of(s));
	c->facts.tls = s->smtp.tls ? RECEIVER_TLS_YES : g->requires_tls ? RECEIVER_TLS_NO : RECEIVER_TLS_UNKNOWN;
	c->facts.limit = g->size_limit;
	c->wants_prospect = true;
	c->utf8 = s->smtp.utf8;
	c->done = conclude;
	c->context = s;
	s->at_hand = c;
	judge_begin(&s->loop->judge, &s->arena, c);
}

static void
refuse_size(struct session *s)
{
	const struct policy_row *row = policy_on(s->loop->gate->policy, CONCERN_SIZE);
	const size_t from = s->smtp.out.len;

	if (row != NULL)
		smtp_refuse(&s->smtp,
		    &(struct receiver_reply){ .rule = row->rule,
			.temporary = row->temporary,
			.domain = s->sender,
			.size = s->smtp.message_size,
			.limit = s->loop->gate->size_limit });
	else
		smtp_answer(&s->smtp, span_of("552 5.3.4 The message is larger than is taken here\n"));
	tell_answer(s, from, (struct span){ "", 0 });
	forget_transaction(s);
}

static void
ask_message(struct session *s)
{
	if (s->smtp.message_size > s->loop->gate->size_limit)
		refuse_size(s);
	else
		judge(s);
}

static void on_read(struct bufferevent *bev, void *context);
static void on_written(struct bufferevent *bev, void *context);
static void on_event(struct bufferevent *bev, short what, void *context);

static void
listen_to(struct session *s)
{
	static const struct timeval patience = { PATIENCE, 0 };

	bufferevent_setcb(s->bev, on_read, on_written, on_event, s);
	bufferevent_setwatermark(s->bev, EV_READ, 0, INPUT_MAX);
	bufferevent_set_timeouts(s->bev, &patience, &patience);
	bufferevent_enable(s->bev, EV_READ | EV_WRITE);
}

/* What came with or behind STARTTLS in plain text is thrown away. RFC 3207 section 4.2, CVE-2011-0411 */
static void
shake_hands(struct session *s)
{
	const evutil_socket_t fd = bufferevent_getfd(s->bev);
	SSL *ssl = SSL_new(s->loop->gate->tls);
	struct bufferevent *within;

	s->starts_tls = false;
	within = ssl == NULL
	    ? NULL
	    : bufferevent_openssl_socket_new(s->loop->base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (within == NULL) {
		SSL_free(ssl);
		s->closes = true;
		return;
	}
	bufferevent_setfd(s->bev, -1); /* so that it closes nothing */
	bufferevent_free(s->bev);
	bufferevent_setfd(within, fd);
	bufferevent_openssl_set_allow_dirty_shutdown(within, 1);
	s->bev = within;
	s->shakes_hands = true;
	listen_to(s);
}

static void
change_client(struct session *s)
{
	end_transaction(s);
	s->is_here = false;
	smtp_greet(&s->smtp);
}

static void
obey(struct session *s, enum smtp_event event)
{
	switch (event) {
	case SMTP_ASKS_SENDER: ask_sender(s); break;
	case SMTP_ASKS_RECIPIENT: ask_recipient(s); break;
	case SMTP_ASKS_DATA: ask_data(s); break;
	case SMTP_ASKS_MESSAGE: ask_message(s); break;
	case SMTP_STARTS_TLS: s->starts_tls = true; break;
	case SMTP_CLIENT_CHANGED: change_client(s); break;
	case SMTP_CLOSES: s->closes = true; break;
	case SMTP_MORE: break;
	}
}

static bool
is_busy(const struct session *s)
{
	return s->at_hand != NULL || s->delay != NULL || s->starts_tls || s->shakes_hands || s->closes;
}

/* False: more bytes are wanted, or the header is none. */
static bool
take_proxy(struct session *s, struct span *in)
{
	switch (proxy_take(in, &s->smtp.client)) {
	case PARSE_OK:
		s->waits_for_proxy = s->is_here = false;
		smtp_greet(&s->smtp);
		return true;
	case PARSE_MORE: return false;
	case PARSE_BAD: break;
	}
	s->closes = true;
	return false;
}

/* Feeds what has come to the machine; false: nothing more can be done now. */
static bool
feed(struct session *s)
{
	struct evbuffer *input = bufferevent_get_input(s->bev);
	const size_t n = evbuffer_get_length(input);
	struct span in = { n > 0 ? (const char *)evbuffer_pullup(input, -1) : "", n };
	const char *begin = in.at;
	enum smtp_event event = SMTP_MORE;

	if (n == 0 && !smtp_can_go_on(&s->smtp))
		return false;
	if (s->waits_for_proxy && !take_proxy(s, &in))
		return false;
	event = smtp_feed(&s->smtp, &in);
	evbuffer_drain(input, (size_t)(in.at - begin));
	obey(s, event);
	return event != SMTP_MORE;
}

/* All that can be done now; the session may be gone behind it. */
static void
go_on(struct session *s)
{
	struct evbuffer *output;

	s->goes_on = true;
	while (!is_busy(s) && feed(s))
		;
	s->goes_on = false;
	send_replies(s);
	output = bufferevent_get_output(s->bev);
	if (s->starts_tls && evbuffer_get_length(output) == 0) {
		shake_hands(s);
		output = bufferevent_get_output(s->bev);
	}
	if (s->closes && evbuffer_get_length(output) == 0) {
		end(s);
		return;
	}
	if (s->closes || (is_busy(s) && !s->shakes_hands) || evbuffer_get_length(output) > OUTPUT_MAX)
		bufferevent_disable(s->bev, EV_READ);
	else
		bufferevent_enable(s->bev, EV_READ);
}

static void
on_read(struct bufferevent *bev, void *context)
{
	(void)bev;
	go_on(context);
}

/* All replies are out. */
static void
on_written(struct bufferevent *bev, void *context)
{
	struct session *s = context;

	(void)bev;
	if (!is_busy(s) || s->closes || s->starts_tls)
		go_on(s);
}

static void
on_event(struct bufferevent *bev, short what, void *context)
{
	struct session *s = context;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED) {
		s->shakes_hands = false;
		smtp_has_tls(&s->smtp);
	} else if ((what & BEV_EVENT_TIMEOUT) && !s->closes && s->smtp.waits == SMTP_MORE && !s->shakes_hands) {
		smtp_close(&s->smtp, "Timeout");
		s->closes = true;
		go_on(s);
	} else {
		end(s);
	}
}

static bool
read_peer(const struct sockaddr *peer, struct smtp_client *client)
{
	*client = (struct smtp_client){ .name = { "", 0 } };
	if (peer->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)peer;

		memcpy(client->ip.bytes, &in->sin_addr, 4);
		client->port = ntohs(in->sin_port);
		return client->ip.bytes[0] == 127;
	}
	if (peer->sa_family == AF_INET6) {
		static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }, loopback[16] = { [15] = 1 };
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)peer;

		memcpy(client->ip.bytes, &in->sin6_addr, 16);
		client->port = ntohs(in->sin6_port);
		client->ip.is_v6 = memcmp(client->ip.bytes, mapped, sizeof(mapped)) != 0;
		if (client->ip.is_v6)
			return memcmp(client->ip.bytes, loopback, sizeof(loopback)) == 0;
		memmove(client->ip.bytes, client->ip.bytes + 12, 4);
		return client->ip.bytes[0] == 127;
	}
	client->ip.bytes[0] = 127; /* a socket of this machine */
	client->ip.bytes[3] = 1;
	return true;
}

static void
link_in(struct session *s)
{
	s->next = s->loop->first;
	if (s->next != NULL)
		s->next->previous = s;
	s->loop->first = s;
	s->loop->n++;
}

void
session_begin(struct session_loop *loop, evutil_socket_t fd, const struct sockaddr *peer)
{
	struct session *s = memory_take_cleared(sizeof(*s));
	struct smtp_client client;
	const bool local = read_peer(peer, &client);

	s->loop = loop;
	s->is_here = local && !loop->gate->has_client;
	if (local && loop->gate->has_client)
		client.ip = loop->gate->client;
	s->bev = bufferevent_socket_new(loop->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (s->bev == NULL) {
		evutil_closesocket(fd);
		memory_free(s);
		return;
	}
	smtp_init(&s->smtp, local ? &loop->smtp_trusted : &loop->smtp, &client);
	forget_transaction(s);
	name_transaction(s);
	link_in(s);
	atomic_fetch_add(&loop->gate->n_connections, 1);
	s->waits_for_proxy = loop->gate->proxy && local;
	listen_to(s);
	if (atomic_fetch_add(&loop->gate->n_sessions, 1) >= GATE_SESSIONS_MAX || loop->stopping) {
		smtp_close(&s->smtp, "Too many connections");
		s->closes = true;
	} else if (!s->waits_for_proxy) {
		smtp_greet(&s->smtp);
	}
	go_on(s);
}

static bool
is_idle(const struct session *s)
{
	return s->smtp.waits == SMTP_MORE && s->smtp.state <= SMTP_READY && !is_busy(s);
}

void
session_stop_all(struct session_loop *loop)
{
	struct session *next;

	loop->stopping = true;
	for (struct session *s = loop->first; s != NULL; s = next) {
		next = s->next;
		if (!is_idle(s))
			continue;
		smtp_answer(&s->smtp, span_of("421 4.3.2 Service is going down\n"));
		s->closes = true;
		go_on(s);
	}
	if (loop->n == 0)
		loop->emptied(loop->context);
}

void
session_end_all(struct session_loop *loop)
{
	while (loop->first != NULL)
		end(loop->first);
}
