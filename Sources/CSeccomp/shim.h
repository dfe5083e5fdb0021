// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/// The filter action "fail with this errno".
static inline uint32_t oracy_seccompFail(int error) { return SCMP_ACT_ERRNO(error); }

/// Gives up for ever what set-user-ID programs and file capabilities could add; an unprivileged filter needs it.
static inline int oracy_denyNewPrivileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/// Lowers the soft and the hard limit of a resource; a lower one that is already set stays.
static inline int oracy_setLimit(int resource, unsigned long value) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return -1;
    if (limit.rlim_max > value) limit.rlim_max = value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit);
}

static inline int oracy_limitAddressSpace(unsigned long bytes) { return oracy_setLimit(RLIMIT_AS, bytes); }
static inline int oracy_limitProcessorTime(unsigned long seconds) { return oracy_setLimit(RLIMIT_CPU, seconds); }
static inline int oracy_limitDescriptors(unsigned long count) { return oracy_setLimit(RLIMIT_NOFILE, count); }
static inline int oracy_limitFileSize(unsigned long bytes) { return oracy_setLimit(RLIMIT_FSIZE, bytes); }
static inline int oracy_limitProcesses(unsigned long count) { return oracy_setLimit(RLIMIT_NPROC, count); }
static inline int oracy_limitCoreSize(unsigned long bytes) { return oracy_setLimit(RLIMIT_CORE, bytes); }

/// Closes every descriptor from `first` on; on kernels older than 5.9 it does nothing, the parent has closed them.
static inline void oracy_closeDescriptors(unsigned first) {
#ifdef SYS_close_range
    (void)syscall(SYS_close_range, first, ~0U, 0);
#endif
}

/// Tries to start another process; the child, should there be one, ends at once. Returns 0 or errno.
static inline int oracy_tryFork(void) {
    const long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child < 0 ? errno : 0;
}
