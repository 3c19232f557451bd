#include "failure/pasted_json.h"

#include <stdio.h>
#include <string.h>

#include "failure/reply_mark.h"
#include "grammar/enhanced_status.h"
#include "grammar/json.h"
#include "message/mailbox.h"

enum { WORDS_ALONE_MIN = 16 }; /* "not found" is said of anything */

struct walk {
	struct arena *arena;
	void (*read)(void *context, const struct pasted_object *object, struct span text);
	void *context;
	bool words_alone; /* no codes are asked for */
};

/* What one object says in members of its own. */
struct said {
	struct pasted_object object;
	uint16_t code;
	struct enhanced_status status;
	struct span words;
	bool smtp; /* the code's key says that it is SMTP's */
	bool holds_reply;
};

static bool
key_ends_in(struct span name, const char *const *ends)
{
	for (; *ends != NULL; ends++) {
		const size_t n = strlen(*ends);

		if (name.len >= n && span_equal_folded(span_skip(name, name.len - n), span_of(*ends)))
			return true;
	}
	return false;
}

static void
note_recipient(struct walk *w, struct span name, struct span value, struct said *said)
{
	static const char *const keys[] = { "recipient", "rcpt", "rcpt_to", "rcptto", "rejected", "recipients", "email",
		"emailaddress", "recipient_address", "to", NULL };
	static const char *const whole[] = { "to", "email", NULL };
	struct span first = value, element, address;

	if (json_is_array(value)) {
		if (!json_take_element(&first, &element))
			return;
		value = element;
	}
	if (value.len < 3 || value.at[0] != '"' || !key_ends_in(name, keys))
		return;
	for (const char *const *k = whole; *k != NULL; k++)
		if (key_ends_in(name, (const char *const[]){ *k, NULL }) && name.len != strlen(*k) &&
		    name.at[name.len - strlen(*k) - 1] != '_')
			return;
	if (mailbox_find(json_text(w->arena, value), &address) && said->object.recipient.len == 0)
		said->object.recipient = address;
}

static void
note_code(struct span name, struct span value, struct said *said)
{
	static const char *const keys[] = { "code", "status", "smtp_status", "smtpstatus", NULL };
	struct span digits = value;
	uint16_t code;

	if (digits.len >= 2 && digits.at[0] == '"')
		digits = (struct span){ value.at + 1, value.len - 2 };
	if (!key_ends_in(name, keys) || !span_take_digits(&digits, 3, 3, &code) || digits.len > 0 || code < 400 ||
	    code > 599)
		return;
	said->code = code;
	said->smtp = said->smtp || span_holds(name, "smtp") || span_holds(name, "esponseCode") ||
	    span_holds(name, "response_code") || span_holds(name, "SMTP") || span_holds(name, "eply");
}

static void
note_text(struct walk *w, struct span name, struct span value, struct said *said)
{
	static const char *const words[] = { "msg", "message", "reason", "description", "details", "detail",
		"diagnostic", "error", "response", "text", NULL };
	struct span text = json_text(w->arena, value), rest = text;
	struct enhanced_status status;
	struct reply_mark m;

	if (span_equal_folded(name, span_of("command")) && text.len < 64)
		said->object.command = text;
	if (enhanced_status_take(&rest, &status) && rest.len == 0) {
		if (status.class >= 4)
			said->status = status;
		return;
	}
	if (reply_mark_find(text, 0, &m) && reply_mark_is_credible(text, 0, &m))
		said->holds_reply = true;
	else if (key_ends_in(name, words) && text.len > said->words.len && span_index(text, ' ') < text.len)
		said->words = text;
}

static struct said
listen(struct walk *w, struct span object, const struct pasted_object *outer)
{
	struct said said = { .object = { { "", 0 }, { "", 0 }, false } };
	struct span rest = object, name, value;

	while (json_take_member(&rest, &name, &value)) {
		note_recipient(w, name, value, &said);
		note_code(name, value, &said);
		if (value.len > 2 && value.at[0] == '"')
			note_text(w, name, value, &said);
	}
	if (said.object.recipient.len == 0)
		said.object.recipient = outer->recipient;
	if (said.object.command.len == 0)
		said.object.command = outer->command;
	return said;
}

/* A message of anybody's API is not a mail's: "The user could not be found" */
static bool
speaks_of_mail(struct span words)
{
	static const char *const of_mail[] = { "mail", "domain", "send", "from", "recipient", "smtp", "credit", "quota",
		"key", "request", "authori", "identit", "inactive", "suppress", "bounce" };

	for (size_t i = 0; i < sizeof(of_mail) / sizeof(of_mail[0]); i++)
		for (size_t at = 0; at < words.len; at++)
			if (span_starts_folded(span_skip(words, at), of_mail[i]))
				return true;
	return false;
}

/* The codes stand in members of their own. */
static void
hand_on_composed(struct walk *w, struct said *said)
{
	const struct enhanced_status s = said->status;
	struct reply_mark m;
	char *to;
	size_t n = 0, size = said->words.len + 32;

	if (w->words_alone ? said->words.len < WORDS_ALONE_MIN || reply_mark_find(said->words, 0, &m) ||
		    !speaks_of_mail(said->words)
			   : said->holds_reply || (s.class == 0 && !(said->code != 0 && said->smtp)))
		return;
	to = arena_take(w->arena, size);
	if (said->code != 0 && !w->words_alone)
		n += (size_t)snprintf(to, size, "%u ", said->code);
	if (s.class != 0)
		n += (size_t)snprintf(to + n, size - n, "%u.%u.%u ", s.class, s.subject, s.detail);
	memcpy(to + n, said->words.at ? said->words.at : "", said->words.len);
	said->object.composed = true;
	w->read(w->context, &said->object, span_trim((struct span){ to, n + said->words.len }));
	said->object.composed = false;
}

static void
walk(struct walk *w, struct span value, const struct pasted_object *outer, unsigned depth)
{
	struct span rest = value, name, inner;

	if (depth == PASTED_JSON_DEPTH_MAX)
		return;
	if (json_is_array(value)) {
		while (json_take_element(&rest, &inner))
			walk(w, inner, outer, depth + 1);
	} else if (json_is_object(value)) {
		struct said said = listen(w, value, outer);

		hand_on_composed(w, &said);
		while (json_take_member(&rest, &name, &inner))
			walk(w, inner, &said.object, depth + 1);
	} else if (value.len > 4 && value.at[0] == '"' && !w->words_alone) {
		struct span text = json_text(w->arena, value);
		struct reply_mark m;

		if (reply_mark_find(text, 0, &m))
			w->read(w->context, outer, text);
	}
}

bool
pasted_json_take(struct span *s, struct span *value)
{
	struct span rest = *s, first, name, inner;

	if (!json_take_value(&rest, value) || (!json_is_object(*value) && !json_is_array(*value)))
		return false;
	first = *value;
	if (!json_take_member(&first, &name, &inner) && !json_take_element(&first, &inner))
		return false; /* a JavaScript object, as its console shows it */
	*s = rest;
	return true;
}

void
pasted_json_read(struct arena *arena, struct span value,
    void (*read)(void *context, const struct pasted_object *object, struct span text), void *context)
{
	struct walk w = { arena, read, context, false };
	const struct pasted_object nothing = { { "", 0 }, { "", 0 }, false };

	walk(&w, value, &nothing, 0);
}

void
pasted_json_read_words(struct arena *arena, struct span value,
    void (*read)(void *context, const struct pasted_object *object, struct span text), void *context)
{
	struct walk w = { arena, read, context, true };
	const struct pasted_object nothing = { { "", 0 }, { "", 0 }, false };

	walk(&w, value, &nothing, 0);
}
