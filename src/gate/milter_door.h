/*
 * Whether a mail server gets through to its filter: the socket that smtpd
 * would open, seen from where it stands.
 */
#ifndef GATE_MILTER_DOOR_H
#define GATE_MILTER_DOOR_H

#include <sys/types.h>

#include "base/arena.h"

enum door {
	DOOR_OPEN, /* a filter answers */
	DOOR_NO_ADDRESS, /* not unix:…, inet:… or inet6:… */
	DOOR_OUTSIDE_CHROOT, /* an absolute path that a chrooted smtpd cannot see */
	DOOR_MISSING, /* nothing is there */
	DOOR_NO_SOCKET, /* something else is there */
	DOOR_NO_WAY, /* a folder on the way lets Postfix's user not pass */
	DOOR_NO_RIGHT, /* the socket may not be written by Postfix's user */
	DOOR_CLOSED, /* nobody listens */
	DOOR_SILENT, /* somebody listens, but speaks no milter */
	DOORS
};

struct door_query {
	struct span address; /* as in smtpd_milters: "unix:todoku/milter.sock", "inet:8891@127.0.0.1" */
	const char *queue; /* queue_directory: what a relative path begins at, and where a chrooted smtpd stands */
	bool chrooted;
	uid_t user; /* mail_owner's */
	gid_t group;
};

struct door_found {
	enum door door;
	struct span path; /* what it is said of, as it stands on this machine; of inet: the address */
};

struct door_found door_try(struct arena *arena, const struct door_query *query);

#endif
