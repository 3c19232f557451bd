/*
 * What a process that reads strangers' bytes gives up: time, memory, output,
 * the network, files and other processes. There is no way back.
 */
#ifndef WEB_SANDBOX_H
#define WEB_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox_bounds {
	unsigned seconds; /* of the processor's time */
	size_t memory, output; /* bytes */
};

/* Both: false: the system refuses; then nothing must be read. */
bool sandbox_bound(const struct sandbox_bounds *bounds);
bool sandbox_close(void);

#endif
