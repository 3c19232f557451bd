/*
 * What the judges' commands share: where the DNS answers come from – the
 * network, a zone, a file of evidence –, the clock, the message's bytes, and
 * asking until nothing more is wanted.
 */
#ifndef CMD_DNS_SESSION_H
#define CMD_DNS_SESSION_H

#include "auth/organizational_domain.h"
#include "base/out.h"
#include "cmd/options.h"
#include "cmd/usage.h"
#include "dns/resolver.h"
#include "dns/zone.h"

enum { EXIT_TEMPORARY = 75, MESSAGE_FILE_SIZE_MAX = 256 * 1024 * 1024 };

struct dns_session_options {
	struct options common;
	struct resolver_options resolver;
	const char *zone, *evidence, *replay;
	uint64_t now; /* 0: the clock's */
	int answers_from; /* a socket to a process that asks (dns/relay); 0: none */
};

struct dns_session {
	struct arena *arena;
	const struct dns_session_options *options;
	struct dns_answers answers;
	struct resolver *resolver; /* NULL: a zone or a replay */
	struct zone zone;
	uint64_t now;
	unsigned rounds;
};

/* Takes one option that getopt_long() gave; false: it is none of these, or unsound (told). */
bool dns_session_take_option(struct dns_session_options *o, int letter, const char *value);

/* 0, or the exit status (told on standard error). Opened or not, it is closed. */
int dns_session_open(struct dns_session *j, struct arena *arena, const struct dns_session_options *o);

/* Answers what is wanted. False: nothing was, or it has been asked too often. */
bool dns_session_answer(struct dns_session *j);

/* Writes the evidence, if that was asked for; 0, or the exit status. */
int dns_session_close(struct dns_session *j);

/* A message as SMTP carries it, from a file or "-"; false: told. */
bool dns_session_read_message(struct arena *arena, const char *path, struct span *message, bool *restored);

/* The public suffix list of a file, or the built-in one for NULL; NULL: told. */
struct public_suffixes *dns_session_read_suffixes(struct arena *arena, const char *path);

/* Writes to standard output: 0 or EXIT_IO. */
int dns_session_print(const struct out *out);

#endif
