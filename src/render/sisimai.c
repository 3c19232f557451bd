#include "render/sisimai.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "render/json_writer.h"
#include "grammar/date.h"
#include "message/header.h"
#include "message/mailbox.h"

static bool
is(struct span s, const char *word)
{
	return span_equal(s, span_of(word));
}

static bool
is_command(const struct verdict *v, const char *command)
{
	return span_starts_folded(verdict_fact(v, "command"), command);
}

/* An unknown user is "filtered" there where neither the status nor the command says that the
   recipient was looked at: such servers take any recipient and refuse at the end of DATA. */
static bool
is_filtered(const struct verdict *v)
{
	return is(v->cause->name, "recipient.unknown") && v->code != 0 &&
	    !(v->status.class != 0 && v->status.subject == 1) && !is_command(v, "RCPT") && !is_command(v, "MAIL");
}

struct span
sisimai_reason(const struct verdict *v)
{
	if (v->cause == NULL)
		return span_of(span_trim(v->failure->reply).len > 0 ? "onhold" : "undefined");
	if (is_filtered(v))
		return span_of("filtered");
	if (is(v->cause->name, "content.size") && v->status.subject == 2 && v->status.detail == 3)
		return span_of("exceedlimit");
	return v->sisimai;
}

static void
write_text(struct out *out, const char *name, struct span value)
{
	out_str(out, out->at[out->len - 1] == '{' ? "\"" : ",\"");
	out_str(out, name);
	out_str(out, "\":");
	json_write_string(out, value);
}

static void
write_number(struct out *out, const char *name, uint64_t n)
{
	out_str(out, ",\"");
	out_str(out, name);
	out_str(out, "\":");
	out_number(out, n);
}

static struct span
printed(char *to, size_t size, struct enhanced_status s)
{
	return (struct span){ to, (size_t)snprintf(to, size, "%u.%u.%u", s.class, s.subject, s.detail) };
}

/* "RCPT", "DATA": its words for the commands. */
static struct span
command_of(const struct verdict *v)
{
	static const char *const commands[] = { "RCPT", "MAIL", "DATA", "EHLO", "HELO", "STARTTLS", "AUTH", "CONN" };
	const struct span command = verdict_fact(v, "command");

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (span_starts_folded(command, commands[i]))
			return span_of(commands[i]);
	return span_of(span_starts_folded(command, "end of data") ? "DATA" : "");
}

static bool
is_hard(struct span reason, const struct verdict *v)
{
	return is(reason, "userunknown") || is(reason, "hostunknown") || is(reason, "hasmoved") ||
	    (is(reason, "notaccept") && v->permanence == PERMANENCE_PERMANENT);
}

/* SHA-1 of sender, recipient and time, each behind a control: one failure has the same token for ever. */
static void
write_token(struct out *out, struct span sender, struct span recipient, uint64_t seconds)
{
	struct out text = { 0 };
	unsigned char hash[EVP_MAX_MD_SIZE];
	size_t len = 0;
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";

	out_char(&text, '\2');
	for (size_t i = 0; i < sender.len; i++)
		out_char(&text, ascii_lower(sender.at[i]));
	out_char(&text, '\36');
	for (size_t i = 0; i < recipient.len; i++)
		out_char(&text, ascii_lower(recipient.at[i]));
	out_char(&text, '\36');
	out_number(&text, seconds);
	out_char(&text, '\3');
	if (EVP_Q_digest(NULL, "SHA1", NULL, text.at, text.len, hash, &len))
		for (size_t i = 0; i < len; i++)
			snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	write_text(out, "token", span_of(hex));
	out_deinit(&text);
}

/* In one line, as it keeps them. */
static struct span
squeezed(struct arena *arena, struct span s)
{
	char *to = arena_take(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		const bool blank = s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\n' || s.at[i] == '\r';

		if (!blank)
			to[n++] = s.at[i];
		else if (n > 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	return span_trim((struct span){ to, n });
}

static struct span
decoded_by(const struct failure *f)
{
	switch (f->told_by) {
	case FAILURE_REPORT: return span_of("RFC3464");
	case FAILURE_COMPLAINT: return span_of("Feedback-Loop");
	default: return f->format.len > 0 ? f->format : span_of("todoku");
	}
}

void
sisimai_write(struct out *out, struct arena *arena, const struct verdict *v, struct span origin)
{
	const struct failure *f = v->failure;
	const struct span reason = sisimai_reason(v), sender = f->sender.len > 0 ? f->sender : f->author;
	const bool complaint = f->told_by == FAILURE_COMPLAINT,
		   alias = f->original_recipient.len > 0 && !span_equal_folded(f->original_recipient, f->recipient);
	char status[24], code[8] = "", zone_text[8];
	int64_t seconds = 0;
	int zone = 0;

	if (!date_parse(f->date, &seconds, &zone) || seconds < 0)
		seconds = 0;
	if (v->code != 0)
		snprintf(code, sizeof(code), "%u", v->code);
	snprintf(zone_text, sizeof(zone_text), "%c%02d%02d", zone < 0 ? '-' : '+', (zone < 0 ? -zone : zone) / 60 % 100,
	    (zone < 0 ? -zone : zone) % 60);
	out_char(out, '{');
	write_text(out, "action", complaint ? span_of("") : f->action);
	write_text(out, "addresser", sender);
	write_text(out, "alias", alias ? f->original_recipient : span_of(""));
	write_text(out, "command", command_of(v));
	write_text(out, "decodedby", decoded_by(f));
	write_text(out, "deliverystatus", v->status.class ? printed(status, sizeof(status), v->status) : span_of(""));
	write_text(out, "destination", mailbox_domain(f->recipient));
	write_text(out, "diagnosticcode", squeezed(arena, f->reply));
	write_text(out, "diagnostictype", span_of(f->told_by == FAILURE_COMPLAINT ? "" : "SMTP"));
	write_text(out, "feedbackid", span_of(""));
	write_text(out, "feedbacktype", complaint ? f->action : span_of(""));
	write_number(out, "hardbounce", is_hard(reason, v));
	write_text(out, "lhost", f->reporting_mta);
	write_text(out, "listid", span_of(""));
	write_text(out, "messageid", f->message_id);
	write_text(out, "origin", origin);
	write_text(out, "reason", reason);
	write_text(out, "recipient", f->recipient);
	write_text(out, "replycode", span_of(code));
	write_text(out, "rhost", f->remote_mta);
	write_text(out, "senderdomain", mailbox_domain(sender));
	write_text(out, "subject", squeezed(arena, header_decode(arena, f->subject)));
	write_number(out, "timestamp", (uint64_t)seconds);
	write_text(out, "timezoneoffset", span_of(zone_text));
	write_token(out, sender, f->recipient, (uint64_t)seconds);
	out_str(out, "}\n");
}
