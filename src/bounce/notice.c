#include "bounce/notice.h"

#include "bounce/transcript.h"
#include "message/mailbox.h"

enum {
	LINE_SIZE_MAX = 2000,
	LINES_MAX = 32,
	LINES_BEFORE_MAX = 8,
	LEAD_SIZE_MAX = 64,
	COPY_LINE_MAX = 120,
	POOR_WORDS_SIZE = 12
};

/* How surely a line names a recipient. */
enum strength { NOT_NAMED, IN_DETAILS, NAMED };

struct notice_mention {
	struct span address;
	struct span line; /* whole, blanks in front too */
	size_t indent;
	enum strength strength;
	size_t again; /* the next of the same address: index + 1; 0: none */
	bool behind_code; /* "550 <taro@example.jp>... User unknown" */
	bool taken;
};

static bool
ends_folded(struct span s, const char *end)
{
	struct span e = span_of(end);

	return s.len >= e.len && span_equal_folded(span_skip(s, s.len - e.len), e);
}

/* Whether `needle` (lower case) stands in a short `s`, ASCII letters folded. */
static bool
holds_folded(struct span s, const char *needle)
{
	for (; s.len > 0; s = span_skip(s, 1))
		if (span_starts_folded(s, needle))
			return true;
	return false;
}

static bool
starts_with_one_of(struct span s, const char *const *starts)
{
	for (; *starts != NULL; starts++)
		if (ascii_lower(s.at[0]) == **starts && span_starts_folded(s, *starts))
			return true;
	return false;
}

static struct span
take_line(struct span *rest)
{
	size_t n = span_index(*rest, '\n');
	struct span line = span_first(*rest, n);

	*rest = span_skip(*rest, n < rest->len ? n + 1 : n);
	return line;
}

/* "> " is what a mailer puts before each line of a bounce it forwards. */
static struct span
without_quotes(struct arena *arena, struct span text)
{
	size_t n_lines = 0, n_quoted = 0;
	struct span line;
	char *to;
	size_t n = 0;

	for (struct span rest = text; rest.len > 0;) {
		line = take_line(&rest);
		n_quoted += line.len > 0 && line.at[0] == '>';
		n_lines += line.len > 0;
	}
	if (n_quoted * 2 <= n_lines)
		return text;
	to = arena_take(arena, text.len + 1);
	while (text.len > 0) {
		line = take_line(&text);
		if (line.len > 0 && line.at[0] == '>')
			line = span_skip(line, line.len > 1 && line.at[1] == ' ' ? 2 : 1);
		memcpy(to + n, line.at, line.len);
		n += line.len;
		to[n++] = '\n';
	}
	return (struct span){ to, n };
}

/* What a line is that ends the prose. */
enum mark { NO_MARK, COPY_BEHIND, COPY_HERE, REPORT_HERE };

static enum mark
mark_of(struct notice *n, struct span line)
{
	static const char *const report[] = { "reporting-mta:", "final-recipient:", "original-recipient:", NULL };
	static const char *const here[] = { "received: ", "received:from", "return-path: <", NULL };
	unsigned found;

	line = span_trim(line);
	if (line.len < 10 && (line.len < 2 || (unsigned char)line.at[0] < 0x80))
		return NO_MARK;
	if (starts_with_one_of(line, report) && span_index(line, ';') < line.len)
		return REPORT_HERE;
	if (starts_with_one_of(line, here))
		return COPY_HERE;
	found = notice_find_line(n->index, line, NOTICE_COPY | NOTICE_OPENING, &n->found);
	return (found & NOTICE_COPY) && line.len < COPY_LINE_MAX ? COPY_BEHIND : NO_MARK;
}

/* Words before an address that say it is not a failed recipient's. */
static bool
speaks_of_another(struct span lead)
{
	static const char *const words[] = { "from", "contact", "sender", "reply", "mailto", "support", "help",
		"send mail", "send e", "write to", "please", "cc:", "message-id", "message id", "subject", "x-",
		"report", "forward", "received", "question", "responsible", "envelope-id", "referen", "http",
		"user-agent", "wenden sie sich", "contat", NULL };

	for (const char *const *w = words; *w != NULL; w++)
		if (holds_folded(lead, *w))
			return true;
	return false;
}

/* Whether the words before an address in its line lead up to a recipient's. */
static enum strength
strength_of_lead(struct span lead)
{
	static const char *const ends[] = { " to", " to the", " for", "recipient", "address", " user", "mailbox", " an",
		" à", " a", " para", " aan", "ため、", "宛先", "あて先", "アドレス", "地址", "收件人", "收件者", "주소",
		NULL };

	if (span_equal_folded(lead, span_of("to:")))
		return IN_DETAILS;
	if (lead.len > LEAD_SIZE_MAX)
		lead = span_skip(lead, lead.len - LEAD_SIZE_MAX);
	if (speaks_of_another(lead))
		return NOT_NAMED;
	if (lead.at[lead.len - 1] == ':' || ends_folded(lead, "："))
		return NAMED;
	for (const char *const *e = ends; *e != NULL; e++)
		if (ends_folded(lead, *e))
			return NAMED;
	return ends_folded(lead, "to") && lead.len == 2 ? NAMED : NOT_NAMED;
}

/* "550 5.1.1 ", "<<< 550 " and the like. */
static bool
is_code(struct span lead)
{
	if (span_starts_folded(lead, "<<<"))
		lead = span_trim(span_skip(lead, 3));
	if (lead.len < 3 || (lead.at[0] != '4' && lead.at[0] != '5') || !ascii_is_digit(lead.at[1]) ||
	    !ascii_is_digit(lead.at[2]))
		return false;
	for (size_t i = 3; i < lead.len; i++)
		if (!ascii_is_digit(lead.at[i]) && lead.at[i] != '.' && lead.at[i] != ' ' && lead.at[i] != '-')
			return false;
	return true;
}

/* What stands before the address, without the bracket or quotation mark it is in. */
static struct span
lead_of(struct span line, struct span address)
{
	struct span lead = span_trim((struct span){ line.at, (size_t)(address.at - line.at) });

	while (lead.len > 0 && strchr("<\"'([", lead.at[lead.len - 1]) != NULL)
		lead = span_trim(span_first(lead, lead.len - 1));
	return lead;
}

/* "taro@example.jp <taro@example.jp>": the second is the address, the first its display name. */
static void
prefer_bracketed(struct span line, struct span *address)
{
	const char *behind = address->at + address->len;
	struct span rest = span_trim((struct span){ behind, (size_t)(line.at + line.len - behind) }), second;

	if (rest.len > 2 && rest.at[0] == '<' && mailbox_find(rest, &second) && second.at == rest.at + 1)
		*address = second;
}

/* Addresses of those who help, which never are the one that failed. */
static bool
is_a_role(struct span address)
{
	static const char *const starts[] = { "postmaster@", "mailer-daemon@", "owner-", "abuse@", NULL };
	static const char *const ends[] = { "-owner", "-request", "-bounces", "-admin", "-ctl" };
	const struct span local = span_first(address, span_index(address, '@'));

	if (starts_with_one_of(address, starts))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_folded(local, ends[i]))
			return true;
	return false;
}

static bool
read_mention(struct span line, struct notice_mention *m)
{
	struct span words = span_trim(span_first(line, LINE_SIZE_MAX)), lead;
	bool listed;

	*m = (struct notice_mention){ .line = line };
	if (span_index(words, '@') == words.len || !mailbox_find(words, &m->address))
		return false;
	m->indent = (size_t)(words.at - line.at);
	if (is_a_role(m->address))
		return false;
	lead = lead_of(words, m->address);
	while (span_take_char(&lead, '>') || span_take_char(&lead, '*') || span_take_char(&lead, ' '))
		; /* ">>> RCPT TO:", "* taro@example.jp" */
	span_take(&lead, "->"); /* "-> taro@example.jp" */
	listed = lead.len > 0;
	while (span_take_char(&lead, '-'))
		; /* "-- taro@example.jp" */
	listed = listed && lead.len == 0;
	m->behind_code = is_code(lead);
	if (lead.len == 0) {
		prefer_bracketed(words, &m->address);
		m->strength = listed ? IN_DETAILS : NAMED; /* a signature begins so, too */
	} else if (m->behind_code) {
		m->strength = lead.at[0] == '<' ? IN_DETAILS : NAMED;
	} else {
		m->strength = strength_of_lead(lead);
	}
	return m->strength != NOT_NAMED;
}

static void
add_mention(struct notice *n, const struct notice_mention *m, size_t *room)
{
	if (n->n_mentions == NOTICE_MENTIONS_MAX)
		return;
	if (n->n_mentions == *room) {
		size_t more = *room ? *room * 2 : 16;

		n->mentions = arena_grow(n->arena, n->mentions, *room * sizeof(*m), more * sizeof(*m));
		*room = more;
	}
	n->mentions[n->n_mentions++] = *m;
}

/* Whether a line only goes on with what the line of `last` began: it stands in the same
   paragraph and further right, or closes a bracket of the line before. */
static bool
goes_on(const struct notice_mention *m, const struct notice_mention *last, bool same_paragraph, struct span line_before)
{
	line_before = span_trim(line_before);
	return (same_paragraph && last != NULL && m->indent > last->indent) || ends_folded(line_before, " from");
}

/* "A message sent by", and below it the address of who sent it. */
static bool
leads_to_sender(struct span words_before)
{
	return ends_folded(words_before, " sent by") || ends_folded(words_before, " sent by:");
}

static void
read_prose(struct notice *n, struct span text)
{
	struct span rest = text, line_before = { "", 0 }, words_before = { "", 0 };
	bool same_paragraph = false;
	size_t room = 0;

	n->prose = text;
	while (rest.len > 0) {
		struct span line = take_line(&rest);
		enum mark mark = mark_of(n, line);
		struct notice_mention m;

		if (mark != NO_MARK) {
			const char *end = text.at + text.len;

			n->prose.len = (size_t)(line.at - text.at);
			if (mark == REPORT_HERE)
				n->report = (struct span){ line.at, (size_t)(end - line.at) };
			else
				n->copy = mark == COPY_HERE ? (struct span){ line.at, (size_t)(end - line.at) } : rest;
			break;
		}
		if (span_trim(line).len == 0)
			same_paragraph = false;
		else if (read_mention(line, &m) && !leads_to_sender(words_before) &&
		    !goes_on(&m, n->n_mentions ? &n->mentions[n->n_mentions - 1] : NULL, same_paragraph, line_before)) {
			add_mention(n, &m, &room);
			same_paragraph = true;
		}
		line_before = line;
		words_before = span_trim(line).len > 0 ? span_trim(line) : words_before;
	}
	while (n->copy.len > 0 && (ascii_is_line_blank(n->copy.at[0]) || n->copy.at[0] == '\n' || n->copy.at[0] == '-'))
		n->copy = span_skip(n->copy, 1);
}

/* Whether a mention is of the address the notice went to, which is hardly ever the failed one. */
static bool
is_own(const struct notice_mention *m, struct span own)
{
	return span_equal_folded(m->address, own);
}

/* "hanako@example.jp account. You might be authorized": no list has such a line. */
static bool
goes_on_as_prose(const struct notice_mention *m)
{
	const char *behind = m->address.at + m->address.len;
	const struct span rest = { behind, (size_t)(m->line.at + m->line.len - behind) };

	return rest.len > 3 && rest.at[0] == ' ' && ascii_lower(rest.at[1]) >= 'a' && ascii_lower(rest.at[1]) <= 'z';
}

static const char *
text_end(const struct notice *n)
{
	return n->prose.at + n->prose.len;
}

static size_t code_in(struct span s);

/* The slot of an address: 0 where it is not mentioned. */
static uint32_t *
slot_of(const struct notice *n, struct span address)
{
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < address.len; i++)
		h = (h ^ (uint8_t)ascii_lower(address.at[i])) * 16777619u;
	for (i = h & (n->n_slots - 1);
	     n->slots[i] != 0 && !span_equal_folded(n->mentions[n->slots[i] - 1].address, address);)
		i = (i + 1) & (n->n_slots - 1);
	return &n->slots[i];
}

/* Each mention knows the next of its address, the slots know the first. */
static void
index_mentions(struct notice *n)
{
	for (n->n_slots = 16; n->n_slots < 2 * n->n_mentions;)
		n->n_slots *= 2;
	n->slots = arena_take_items(n->arena, n->n_slots, sizeof(*n->slots));
	for (size_t i = n->n_mentions; i-- > 0;) {
		uint32_t *slot = slot_of(n, n->mentions[i].address);

		n->mentions[i].again = *slot;
		*slot = (uint32_t)(i + 1);
	}
}

/* What holds of the whole prose, told once. */
static void
sum_up(struct notice *n)
{
	n->prose_has_code = code_in(n->prose) < n->prose.len;
	n->one_alone = true;
	for (size_t i = 0; i < n->n_mentions; i++) {
		if (n->mentions[i].strength < n->strength)
			continue;
		if (n->only_one.len == 0)
			n->only_one = n->mentions[i].address;
		n->one_alone = n->one_alone && span_equal_folded(n->mentions[i].address, n->only_one);
	}
}

void
notice_read(struct arena *arena, const struct notice_index *index, struct span text, struct span own, bool cut,
    struct notice *n)
{
	bool other = false;

	*n = (struct notice){ .arena = arena, .index = index };
	read_prose(n, without_quotes(arena, span_first(text, NOTICE_SIZE_MAX)));
	for (size_t i = 0; i < n->n_mentions; i++)
		other = other || !is_own(&n->mentions[i], own);
	for (size_t i = 0; i < n->n_mentions; i++) {
		struct notice_mention *m = &n->mentions[i];

		if (cut && m->address.at + m->address.len == text_end(n))
			m->strength = NOT_NAMED; /* the rest of it may be missing */
		m->taken = is_own(m, own) ? other || cut || goes_on_as_prose(m) : cut && m->strength < NAMED;
		if (!other)
			m->strength = NAMED;
		if (!m->taken && m->strength > n->strength)
			n->strength = m->strength;
	}
	index_mentions(n);
	sum_up(n);
}

/* Where a reply's code or an enhanced status stands in it, or its length. */
static size_t
code_in(struct span s)
{
	for (size_t i = 0; i + 3 <= s.len; i++) {
		if ((s.at[i] != '4' && s.at[i] != '5') ||
		    (i > 0 && (s.at[i - 1] > ' ' && !strchr("(:<[#", s.at[i - 1]))))
			continue;
		if (ascii_is_digit(s.at[i + 1]) && ascii_is_digit(s.at[i + 2]) &&
		    (i + 3 == s.len || s.at[i + 3] == ' ' || s.at[i + 3] == '-' || s.at[i + 3] == '\n'))
			return i;
		if (s.at[i + 1] == '.' && ascii_is_digit(s.at[i + 2]) && i + 4 < s.len && s.at[i + 3] == '.' &&
		    ascii_is_digit(s.at[i + 4]))
			return i;
	}
	return s.len;
}

/* Up to the end of the paragraph its reply stands in: what follows is no more of it. */
static struct span
without_epilogue(struct span said)
{
	struct span rest = span_skip(said, code_in(said)), line;

	while (rest.len > 0) {
		const char *at = rest.at;

		line = take_line(&rest);
		if (span_trim(line).len == 0)
			return span_trim((struct span){ said.at, (size_t)(at - said.at) });
	}
	return said;
}

/* Whether there is hardly a word but the address. */
static bool
says_little_beyond(struct span s, struct span address)
{
	size_t letters = 0, of_address = 0;

	for (size_t i = 0; i < s.len; i++)
		letters += (ascii_lower(s.at[i]) >= 'a' && ascii_lower(s.at[i]) <= 'z') ||
		    (unsigned char)s.at[i] >= 0x80;
	for (size_t i = 0; i < address.len; i++)
		of_address += ascii_lower(address.at[i]) >= 'a' && ascii_lower(address.at[i]) <= 'z';
	return letters < of_address + POOR_WORDS_SIZE;
}

/* "554 5.0.0 Service unavailable": a transcript's last word on the recipient before. */
static bool
is_finished(struct span line)
{
	return span_starts_folded(line, "554 5.0.0 service unavailable");
}

/* Back over the lines before `at`, to the end of what is said of another. */
static const char *
lines_before(const char *at, const char *floor, bool of_transcript)
{
	const char *start = at;

	for (unsigned lines = 0; lines < LINES_BEFORE_MAX && start > floor;) {
		const char *line = start - 1;

		while (line > floor && line[-1] != '\n')
			line--;
		if (of_transcript && is_finished((struct span){ line, (size_t)(start - line) }))
			break;
		lines += start - line > 1;
		start = line;
	}
	return start;
}

/* The next mention of another address, or one too many. */
static size_t
next_other(const struct notice *n, size_t i)
{
	size_t k = i + 1;

	while (k < n->n_mentions &&
	    (n->mentions[k].strength < n->strength ||
		span_equal_folded(n->mentions[k].address, n->mentions[i].address)))
		k++;
	return k;
}

/* The one before, or `i` itself. */
static size_t
other_before(const struct notice *n, size_t i)
{
	for (size_t k = i; k-- > 0;)
		if (n->mentions[k].strength >= n->strength &&
		    !span_equal_folded(n->mentions[k].address, n->mentions[i].address))
			return k;
	return i;
}

static struct span
between_lines(const char *start, const char *end)
{
	struct span rest = { start, (size_t)(end - start) };

	for (unsigned lines = 0; lines < LINES_MAX && rest.len > 0; lines++)
		take_line(&rest);
	return span_trim((struct span){ start, (size_t)(rest.at - start) });
}

/* What is said where one mention stands: from its line to the next address. */
static struct span
said_at(const struct notice *n, size_t i)
{
	const struct notice_mention *m = &n->mentions[i];
	const size_t before = other_before(n, i), next = next_other(n, i);
	const char *floor = before == i ? n->prose.at : n->mentions[before].line.at + n->mentions[before].line.len;
	const char *start = m->line.at, *end = n->prose.at + n->prose.len;

	if (next < n->n_mentions && n->mentions[next].line.at < end)
		end = n->mentions[next].line.at;
	for (size_t k = i + 1; k < next && k < n->n_mentions && n->mentions[k].line.at < end; k++)
		if (n->mentions[k].behind_code && span_equal_folded(n->mentions[k].address, m->address))
			end = n->mentions[k].line.at + n->mentions[k].line.len; /* a transcript's last word on it */
	if (m->behind_code) {
		start = lines_before(m->line.at, floor, true);
		end = m->line.at + m->line.len;
	}
	return between_lines(start, end);
}

/* The paragraph something begins with. */
static struct span
first_paragraph(struct span s)
{
	struct span rest = s;

	while (rest.len > 0) {
		const char *at = rest.at;

		if (span_trim(take_line(&rest)).len == 0)
			return (struct span){ s.at, (size_t)(at - s.at) };
	}
	return s;
}

/* What is said before or behind the list from `first` to `last`. */
static struct span
said_around_list(const struct notice *n, size_t first, size_t last)
{
	const size_t before = other_before(n, first), next = next_other(n, last);
	const char *start, *end = n->prose.at + n->prose.len;
	struct span behind;

	start = lines_before(n->mentions[first].line.at,
	    before == first ? n->prose.at : n->mentions[before].line.at + n->mentions[before].line.len, false);
	if (next < n->n_mentions && n->mentions[next].line.at < end)
		end = n->mentions[next].line.at;
	behind = between_lines(n->mentions[last].line.at, end);
	return span_trim((struct span){ start, (size_t)(behind.at + behind.len - start) });
}

/* An address that stands alone, or in a list: what is said of the whole list stands before or behind it. */
static struct span
said_around(struct notice *n, size_t i)
{
	const char *end = n->prose.at + n->prose.len;
	size_t first = i, last = i, k;

	if (n->list_said.len > 0 && i >= n->list_first && i <= n->list_last)
		return n->list_said;
	while ((k = other_before(n, first)) != first &&
	    says_little_beyond(
		between_lines(n->mentions[k].line.at, n->mentions[first].line.at), n->mentions[k].address))
		first = k;
	while ((k = next_other(n, last)) < n->n_mentions && n->mentions[k].line.at < end &&
	    says_little_beyond(
		between_lines(n->mentions[last].line.at, n->mentions[k].line.at), n->mentions[last].address))
		last = k;
	n->list_first = first;
	n->list_last = last;
	n->list_said = said_around_list(n, first, last);
	if (code_in(n->list_said) < n->list_said.len)
		n->list_said = without_epilogue(n->list_said);
	return n->list_said;
}

static bool
is_refusal(struct span line)
{
	return line.len > 7 && span_starts_folded(line, "<<< ") && (line.at[4] == '4' || line.at[4] == '5') &&
	    !span_starts_folded(line, "<<< 503");
}

/* Without the commands of a transcript, and without the replies that only follow
   from the first refusal: "503 5.0.0 Need RCPT (recipient)". */
static struct span
without_commands(struct arena *arena, struct span said)
{
	bool refused = false;
	char *to;
	size_t n = 0;

	if (said.len == 0 || memmem(said.at, said.len, ">>> ", 4) == NULL)
		return said;
	to = arena_take(arena, said.len + 1);
	for (struct span rest = said; rest.len > 0;) {
		struct span line = take_line(&rest), words = span_trim(line);

		if (words.len == 0 || span_starts_folded(words, ">>> ") ||
		    (refused && (span_starts_folded(words, "<<< 503 ") || span_starts_folded(words, "503 "))))
			continue;
		refused = refused || is_refusal(words);
		memcpy(to + n, line.at, line.len);
		n += line.len;
		to[n++] = '\n';
	}
	said = span_trim((struct span){ to, n });
	return said;
}

/* Whether all the prose is about one recipient. */
static bool
is_only_one(const struct notice *n, struct span recipient)
{
	return n->one_alone && (n->only_one.len == 0 || span_equal_folded(n->only_one, recipient));
}

/* "Technical details of temporary failure: … The error that the other server returned was: 450 …" */
static struct span
without_words_before(const struct notice_index *index, struct span said)
{
	struct span reply = span_trim(notice_behind(index, said, NOTICE_REPLY));

	return reply.len > 0 && code_in(reply) == 0 ? reply : said;
}

static struct transcript *
transcript_of(struct notice *n)
{
	if (n->transcript.slots == NULL)
		transcript_read(n->arena, n->prose, &n->transcript);
	return &n->transcript;
}

struct span
notice_command(struct notice *n, struct span recipient)
{
	bool several = false;

	if (n->prose.len == 0)
		return (struct span){ "", 0 }; /* nor was it read */
	return transcript_find_command(transcript_of(n), recipient, &several);
}

/* sendmail's "(reason: 550-5.7.26 …)" holds the first line alone; the transcript has all of it. */
static struct span
with_whole_reply(struct notice *n, struct span said)
{
	static const char reason[] = "(reason: ";
	const char *at = said.len > 0 ? memmem(said.at, said.len, reason, sizeof(reason) - 1) : NULL;
	struct span first, whole;

	if (at == NULL)
		return without_words_before(n->index, said);
	first = span_skip(said, (size_t)(at - said.at) + sizeof(reason) - 1);
	first = span_trim(span_first(first, span_index(first, '\n')));
	if (first.len > 0 && first.at[first.len - 1] == ')')
		first.len--;
	whole = transcript_find_reply(transcript_of(n), first);
	return whole.len > 0 ? whole : said;
}

/* "Reported error: 550 5.1.10 …": the reply, wherever its recipient is named. */
static struct span
announced_reply(const struct notice *n)
{
	const struct span reply = span_trim(notice_behind(n->index, n->prose, NOTICE_REPLY));
	const bool of_transcript = reply.len > 0 && span_holds(n->prose, "(reason: ");

	return reply.len > 0 && !of_transcript && code_in(reply) == 0 ? first_paragraph(reply) : span_first(reply, 0);
}

/* What is said of one address: where a code stands by it, or else where it is named first. */
static struct span
said_of(struct notice *n, size_t first)
{
	const struct span address = n->mentions[first].address;
	struct span best = { "", 0 };

	if (is_only_one(n, address) && announced_reply(n).len > 0)
		return span_first(announced_reply(n), NOTICE_REPLY_SIZE_MAX);

	for (size_t i = first + 1, looked_at = 0; i > 0 && looked_at < LINES_MAX;
	     i = n->mentions[i - 1].again, looked_at++) {
		const struct span said = said_at(n, i - 1);

		if (code_in(said) < said.len)
			return without_commands(
			    n->arena, span_first(with_whole_reply(n, without_epilogue(said)), NOTICE_REPLY_SIZE_MAX));
		if (best.len == 0)
			best = said;
	}
	if (n->prose_has_code && is_only_one(n, address))
		return without_commands(
		    n->arena, span_first(without_epilogue(span_trim(n->prose)), NOTICE_REPLY_SIZE_MAX));
	if (says_little_beyond(first_paragraph(best), address))
		best = said_around(n, first);
	return without_commands(n->arena, span_first(best, NOTICE_REPLY_SIZE_MAX));
}

bool
notice_take(struct notice *n, struct span *recipient, struct span *reply)
{
	for (; n->next < n->n_mentions; n->next++) {
		struct notice_mention *m = &n->mentions[n->next];

		if (m->taken || m->strength < n->strength)
			continue;
		*recipient = m->address;
		*reply = said_of(n, n->next);
		for (size_t i = n->next + 1; i > 0; i = n->mentions[i - 1].again)
			n->mentions[i - 1].taken = true;
		return true;
	}
	return false;
}

bool
notice_names_someone(const struct notice *n)
{
	return n->n_mentions > 0 && n->strength == NAMED;
}

struct span
notice_about(struct notice *n, struct span recipient)
{
	const uint32_t first = recipient.len > 0 && n->n_mentions > 0 ? *slot_of(n, recipient) : 0;

	return first > 0 ? said_of(n, first - 1) : (struct span){ "", 0 };
}
