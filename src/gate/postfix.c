#include "gate/postfix.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/out.h"

enum { ARGUMENTS_MAX = 8, FIELDS = 8 };

static const struct span nothing = { NULL, 0 };

static void
read_all(int fd, struct out *out)
{
	ssize_t n;

	do {
		n = read(fd, out_room(out, 4096), 4096);
		if (n > 0)
			out->len += (size_t)n;
	} while ((n > 0 && out->len < POSTFIX_OUTPUT_MAX) || (n < 0 && errno == EINTR));
}

static void
become(const char *const *argv, int output)
{
	const int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(output, 1);
	dup2(null, 2);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* What a command prints; false where it does not end with 0. */
static bool
run(struct arena *arena, const char *const *argv, struct span *printed)
{
	struct out out = { 0 };
	int ends[2], status = 0;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child == 0)
		become(argv, ends[1]);
	close(ends[1]);
	if (child > 0)
		read_all(ends[0], &out);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	*printed = arena_copy(arena, out_view(&out));
	out_deinit(&out);
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
postconf(const struct postfix *p, const char *how, const char *what, struct span *printed)
{
	const char *argv[ARGUMENTS_MAX] = { "postconf" };
	size_t n = 1;

	if (p->folder != NULL) {
		argv[n++] = "-c";
		argv[n++] = p->folder;
	}
	argv[n++] = how;
	if (what != NULL)
		argv[n++] = what;
	return run(p->arena, argv, printed);
}

struct span
postfix_get(const struct postfix *p, const char *name)
{
	struct span printed;

	return postconf(p, "-hx", name, &printed) && printed.len > 0 ? span_trim(printed) : nothing;
}

struct span
postfix_get_explicit(const struct postfix *p, const char *name)
{
	struct span printed;

	return postconf(p, "-hn", name, &printed) && printed.len > 0 ? span_trim(printed) : nothing;
}

bool
postfix_set(const struct postfix *p, const char *name, const char *value)
{
	struct out setting = { 0 };
	struct span printed;
	bool set;

	if (value == NULL)
		return postconf(p, "-X", name, &printed);
	out_str(&setting, name);
	out_str(&setting, " = ");
	out_str(&setting, value);
	out_char(&setting, '\0');
	set = postconf(p, "-e", setting.at, &printed);
	out_deinit(&setting);
	return set;
}

static struct span
take_word(struct span *rest)
{
	struct span word;

	*rest = span_trim(*rest);
	word.at = rest->at;
	for (word.len = 0; word.len < rest->len && !ascii_is_space(rest->at[word.len]); word.len++)
		;
	*rest = span_skip(*rest, word.len);
	return word;
}

/* name type private unprivileged chroot wakeup maxproc command. master(5) */
static bool
read_service(struct span line, const char *program, struct postfix_service *s)
{
	struct span fields[FIELDS];

	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = take_word(&line);
	s->name = fields[0];
	s->type = fields[1];
	s->chrooted = span_equal(fields[4], span_of("y"));
	return span_equal(fields[FIELDS - 1], span_of(program));
}

size_t
postfix_services(const struct postfix *p, const char *program, struct postfix_service services[POSTFIX_SERVICES_MAX])
{
	struct span printed, line;
	size_t n = 0;

	if (!postconf(p, "-Mf", NULL, &printed))
		return 0;
	while (n < POSTFIX_SERVICES_MAX && span_take_line(&printed, &line))
		if (line.len > 0 && !ascii_is_blank(line.at[0]) && read_service(line, program, &services[n]))
			n++;
	return n;
}
