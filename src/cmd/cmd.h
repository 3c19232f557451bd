/*
 * The subcommands, and the exit statuses they share (man page: EXIT STATUS).
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

enum {
	EXIT_EXPLAINED = 0,
	EXIT_UNEXPLAINED = 1, /* nothing to explain, or something undetermined */
	EXIT_USAGE = 64,
	EXIT_UNREADABLE = 65, /* input or catalogue that cannot be read */
	EXIT_IO = 74,
};

int cmd_why(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_spf(int argc, char **argv);
int cmd_dkim(int argc, char **argv);
int cmd_dmarc(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_gate(int argc, char **argv);
int cmd_web(int argc, char **argv);
int cmd_catalog(int argc, char **argv);

#endif
