#include "web/job.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
	struct jobs *jobs;
	struct job *next;
	char *arguments[JOB_ARGUMENTS_MAX + 1];
	int n;
	bool asks, running, late;
	int input, out, says;
	size_t size;
	pid_t worker, answerer;
	struct event *deadline;
	job_done_fn *done;
	void *context;
};

struct jobs {
	struct event_base *base;
	struct jobs_bounds bounds;
	const struct web_engine *engine;
	struct event *child;
	struct job *first;
	size_t input;
	struct jobs_count count;
};

static void
close_unless_none(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void
reap(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGKILL);
	waitpid(*pid, NULL, 0);
	*pid = 0;
}

static void
job_free(struct job *job)
{
	struct job **at = &job->jobs->first;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
	reap(&job->worker);
	reap(&job->answerer);
	job->jobs->input -= job->size;
	if (job->running)
		job->jobs->count.running--;
	else
		job->jobs->count.waiting--;
	if (job->deadline != NULL)
		event_free(job->deadline);
	close_unless_none(job->input);
	close_unless_none(job->out);
	close_unless_none(job->says);
	for (int i = 0; i < job->n; i++)
		free(job->arguments[i]);
	free(job);
}

/* In a child: signals as a program finds them, and dead when the server is. */
static void
become_own(pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Puts descriptors at 0, 1, … and closes all others: other requests' sockets are none of a child's business. */
static bool
keep_only(const int *wanted, int n)
{
	int far[WEB_ANSWERS_FD + 1]; /* where none of them is overwritten */

	for (int i = 0; i < n; i++)
		if ((far[i] = fcntl(wanted[i], F_DUPFD, WEB_ANSWERS_FD + 1)) < 0)
			return false;
	for (int i = 0; i < n; i++)
		if (dup2(far[i], i) < 0)
			return false;
	return close_range((unsigned)n, ~0u, 0) == 0;
}

static void
run_worker(const struct job *job, int answers, pid_t parent)
{
	const struct web_engine *engine = job->jobs->engine;
	const int wanted[] = { job->input, job->out, job->says, answers };

	become_own(parent);
	if (!keep_only(wanted, job->asks ? 4 : 3) || !sandbox_bound(&job->jobs->bounds.sandbox) || !sandbox_close())
		_exit(JOB_NOT_CLOSED);
	optind = 0; /* getopt(3) begins anew */
	_exit((engine->run(engine->context, job->n, (char **)job->arguments) | fflush(stdout)) & 0xff);
}

static void
run_answerer(const struct job *job, int questions, pid_t parent)
{
	const struct web_engine *engine = job->jobs->engine;
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC), wanted[] = { null, null, null, questions };

	become_own(parent);
	if (null < 0 || !keep_only(wanted, 4))
		_exit(EXIT_FAILURE);
	engine->answer(engine->context, WEB_ANSWERS_FD);
	_exit(0);
}

static void
be_late(evutil_socket_t fd, short what, void *context)
{
	struct job *job = context;

	(void)fd;
	(void)what;
	job->late = true;
	kill(job->worker, SIGKILL); /* its end comes as any other's */
}

static bool
fork_both(struct job *job)
{
	const pid_t parent = getpid();
	int ends[2] = { -1, -1 };

	if (job->asks && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	job->worker = fork();
	if (job->worker == 0)
		run_worker(job, ends[0], parent);
	job->answerer = job->asks && job->worker > 0 ? fork() : 0;
	if (job->asks && job->worker > 0 && job->answerer == 0)
		run_answerer(job, ends[1], parent);
	close_unless_none(ends[0]);
	close_unless_none(ends[1]);
	return job->worker > 0 && job->answerer >= 0;
}

static bool
start(struct job *job)
{
	const struct timeval seconds = { (time_t)job->jobs->bounds.seconds, 0 };

	job->running = true;
	job->jobs->count.waiting--;
	job->jobs->count.running++;
	job->jobs->count.started++;
	job->out = memfd_create("answer", MFD_CLOEXEC);
	job->says = memfd_create("says", MFD_CLOEXEC);
	job->deadline = evtimer_new(job->jobs->base, be_late, job);
	return job->out >= 0 && job->says >= 0 && job->deadline != NULL && evtimer_add(job->deadline, &seconds) == 0 &&
	    fork_both(job);
}

static void
finish(struct job *job, enum job_end end, int status)
{
	struct job_result result = { .end = end, .status = status, .out = job->out };
	const off_t size = job->out >= 0 ? lseek(job->out, 0, SEEK_END) : 0;
	const ssize_t n = job->says >= 0 ? pread(job->says, result.says, sizeof(result.says) - 1, 0) : 0;

	result.says[n > 0 ? n : 0] = '\0';
	result.size = size > 0 ? (size_t)size : 0;
	job->jobs->count.died += end == JOB_DIED;
	job->jobs->count.too_long += end == JOB_TOO_LONG;
	job->done(job->context, &result);
	job->out = result.out;
	job_free(job);
}

/* The first that waits, from the end of the list: the oldest. */
static struct job *
next_waiting(const struct jobs *jobs)
{
	struct job *oldest = NULL;

	for (struct job *job = jobs->first; job != NULL; job = job->next)
		if (!job->running)
			oldest = job;
	return oldest;
}

static void
start_waiting(struct jobs *jobs)
{
	while (jobs->count.running < jobs->bounds.running_max && jobs->count.waiting > 0) {
		struct job *job = next_waiting(jobs);

		if (!start(job))
			finish(job, JOB_NOT_STARTED, 0);
	}
}

static void
look_after_children(evutil_socket_t fd, short what, void *context)
{
	struct jobs *jobs = context;
	struct job *next;

	(void)fd;
	(void)what;
	for (struct job *job = jobs->first; job != NULL; job = next) {
		int status;

		next = job->next;
		if (job->worker <= 0 || waitpid(job->worker, &status, WNOHANG) != job->worker)
			continue;
		job->worker = 0;
		if (WIFEXITED(status))
			finish(job, JOB_EXITED, WEXITSTATUS(status));
		else
			finish(job, job->late ? JOB_TOO_LONG : JOB_DIED, 0);
	}
	start_waiting(jobs);
}

struct jobs *
jobs_create(struct event_base *base, const struct jobs_bounds *bounds, const struct web_engine *engine)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));

	if (jobs == NULL)
		return NULL;
	jobs->base = base;
	jobs->bounds = *bounds;
	jobs->engine = engine;
	jobs->child = evsignal_new(base, SIGCHLD, look_after_children, jobs);
	if (jobs->child == NULL || evsignal_add(jobs->child, NULL) != 0) {
		jobs_free(jobs);
		return NULL;
	}
	engine->prepare(engine->context);
	return jobs;
}

void
jobs_free(struct jobs *jobs)
{
	if (jobs == NULL)
		return;
	while (jobs->first != NULL)
		job_free(jobs->first);
	if (jobs->child != NULL)
		event_free(jobs->child);
	free(jobs);
}

struct job *
jobs_start(struct jobs *jobs, int input, size_t size, char *const *arguments, int n, bool asks, job_done_fn *done,
    void *context)
{
	struct job *job = NULL;

	if (jobs->count.waiting < jobs->bounds.waiting_max && jobs->input + size <= jobs->bounds.input_max &&
	    n <= JOB_ARGUMENTS_MAX)
		job = calloc(1, sizeof(*job));
	if (job == NULL) {
		jobs->count.refused++;
		close(input);
		return NULL;
	}
	*job = (struct job){ .jobs = jobs,
		.next = jobs->first,
		.asks = asks,
		.input = input,
		.out = -1,
		.says = -1,
		.size = size,
		.done = done,
		.context = context };
	for (; job->n < n; job->n++)
		job->arguments[job->n] = strdup(arguments[job->n]);
	jobs->first = job;
	jobs->input += size;
	jobs->count.waiting++;
	/* not from here: `done` comes later */
	event_active(jobs->child, EV_SIGNAL, 1);
	return job;
}

void
job_cancel(struct job *job)
{
	struct jobs *jobs = job->jobs;

	job_free(job);
	event_active(jobs->child, EV_SIGNAL, 1);
}

struct jobs_count
jobs_count(const struct jobs *jobs)
{
	return jobs->count;
}
