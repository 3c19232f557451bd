#include "diagnose/checking.h"
#include "record/near_miss.h"

static const struct span nothing = { "", 0 };

static bool
is_null_mx(struct span name)
{
	return name.len == 0 || span_equal(name, span_of("."));
}

/* 10/8, 127/8, 169.254/16, 172.16/12, 192.168/16; ::1, fc00::/7, fe80::/10. RFC 6890 */
static bool
is_private(struct span data)
{
	const uint8_t *b = (const uint8_t *)data.at;

	if (data.len == 4)
		return b[0] == 10 || b[0] == 127 || b[0] == 0 || (b[0] == 169 && b[1] == 254) ||
		    (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
	return data.len == 16 &&
	    ((b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) ||
		memcmp(b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16) == 0);
}

static bool
has_public(const struct dns_answer *a)
{
	for (size_t i = 0; i < a->n_records; i++)
		if (!is_private(a->records[i].data))
			return true;
	return false;
}

static bool
is_local(struct span name)
{
	return span_equal_folded(name, span_of("localhost")) ||
	    span_equal_folded(name, span_of("localhost.localdomain"));
}

/* One MX. False: mail to it cannot arrive, which is noted, or an answer is missing. */
static bool
check_exchanger(struct checking *c, struct span name)
{
	const struct dns_answer *a, *aaaa, *cname;
	struct ip_address ip;

	if (ip_address_read(name, &ip) || is_local(name)) {
		check_note(c, is_local(name) ? CHECK_MX_LOCAL : CHECK_MX_ADDRESS, CHECK_FAIL, CHECK_ADVICE, name,
		    c->q->domain);
		return false;
	}
	cname = check_ask(c, name, DNS_CNAME);
	a = check_ask(c, name, DNS_A);
	aaaa = check_ask(c, name, DNS_AAAA);
	if (cname == NULL || a == NULL || aaaa == NULL || a->result == DNS_FAILED || aaaa->result == DNS_FAILED)
		return false;
	if (a->n_records == 0 && aaaa->n_records == 0) {
		check_note(c, a->result == DNS_NO_NAME ? CHECK_MX_GONE : CHECK_MX_NO_ADDRESS, CHECK_FAIL, CHECK_ADVICE,
		    name, c->q->domain);
		return false;
	}
	if (!has_public(a) && !has_public(aaaa)) {
		check_note(c, CHECK_MX_PRIVATE, CHECK_FAIL, CHECK_ADVICE, name, nothing);
		return false;
	}
	if (cname->n_records > 0) /* RFC 5321 section 5.1 */
		check_note(c, CHECK_MX_CNAME, CHECK_WARN, CHECK_ADVICE, name, cname->records[0].data);
	return cname->n_records == 0;
}

/* Whether answers can come back. A null MX says that none are wanted. RFC 7505 */
static void
check_mx(struct checking *c)
{
	const struct dns_answer *mx = check_ask(c, c->q->domain, DNS_MX);
	bool sound = true;

	if (mx == NULL || mx->result == DNS_FAILED)
		return;
	if (mx->n_records == 0) {
		if (!c->parked && !c->hidden)
			check_note(c, CHECK_MX_NONE, CHECK_WARN, CHECK_ADVICE, c->q->domain, nothing);
		return;
	}
	if (mx->n_records == 1 && is_null_mx(mx->records[0].data)) {
		check_note(c, CHECK_MX_NULL, c->parked ? CHECK_PASS : CHECK_WARN, CHECK_ADVICE, c->q->domain, nothing);
		return;
	}
	for (size_t i = 0; i < mx->n_records && i < MX_NAMES_MAX; i++) {
		if (is_null_mx(mx->records[i].data)) {
			check_note(c, CHECK_MX_NULL_BESIDE, CHECK_FAIL, CHECK_ADVICE, c->q->domain, nothing);
			sound = false;
		} else {
			sound = check_exchanger(c, mx->records[i].data) && sound;
		}
	}
	if (sound)
		check_note(c, CHECK_MX_SOUND, CHECK_PASS, CHECK_ADVICE, mx->records[0].data, nothing);
}

/* What a TXT record of this kind comes to. */
struct found_record {
	struct span name, text;
	size_t n; /* records of the kind */
	struct near_miss *miss; /* it is almost right; NULL: it is right or not there */
};

/* False: the answer is missing, or failed. */
static bool
find_record(struct checking *c, const char *label, enum record_kind kind, struct found_record *f)
{
	const struct dns_answer *txt;

	*f = (struct found_record){ .name = check_join(c, label, c->q->domain), .text = nothing };
	txt = check_ask(c, f->name, DNS_TXT);
	if (txt == NULL || txt->result == DNS_FAILED)
		return false;
	for (size_t i = 0; i < txt->n_records; i++) {
		struct near_miss *miss = arena_take_items(c->arena, 1, sizeof(*miss));

		if (!near_miss_read(c->arena, kind, txt->records[i].data, miss) || f->n++ > 0)
			continue;
		f->text = txt->records[i].data;
		f->miss = miss->n_slips > 0 || miss->unclear.len > 0 ? miss : NULL;
	}
	return true;
}

static struct span
tag_of(struct span text, const char *name)
{
	struct tag_list tags;

	tag_list_parse(text, &tags);
	return tag_list_value(&tags, name);
}

/* True: it is noted that the record is not there, stands twice, or is almost right. */
static bool
is_astray(struct checking *c, const struct found_record *f, enum check_what none, enum check_what broken)
{
	struct sender_check_item *item;

	if (f->n == 0) {
		if (!c->parked)
			check_note(c, none, CHECK_WARN, CHECK_ADVICE, f->name, nothing);
		return true;
	}
	if (f->n == 1 && f->miss == NULL)
		return false;
	item = check_note(c, broken, CHECK_WARN, CHECK_ADVICE, f->name, f->text);
	item->miss = f->miss;
	if (f->n == 1 && f->miss->after.len > 0)
		check_publish(item, f->name, f->miss->after, false);
	return true;
}

/* sts-id = 1*32(ALPHA / DIGIT). RFC 8461 section 3.1 */
static bool
is_sts_id(struct span id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!ascii_is_alnum(id.at[i]))
			return false;
	return id.len > 0 && id.len <= 32;
}

static void
check_sts(struct checking *c)
{
	const struct span host = check_join(c, "mta-sts.", c->q->domain);
	const struct dns_answer *a, *aaaa;
	struct found_record f;

	if (!find_record(c, "_mta-sts.", RECORD_MTA_STS, &f) || is_astray(c, &f, CHECK_STS_NONE, CHECK_STS_BROKEN))
		return;
	if (!is_sts_id(tag_of(f.text, "id"))) {
		check_note(c, CHECK_STS_NO_ID, CHECK_WARN, CHECK_ADVICE, f.name, f.text);
		return;
	}
	a = check_ask(c, host, DNS_A);
	aaaa = check_ask(c, host, DNS_AAAA);
	if (a == NULL || aaaa == NULL)
		return;
	if (a->n_records + aaaa->n_records == 0 && a->result != DNS_FAILED && aaaa->result != DNS_FAILED)
		check_note(c, CHECK_STS_NO_HOST, CHECK_WARN, CHECK_ADVICE, host, f.text);
	else
		check_note(c, CHECK_STS_SOUND, CHECK_PASS, CHECK_ADVICE, f.text, nothing);
}

static void
check_tls_reports(struct checking *c)
{
	struct found_record f;
	struct span rua;

	if (!find_record(c, "_smtp._tls.", RECORD_TLS_RPT, &f) ||
	    is_astray(c, &f, CHECK_TLSRPT_NONE, CHECK_TLSRPT_BROKEN))
		return;
	rua = tag_of(f.text, "rua");
	if ((span_starts_folded(rua, "mailto:") && span_index(rua, '@') < rua.len) ||
	    span_starts_folded(rua, "https://"))
		check_note(c, CHECK_TLSRPT_SOUND, CHECK_PASS, CHECK_ADVICE, f.text, nothing);
	else
		check_note(c, CHECK_TLSRPT_BROKEN, CHECK_WARN, CHECK_ADVICE, f.name, f.text);
}

/* A logo is shown only under a policy that is enforced. */
static void
check_logo(struct checking *c)
{
	struct found_record f;

	if (!find_record(c, "default._bimi.", RECORD_BIMI, &f) || f.n == 0)
		return;
	if (f.n == 1 && f.miss == NULL)
		check_note(c, CHECK_BIMI_FOUND, CHECK_PASS, CHECK_ADVICE, f.text, nothing);
	else
		is_astray(c, &f, CHECK_BIMI_BROKEN, CHECK_BIMI_BROKEN);
}

void
check_incoming(struct checking *c)
{
	check_mx(c);
	check_sts(c);
	check_tls_reports(c);
	check_logo(c);
}
