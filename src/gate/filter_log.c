#include "gate/filter_log.h"

#include "diagnose/verdict.h"
#include "render/fill.h"
#include "render/problem.h"
#include "render/terminal.h"

struct words {
	const char *says[LANG_COUNT];
};

static const struct words roles[] = {
	[FILTER_SIGNS] = { { "signed ", "署名 " } },
	[FILTER_VERIFIES] = { { "judged ", "判定 " } },
	[FILTER_PASSES] = { { "passed ", "通過 " } },
};

static void
put_start(struct out *out, struct span queue_id)
{
	terminal_escape(out, queue_id.len > 0 ? queue_id : span_of("NOQUEUE"));
	out_str(out, ": ");
}

static struct span
put_ip(const struct filter *f, char text[IP_ADDRESS_TEXT_MAX])
{
	if (!f->has_ip)
		return span_of(f->local ? "local" : "unknown");
	return (struct span){ text, ip_address_write(&f->ip, text) };
}

static void
put_client(struct out *out, enum lang lang, const struct filter *f)
{
	char text[IP_ADDRESS_TEXT_MAX];

	terminal_escape(out, f->mail_from.len > 0 ? f->mail_from : span_of("<>"));
	out_str(out, lang == LANG_JA ? " 送信元 " : " from ");
	out_span(out, put_ip(f, text));
	if (f->helo.len > 0) {
		out_str(out, " (");
		terminal_escape(out, out_view(&f->helo));
		out_char(out, ')');
	}
}

static void
put_results(struct out *out, const struct authentication *a)
{
	out_str(out, " spf=");
	out_str(out, a->has_spf ? spf_result_name(a->spf.result) : "none");
	out_str(out, " dkim=");
	out_str(out, dkim_result_name(a->dkim.result));
	out_str(out, " arc=");
	out_str(out, arc_result_name(a->arc.result));
	out_str(out, " dmarc=");
	out_str(out, dmarc_result_name(a->dmarc.view.result));
}

/* What its receivers will find wrong with our own signatures, which stand first. */
static void
put_own_faults(struct out *out, enum lang lang, const struct filter *f)
{
	for (size_t i = 0; i < f->report.n_signatures && i < f->found->dkim.n; i++) {
		const struct dkim_check *c = &f->found->dkim.checks[i];

		if (c->result == DKIM_PASS)
			continue;
		out_str(out, " (");
		terminal_escape(out, c->key_name);
		out_str(out, ": ");
		out_str(out, problem_words(c->problem, lang));
		out_char(out, ')');
	}
}

static void
put_count(struct out *out, const char *name, size_t n)
{
	if (n == 0)
		return;
	out_char(out, ' ');
	out_str(out, name);
	out_char(out, '=');
	out_number(out, n);
}

static void
put_deeds(struct out *out, enum lang lang, const struct filter_report *r)
{
	static const struct words no_key = { { " (no key for ", "(鍵がありません: " } },
				  too_large = { { " too large, left alone", " サイズ超過のため対象外" } },
				  not_told = { { " (the MTA lets no field be added)",
				      "(MTA がヘッダー追加を許可していません)" } };

	put_count(out, "signatures", r->n_signatures);
	if (r->role == FILTER_SIGNS && r->n_signatures == 0 && !r->too_large) {
		out_str(out, no_key.says[lang]);
		terminal_escape(out, r->author_domain);
		out_char(out, ')');
	}
	put_count(out, "forged-results-removed", r->n_removed);
	if (r->sealed)
		out_str(out, " sealed");
	if (r->too_large)
		out_str(out, too_large.says[lang]);
	if (r->not_told)
		out_str(out, not_told.says[lang]);
}

static const char *
outcome_words(enum lang lang, const struct filter_report *r)
{
	static const struct words words[] = {
		[FILTER_TAKEN] = { { "taken", "受信" } },
		[FILTER_REFUSED] = { { "refused", "拒否" } },
		[FILTER_HELD] = { { "held for quarantine", "隔離" } },
	};
	static const struct words would = { { "taken, but would be refused", "受信(拒否に相当)" } },
				  for_now = { { "refused for now", "一時拒否" } };

	if (r->outcome == FILTER_REFUSED && r->reply.at[0] == '4')
		return for_now.says[lang];
	return r->outcome == FILTER_TAKEN && r->reply.len > 0 ? would.says[lang] : words[r->outcome].says[lang];
}

static void
put_reply(struct out *out, struct span reply, struct span queue_id)
{
	while (reply.len > 0) {
		const size_t n = span_index(reply, '\n');

		put_start(out, queue_id);
		out_str(out, "  ");
		terminal_escape(out, span_first(reply, n));
		out_char(out, '\n');
		reply = span_skip(reply, n < reply.len ? n + 1 : n);
	}
}

/* As the sender's own `why` would explain it. */
static void
put_refusal(struct out *out, enum lang lang, const struct filter *f, struct span queue_id)
{
	struct arena arena = { 0 };
	char text[IP_ADDRESS_TEXT_MAX];
	struct failure failure = { .told_by = FAILURE_REPLY,
		.recipient = { "", 0 },
		.sender = f->mail_from,
		.null_sender = f->mail_from.len == 0,
		.reply = f->report.reply,
		.command = span_of("end of DATA"),
		.source_ip = f->query.has_ip ? put_ip(f, text) : (struct span){ "", 0 } };
	struct verdict *v = arena_take_items(&arena, 1, sizeof(*v));
	struct out change = { 0 };

	put_reply(out, f->report.reply, queue_id);
	verdict_reach(&arena, f->settings->catalog, &failure, false, v);
	put_start(out, queue_id);
	out_str(out, "  ");
	fill_title(out, v, lang, FILL_PLAIN);
	fill_change(&change, v, lang, FILL_PLAIN);
	if (change.len > 0)
		out_str(out, lang == LANG_JA ? "。" : ". ");
	out_span(out, out_view(&change));
	out_char(out, '\n');
	out_deinit(&change);
	arena_deinit(&arena);
}

void
filter_write_log(struct out *out, enum lang lang, const struct filter *f, struct span queue_id)
{
	put_start(out, queue_id);
	out_str(out, roles[f->report.role].says[lang]);
	put_client(out, lang, f);
	out_char(out, ':');
	if (f->found != NULL)
		put_results(out, f->found);
	if (f->found != NULL && f->report.role == FILTER_SIGNS)
		put_own_faults(out, lang, f);
	put_deeds(out, lang, &f->report);
	out_str(out, ": ");
	out_str(out, outcome_words(lang, &f->report));
	out_char(out, '\n');
	if (f->report.reply.len > 0)
		put_refusal(out, lang, f, queue_id);
}
