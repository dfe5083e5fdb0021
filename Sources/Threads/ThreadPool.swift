// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Synchronization

/// A fixed number of threads for calls that block: password hashing, files, decoders, recognisers.
///
/// Swift's cooperative pool has one thread per core; two blocking calls on it would freeze a two-core server. The
/// queue is bounded, so that overload is refused early instead of growing without end.
///
/// ```swift
/// let hashing = ThreadPool(name: "hash", threads: 2, queueLimit: 64)
/// let hash = try await hashing.run { try password.hash() }
/// ```
public final class ThreadPool: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var head = 0
        var isClosed = false
    }

    private let name: String
    private let queueLimit: Int
    private let state: Mutex<State>
    private let signal: Condition

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: What the threads are called in tools such as top; at most 15 bytes are shown.
    ///   - threads: How many calls run at once.
    ///   - queueLimit: How many calls may wait; further ones are refused with ``ThreadPoolError/full``.
    public init(name: String, threads: Int, queueLimit: Int = .max) {
        precondition(threads > 0 && queueLimit >= 0)
        self.name = name
        self.queueLimit = queueLimit
        state = Mutex(State())
        signal = Condition()
        for _ in 0..<threads { Thread.start(name: name) { [self] in work() } }
    }

    /// Runs a blocking call on one of the threads and waits for it without holding the caller's thread.
    ///
    /// A call that has begun is not interrupted by cancellation of the calling task.
    ///
    /// - Throws: ``ThreadPoolError`` when the call can't be queued, else what the call throws.
    public func run<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try enqueue { continuation.resume(with: Result(catching: call)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Queues a call whose result nobody waits for.
    public func enqueue(_ call: @escaping @Sendable () -> Void) throws(ThreadPoolError) {
        let refusal: ThreadPoolError? = state.withLock { state in
            if state.isClosed { return .closed }
            if state.waiting.count - state.head >= queueLimit { return .full }
            state.waiting.append(call)
            return nil
        }
        if let refusal { throw refusal }
        signal.notifyOne()
    }

    /// Refuses further calls; those that wait are still run, then the threads end.
    public func close() {
        state.withLock { $0.isClosed = true }
        signal.notifyAll()
    }

    private func work() {
        while let call = next() { call() }
    }

    private func next() -> (@Sendable () -> Void)? {
        signal.wait {
            state.withLock { state in
                guard state.head < state.waiting.count else { return state.isClosed ? .some(nil) : nil }
                let call = state.waiting[state.head]
                state.head += 1
                if state.head > 64, state.head * 2 > state.waiting.count {
                    state.waiting.removeFirst(state.head)
                    state.head = 0
                }
                return .some(call)
            }
        }
    }
}

/// Why a ``ThreadPool`` refused a call.
public enum ThreadPoolError: Error, Sendable, CustomStringConvertible {
    /// As many calls as are allowed are waiting already: the server is overloaded.
    case full
    /// The pool has been closed: the server is shutting down.
    case closed

    /// What happened, for a person.
    public var description: String {
        switch self {
        case .full: "too many requests are waiting; try again shortly"
        case .closed: "the server is shutting down"
        }
    }
}
