#include "auth/iprev.h"

#include "dns/reverse.h"

const char *
iprev_result_name(enum iprev_result result)
{
	static const char *const names[] = { "pass", "fail", "temperror", "permerror", "needs answers" };

	return names[result];
}

static struct span
text_of(struct arena *arena, const struct dns_record *r, bool is_v6)
{
	struct ip_address ip = { .is_v6 = is_v6 };
	char text[IP_ADDRESS_TEXT_MAX];

	memcpy(ip.bytes, r->data.at, r->data.len <= sizeof(ip.bytes) ? r->data.len : sizeof(ip.bytes));
	ip_address_write(&ip, text);
	return arena_copy(arena, span_of(text));
}

static bool
has_address(const struct dns_answer *a, const struct ip_address *ip)
{
	const size_t size = ip->is_v6 ? 16 : 4;

	for (size_t i = 0; i < a->n_records; i++)
		if (a->records[i].data.len == size && memcmp(a->records[i].data.at, ip->bytes, size) == 0)
			return true;
	return false;
}

/* One of its names leads back. All are asked for at once. */
static void
look_back(struct arena *arena, const struct ip_address *ip, struct dns_answers *answers, const struct dns_answer *ptr,
    struct iprev_evaluation *e)
{
	bool missing = false, failed = false;

	e->result = IPREV_FAIL;
	for (size_t i = 0; i < ptr->n_records && i < IPREV_NAMES_MAX; i++) {
		const struct span name = ptr->records[i].data;
		const struct dns_answer *a;

		if (!dns_name_is_sound(name))
			continue;
		a = dns_answers_find(answers, name, ip->is_v6 ? DNS_AAAA : DNS_A);
		missing = missing || a == NULL;
		failed = failed || (a != NULL && a->result == DNS_FAILED);
		if (a != NULL && !missing && has_address(a, ip)) {
			e->result = IPREV_PASS;
			e->name = name;
			return;
		}
		if (a != NULL && a->n_records > 0 && e->leads_to.len == 0)
			e->leads_to = text_of(arena, &a->records[0], ip->is_v6);
	}
	if (missing)
		e->result = IPREV_NEEDS_ANSWERS;
	else if (failed)
		e->result = IPREV_TEMPERROR;
}

void
iprev_evaluate(
    struct arena *arena, const struct ip_address *ip, struct dns_answers *answers, struct iprev_evaluation *e)
{
	const struct dns_answer *ptr;

	*e = (struct iprev_evaluation){ .name = { "", 0 }, .leads_to = { "", 0 } };
	e->reverse_name = dns_reverse_name(arena, ip);
	ptr = dns_answers_find(answers, e->reverse_name, DNS_PTR);
	if (ptr == NULL)
		e->result = IPREV_NEEDS_ANSWERS;
	else if (ptr->result == DNS_FAILED)
		e->result = IPREV_TEMPERROR;
	else if (ptr->n_records == 0)
		e->result = IPREV_PERMERROR;
	else {
		e->name = ptr->records[0].data;
		look_back(arena, ip, answers, ptr, e);
	}
}
