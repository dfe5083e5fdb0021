// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import Synchronization
import Threads

/// Ends the program with a short message when a person presses Ctrl-C.
enum Interruption {
    /// Where the signal handler writes to; -1 until a command watches.
    private static let descriptor = Atomic<Int32>(-1)

    /// Begins to watch for SIGINT; call it once.
    ///
    /// A signal handler may neither allocate nor lock, so it only wakes a thread, which writes the message. The process
    /// then ends by the signal itself, so that a shell's loop ends too. A second Ctrl-C ends it in any case.
    ///
    /// - Parameter message: What a person should know, such as how to go on later.
    static func watch(_ message: @escaping @Sendable () -> String) {
        var ends: [Int32] = [-1, -1]
        guard oracy_pipe(&ends) == 0 else { return }
        let reader = ends[0]
        descriptor.store(ends[1], ordering: .releasing)
        Thread.start(name: "interrupt") {
            var byte: UInt8 = 0
            guard read(reader, &byte, 1) == 1 else { return }
            Terminal.messages.note(message())
            kill(getpid(), SIGINT)
        }
        signal(SIGINT) { _ in
            var byte: UInt8 = 1
            _ = write(Interruption.descriptor.load(ordering: .acquiring), &byte, 1)
            signal(SIGINT, SIG_DFL)
        }
    }
}
