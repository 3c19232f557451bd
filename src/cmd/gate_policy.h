/*
 * What the gate's two faces share of their options: the policies, and how
 * faults of files are told.
 */
#ifndef CMD_GATE_POLICY_H
#define CMD_GATE_POLICY_H

#include "catalog/load.h"
#include "receiver/policy.h"

/* The built-in policies and those of `path` (NULL: none); every rule that they name is in the catalogue. All of it is the
   arena's. NULL: told. */
const struct policies *gate_policy_read(struct arena *arena, const struct catalog *catalog, const char *path);

/* NULL: there is none of this name (told). */
const struct policy *gate_policy_find(const struct policies *policies, enum lang lang, const char *name);

/* "FILE:LINE: what: at" */
void gate_tell_fault(const char *path, unsigned line, const char *what, struct span at);

/* Says that an option cannot have this value. Returns false. */
bool gate_refuse_value(enum lang lang, const char *name, const char *value);

#endif
