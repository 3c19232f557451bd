/*
 * todoku gate --milter: a mail server's filter.
 */
#ifndef CMD_GATE_MILTER_H
#define CMD_GATE_MILTER_H

#include <stdbool.h>

/* Whether --milter stands among the arguments. */
bool gate_milter_is_asked(int argc, char **argv);

int cmd_gate_milter(int argc, char **argv);

#endif
