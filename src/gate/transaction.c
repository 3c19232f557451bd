#include "gate/transaction.h"

#include <stdio.h>
#include <time.h>

#include "diagnose/verdict.h"
#include "message/header.h"
#include "render/authentication_results.h"
#include "render/fill.h"
#include "render/form.h"
#include "render/json_writer.h"
#include "render/terminal.h"
#include "render/verify.h"

enum { SCHEMA = 1, TIME_SIZE_MAX = 40 };

static bool
refuses(struct span reply)
{
	return reply.len > 0 && (reply.at[0] == '4' || reply.at[0] == '5');
}

void
transaction_write_time(struct out *out, uint64_t at)
{
	char text[TIME_SIZE_MAX];
	const time_t seconds = (time_t)(at / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	out_span(out, (struct span){ text, strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) });
	out_span(out, (struct span){ text, (size_t)snprintf(text, sizeof(text), ".%03uZ", (unsigned)(at % 1000)) });
}

static void
put_ip(struct out *out, const struct ip_address *ip)
{
	char text[IP_ADDRESS_TEXT_MAX];

	out_span(out, (struct span){ text, ip_address_write(ip, text) });
}

/* The verdict on a reply that was given, as the sender's own `why` would reach it. */
static void
reach(struct arena *arena, const struct transaction *r, struct span recipient, struct span reply, const char *command,
    struct failure *f, struct verdict *v)
{
	struct out ip = { 0 };

	put_ip(&ip, &r->client->ip);
	*f = (struct failure){ .told_by = FAILURE_REPLY,
		.recipient = recipient,
		.sender = r->sender,
		.null_sender = r->sender.len == 0,
		.reply = reply,
		.command = span_of(command),
		.source_ip = arena_copy(arena, out_view(&ip)) };
	out_deinit(&ip);
	verdict_reach(arena, r->catalog, f, false, v);
}

static void
put_results(struct out *out, const struct transaction *r)
{
	const struct authentication *a = r->found->found;

	out_str(out, " spf=");
	out_str(out, a->has_spf ? spf_result_name(a->spf.result) : "unknown");
	out_str(out, " dkim=");
	out_str(out, dkim_result_name(a->dkim.result));
	out_str(out, " dmarc=");
	out_str(out, dmarc_result_name(a->dmarc.view.result));
}

/* The record that lets the host pass, where one was proved. */
static void
put_record(struct out *out, const struct case_at_hand *c)
{
	const struct repair_spf *repair = &c->prospect.repair;

	if (!c->has_prospect || !c->prospect.mended || repair->obstacle != REPAIR_NONE || repair->after.len == 0)
		return;
	out_str(out, "      ");
	terminal_escape(out, repair->name);
	out_str(out, ". IN TXT \"");
	terminal_escape(out, repair->after);
	out_str(out, "\"\n");
}

/* Whether the policy minds it, so that it is why the message was refused. */
static bool
is_minded(const struct case_at_hand *c, const struct form_finding *f)
{
	return policy_on(c->facts.policy, (enum concern)(CONCERN_FORM + (unsigned)f->kind)) != NULL;
}

/* What is wrong with the form, and where: the reply says only that something is. */
static void
put_form(struct out *out, enum lang lang, const struct case_at_hand *c)
{
	for (size_t i = 0; i < c->form->n; i++) {
		const struct form_finding *f = &c->form->findings[i];

		if (!is_minded(c, f))
			continue;
		out_str(out, "      ");
		out_str(out, form_words(form_token(f->kind), lang));
		if (f->field.len > 0) {
			out_char(out, ' ');
			terminal_escape(out, f->field);
		}
		out_str(out, lang == LANG_JA ? "(先頭から " : " (byte ");
		out_number(out, f->at);
		out_str(out, lang == LANG_JA ? " バイト目)\n" : ")\n");
	}
}

static void
put_refusal(struct out *out, enum lang lang, const struct transaction *r, struct span recipient, struct span reply,
    const char *command)
{
	struct arena arena = { 0 };
	struct failure f;
	struct verdict v;
	struct out change = { 0 };

	reach(&arena, r, recipient, reply, command, &f, &v);
	out_str(out, "    ");
	if (recipient.len > 0) {
		terminal_escape(out, recipient);
		out_str(out, ": ");
	}
	terminal_escape(out, span_first(reply, span_index(reply, '\n')));
	out_str(out, "\n      ");
	fill_title(out, &v, lang, FILL_PLAIN);
	fill_change(&change, &v, lang, FILL_PLAIN);
	if (change.len > 0) {
		out_str(out, lang == LANG_JA ? "。" : ". ");
		out_span(out, out_view(&change));
	}
	out_char(out, '\n');
	if (r->found != NULL && recipient.len == 0) {
		if (v.cause != NULL && span_starts(v.cause->name, "auth."))
			put_record(out, r->found);
		else
			put_form(out, lang, r->found);
	}
	out_deinit(&change);
	arena_deinit(&arena);
}

enum transaction_end
transaction_end(const struct transaction *r)
{
	struct span worst = r->reply;

	for (size_t i = 0; i < r->n_recipients; i++)
		if (refuses(r->recipients[i].reply) && (!refuses(worst) || r->recipients[i].reply.at[0] > worst.at[0]))
			worst = r->recipients[i].reply;
	if (refuses(worst))
		return worst.at[0] == '4' ? TRANSACTION_DEFERRED : TRANSACTION_REFUSED;
	return r->found != NULL ? TRANSACTION_TAKEN : TRANSACTION_BROKEN_OFF;
}

void
transaction_write_text(struct out *out, enum lang lang, const struct transaction *r)
{
	static const char *const ends[][LANG_COUNT] = { [TRANSACTION_TAKEN] = { " taken    ", " 受信 " },
		[TRANSACTION_DEFERRED] = { " deferred ", " 保留 " },
		[TRANSACTION_REFUSED] = { " refused  ", " 拒否 " },
		[TRANSACTION_BROKEN_OFF] = { " broken off ", " 中断 " } };

	transaction_write_time(out, r->at);
	out_str(out, ends[transaction_end(r)][lang]);
	terminal_escape(out, r->sender.len > 0 ? r->sender : span_of("<>"));
	out_str(out, " → ");
	for (size_t i = 0; i < r->n_recipients; i++) {
		out_str(out, i > 0 ? ", " : "");
		terminal_escape(out, r->recipients[i].address);
	}
	out_str(out, "  ");
	put_ip(out, &r->client->ip);
	if (r->helo.len > 0) {
		out_str(out, " (");
		terminal_escape(out, r->helo);
		out_str(out, ")");
	}
	if (r->found != NULL)
		put_results(out, r);
	out_char(out, '\n');
	for (size_t i = 0; i < r->n_recipients; i++)
		if (refuses(r->recipients[i].reply))
			put_refusal(out, lang, r, r->recipients[i].address, r->recipients[i].reply, "RCPT TO");
	if (refuses(r->reply))
		put_refusal(out, lang, r, (struct span){ "", 0 }, r->reply, "end of DATA");
}

static void
write_string_or_null(struct out *out, const char *name, struct span s)
{
	out_str(out, ",\"");
	out_str(out, name);
	out_str(out, "\":");
	if (s.len > 0)
		json_write_string(out, s);
	else
		out_str(out, "null");
}

static void
write_why(struct out *out, const struct transaction *r, struct span recipient, struct span reply, const char *command)
{
	struct arena arena = { 0 };
	struct failure f;
	struct verdict v;

	reach(&arena, r, recipient, reply, command, &f, &v);
	write_string_or_null(out, "rule", v.rule != NULL ? v.rule->name : (struct span){ "", 0 });
	write_string_or_null(out, "cause", v.cause != NULL ? v.cause->name : (struct span){ "", 0 });
	for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
		out_str(out, lang == LANG_JA ? ",\"why_ja\":\"" : ",\"why_en\":\"");
		fill_title(out, &v, (enum lang)lang, FILL_JSON);
		out_str(out, lang == LANG_JA ? "\",\"change_ja\":\"" : "\",\"change_en\":\"");
		fill_change(out, &v, (enum lang)lang, FILL_JSON);
		out_char(out, '"');
	}
	arena_deinit(&arena);
}

static void
write_recipients(struct out *out, const struct transaction *r)
{
	out_str(out, ",\"recipients\":[");
	for (size_t i = 0; i < r->n_recipients; i++) {
		const struct transaction_recipient *to = &r->recipients[i];

		out_str(out, i > 0 ? ",{\"address\":" : "{\"address\":");
		json_write_string(out, to->address);
		write_string_or_null(out, "reply", to->reply);
		if (refuses(to->reply))
			write_why(out, r, to->address, to->reply, "RCPT TO");
		out_char(out, '}');
	}
	out_char(out, ']');
}

static void
write_form(struct out *out, const struct case_at_hand *c)
{
	size_t n = 0;

	out_str(out, ",\"form\":[");
	for (size_t i = 0; i < c->form->n; i++) {
		const struct form_finding *f = &c->form->findings[i];

		out_str(out, n++ > 0 ? ",{\"kind\":\"" : "{\"kind\":\"");
		out_str(out, form_token(f->kind));
		out_char(out, '"');
		write_string_or_null(out, "field", f->field);
		out_str(out, is_minded(c, f) ? ",\"minded\":true" : ",\"minded\":false");
		json_write_number(out, "byte", f->at);
		json_write_number(out, "count", f->count);
		out_char(out, '}');
	}
	out_char(out, ']');
}

static void
write_message(struct out *out, const struct transaction *r)
{
	const struct case_at_hand *c = r->found;
	struct span section = { "", 0 }, body;
	struct verify_view v = { .authserv_id = r->authserv_id, .catalog = r->catalog };
	struct out results = { 0 };

	header_split(header_start(c->query.message), &section, &body);
	out_str(out, ",\"size\":");
	out_number(out, c->query.message.len);
	write_string_or_null(out, "message_id", header_find(section, "Message-ID"));
	write_string_or_null(out, "subject", header_decode(c->arena, header_find(section, "Subject")));
	authentication_results_write(&results, &c->query, c->found, r->authserv_id);
	write_string_or_null(out, "authentication_results", out_view(&results));
	out_deinit(&results);
	write_form(out, c);
	out_str(out, ",\"verify\":");
	if (!c->has_prospect) {
		out_str(out, "null");
		return;
	}
	v.query = &c->query;
	v.found = c->found;
	v.prospect = &c->prospect;
	v.accepted = authentication_acceptance(c->found) == AUTHENTICATION_ACCEPTED;
	verify_write_json(out, &v);
	while (out->len > 0 && out->at[out->len - 1] == '\n')
		out->len--;
}

void
transaction_write_json(struct out *out, const struct transaction *r)
{
	out_str(out, "{\"schema\":");
	out_number(out, SCHEMA);
	out_str(out, ",\"at\":\"");
	transaction_write_time(out, r->at);
	out_char(out, '"');
	write_string_or_null(out, "id", r->id);
	out_str(out, ",\"client\":{\"ip\":\"");
	put_ip(out, &r->client->ip);
	out_char(out, '"');
	write_string_or_null(out, "name", r->client->name);
	out_char(out, '}');
	write_string_or_null(out, "helo", r->helo);
	out_str(out, r->tls ? ",\"tls\":true" : ",\"tls\":false");
	out_str(out, ",\"mail_from\":");
	json_write_string(out, r->sender);
	write_recipients(out, r);
	out_str(out, transaction_end(r) == TRANSACTION_TAKEN ? ",\"taken\":true" : ",\"taken\":false");
	write_string_or_null(out, "reply", r->reply);
	if (refuses(r->reply))
		write_why(out, r, (struct span){ "", 0 }, r->reply, "end of DATA");
	if (r->found != NULL)
		write_message(out, r);
	out_str(out, "}\n");
}
