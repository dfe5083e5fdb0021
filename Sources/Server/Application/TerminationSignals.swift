// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import Synchronization
import Threads

/// Turns SIGTERM and SIGINT into a call on a thread of our own.
enum TerminationSignals {
    /// Where the signal handler writes to; -1 until it is installed.
    private static let descriptor = Atomic<Int32>(-1)

    /// Calls `begin` at the first request to end; a second request ends the process at once with status 130.
    ///
    /// Call it once, before anything is served.
    static func install(_ begin: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [-1, -1]
        guard oracy_pipe(&ends) == 0 else { return }
        let reader = ends[0]
        descriptor.store(ends[1], ordering: .releasing)
        Thread.start(name: "signals") {
            var byte: UInt8 = 0
            if read(reader, &byte, 1) == 1 { begin() }
            if read(reader, &byte, 1) == 1 { _exit(130) }
        }
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                var byte: UInt8 = 1
                _ = write(TerminationSignals.descriptor.load(ordering: .acquiring), &byte, 1)
            }
        }
    }
}
