#include "gate/filter.h"

#include "auth/arc_seal.h"
#include "auth/dkim_sign.h"
#include "catalog/load.h"
#include "gate/authres.h"
#include "message/author.h"
#include "message/header.h"
#include "render/authentication_results.h"

#define RESULTS "Authentication-Results"

static const struct span nothing = { "", 0 };

void
filter_init(struct filter *f, const struct filter_settings *settings, struct crypto *crypto)
{
	*f = (struct filter){ .settings = settings, .crypto = crypto, .mail_from = nothing };
}

void
filter_deinit(struct filter *f)
{
	out_deinit(&f->helo);
	out_deinit(&f->message);
	arena_deinit(&f->arena);
}

static void
forget_message(struct filter *f)
{
	arena_reset(&f->arena);
	out_clear(&f->message);
	if (f->message.size > FILTER_MESSAGE_SIZE_KEPT)
		out_deinit(&f->message);
	f->mail_from = nothing;
	f->in_body = false;
	f->n_results = 0;
	f->forged = NULL;
	f->n_forged = f->room_forged = 0;
	f->signatures = NULL;
	f->found = NULL;
	f->report = (struct filter_report){ .reply = nothing, .author_domain = nothing };
}

static void
take_client(struct filter *f, const struct milter_event *e)
{
	f->local = e->family == MILTER_FAMILY_LOCAL;
	f->port = e->port;
	f->has_ip = (e->family == MILTER_FAMILY_V4 || e->family == MILTER_FAMILY_V6) &&
	    ip_address_read(e->address, &f->ip);
	out_clear(&f->helo);
}

/* "<taro@example.jp>" */
static void
take_sender(struct filter *f, struct span path)
{
	if (path.len >= 2 && path.at[0] == '<' && path.at[path.len - 1] == '>')
		path = (struct span){ path.at + 1, path.len - 2 };
	f->mail_from = arena_copy(&f->arena, path);
}

static bool
fits(struct filter *f, size_t len)
{
	const size_t most = f->settings->size_max > 0 ? f->settings->size_max : FILTER_MESSAGE_SIZE_MAX;

	f->report.too_large = f->report.too_large || len > most || f->message.len > most - len;
	return !f->report.too_large;
}

/* Of ours, but nobody of ours wrote it. */
static void
note_forged(struct filter *f)
{
	if (f->n_forged == f->room_forged) {
		const size_t room = f->room_forged > 0 ? 2 * f->room_forged : 16;

		f->forged = arena_grow(
		    &f->arena, f->forged, f->room_forged * sizeof(*f->forged), room * sizeof(*f->forged));
		f->room_forged = room;
	}
	f->forged[f->n_forged++] = f->n_results;
}

/* LF alone was CRLF on the wire. */
static void
put_lines(struct out *out, struct span value)
{
	while (value.len > 0) {
		const size_t n = span_index(value, '\n');

		out_span(out, span_first(value, n));
		if (n == value.len)
			return;
		if (n == 0 || value.at[n - 1] != '\r')
			out_char(out, '\r');
		out_char(out, '\n');
		value = span_skip(value, n + 1);
	}
}

/* The blank that an MTA took away behind the colon; where a blank or line end is left, there was none. */
static bool
lacks_blank(const struct milter *m, struct span value)
{
	return !milter_keeps_blanks(m) && value.len > 0 && !ascii_is_space(value.at[0]);
}

static void
take_field(struct filter *f, const struct milter *m, struct span name, struct span value)
{
	if (span_equal_folded(span_trim(name), span_of(RESULTS))) {
		f->n_results++;
		if (authres_claims(&f->arena, value, f->settings->authserv_id))
			note_forged(f);
	}
	if (!fits(f, name.len + value.len + 4))
		return;
	out_span(&f->message, name);
	out_char(&f->message, ':');
	if (lacks_blank(m, value))
		out_char(&f->message, ' ');
	put_lines(&f->message, value);
	out_str(&f->message, "\r\n");
}

static void
take_body(struct filter *f, struct span piece)
{
	if (fits(f, piece.len))
		out_span(&f->message, piece);
}

bool
filter_take(struct filter *f, struct milter *m, const struct milter_event *e)
{
	switch (e->kind) {
	case MILTER_CONNECT: take_client(f, e); break;
	case MILTER_HELO:
		out_clear(&f->helo);
		out_span(&f->helo, e->text);
		break;
	case MILTER_MAIL:
		forget_message(f);
		take_sender(f, e->text);
		break;
	case MILTER_HEADER: take_field(f, m, e->text, e->more); break;
	case MILTER_END_OF_HEADER: take_body(f, span_of("\r\n")); break;
	case MILTER_BODY:
		take_body(f, e->text);
		if (f->report.too_large)
			milter_answer(m, MILTER_SKIP);
		break;
	case MILTER_END: take_body(f, e->text); return true;
	case MILTER_ABORT:
	case MILTER_NEXT:
	case MILTER_QUIT: forget_message(f); break;
	default: break;
	}
	milter_answer(m, MILTER_CONTINUE);
	return false;
}

/* 127.0.0.0/8, ::1 */
static bool
is_loopback(const struct ip_address *ip)
{
	static const uint8_t v6[16] = { [15] = 1 };

	return ip->is_v6 ? memcmp(ip->bytes, v6, sizeof(v6)) == 0 : ip->bytes[0] == 127;
}

/* Mail that a program of the MTA's host hands over without SMTP (sendmail(1), Postfix's bounces) comes as from loopback:
   Postfix tells no port, others no HELO. */
static bool
is_ours(const struct filter *f, const struct milter *m)
{
	if (milter_macro(m, "auth_authen").len > 0 ||
	    span_equal(milter_macro(m, "daemon_name"), span_of("ORIGINATING")))
		return true;
	if (f->has_ip && network_holds(f->settings->internal, f->settings->n_internal, &f->ip))
		return true;
	return f->local || (f->has_ip && is_loopback(&f->ip) && (f->port == 0 || f->helo.len == 0));
}

static enum filter_role
role_of(const struct filter *f, const struct milter *m)
{
	if (is_ours(f, m))
		return FILTER_SIGNS;
	return f->settings->mode == FILTER_OUTGOING ? FILTER_PASSES : FILTER_VERIFIES;
}

static void
set_query(struct filter *f, const struct milter *m)
{
	const struct span tls = milter_macro(m, "tls_version");

	f->query = (struct authentication_query){ .message = out_view(&f->message),
		.ip = f->ip,
		.has_ip = f->has_ip && f->report.role == FILTER_VERIFIES,
		.helo = out_view(&f->helo),
		.mail_from = f->mail_from,
		.has_mail_from = true,
		.receiver = f->settings->authserv_id };
	f->facts = (struct receiver_facts){ .policy = f->settings->policy,
		.query = &f->query,
		.tls = f->report.role != FILTER_VERIFIES ? RECEIVER_TLS_UNKNOWN
		    : tls.len > 0                        ? RECEIVER_TLS_YES
							 : RECEIVER_TLS_NO,
		.attachment = nothing };
}

/* By all keys of the first author's domain, or of the nearest above it. */
static void
sign(struct filter *f)
{
	struct authors *authors = arena_take_items(&f->arena, 1, sizeof(*authors));
	struct dkim_message *dkim = arena_take_items(&f->arena, 1, sizeof(*dkim));
	const struct signing_key *keys;
	size_t n;

	dkim_message_init(dkim, &f->arena, f->crypto, out_view(&f->message));
	authors_find(&f->arena, dkim->header, authors);
	if (authors->n == 0)
		return;
	f->report.author_domain = authors->all[0].domain;
	n = signing_find(&f->arena, f->settings->keys, authors->all[0].domain, &keys);
	f->signatures = arena_take_items(&f->arena, n + 1, sizeof(*f->signatures));
	for (size_t i = 0; i < n; i++) {
		const struct dkim_signing signing = { .key = keys[i].key,
			.domain = keys[i].domain,
			.selector = keys[i].selector,
			.identity = nothing,
			.headers = nothing,
			.header = CANONICALIZATION_RELAXED,
			.body = CANONICALIZATION_RELAXED,
			.now = f->query.now };

		f->signatures[f->report.n_signatures++] = dkim_sign(dkim, &signing);
	}
}

/* As its receivers will get it. */
static struct span
signed_message(struct filter *f)
{
	struct out out = { 0 };
	struct span whole;

	for (size_t i = 0; i < f->report.n_signatures; i++)
		out_span(&out, f->signatures[i]);
	out_span(&out, out_view(&f->message));
	whole = arena_copy(&f->arena, out_view(&out));
	out_deinit(&out);
	return whole;
}

/* A whole field, above all others. */
static void
insert(struct filter *f, struct milter *m, struct span field)
{
	const size_t colon = span_index(field, ':');

	if (!milter_insert_header(m, 0, span_first(field, colon), span_trim(span_skip(field, colon + 1))))
		f->report.not_told = true;
}

/* From the last to the first: each that goes moves those below it. */
static void
remove_forged(struct filter *f, struct milter *m)
{
	for (size_t i = f->n_forged; i-- > 0;)
		f->report.n_removed += milter_change_header(m, f->forged[i], span_of(RESULTS), nothing);
}

static void
pass_on(struct filter *f, struct milter *m)
{
	remove_forged(f, m);
	for (size_t i = 0; i < f->report.n_signatures; i++)
		insert(f, m, f->signatures[i]);
	milter_answer(m, MILTER_ACCEPT);
}

bool
filter_decide(struct filter *f, struct milter *m, uint64_t now)
{
	f->report.role = role_of(f, m);
	if (f->report.role == FILTER_PASSES || f->report.too_large) {
		if (f->report.role != FILTER_PASSES)
			remove_forged(f, m);
		milter_answer(m, MILTER_ACCEPT);
		return false;
	}
	set_query(f, m);
	f->query.now = now;
	if (f->report.role == FILTER_VERIFIES)
		return true;
	sign(f);
	if (f->settings->mode == FILTER_OUTGOING) {
		f->query.message = signed_message(f);
		return true;
	}
	pass_on(f, m);
	return false;
}

/* What a name in a reply holds comes from the message or the DNS: nothing of it steers. */
static struct span
harmless(struct arena *arena, struct span reply)
{
	struct span copy = arena_copy(arena, reply);
	char *at = (char *)copy.at;

	while (copy.len > 0 && copy.at[copy.len - 1] == '\n')
		copy.len--;
	for (size_t i = 0; i < copy.len; i++)
		if (at[i] != '\n' && ((uint8_t)at[i] < ' ' || (uint8_t)at[i] >= 0x7f))
			at[i] = '?';
	return copy;
}

static struct span
write_reply(struct filter *f, const struct receiver_reply *r)
{
	const struct receiver_words words = {
		.ip = f->query.has_ip ? &f->query.ip : NULL, .id = nothing, .ending = nothing
	};
	struct out out = { 0 };
	struct span reply = nothing;

	if (receiver_write_reply(&out, r, catalog_find_rule(f->settings->catalog, r->rule), &words))
		reply = harmless(&f->arena, out_view(&out));
	out_deinit(&out);
	return reply;
}

/* The first that has words. */
static struct span
choose_reply(struct filter *f, const struct receiver_answer *answer)
{
	for (size_t i = 0; i < answer->n; i++) {
		const struct span reply = write_reply(f, &answer->replies[i]);

		if (reply.len > 0)
			return reply;
	}
	return nothing;
}

static bool
refuses(const struct filter *f)
{
	return f->report.role == FILTER_SIGNS ? f->settings->refuse_outgoing : f->settings->mode == FILTER_ENFORCE;
}

static void
refuse(struct filter *f, struct milter *m)
{
	f->report.outcome = FILTER_REFUSED;
	if (!milter_reply(m, f->report.reply))
		milter_answer(m, f->report.reply.at[0] == '5' ? MILTER_REJECT : MILTER_TEMPFAIL);
}

static void
seal(struct filter *f, struct milter *m, struct span results)
{
	const struct signing_key *key = f->settings->seal;
	struct dkim_message *dkim = arena_take_items(&f->arena, 1, sizeof(*dkim));
	struct arc_sealing sealing;
	struct arc_seal set;

	if (key == NULL)
		return;
	sealing = (struct arc_sealing){ .key = key->key,
		.domain = key->domain,
		.selector = key->selector,
		.results = results,
		.now = f->query.now };
	*dkim = f->found->message;
	if (!arc_seal(dkim, &f->found->arc, &sealing, &set))
		return;
	insert(f, m, set.results);
	insert(f, m, set.signature);
	insert(f, m, set.seal);
	f->report.sealed = !f->report.not_told;
}

static bool
is_to_be_held(const struct filter *f)
{
	const struct dmarc_view *v = &f->found->dmarc.view;

	return f->settings->mode == FILTER_ENFORCE && f->settings->quarantine && v->result == DMARC_FAIL &&
	    v->applied == DMARC_POLICY_QUARANTINE;
}

static void
tell_results(struct filter *f, struct milter *m)
{
	struct out results = { 0 };

	remove_forged(f, m);
	authentication_results_write(&results, &f->query, f->found, f->settings->authserv_id);
	seal(f, m, out_view(&results));
	if (!milter_insert_header(m, 0, span_of(RESULTS), out_view(&results)))
		f->report.not_told = true;
	out_deinit(&results);
	if (is_to_be_held(f) && milter_quarantine(m, span_of("DMARC fails, and the domain asks for quarantine")))
		f->report.outcome = FILTER_HELD;
	milter_answer(m, MILTER_ACCEPT);
}

void
filter_conclude(
    struct filter *f, struct milter *m, const struct authentication *found, const struct receiver_answer *answer)
{
	f->found = found;
	f->report.reply = choose_reply(f, answer);
	if (f->report.reply.len > 0 && refuses(f))
		refuse(f, m);
	else if (f->report.role == FILTER_SIGNS)
		pass_on(f, m);
	else
		tell_results(f, m);
}
