/*
 * Postfix's settings, asked of its own postconf(1), and changed by it.
 */
#ifndef GATE_POSTFIX_H
#define GATE_POSTFIX_H

#include "base/arena.h"

enum { POSTFIX_OUTPUT_MAX = 1024 * 1024, POSTFIX_SERVICES_MAX = 64 };

struct postfix { /* how it is asked */
	struct arena *arena;
	const char *folder; /* of main.cf; NULL: its own */
};

/* The value of a parameter of main.cf, its macros expanded; at == NULL: postconf cannot be run, or knows no such parameter. */
struct span postfix_get(const struct postfix *p, const char *name);

/* The same, whether or not it stands in main.cf: NULL where it is the default. */
struct span postfix_get_explicit(const struct postfix *p, const char *name);

/* Sets a parameter, or takes it out of main.cf (value NULL). False: postconf says no. */
bool postfix_set(const struct postfix *p, const char *name, const char *value);

struct postfix_service {
	struct span name, type; /* "smtp", "inet" */
	bool chrooted;
};

/* Services of master.cf whose program is `program`: "smtpd", "cleanup". */
size_t postfix_services(
    const struct postfix *p, const char *program, struct postfix_service services[POSTFIX_SERVICES_MAX]);

#endif
