// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization
import Threads

/// A request to stop, which a waiting thread notices at once.
final class PullCancellation: Sendable {
    private let flag = Atomic<Bool>(false)
    private let condition = Condition()

    /// Whether to stop.
    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    /// Asks for the end; any number of times, from any thread.
    func cancel() {
        flag.store(true, ordering: .releasing)
        condition.notifyAll()
    }

    /// Blocks the thread for a while, or until the end is asked for.
    func wait(_ time: Duration) { _ = condition.wait(upTo: time) { isCancelled ? true : nil } }

    /// - Throws: ``ModelError/cancelled`` when the end was asked for.
    func check() throws(ModelError) {
        if isCancelled { throw .cancelled }
    }
}
