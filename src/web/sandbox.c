#include "web/sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Sanitizers reserve terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ADDRESSES_ARE_BOUND = false };
#else
enum { ADDRESSES_ARE_BOUND = true };
#endif

enum { FILES_MAX = 16 };

static bool
bound(__rlimit_resource_t what, rlim_t most)
{
	const struct rlimit limit = { most, most };

	return setrlimit(what, &limit) == 0;
}

bool
sandbox_bound(const struct sandbox_bounds *b)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	    bound(RLIMIT_CORE, 0) && bound(RLIMIT_CPU, b->seconds) && bound(RLIMIT_FSIZE, b->output) &&
	    bound(RLIMIT_NOFILE, FILES_MAX) && (!ADDRESSES_ARE_BOUND || bound(RLIMIT_AS, b->memory));
}

/* What reading, thinking and writing take: memory, descriptors that are open already, threads, the clock. */
static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(mmap),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
	SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(prlimit64),
	SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(restart_syscall), SCMP_SYS(uname), SCMP_SYS(sendto) };

/* A thread, never a process; glibc then leaves clone3, whose flags cannot be looked at. */
static bool
allow_threads(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		   SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

/* abort(3) signals itself; nobody else may be. */
static bool
allow_own_signals(scmp_filter_ctx filter)
{
	return seccomp_rule_add(
		   filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0;
}

/* Two ends within the process, through which what is packed is unpacked. */
static bool
allow_pairs(scmp_filter_ctx filter)
{
	enum { UNIX = 1 };

	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 1, SCMP_A0(SCMP_CMP_EQ, UNIX, 0)) == 0;
}

/* What is not allowed fails, and the program says so as of any other failure. */
bool
sandbox_close(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool closed = filter != NULL && allow_threads(filter) && allow_own_signals(filter) && allow_pairs(filter);

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		closed = closed && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	closed = closed && seccomp_load(filter) == 0;
	if (filter != NULL)
		seccomp_release(filter);
	return closed;
}
