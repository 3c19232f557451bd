#include "intake/progress.h"
#include "intake/complain.h"

#include <stdio.h>
#include <unistd.h>

static double
seconds_since(const struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) + (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

void
progress_init(struct progress *p, bool quiet)
{
	*p = (struct progress){ .wanted = !quiet && isatty(STDERR_FILENO) };
	clock_gettime(CLOCK_MONOTONIC, &p->begun);
	p->told = p->begun;
}

void
progress_add(struct progress *p, uint64_t files, uint64_t bytes)
{
	p->files += files;
	p->bytes += bytes;
	if (!p->wanted || seconds_since(&p->told) < (p->shown ? 0.2 : 1.0))
		return;
	clock_gettime(CLOCK_MONOTONIC, &p->told);
	p->shown = true;
	complain("\r\033[K%llu files, %.1f MB, %.0f s", (unsigned long long)p->files, (double)p->bytes / 1e6,
	    seconds_since(&p->begun));
	if (p->total_bytes > p->bytes)
		complain(", %.0f %%", 100.0 * (double)p->bytes / (double)p->total_bytes);
	fflush(stderr);
}

void
progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
