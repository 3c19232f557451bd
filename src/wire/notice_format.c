/*
 * The table of formats, and the search for their marks: one pass, a mark is
 * looked at only where a word begins with its first three bytes.
 */
#include "wire/notice_format.h"

#include <pthread.h>

#define FORMATS(X) \
	X(general) \
	X(qmail) \
	X(exim) \
	X(sendmail) \
	X(postfix) \
	X(courier) \
	X(opensmtpd) \
	X(dma) \
	X(exchange2003) \
	X(exchange) \
	X(domino) \
	X(google) \
	X(googlegroups) \
	X(yahoo) \
	X(zoho) \
	X(gmx) \
	X(mailru) \
	X(yandex) \
	X(amazonses) \
	X(workmail) \
	X(powermta) \
	X(mailgun) \
	X(sendgrid) \
	X(docomo) \
	X(ezweb) \
	X(kddi) \
	X(softbank) \
	X(biglobe) \
	X(japanese) \
	X(mfilter) \
	X(activehunter) \
	X(barracuda) \
	X(mimecast) \
	X(mcafee) \
	X(trendmicro) \
	X(messagelabs) \
	X(ironport) \
	X(mailmarshal) \
	X(fml) \
	X(listserver) \
	X(james) \
	X(messagingserver) \
	X(imail) \
	X(surfcontrol) \
	X(kerio) \
	X(mdaemon) \
	X(hmailserver) \
	X(haraka) \
	X(zimbra) \
	X(chinese) \
	X(korean) \
	X(french) \
	X(german)

#define DECLARE(name) extern const struct notice_format notice_##name;
#define ROW(name) &notice_##name,
FORMATS(DECLARE)
static const struct notice_format *const formats[] = { FORMATS(ROW) };
enum { N_FORMATS = sizeof(formats) / sizeof(formats[0]) };
_Static_assert((int)N_FORMATS <= (int)NOTICE_FORMATS_MAX, "more formats than are counted");

static bool
is_letter(char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26;
}

/* Letters of both cases share a slot, and so do some bytes that are no letters. */
static unsigned
slot_of(const char *s)
{
	const unsigned a = (uint8_t)s[0] | 0x20U, b = (uint8_t)s[1] | 0x20U, c = (uint8_t)s[2] | 0x20U;

	return (a * 961 + b * 31 + c) % NOTICE_INDEX_SLOTS;
}

void
notice_index_build(struct notice_index *ix)
{
	memset(ix->head, 0, sizeof(ix->head));
	ix->n = 1; /* 0 ends a chain */
	for (size_t f = 0; f < N_FORMATS; f++)
		for (size_t i = 0; i < formats[f]->n_marks && ix->n < NOTICE_MARKS_OF_ALL_MAX; i++) {
			const struct notice_mark *m = &formats[f]->marks[i];
			uint16_t *head = &ix->head[slot_of(m->words)];

			ix->marks[ix->n] = m;
			ix->format[ix->n] = (uint8_t)f;
			ix->next[ix->n] = *head;
			*head = ix->n++;
		}
}

static struct notice_index shared;

static void
build_shared(void)
{
	notice_index_build(&shared);
}

const struct notice_index *
notice_index_shared(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, build_shared);
	return &shared;
}

/* The marks of some kinds that `s` begins with. */
static unsigned
find_here(const struct notice_index *ix, struct span s, unsigned kinds, struct notice_found *found)
{
	unsigned here = 0;

	for (uint16_t i = ix->head[slot_of(s.at)]; i != 0; i = ix->next[i]) {
		const struct notice_mark *m = ix->marks[i];
		const uint64_t bit = UINT64_C(1) << i % 64;

		if (!(m->kind & kinds) || s.len < m->len ||
		    !span_equal_folded(span_first(s, m->len), (struct span){ m->words, m->len }))
			continue;
		here |= m->kind;
		if (!(found->seen[i / 64] & bit))
			found->score[ix->format[i]] += m->len;
		found->seen[i / 64] |= bit;
	}
	found->kinds |= here;
	return here;
}

void
notice_find_words(const struct notice_index *ix, struct span s, unsigned kinds, struct notice_found *found)
{
	bool letter_before = false;

	for (size_t i = 0; i + 2 < s.len; i++) {
		const bool letter = is_letter(s.at[i]);

		if (!(letter & letter_before) && (uint8_t)s.at[i] > ' ' && ix->head[slot_of(s.at + i)] != 0)
			find_here(ix, span_skip(s, i), kinds, found);
		letter_before = letter;
	}
}

unsigned
notice_find_line(const struct notice_index *ix, struct span line, unsigned kinds, struct notice_found *found)
{
	unsigned here;

	line = span_trim(line);
	if (line.len < 3)
		return 0;
	here = find_here(ix, line, kinds, found);
	if (strchr("-=*#", line.at[0]) == NULL)
		return here;
	while (line.len > 0 && strchr("-=*# ", line.at[0]) != NULL)
		line = span_skip(line, 1);
	return line.len < 3 ? here : here | find_here(ix, line, kinds, found);
}

const char *
notice_format_name(const struct notice_found *found)
{
	size_t best = 0;
	bool even = true;

	for (size_t f = 1; f < N_FORMATS; f++) { /* the first row is what all have in common */
		if (found->score[f] == 0 || (best > 0 && found->score[f] < found->score[best]))
			continue;
		even = best > 0 && found->score[f] == found->score[best];
		best = f;
	}
	return formats[even ? 0 : best]->name;
}
