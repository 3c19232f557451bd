/*
 * What `todoku verify --json` prints, with DNS answers of one's own:
 *
 *	cc verify.c $(pkg-config --cflags --libs todoku) -o verify && ./verify message.eml example.jp=v=spf1...
 *
 * Each argument behind the message is a name and the text of its TXT record; nothing else exists.
 */
#include <stdio.h>
#include <string.h>

#include <todoku/todoku.h>

static char message[1 << 20];

static todoku_status
answer(todoku_evaluation *e, todoku_question q, char **records)
{
	todoku_record record = { { "", 0 }, 0 };
	todoku_answer a = { q, TODOKU_DNS_NO_NAME, false, 0, &record, 0 };

	for (; *records != NULL; records++) {
		const char *equals = strchr(*records, '=');
		const size_t n = equals ? (size_t)(equals - *records) : 0;

		if (n != q.name.len || memcmp(*records, q.name.at, n) != 0)
			continue;
		a.result = q.type == TODOKU_DNS_TXT ? TODOKU_DNS_ANSWERED : TODOKU_DNS_NO_DATA;
		a.n_records = q.type == TODOKU_DNS_TXT;
		record.data = todoku_span_of(equals + 1);
	}
	return todoku_put(e, &a);
}

int
main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	todoku_message_query query = { .now = 1764000000, .authserv_id = todoku_span_of("mail.example.jp") };
	todoku_evaluation *e = NULL;
	todoku_status status;
	todoku_span json;

	if (file == NULL)
		return 65;
	query.message = (todoku_span){ message, fread(message, 1, sizeof(message), file) };
	fclose(file);
	status = todoku_verify_create(&query, &e);
	while (status == TODOKU_OK && (status = todoku_evaluate(e)) == TODOKU_WANTS_ANSWERS) {
		status = TODOKU_OK;
		for (size_t i = 0; i < todoku_n_wanted(e) && status == TODOKU_OK; i++)
			status = answer(e, todoku_wanted(e, i), argv + 2);
	}
	json = status == TODOKU_OK ? todoku_evaluation_json(e) : todoku_span_of("");
	fwrite(json.at, 1, json.len, stdout);
	todoku_evaluation_free(e);
	return status == TODOKU_OK ? 0 : 1;
}
