#include "cmd/dns_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/operand.h"
#include "base/ascii.h"
#include "dns/evidence.h"
#include "dns/relay.h"
#include "grammar/ip_address.h"
#include "grammar/line_ends.h"
#include "intake/complain.h"
#include "message/mbox.h"

enum { ROUNDS_MAX = 64, SUFFIXES_SIZE_MAX = 4 * 1024 * 1024 };

static bool
is_port(struct span s)
{
	size_t n = 0;

	while (n < s.len && ascii_is_digit(s.at[n]))
		n++;
	return n == s.len && n > 0 && n <= 5;
}

/* "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353" */
static bool
is_server(struct span s)
{
	const bool bracketed = s.len > 0 && s.at[0] == '[';
	const size_t n = span_index(s, bracketed ? ']' : ':');
	struct ip_address ip;

	if (ip_address_read(s, &ip))
		return true;
	if (n == s.len || !ip_address_read(bracketed ? (struct span){ s.at + 1, n - 1 } : span_first(s, n), &ip))
		return false;
	s = span_skip(s, n + bracketed);
	return (bracketed && s.len == 0) || (s.len > 1 && s.at[0] == ':' && is_port(span_skip(s, 1)));
}

static bool
add_server(struct dns_session_options *o, const char *value)
{
	if (o->resolver.n_servers == RESOLVER_SERVERS_MAX) {
		complain(o->common.lang == LANG_JA ? "todoku: --dns は %d 個までです\n"
						   : "todoku: --dns can be given %d times\n",
		    RESOLVER_SERVERS_MAX);
		return false;
	}
	if (!is_server(span_of(value))) {
		complain(o->common.lang == LANG_JA
			? "todoku: --dns には DNS サーバーのアドレスを 192.0.2.53 や [2001:db8::53]:5353 のように指定してください('%s' は使えません)\n"
			: "todoku: --dns takes the address of a DNS server, as 192.0.2.53 or [2001:db8::53]:5353, not '%s'\n",
		    value);
		return false;
	}
	o->resolver.servers[o->resolver.n_servers++] = value;
	return true;
}

bool
dns_session_take_option(struct dns_session_options *o, int letter, const char *value)
{
	uint64_t n;

	switch (letter) {
	case 'z': o->zone = value; return true;
	case 'E': o->evidence = value; return true;
	case 'T': o->resolver.trust_anchor = value; return true;
	case 'P': o->replay = value; return true;
	case 'd': return add_server(o, value);
	case 't':
		if (!operand_number(o->common.lang, "--timeout", value, 1, 300, &n))
			return false;
		o->resolver.seconds = (unsigned)n;
		return true;
	case OPTION_ANSWERS_FROM:
		if (!operand_number(o->common.lang, "--answers-from", value, 1, 1000, &n))
			return false;
		o->answers_from = (int)n;
		return true;
	case 'N':
		if (!operand_number(o->common.lang, "--now", value, 1, 253402300799, &n))
			return false;
		o->now = n;
		return true;
	default: return options_take(&o->common, letter, value);
	}
}

static bool
read_zone(struct dns_session *j)
{
	const char *path = j->options->zone;
	struct zone_fault fault;
	struct span text;

	if (!options_read_file(j->arena, path, ZONE_SIZE_MAX, &text))
		return false;
	if (zone_parse(j->arena, text, &j->zone, &fault))
		return true;
	complain("%s:%u: %s%s%.*s\n", path, fault.line, fault.what, fault.detail.len ? ": " : "",
	    (int)(fault.detail.len < 200 ? fault.detail.len : 200), fault.detail.at);
	return false;
}

static bool
read_replay(struct dns_session *j)
{
	const char *path = j->options->replay;
	struct evidence_fault fault;
	struct span text;
	uint64_t then;

	if (!options_read_file(j->arena, path, EVIDENCE_SIZE_MAX, &text))
		return false;
	if (!evidence_parse(text, &j->answers, &then, &fault)) {
		complain("%s:%u: %s\n", path, fault.line, fault.what);
		return false;
	}
	if (j->options->now == 0)
		j->now = then;
	return true;
}

static void
tell_patience(void)
{
	if (isatty(STDERR_FILENO))
		fputs("todoku: waiting for the DNS …\n", stderr);
}

int
dns_session_open(struct dns_session *j, struct arena *arena, const struct dns_session_options *o)
{
	const char *what;

	*j = (struct dns_session){ .arena = arena, .options = o, .now = o->now ? o->now : (uint64_t)time(NULL) };
	dns_answers_init(&j->answers, arena);
	if (o->answers_from > 0)
		return 0;
	if (o->replay != NULL)
		return read_replay(j) ? 0 : EXIT_UNREADABLE;
	if (o->zone != NULL)
		return read_zone(j) ? 0 : EXIT_UNREADABLE;
	j->resolver = resolver_create(&o->resolver, &what);
	if (j->resolver != NULL) {
		resolver_set_patience(j->resolver, tell_patience);
		return 0;
	}
	complain("todoku: %s\n", what);
	return EXIT_UNREADABLE;
}

/* What the evidence does not hold was not answered then. */
static void
fail_wanted(struct dns_answers *answers)
{
	const size_t n = answers->n_wanted;

	answers->n_wanted = 0;
	for (size_t i = 0; i < n; i++)
		dns_answers_put(answers,
		    &(struct dns_answer){
			.name = answers->wanted[i].name, .type = answers->wanted[i].type, .result = DNS_FAILED });
}

bool
dns_session_answer(struct dns_session *j)
{
	if (j->answers.n_wanted == 0 || j->rounds++ == ROUNDS_MAX)
		return false;
	if (j->options->answers_from > 0)
		relay_ask(j->options->answers_from, &j->answers);
	else if (j->options->replay != NULL)
		fail_wanted(&j->answers);
	else if (j->resolver != NULL)
		resolver_answer(j->resolver, &j->answers);
	else
		zone_answer(&j->zone, &j->answers);
	return true;
}

static int
write_evidence(const struct dns_session *j)
{
	const char *path = j->options->evidence;
	struct out out = { 0 };
	FILE *f = fopen(path, "wb");
	bool written;

	evidence_write(&out, &j->answers, j->now);
	written = f != NULL && fwrite(out.at, 1, out.len, f) == out.len;
	if (f != NULL)
		written = fclose(f) == 0 && written;
	out_deinit(&out);
	if (written)
		return 0;
	complain("todoku: %s: %s\n", path, strerror(errno));
	return EXIT_IO;
}

/* Not in JSON's way: on standard error. */
static void
tell_trouble(const struct dns_session *j)
{
	static const char *const troubles[] = { "", "no answer in time", "SERVFAIL, or no server answered", "refused",
		"DNSSEC: bogus", "an answer that is none" };
	const struct resolver_account a = resolver_account(j->resolver);
	const struct resolver_options *o = &j->options->resolver;

	if (a.failed > 0)
		complain("todoku: the DNS did not answer %u of %u questions (%s; asked: %s%s)\n", a.failed, a.asked,
		    troubles[a.trouble], o->n_servers > 0 ? o->servers[0] : "the system's resolver",
		    o->n_servers > 1 ? " and others" : "");
}

int
dns_session_close(struct dns_session *j)
{
	if (j->resolver != NULL)
		tell_trouble(j);
	if (j->resolver != NULL)
		resolver_free(j->resolver);
	j->resolver = NULL;
	return j->options->evidence != NULL ? write_evidence(j) : 0;
}

bool
dns_session_read_message(struct arena *arena, const char *path, struct span *message, bool *restored)
{
	const char *const file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;

	if (!options_read_file(arena, file, MESSAGE_FILE_SIZE_MAX, message))
		return false;
	if (mbox_is_start(*message)) {
		*message = span_skip(*message, span_index(*message, '\n'));
		*message = span_skip(*message, message->len > 0);
	}
	*message = line_ends_restore(arena, *message, restored);
	return true;
}

struct public_suffixes *
dns_session_read_suffixes(struct arena *arena, const char *path)
{
	struct public_suffixes *suffixes;
	struct span text;

	if (path == NULL)
		return public_suffixes_builtin();
	if (!options_read_file(arena, path, SUFFIXES_SIZE_MAX, &text))
		return NULL;
	suffixes = public_suffixes_read(text);
	if (suffixes == NULL)
		complain("todoku: %s: not a public suffix list\n", path);
	return suffixes;
}

int
dns_session_print(const struct out *out)
{
	return fwrite(out->at, 1, out->len, stdout) == out->len && fflush(stdout) == 0 ? 0 : EXIT_IO;
}
