// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization

/// Lets idle workers wait for something to do, without losing a signal between looking and waiting.
final class WakeUp: Sendable {
    private struct State {
        var count = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    /// How often it has been signalled; read it before looking for work.
    var count: Int { state.withLock { $0.count } }

    /// Wakes everybody who waits.
    func signal() {
        let waiting = state.withLock { state in
            state.count += 1
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits for a signal after the one with this count.
    func wait(past seen: Int) async {
        await withCheckedContinuation { continuation in
            let isNew = state.withLock { state in
                guard state.count == seen else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isNew { continuation.resume() }
        }
    }
}
