/*
 * Verifies a message with DNS answers of its own: cc verify.c $(pkg-config --cflags --libs todoku)
 */
#include <stdio.h>

#include <auth/authentication.h>

static const struct {
	const char *name, *txt;
} table[] = { { "example.jp", "v=spf1 ip4:192.0.2.0/24 -all" }, { "_dmarc.example.jp", "v=DMARC1; p=reject" } };

/* Answers everything that is wanted; what is not in the table does not exist. */
static void
answer(struct dns_answers *answers)
{
	size_t n = answers->n_wanted;

	answers->n_wanted = 0;
	for (size_t i = 0; i < n; i++) {
		struct dns_question q = answers->wanted[i];
		struct dns_answer a = { .name = q.name, .type = q.type, .result = DNS_NO_NAME };
		struct dns_record record = { .preference = 0 };

		for (size_t k = 0; k < sizeof(table) / sizeof(table[0]); k++)
			if (q.type == DNS_TXT && span_equal_folded(q.name, span_of(table[k].name))) {
				record.data = span_of(table[k].txt);
				a.result = DNS_ANSWERED;
				a.records = &record;
				a.n_records = 1;
			}
		dns_answers_put(answers, &a);
	}
}

int
main(void)
{
	struct arena arena = { 0 };
	struct crypto *crypto = crypto_create();
	struct authentication *found = arena_take(&arena, sizeof(*found));
	struct authentication_query query = { .has_ip = true, .has_mail_from = true, .now = 1764000000 };
	struct dns_answers answers;

	query.message = span_of("From: taro@example.jp\r\n\r\nhello\r\n");
	query.mail_from = span_of("taro@example.jp");
	query.helo = span_of("mail.example.jp");
	ip_address_read(span_of("192.0.2.25"), &query.ip);
	dns_answers_init(&answers, &arena);
	authentication_init(&arena, crypto, &query, found);
	while (!authentication_evaluate(&arena, &query, &answers, found))
		answer(&answers);
	printf("spf=%s dkim=%s dmarc=%s\n", spf_result_name(found->spf.result), dkim_result_name(found->dkim.result),
	    dmarc_result_name(found->dmarc.view.result));
	crypto_free(crypto);
	arena_deinit(&arena);
	return 0;
}
