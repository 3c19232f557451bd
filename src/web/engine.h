/*
 * What the server needs of the program: the two things that are done in
 * processes of their own. It knows no command and no DNS.
 */
#ifndef WEB_ENGINE_H
#define WEB_ENGINE_H

enum { WEB_ANSWERS_FD = 3 }; /* of the process that reads: whoever may ask the DNS answers there */

struct web_engine {
	void *context;
	/* Reads standard input and the arguments, writes standard output and error; an exit status. */
	int (*run)(void *context, int argc, char **argv);
	/* Answers questions that come over `fd`, until its other end is closed. */
	void (*answer)(void *context, int fd);
	/* Opens beforehand what the process that reads will not be allowed to open. */
	void (*prepare)(void *context);
};

#endif
