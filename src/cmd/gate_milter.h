/*
 * todoku gate --milter: a mail server's filter.
 */
#ifndef CMD_GATE_MILTER_H
#define CMD_GATE_MILTER_H

#include "cmd/config.h"

/* `lang`: of what is wrong with the file. */
int cmd_gate_milter(const struct config *config, enum lang lang, int argc, char **argv);

#endif
