/*
 * How often something can be done in a second, for the programs that measure
 * the judges and their peers.
 */
#ifndef BENCH_RATE_H
#define BENCH_RATE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline double
rate_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Only figures whose names begin so are measured; NULL: all. To profile one. */
static const char *rate_only;

/* Runs `once` for 0.3 s at least; false from it ends the program: a wrong answer has no speed. */
static inline void
rate_print(const char *name, bool (*once)(void *context), void *context)
{
	const double begin = rate_now();
	double t;
	unsigned long n = 0;

	if (rate_only != NULL && strncmp(name, rate_only, strlen(rate_only)) != 0)
		return;
	do {
		for (int i = 0; i < 8; i++, n++)
			if (!once(context)) {
				fprintf(stderr, "bench: %s: a wrong answer\n", name);
				exit(1);
			}
		t = rate_now() - begin;
	} while (t < 0.3);
	printf("%s %.1f\n", name, (double)n / t);
}

static inline char *
rate_read(const char *folder, const char *name, size_t *len)
{
	char path[4096];
	char *text = malloc(1 << 20);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f == NULL || text == NULL)
		exit(1);
	*len = fread(text, 1, (1 << 20) - 1, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

#endif
