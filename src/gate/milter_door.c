#include "gate/milter_door.h"

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/out.h"

enum { SECONDS = 5, GROUPS_MAX = 64, GREETING = 17 };

static struct door_found
found(enum door door, struct span path)
{
	return (struct door_found){ door, path };
}

static const char *
text_of(struct arena *arena, struct span s)
{
	char *text = arena_take(arena, s.len + 1);

	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return text;
}

/* Whether the user has these rights (bits of rwx) to a file, by owner, group or others. */
static bool
has_right(const struct door_query *q, const struct stat *st, unsigned rights)
{
	gid_t groups[GROUPS_MAX];
	const struct passwd *user = getpwuid(q->user);
	int n = GROUPS_MAX;
	bool member = st->st_gid == q->group;

	if (q->user == 0)
		return true;
	if (st->st_uid == q->user)
		return ((unsigned)st->st_mode >> 6 & rights) == rights;
	if (user != NULL && getgrouplist(user->pw_name, q->group, groups, &n) >= 0)
		for (int i = 0; i < n; i++)
			member = member || groups[i] == st->st_gid;
	return ((unsigned)st->st_mode >> (member ? 3 : 0) & rights) == rights;
}

/* Every folder on the way must be passable. */
static bool
find_barrier(struct arena *arena, const struct door_query *q, struct span path, struct span *barrier)
{
	struct stat st;

	for (size_t i = 1; i < path.len; i++) {
		if (path.at[i] != '/')
			continue;
		*barrier = span_first(path, i);
		if (stat(text_of(arena, *barrier), &st) == 0 && !has_right(q, &st, 1))
			return true;
	}
	return false;
}

/* Asks for the protocol as an MTA does: length, 'O', version 6, no actions, no steps. */
static bool
speaks_milter(int fd)
{
	static const char hello[GREETING] = { 0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, 0x3f, 0, 0, 0, 0x7f };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char answer[5];

	return write(fd, hello, sizeof(hello)) == (ssize_t)sizeof(hello) && poll(&p, 1, SECONDS * 1000) == 1 &&
	    read(fd, answer, sizeof(answer)) == (ssize_t)sizeof(answer) && answer[4] == 'O';
}

static enum door
knock(int fd, const struct sockaddr *address, socklen_t size)
{
	enum door door = DOOR_CLOSED;

	if (fd >= 0 && connect(fd, address, size) == 0)
		door = speaks_milter(fd) ? DOOR_OPEN : DOOR_SILENT;
	if (fd >= 0)
		close(fd);
	return door;
}

static struct door_found
try_path(struct arena *arena, const struct door_query *q, struct span given)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct out out = { 0 };
	struct span path, barrier;
	struct stat st;

	if (given.len > 0 && given.at[0] == '/' && q->chrooted)
		return found(DOOR_OUTSIDE_CHROOT, given);
	if (given.len == 0 || given.at[0] != '/') {
		out_str(&out, q->queue);
		out_char(&out, '/');
	}
	out_span(&out, given);
	path = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	if (find_barrier(arena, q, path, &barrier))
		return found(DOOR_NO_WAY, barrier);
	if (path.len >= sizeof(un.sun_path) || stat(text_of(arena, path), &st) != 0)
		return found(DOOR_MISSING, path);
	if (!S_ISSOCK(st.st_mode))
		return found(DOOR_NO_SOCKET, path);
	if (!has_right(q, &st, 2))
		return found(DOOR_NO_RIGHT, path);
	memcpy(un.sun_path, path.at, path.len);
	return found(
	    knock(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), (const struct sockaddr *)&un, sizeof(un)), path);
}

/* Postfix writes inet:host:port, sendmail inet:port@host. */
static struct door_found
try_host(struct arena *arena, struct span given)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const size_t at = span_index(given, '@');
	struct span host, port;
	struct addrinfo *all;
	enum door door;

	if (at < given.len) {
		port = span_first(given, at);
		host = span_skip(given, at + 1);
	} else {
		size_t colon = given.len;

		while (colon > 0 && given.at[colon - 1] != ':')
			colon--;
		if (colon == 0)
			return found(DOOR_NO_ADDRESS, given);
		host = span_first(given, colon - 1);
		port = span_skip(given, colon);
	}
	if (host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
		host = (struct span){ host.at + 1, host.len - 2 };
	if (getaddrinfo(text_of(arena, host), text_of(arena, port), &hints, &all) != 0)
		return found(DOOR_NO_ADDRESS, given);
	door = knock(socket(all->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), all->ai_addr, all->ai_addrlen);
	freeaddrinfo(all);
	return found(door, given);
}

struct door_found
door_try(struct arena *arena, const struct door_query *q)
{
	struct span s = q->address;

	if (span_take(&s, "unix:") || span_take(&s, "local:"))
		return try_path(arena, q, s);
	if (span_take(&s, "inet:") || span_take(&s, "inet6:"))
		return try_host(arena, s);
	return found(DOOR_NO_ADDRESS, q->address);
}
