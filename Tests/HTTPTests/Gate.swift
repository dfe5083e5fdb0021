// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Synchronization

/// Holds tasks and threads until it has been opened as often as it wants.
final class Gate: Sendable {
    private struct State {
        var missing: Int
        var waiting: [@Sendable () -> Void] = []
    }

    private let state: Mutex<State>

    init(count: Int = 1) { state = Mutex(State(missing: count)) }

    func open() {
        let waiting = state.withLock { state -> [@Sendable () -> Void] in
            state.missing -= 1
            guard state.missing <= 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for resume in waiting { resume() }
    }

    private func onOpen(_ body: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            if state.missing > 0 { state.waiting.append(body) }
            return state.missing <= 0
        }
        if isOpen { body() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in onOpen { continuation.resume() } }
    }

    /// Waits on a thread of the test's own.
    func block() {
        let semaphore = DispatchSemaphore(value: 0)
        onOpen { semaphore.signal() }
        semaphore.wait()
    }
}
