// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Threads

/// Ends the program with a short message when a person presses Ctrl-C.
enum Interruption {
    /// Begins to watch for SIGINT. Call it once, before other threads are started.
    ///
    /// The signal is blocked everywhere and taken by a thread of its own, which may write and allocate, as a signal
    /// handler may not. The process then ends by the signal itself, so that a shell's loop ends too.
    ///
    /// - Parameter message: What a person should know, such as how to go on later.
    static func watch(_ message: @escaping @Sendable () -> String) {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        Thread.start(name: "interrupt") {
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGINT)
            var received: Int32 = 0
            while sigwait(&signals, &received) != 0 {}
            Terminal.messages.note(message())
            signal(SIGINT, SIG_DFL)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            kill(getpid(), SIGINT)
        }
    }
}
