// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Storage
import Synchronization

/// One claimed job while its handler runs: lets the heartbeat cancel it and the shutdown give it up.
final class RunningJob: Sendable {
    /// How a handler's run came to its end.
    enum End: Sendable {
        /// The handler has returned.
        case outcome(JobOutcome)
        /// The handler has thrown.
        case failure(any Error)
        /// The server stops and has waited long enough; the handler may still run, but whatever it writes is refused.
        case abandoned
    }

    private struct State {
        var task: Task<Void, Never>?
        var end: End?
        var waiting: CheckedContinuation<End, Never>?
        var isCancelled = false
    }

    let job: Job
    private let state = Mutex(State())

    init(job: Job) { self.job = job }

    /// Runs the handler and waits for its end, or for ``abandon()``.
    func run(_ handler: @escaping @Sendable () async throws -> JobOutcome) async -> End {
        // Unstructured on purpose: the handler outlives the cancellation of the runner for the time of grace, and one
        // that does not react must not hold up the end of the server.
        let task = Task {
            do {
                finish(.outcome(try await handler()))
            } catch {
                finish(.failure(error))
            }
        }
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
        return await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiting = continuation }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    /// Asks the handler to end.
    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    /// Stops waiting for the handler.
    func abandon() {
        cancel()
        finish(.abandoned)
    }

    private func finish(_ end: End) {
        let waiting = state.withLock { state -> CheckedContinuation<End, Never>? in
            guard state.end == nil else { return nil }
            state.end = end
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: end)
    }
}
