/*
 * What the judges' commands share: where the DNS answers come from – the
 * network, a zone, a file of evidence –, the clock, the message's bytes, and
 * asking until nothing more is wanted.
 */
#ifndef CMD_JUDGE_H
#define CMD_JUDGE_H

#include <getopt.h>

#include "auth/organizational_domain.h"
#include "base/out.h"
#include "cmd/options.h"
#include "dns/resolver.h"
#include "dns/zone.h"

enum { EXIT_TEMPORARY = 75, JUDGE_MESSAGE_SIZE_MAX = 256 * 1024 * 1024 };

/* The letters and names of the options below, to stand in a command's own table. */
#define JUDGE_LETTERS "z:d:t:jl:h"
#define JUDGE_OPTIONS \
	{ "zone", required_argument, NULL, 'z' }, { "dns", required_argument, NULL, 'd' }, \
	    { "timeout", required_argument, NULL, 't' }, { "evidence", required_argument, NULL, 'E' }, \
	    { "replay", required_argument, NULL, 'P' }, { "now", required_argument, NULL, 'N' }, \
	    { "trust-anchor", required_argument, NULL, 'T' }, { "json", no_argument, NULL, 'j' }, \
	    { "lang", required_argument, NULL, 'l' }, { "help", no_argument, NULL, 'h' }, \
	{ \
		NULL, 0, NULL, 0 \
	}

#define JUDGE_USAGE \
	"  --zone FILE          DNS answers: zone text (RFC 1035); nothing else is asked\n" \
	"  --dns ADDRESS[:PORT] ask this resolver (repeatable; else the system's)\n" \
	"  --timeout SECONDS    for all there is to ask, 1 to 300 (else 10)\n" \
	"  --trust-anchor FILE  validate DNSSEC (Debian's: /usr/share/dns/root.key); bogus answers failed\n" \
	"  --evidence FILE      write all that was asked and answered\n" \
	"  --replay FILE        judge again from such a file, without a network\n" \
	"  --now SECONDS        the time to judge by, since 1970 (else the clock's)\n" \
	"  --json               one JSON object\n" \
	"  --lang ja|en         the language (else LC_ALL, LC_MESSAGES, LANG)\n"

struct judge_options {
	struct options common;
	struct resolver_options resolver;
	const char *zone, *evidence, *replay;
	uint64_t now; /* 0: the clock's */
};

struct judge {
	struct arena *arena;
	const struct judge_options *options;
	struct dns_answers answers;
	struct resolver *resolver; /* NULL: a zone or a replay */
	struct zone zone;
	uint64_t now;
	unsigned rounds;
};

/* Takes one option that getopt_long() gave; false: it is none of these, or unsound (told). */
bool judge_take_option(struct judge_options *o, int letter, const char *value);

/* Defaults from the environment; call before the options are read. */
void judge_options_init(struct judge_options *o, char **argv);

/* 0, or the exit status (told on standard error). Opened or not, it is closed. */
int judge_open(struct judge *j, struct arena *arena, const struct judge_options *o);

/* Answers what is wanted. False: nothing was, or it has been asked too often. */
bool judge_answer(struct judge *j);

/* Writes the evidence, if that was asked for; 0, or the exit status. */
int judge_close(struct judge *j);

/* A message as SMTP carries it, from a file or "-"; false: told. */
bool judge_read_message(struct arena *arena, const char *path, struct span *message, bool *restored);

/* The public suffix list of a file, or the built-in one for NULL; NULL: told. */
struct public_suffixes *judge_read_suffixes(struct arena *arena, const char *path);

/* Writes to standard output: 0 or EXIT_IO. */
int judge_print(const struct out *out);

#endif
