// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Foundation
import Synchronization

/// A program that a test has started, with its output in files.
///
/// Not `Foundation.Process`: its `run()` reads whole `dirent` structures while it looks for open descriptors, past the
/// end of the memory that holds them, and brought one run of the tests in ten down (Swift 6.3.1).
public final class RunningProgram: Sendable {
    /// Its process.
    public let identifier: Int32

    private let scratch: TemporaryFolder
    private let ending = Mutex<ProgramRun.Ending?>(nil)

    /// Starts a program with nothing of ours but its arguments, its environment and descriptors 0, 1 and 2.
    ///
    /// - Parameters:
    ///   - program: A path, or a name that is looked for on `PATH`.
    ///   - input: What it reads from its standard input.
    ///   - environment: Added to our environment, of which nothing that begins with `ORACY_` is handed on.
    ///   - folder: Where it starts; by default where we are.
    /// - Throws: `ProgramError` when it can't be started.
    public init(
        _ program: String, _ arguments: [String] = [], input: String = "", environment: [String: String] = [:],
        folder: String? = nil
    ) throws {
        scratch = try TemporaryFolder()
        _ = try scratch.write(input, to: "in")
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ORACY_") }
        variables.merge(environment) { $1 }

        let appending = O_WRONLY | O_CREAT | O_APPEND
        let streams = [
            try Self.open(scratch.path("in"), O_RDONLY), try Self.open(scratch.path("out"), appending),
            try Self.open(scratch.path("err"), appending),
        ]
        let words = (["/usr/bin/env", program] + arguments).map { strdup($0) }
        let settings = variables.map { strdup("\($0.key)=\($0.value)") }
        defer { for string in words + settings { free(string) } }
        var process: pid_t = 0
        let status = withExtendedLifetime(streams) {
            let descriptors = streams.map(\.fileDescriptor)
            return oracy_spawn(
                &process, "/usr/bin/env", words + [nil], settings + [nil], folder, descriptors[0], descriptors[1],
                descriptors[2])
        }
        guard status == 0 else {
            throw ProgramError("\(program) can't be started: \(String(cString: strerror(status)))")
        }
        identifier = process
    }

    private static func open(_ path: String, _ flags: Int32) throws -> FileHandle {
        let descriptor = oracy_open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ProgramError("\(path) can't be opened: error \(errno)") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Whether it has not ended.
    public var isRunning: Bool {
        ending.withLock { ending in
            guard ending == nil else { return false }
            var information = siginfo_t()
            // WNOWAIT: it stays to be reaped by wait(). Without an end there is no signal number.
            let result = waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT)
            return result == 0 && information.si_signo == 0
        }
    }

    /// What it has written to its standard output so far.
    public func said() throws -> String { try text("out") }

    /// Sends it a signal.
    public func send(_ signal: Int32) { kill(identifier, signal) }

    /// Waits for its end.
    @discardableResult
    public func wait() throws -> ProgramRun {
        let ending = ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            // The W… macros of wait(2).
            let signal = status & 0x7F
            let found: ProgramRun.Ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
            ending = found
            return found
        }
        return ProgramRun(ending: ending, output: try text("out"), errors: try text("err"))
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: scratch.path(name))), as: UTF8.self)
    }
}

/// One finished run of a program.
public struct ProgramRun: Sendable {
    /// How a program ended.
    public enum Ending: Sendable, Hashable {
        /// With a status.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)
    }

    /// How it ended.
    public let ending: Ending
    /// What it wrote to its standard output.
    public let output: String
    /// What it wrote to its standard error.
    public let errors: String

    /// Its exit status; nil when a signal ended it.
    public var status: Int32? {
        if case .exited(let status) = ending { status } else { nil }
    }

    /// Runs a program to its end.
    public static func run(
        _ program: String, _ arguments: [String] = [], input: String = "", environment: [String: String] = [:],
        folder: String? = nil
    ) throws -> ProgramRun {
        try RunningProgram(program, arguments, input: input, environment: environment, folder: folder).wait()
    }
}

/// Why a program could not be run.
public struct ProgramError: Error, CustomStringConvertible {
    /// What happened.
    public let description: String

    /// An error that says what happened.
    public init(_ description: String) { self.description = description }
}
