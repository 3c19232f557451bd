#include "cmd/sender.h"

#include "wire/header.h"
#include "wire/mailbox.h"
#include "wire/received.h"
#include "wire/received_spf.h"

/* What the receiver at the border noted for SPF: the surest there is. */
static void
take_received_spf(struct arena *arena, struct span header, struct authentication_query *q, struct sender_sources *v)
{
	const struct span value = header_find(header, "received-spf");
	struct received_spf r;
	struct span from = { "", 0 };

	if (value.at == NULL || q->has_ip || !received_spf_parse(arena, value, &r) ||
	    !ip_address_read(r.client_ip, &q->ip))
		return;
	q->has_ip = true;
	v->ip = VERIFY_RECEIVED_SPF;
	if (q->helo.len == 0 && r.helo.len > 0) {
		q->helo = r.helo;
		v->helo = VERIFY_RECEIVED_SPF;
	}
	if (!q->has_mail_from && mailbox_find(r.envelope_from, &from)) {
		q->has_mail_from = true;
		q->mail_from = from;
		v->mail_from = VERIFY_RECEIVED_SPF;
	}
}

/* What was not given, as the message tells it. */
void
sender_take_from_message(struct arena *arena, struct authentication_query *q, struct sender_sources *v)
{
	struct span header, body, path, addr;
	struct received r;

	v->ip = q->has_ip ? VERIFY_TOLD : VERIFY_UNKNOWN;
	v->helo = q->helo.len > 0 ? VERIFY_TOLD : VERIFY_UNKNOWN;
	v->mail_from = q->has_mail_from ? VERIFY_TOLD : VERIFY_UNKNOWN;
	header_split(q->message, &header, &body);
	take_received_spf(arena, header, q, v);
	if (!q->has_ip && received_find_border(header, &r)) {
		q->has_ip = true;
		q->ip = r.ip;
		v->ip = VERIFY_RECEIVED;
		if (q->helo.len == 0 && r.helo.len > 0) {
			q->helo = r.helo;
			v->helo = VERIFY_RECEIVED;
		}
	}
	path = header_find(header, "return-path");
	if (q->has_mail_from || path.at == NULL)
		return;
	addr = mailbox_from_field(arena, path);
	q->has_mail_from = addr.at != NULL || span_equal(span_trim(path), span_of("<>"));
	q->mail_from = addr.at != NULL ? addr : (struct span){ "", 0 };
	v->mail_from = q->has_mail_from ? VERIFY_RETURN_PATH : VERIFY_UNKNOWN;
}
