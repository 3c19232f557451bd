#include "intake/sender.h"

#include "message/header.h"
#include "message/mailbox.h"
#include "message/received.h"
#include "record/received_spf.h"

static bool
is_same(const struct ip_address *a, const struct ip_address *b)
{
	return a->is_v6 == b->is_v6 && ip_address_in(a->bytes, b->bytes, a->is_v6 ? 128 : 32);
}

/* What the receiver at the border noted for SPF: the field that tells the address it saw. Whoever sends may write such a
   field as well, but then of another address, or nothing that its own address does not prove. RFC 7208 section 9.1 */
static void
take_received_spf(struct arena *arena, struct span header, struct authentication_query *q, struct sender_sources *v)
{
	struct header_field f;
	struct received_spf r;
	struct ip_address ip;
	struct span from = { "", 0 };

	while (header_take_field(&header, &f)) {
		if (!span_equal_folded(f.name, span_of("received-spf")))
			continue;
		received_spf_parse(arena, f.value, &r);
		if (!ip_address_read(r.client_ip, &ip) || !is_same(&ip, &q->ip))
			continue;
		v->ip = SENDER_RECEIVED_SPF;
		if (v->helo == SENDER_UNKNOWN && r.helo.len > 0) {
			q->helo = r.helo;
			v->helo = SENDER_RECEIVED_SPF;
		}
		if (!q->has_mail_from && mailbox_find(r.envelope_from, &from)) {
			q->has_mail_from = true;
			q->mail_from = from;
			v->mail_from = SENDER_RECEIVED_SPF;
		}
		return;
	}
}

/* The return path that the border judged, where no other field tells it. */
static void
take_border_results(struct authentication_query *q, struct sender_sources *v)
{
	const struct span from = border_results_property(&v->border, "spf", "smtp", "mailfrom");

	if (!v->border.trusted || from.len == 0 || span_index(from, '@') == from.len)
		return;
	q->has_mail_from = true;
	q->mail_from = from;
	v->mail_from = SENDER_BORDER_RESULTS;
}

/* What was not given, as the message tells it. */
void
sender_take_from_message(struct arena *arena, struct authentication_query *q, struct sender_sources *v)
{
	struct span header, body, path, addr, below;
	struct received r;
	bool has_border;

	v->ip = q->has_ip ? SENDER_TOLD : SENDER_UNKNOWN;
	v->helo = q->helo.len > 0 ? SENDER_TOLD : SENDER_UNKNOWN;
	v->mail_from = q->has_mail_from ? SENDER_TOLD : SENDER_UNKNOWN;
	header_split(header_start(q->message), &header, &body);
	v->border.n = 0;
	v->border.trusted = false;
	v->border.authserv_id = (struct span){ "", 0 };
	below = header;
	has_border = received_take_border(&below, &r) && (!q->has_ip || is_same(&r.ip, &q->ip));
	if (has_border)
		border_results_find(arena, span_first(header, header.len - below.len), below, r.by, &v->border);
	if (!q->has_ip && has_border) {
		q->has_ip = true;
		q->ip = r.ip;
		v->ip = SENDER_RECEIVED;
		take_received_spf(arena, header, q, v);
		if (v->helo == SENDER_UNKNOWN && r.helo.len > 0) {
			q->helo = r.helo;
			v->helo = SENDER_RECEIVED;
		}
	}
	path = header_find(header, "return-path");
	if (!q->has_mail_from && path.at == NULL)
		take_border_results(q, v);
	if (q->has_mail_from || path.at == NULL)
		return;
	addr = mailbox_from_field(arena, path);
	q->has_mail_from = addr.at != NULL || span_equal(span_trim(path), span_of("<>"));
	q->mail_from = addr.at != NULL ? addr : (struct span){ "", 0 };
	v->mail_from = q->has_mail_from ? SENDER_RETURN_PATH : SENDER_UNKNOWN;
}
