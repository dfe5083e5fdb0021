// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import CSeccomp
import Glibc

/// What this process forbids itself, for ever, before it reads a byte of somebody else's file.
///
/// Three layers, each sufficient against most attacks: no new privileges, resource limits, and a system-call filter
/// that knows only what decoding needs (seccomp(2)). What the filter doesn't know fails with EPERM.
enum Sandbox {
    /// Address space, in bytes; 15 minutes of Opus need 200 MB, nearly all of it mapped libraries.
    private static let addressSpace: UInt = 1 << 30
    /// Processor time, in seconds.
    private static let processorTime: UInt = 30

    /// Enters the sandbox.
    ///
    /// - Parameter outputLimit: How large a file descriptor 1 or 2 may become, in bytes, should it be a file.
    /// - Throws: ``DecodeFailure`` with code `sandbox` when any layer can't be set up: then nothing is decoded.
    static func enter(outputLimit: Int) throws(DecodeFailure) {
        oracy_closeDescriptors(3)
        let limits = [
            oracy_limitAddressSpace(addressSpace),
            oracy_limitProcessorTime(processorTime),
            oracy_limitDescriptors(3),
            oracy_limitFileSize(UInt(outputLimit)),
            oracy_limitProcesses(0),
            oracy_limitCoreSize(0),
            oracy_denyNewPrivileges(),
        ]
        guard limits.allSatisfy({ $0 == 0 }) else { throw failure("resource limits can't be set") }
        try installFilter()
        guard attempt({ socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }) == EPERM else {
            throw failure("the system-call filter has no effect")
        }
    }

    private static func failure(_ message: String) -> DecodeFailure { DecodeFailure(.sandbox, message) }

    /// Calls allowed whatever their arguments: memory, time, waiting, ending.
    private static let allowedCalls = [
        "brk", "munmap", "mremap", "madvise",
        "clock_gettime", "clock_getres", "clock_nanosleep", "gettimeofday", "nanosleep", "restart_syscall",
        "futex", "sched_yield", "sched_getaffinity", "getpid", "gettid", "getrandom", "sysinfo",
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
        "close", "exit", "exit_group",
    ]

    /// Calls allowed only when one argument has one value (after masking).
    private static var restrictedCalls: [(name: String, argument: UInt32, mask: UInt64, value: UInt64)] {
        let executable = UInt64(PROT_EXEC)
        return [
            ("read", 0, .max, 0), ("lseek", 0, .max, 0),
            ("write", 0, .max, 1), ("write", 0, .max, 2), ("writev", 0, .max, 2),
            ("mmap", 2, executable, 0), ("mprotect", 2, executable, 0),
            ("tgkill", 0, .max, UInt64(getpid())),  // abort(3)
        ]
    }

    private static func installFilter() throws(DecodeFailure) {
        guard let filter = seccomp_init(oracy_seccompFail(EPERM)) else {
            throw failure("the system-call filter can't be created")
        }
        defer { seccomp_release(filter) }
        for name in allowedCalls {
            let call = seccomp_syscall_resolve_name(name)
            // Not every architecture has every call.
            guard call >= 0 else { continue }
            guard seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nil) == 0 else {
                throw failure("a rule of the system-call filter is refused")
            }
        }
        for rule in restrictedCalls {
            let call = seccomp_syscall_resolve_name(rule.name)
            guard call >= 0 else { continue }
            var comparison = scmp_arg_cmp(
                arg: rule.argument, op: SCMP_CMP_MASKED_EQ, datum_a: rule.mask, datum_b: rule.value)
            guard seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &comparison) == 0 else {
                throw failure("a rule of the system-call filter is refused")
            }
        }
        guard seccomp_load(filter) == 0 else { throw failure("the system-call filter can't be loaded") }
    }

    /// The error number of a call that should fail; 0 when it worked.
    private static func attempt(_ call: () -> Int32) -> Int32 {
        errno = 0
        return call() >= 0 ? 0 : errno
    }

    /// Tries, inside the sandbox, what no decoder needs.
    static func attemptForbiddenActs() -> SelfTest {
        SelfTest(results: [
            ("socket", attempt { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }),
            ("local_socket", attempt { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }),
            ("open", attempt { oracy_open("/etc/passwd", O_RDONLY, 0) }),
            ("create", attempt { oracy_open("/tmp/oracy-decode-self-test", O_WRONLY | O_CREAT, 0o600) }),
            ("unlink", attempt { unlink("/tmp/oracy-decode-self-test") }),
            ("exec", attempt { execve("/bin/true", [nil], [nil]) }),
            ("fork", oracy_tryFork()),
            ("kill", attempt { kill(getppid(), 0) }),
            ("executable_memory", executableMemory()),
            ("two_gibibytes", twoGibibytes()),
        ])
    }

    private static func executableMemory() -> Int32 {
        errno = 0
        let page = mmap(nil, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return page == MAP_FAILED ? errno : 0
    }

    private static func twoGibibytes() -> Int32 {
        errno = 0
        let memory = mmap(nil, 2 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return memory == MAP_FAILED ? errno : 0
    }
}
