#include "cmd/sender.h"

#include "wire/header.h"
#include "wire/mailbox.h"
#include "wire/received.h"

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
