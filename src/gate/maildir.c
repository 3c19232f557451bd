#include "gate/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/out.h"

enum { NAME_SIZE_MAX = 200 };

/* An address as the name of a folder: what a file system or a shell could take for something else as %XX. */
static bool
write_name(struct span address, char *name, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < address.len; i++) {
		const char c = ascii_lower(address.at[i]);
		const bool plain = ascii_is_alnum(c) || strchr("@-_+=", c) != NULL || (c == '.' && i > 0);

		if (n + 4 > size)
			return false;
		if (plain && c != '\0')
			name[n++] = c;
		else
			n += (size_t)snprintf(name + n, 4, "%%%02X", (unsigned)(uint8_t)c);
	}
	name[n] = '\0';
	return n > 0;
}

static bool
write_path(char path[PATH_MAX], const char *folder, struct span address, const char *below, struct span id)
{
	char name[NAME_SIZE_MAX];
	int n;

	if (!write_name(address, name, sizeof(name))) {
		errno = ENAMETOOLONG;
		return false;
	}
	n = snprintf(path, PATH_MAX, "%s/%s%s%s%.*s", folder, name, below[0] ? "/" : "", below, (int)id.len, id.at);
	if (n < PATH_MAX)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

static const struct span nothing = { "", 0 };

static bool
make_folder(const char *folder, struct span address, const char *below)
{
	char path[PATH_MAX];

	return write_path(path, folder, address, below, nothing) && (mkdir(path, 0700) == 0 || errno == EEXIST);
}

static bool
make_mailbox(const char *folder, struct span address)
{
	return make_folder(folder, address, "") && make_folder(folder, address, "tmp") &&
	    make_folder(folder, address, "cur") && make_folder(folder, address, "new");
}

static bool
write_all(int fd, struct span s)
{
	while (s.len > 0) {
		const ssize_t n = write(fd, s.at, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s = span_skip(s, (size_t)n);
	}
	return true;
}

static void
put_lines(struct out *out, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != '\r' || i + 1 == s.len || s.at[i + 1] != '\n')
			out_char(out, s.at[i]);
}

/* A name in a folder is on the disk when the folder is. */
static bool
sync_folder(const char *folder, struct span address)
{
	char path[PATH_MAX];
	int fd;
	bool synced;

	if (!write_path(path, folder, address, "new", nothing))
		return false;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	synced = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return synced;
}

static bool
write_file(const char *path, struct span head, struct span message)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct out lines = { 0 };
	bool written;

	if (fd < 0)
		return false;
	put_lines(&lines, head);
	put_lines(&lines, message);
	written = write_all(fd, out_view(&lines)) && fsync(fd) == 0;
	out_deinit(&lines);
	return close(fd) == 0 && written;
}

static uint64_t
count_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	struct stat st;
	uint64_t n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' && fstatat(dirfd(d), e->d_name, &st, 0) == 0)
			n += (uint64_t)st.st_size;
	if (d != NULL)
		closedir(d);
	return n;
}

uint64_t
maildir_size(const char *folder, struct span address)
{
	char path[PATH_MAX];
	uint64_t n = 0;

	if (write_path(path, folder, address, "new", nothing))
		n += count_folder(path);
	if (write_path(path, folder, address, "cur", nothing))
		n += count_folder(path);
	return n;
}

enum maildir_result
maildir_deliver(
    const char *folder, struct span address, struct span id, struct span head, struct span message, uint64_t quota)
{
	char tmp[PATH_MAX], new[PATH_MAX];

	if (quota > 0 && maildir_size(folder, address) + head.len + message.len > quota)
		return MAILDIR_OVER_QUOTA;
	if (!write_path(tmp, folder, address, "tmp/", id) || !write_path(new, folder, address, "new/", id) ||
	    !make_mailbox(folder, address))
		return MAILDIR_FAILED;
	if (write_file(tmp, head, message) && rename(tmp, new) == 0) {
		if (sync_folder(folder, address))
			return MAILDIR_DELIVERED;
		unlink(new);
		return MAILDIR_FAILED;
	}
	unlink(tmp);
	return MAILDIR_FAILED;
}

void
maildir_take_back(const char *folder, struct span address, struct span id)
{
	char path[PATH_MAX];

	if (write_path(path, folder, address, "new/", id))
		unlink(path);
}
