// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// Speaks a text with espeak-ng, so that the demo has recordings without shipping any.
enum SpokenText {
    private static let program = "/usr/bin/espeak-ng"

    /// Whether espeak-ng is installed.
    static var isAvailable: Bool { access(program, X_OK) == 0 }

    /// The text as a WAV file; blocks until it is spoken.
    ///
    /// - Parameters:
    ///   - text: What to say.
    ///   - voice: An espeak-ng voice, such as `en-us+f2`.
    ///   - speed: Words a minute.
    ///   - path: Where the WAV file goes.
    /// - Throws: ``DemoError`` when espeak-ng fails.
    static func record(_ text: String, voice: String, speed: Int, to path: String) throws {
        let null = oracy_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
        guard null >= 0 else { throw DemoError("/dev/null can't be opened.") }
        defer { close(null) }
        let arguments = [program, "-v", voice, "-s", "\(speed)", "-g", "4", "-w", path, "--", text].map {
            (argument: String) in strdup(argument)
        }
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        guard oracy_spawn(&child, program, arguments + [nil], nil, nil, null, null, null) == 0 else {
            throw DemoError("espeak-ng can't be started.")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw DemoError("espeak-ng failed to speak a demo answer.") }
    }
}

/// Why the demo could not be made.
public struct DemoError: Error, Sendable, CustomStringConvertible {
    private let message: String
    init(_ message: String) { self.message = message }
    /// What happened and what to do.
    public var description: String { message }
}
