/*
 * todoku gate enable, todoku gate disable: Postfix's settings for the filter.
 */
#ifndef CMD_GATE_ENABLE_H
#define CMD_GATE_ENABLE_H

/* argv[1] is "enable" or "disable". */
int cmd_gate_enable(int argc, char **argv);

#endif
