// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Which process holds a lease, told so exactly that another one on the same machine can see that it is gone.
///
/// A process id alone is used again sooner or later; together with the moment the process started it is not.
public struct WorkerIdentity: Sendable, Hashable, CustomStringConvertible {
    /// The machine: its machine-id and host name.
    let host: String
    /// The run of the kernel.
    let boot: String
    /// The namespace that the process id belongs to; containers have their own.
    let namespace: String
    /// The process.
    let process: Int32
    /// When it started, in clock ticks since the machine did (proc(5), /proc/pid/stat, field 22).
    let startTime: UInt64

    init(host: String, boot: String, namespace: String, process: Int32, startTime: UInt64) {
        self.host = host
        self.boot = boot
        self.namespace = namespace
        self.process = process
        self.startTime = startTime
    }

    /// This process.
    public static let current = WorkerIdentity(
        host: machine(), boot: ProcessTable.text(of: "/proc/sys/kernel/random/boot_id"),
        namespace: ProcessTable.link("/proc/self/ns/pid"), process: getpid(),
        startTime: ProcessTable.startTime(of: getpid()) ?? 0)

    /// Reads the form that ``description`` gives; nil when it is no such form.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, let process = Int32(parts[3]), let startTime = UInt64(parts[4]) else { return nil }
        self.init(
            host: String(parts[0]), boot: String(parts[1]), namespace: String(parts[2]), process: process,
            startTime: startTime)
    }

    /// All parts, separated by slashes.
    public var description: String { "\(host)/\(boot)/\(namespace)/\(process)/\(startTime)" }

    /// Whether this worker is certainly gone, as seen by `observer`. False when that can't be told: then only the end
    /// of its leases tells.
    func isGone(
        seenBy observer: WorkerIdentity, startTime lookUp: (Int32) -> UInt64? = ProcessTable.startTime(of:)
    ) -> Bool {
        guard host == observer.host, !boot.isEmpty, !observer.boot.isEmpty else { return false }
        guard boot == observer.boot else { return true }
        guard namespace == observer.namespace else { return false }
        return lookUp(process) != startTime
    }

    private static func machine() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let bytes = name.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: "/")) }.map { UInt8(bitPattern: $0) }
        return "\(ProcessTable.text(of: "/etc/machine-id"))@\(String(decoding: bytes, as: UTF8.self))"
    }
}

/// What the kernel says about processes.
enum ProcessTable {
    /// When a process started, in clock ticks since the machine did; nil when there is none, or only its remains.
    static func startTime(of process: Int32) -> UInt64? {
        // The second field is the program's name in parentheses and may hold anything, so count from its end.
        let stat = text(of: "/proc/\(process)/stat")
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[end...].split(separator: " ").dropFirst()
        guard fields.count > 19, let state = fields.first, state != "Z", state != "X" else { return nil }
        return UInt64(fields[fields.startIndex + 19])
    }

    /// The text of a small file, without white space around it; empty when it can't be read.
    static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return String(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }

    /// Where a symbolic link points, without slashes; empty when it can't be read.
    static func link(_ path: String) -> String {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &bytes, bytes.count)
        let target = bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        return String(decoding: target, as: UTF8.self).split(separator: "/").joined(separator: "-")
    }
}
