/*
 * Verdicts for the tests of this room: Google refuses for SPF, or nobody knows why.
 */
#ifndef RENDER_FAKE_VERDICT_H
#define RENDER_FAKE_VERDICT_H

#include "diagnose/verdict.h"

struct fake {
	struct failure failure;
	struct provider provider;
	struct cause cause;
	struct rule rule;
	struct verdict verdict;
};

#define FAKE_SPAN(s) ((struct span){ (s), sizeof(s) - 1 })

static inline void
fake_fact(struct fake *f, const char *name, const char *value, enum seen seen)
{
	f->verdict.facts[f->verdict.n_facts++] = (struct fact){ span_of(name), span_of(value), seen };
}

/* Nothing is known but what the failure tells. */
static inline void
fake_undetermined(struct fake *f)
{
	static const uint8_t nobody_known[1] = { 0 };

	memset(f, 0, sizeof(*f));
	f->failure = (struct failure){ .told_by = FAILURE_LOG,
		.recipient = FAKE_SPAN("hanako@example.jp"),
		.sender = FAKE_SPAN("shop@example.com"),
		.action = FAKE_SPAN("failed"),
		.reply = FAKE_SPAN("554 Transaction refused by policy K-17"),
		.remote_mta = FAKE_SPAN("mx1.example.jp"),
		.queue_id = FAKE_SPAN("4XyZ1a2b3c") };
	f->verdict.failure = &f->failure;
	f->verdict.code = 554;
	f->verdict.permanence = PERMANENCE_PERMANENT;
	f->verdict.acts = nobody_known;
	f->verdict.suppress.when = SUPPRESS_NEVER;
	f->verdict.receiver_mark = FAKE_SPAN("");
	fake_fact(f, "recipient", "hanako@example.jp", SEEN_LOG);
	fake_fact(f, "recipient_domain", "example.jp", SEEN_RECIPIENT);
	fake_fact(f, "host", "mx1.example.jp", SEEN_LOG);
}

static inline void
fake_spf(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->failure = (struct failure){
		.told_by = FAILURE_REPORT,
		.format = FAKE_SPAN("rfc3464"),
		.recipient = FAKE_SPAN("taro@gmail.example"),
		.sender = FAKE_SPAN("info@example.jp"),
		.action = FAKE_SPAN("failed"),
		.status = { 5, 7, 26 },
		.reply = FAKE_SPAN("550-5.7.26 The MAIL FROM domain [example.jp] has an SPF record with a hard\r\n"
				   "550-5.7.26 fail policy (-all) but it fails to pass SPF checks with the ip:\r\n"
				   "550 5.7.26 [192.0.2.25]. x1si2345678pgb.123 - gsmtp\r\n"),
		.remote_mta = FAKE_SPAN("gmail-smtp-in.l.google.com"),
	};
	f->provider = (struct provider){ FAKE_SPAN("google"),
		{ FAKE_SPAN("Google (Gmail, Google Workspace)"), FAKE_SPAN("Google(Gmail・Google Workspace)") },
		FAKE_SPAN("_spf.google.com"), true };
	f->cause.name = FAKE_SPAN("auth.spf");
	f->cause.says.sisimai = FAKE_SPAN("authfailure");
	f->rule = (struct rule){ .name = FAKE_SPAN("google.spf-hard-fail"),
		.cause = &f->cause,
		.provider = &f->provider,
		.source = FAKE_SPAN("https://support.google.com/a/answer/81126"),
		.checked = FAKE_SPAN("2026-11-23") };
	f->verdict = (struct verdict){
		.failure = &f->failure,
		.code = 550,
		.status = { 5, 7, 26 },
		.receiver = &f->provider,
		.receiver_seen = SEEN_REPLY,
		.receiver_mark = FAKE_SPAN("gsmtp"),
		.cause = &f->cause,
		.rule = &f->rule,
		.permanence = PERMANENCE_PERMANENT,
		.confidence = CONFIDENCE_LIKELY,
		.suppress = { SUPPRESS_NEVER, 0, 0 },
		.sisimai = FAKE_SPAN("authfailure"),
		.title = { FAKE_SPAN("SPF does not pass for the sending server"),
		    FAKE_SPAN("送信元サーバーが SPF で許可されていません") },
		.why = { FAKE_SPAN("The SPF record of {domain} does not list {ip}, and ends in -all: the domain asks "
				   "receivers to refuse mail from any server it does not list."),
		    FAKE_SPAN("{domain} の SPF レコードに {ip} が登録されておらず、末尾が -all になっています。"
			      "登録のないサーバーからのメールは拒否するよう、ドメインの所有者が指定していることになりま"
			      "す。") },
		.remedy = { FAKE_SPAN("Add {spf_mechanism} to the SPF record of {domain}, before -all.\n"
				      "Wait until the record's TTL has passed, then send a test message."),
		    FAKE_SPAN("{domain} の SPF レコード(TXT)の -all より前に、{spf_mechanism} を追加してください。\n"
			      "TTL の時間が過ぎてから、テストメールを送って確認してください。") },
	};
	f->verdict.acts = (const uint8_t *)"\x04\x02";
	f->verdict.marks[0] = (struct span){ f->failure.reply.at + 11, 63 };
	f->verdict.marks[1] = (struct span){ f->failure.reply.at + 87, 63 };
	f->verdict.n_marks = 2;
	fake_fact(f, "domain", "example.jp", SEEN_REPLY);
	fake_fact(f, "ip", "192.0.2.25", SEEN_REPLY);
	fake_fact(f, "spf_mechanism", "ip4:192.0.2.25", SEEN_DERIVED);
	fake_fact(f, "recipient", "taro@gmail.example", SEEN_REPORT);
}

#endif
