/*
 * What goes wrong, on standard error. File names, arguments and what was found
 * in files are anybody's: nothing of them steers the terminal.
 */
#ifndef INTAKE_COMPLAIN_H
#define INTAKE_COMPLAIN_H

/* As printf(), in one piece; control characters are escaped but for the line end that closes the format. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
