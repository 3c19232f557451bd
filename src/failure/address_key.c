#include "failure/address_key.h"

#include <string.h>

#include "base/ascii.h"
#include "message/mailbox.h"

enum { KEY_MAX = 40, LOCAL_MAX = 80 };

static bool
ends_in_word(struct span s, const char *word)
{
	const size_t n = strlen(word);

	return s.len >= n && span_equal_folded(span_skip(s, s.len - n), span_of(word)) &&
	    (s.len == n || !ascii_is_alnum(s.at[s.len - n - 1]) || ascii_is_upper(s.at[s.len - n]));
}

static bool
ends_in_one_of(struct span s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (ends_in_word(s, *words))
			return true;
	return false;
}

/* Without the blanks, quotation marks, colons and brackets between a key and its value. */
static struct span
key_before(struct span s, bool *joined)
{
	if (s.len > KEY_MAX)
		s = span_skip(s, s.len - KEY_MAX);
	*joined = false;
	while (s.len > 0 && memchr(" \t\n\r'\"<[({:=>`", s.at[s.len - 1], 15) != NULL) {
		*joined = *joined || memchr(":=<[", s.at[s.len - 1], 4) != NULL;
		s.len--;
	}
	return s;
}

static bool
names_recipient(struct span before)
{
	static const char *const keys[] = { "to", "rcpt", "addresses", "rcpt_to", "rcptto", "recipient", "recipients",
		"rejected", "orig_to", "effective_rcpt", "recipient_address", "toaddress", "email", "address",
		"failed recipient", "final-recipient: rfc822;", NULL };
	static const char *const words[] = { "rcpt to", "recipient", "mail to", "message to", "failed to",
		"delivery to", "deliver to", "send to", "sending to", "email to", "for recipient", "recipients",
		"recipients failed", "recipient failed", "\xe2\x86\x92", "recipient address", NULL };
	bool joined;
	struct span key = key_before(before, &joined);

	return (joined && ends_in_one_of(key, keys)) || ends_in_one_of(key, words);
}

/* The next address from `at`, with what stands before it. */
static bool
next_address(struct span s, size_t *at, struct span *address)
{
	while (*at < s.len) {
		size_t sign = *at + span_index(span_skip(s, *at), '@'), start = sign;
		struct span rest;

		if (sign >= s.len)
			return false;
		while (start > *at && sign - start < LOCAL_MAX &&
		    (ascii_is_alnum(s.at[start - 1]) || strchr(".!#$%&*+-/?^_{|}~", s.at[start - 1]) != NULL) &&
		    s.at[start - 1] != '\0')
			start--;
		while (start < sign && memchr("{|", s.at[start], 2) != NULL)
			start++;
		rest = span_skip(s, start);
		*at = sign + 1;
		if (start < sign && mailbox_take(&rest, address) &&
		    span_index(mailbox_domain(*address), '.') < mailbox_domain(*address).len) {
			*at = (size_t)(rest.at - s.at);
			return true;
		}
	}
	return false;
}

bool
address_key_find(struct span s, struct span *address)
{
	size_t at = 0;
	struct span found;

	while (next_address(s, &at, &found))
		if (names_recipient((struct span){ s.at, (size_t)(found.at - s.at) })) {
			*address = found;
			return true;
		}
	return false;
}

/* "taro@example.jp: ", "'taro@example.jp': (", "<taro@example.jp> (": nothing but the program's marks stands around it. */
static bool
leads_to_reply(struct span between)
{
	if (between.len > 1 && memchr(between.at, '\t', between.len) != NULL)
		return true; /* a table's columns */
	for (size_t i = 0; i < between.len; i++)
		if (memchr(" \t\n\r'\"<>()[]{}:=,-b|", between.at[i], 20) == NULL)
			return false;
	return between.len > 0;
}

static bool
is_sender_key(struct span before)
{
	static const char *const keys[] = { "from", "sender", "mail from", "f", "user", "login", "reply-to",
		"orig_from", NULL };
	bool joined;

	return ends_in_one_of(key_before(before, &joined), keys);
}

/* Exim: "** taro@example.jp", "== taro@example.jp" */
static bool
is_marked_failed(struct span before)
{
	return before.len >= 3 &&
	    (memcmp(before.at + before.len - 3, "** ", 3) == 0 || memcmp(before.at + before.len - 3, "== ", 3) == 0);
}

/* A notice whose lines ran together: "The mail system <taro@example.jp>: host mx.example.jp said: " */
static bool
is_bracketed_before_words(struct span s, struct span address)
{
	const size_t start = (size_t)(address.at - s.at);

	return start > 0 && s.at[start - 1] == '<' && span_starts(span_skip(s, start + address.len), ">: ");
}

/* "<taro@example.jp>: host mx.example.jp said: " */
static bool
begins_line(struct span before, struct span *address)
{
	struct span rest = span_trim(before);
	const bool open = span_take_char(&rest, '<');

	if (!mailbox_take(&rest, address))
		return false;
	if (open && !span_take_char(&rest, '>'))
		return false;
	return span_take_char(&rest, ':') || (open && span_starts(rest, " (expanded from"));
}

bool
address_key_is_line(struct span line, struct span *address)
{
	struct span rest = span_trim(line);

	span_take_char(&rest, '<');
	if (!mailbox_take(&rest, address) || span_index(mailbox_domain(*address), '.') == mailbox_domain(*address).len)
		return false;
	span_take_char(&rest, '>');
	span_take_char(&rest, ':');
	return span_trim(rest).len == 0;
}

bool
address_key_before_reply(struct span before, struct span *address)
{
	size_t at = 0;
	struct span found, last = { NULL, 0 };

	if (begins_line(before, address))
		return true;

	if (address_key_find(before, address))
		return true;
	while (next_address(before, &at, &found)) {
		if (is_marked_failed((struct span){ before.at, (size_t)(found.at - before.at) }) ||
		    is_bracketed_before_words(before, found)) {
			*address = found;
			return true;
		}
		last = found;
	}
	if (last.at == NULL)
		return false;
	if (is_sender_key((struct span){ before.at, (size_t)(last.at - before.at) }) ||
	    !leads_to_reply((struct span){ last.at + last.len, (size_t)(before.at + before.len - last.at) - last.len }))
		return false;
	*address = last;
	return true;
}
