// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Synchronization

/// A fixed number of threads for calls that block: password hashing, files, decoders, recognisers.
///
/// Swift's cooperative pool has one thread per core; two blocking calls on it would freeze a two-core server. The
/// queue is bounded, so that overload is refused early instead of growing without end. Calls that take long may be kept
/// from using all threads, so that they hold up no short one.
///
/// ```swift
/// let hashing = ThreadPool(name: "hash", threads: 2, queueLimit: 64)
/// let hash = try await hashing.run { try password.hash() }
/// ```
public final class ThreadPool: Sendable {
    private struct Call {
        let number: UInt64
        let isLong: Bool
        let body: @Sendable () -> Void
    }

    /// First come, first served.
    private struct Queue {
        private var calls: [Call] = []
        private var head = 0

        var count: Int { calls.count - head }
        var first: Call? { head < calls.count ? calls[head] : nil }

        mutating func append(_ call: Call) { calls.append(call) }

        mutating func removeFirst() {
            head += 1
            if head == calls.count || head > 64, head * 2 > calls.count {
                calls.removeFirst(head)
                head = 0
            }
        }
    }

    private struct State {
        var short = Queue()
        var long = Queue()
        var runningLong = 0
        var number: UInt64 = 0
        var isClosed = false

        /// Takes the call that has waited longest, of those that may run now.
        mutating func take(longCalls: Int) -> Call? {
            let long = runningLong < longCalls ? self.long.first : nil
            guard let call = [long, short.first].compactMap(\.self).min(by: { $0.number < $1.number }) else {
                return nil
            }
            if call.isLong {
                self.long.removeFirst()
                runningLong += 1
            } else {
                short.removeFirst()
            }
            return call
        }
    }

    private let name: String
    private let longCalls: Int
    private let queueLimit: Int
    private let state: Mutex<State>
    private let signal: Condition

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: What the threads are called in tools such as top; at most 15 bytes are shown.
    ///   - threads: How many calls run at once.
    ///   - longCalls: How many of them may be long ones; nil for all.
    ///   - queueLimit: How many calls may wait; further ones are refused with ``ThreadPoolError/full``.
    public init(name: String, threads: Int, longCalls: Int? = nil, queueLimit: Int = .max) {
        precondition(threads > 0 && queueLimit >= 0 && longCalls ?? 1 > 0)
        self.name = name
        self.longCalls = longCalls ?? threads
        self.queueLimit = queueLimit
        state = Mutex(State())
        signal = Condition()
        for _ in 0..<threads { Thread.start(name: name) { [self] in work() } }
    }

    /// Runs a blocking call on one of the threads and waits for it without holding the caller's thread.
    ///
    /// Cancellation of the calling task changes nothing: the call is run to its end, when its turn comes.
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

    /// Runs a blocking call as ``run(_:)`` does, unless the calling task is cancelled before its turn comes.
    ///
    /// A call that has begun is not interrupted.
    ///
    /// - Parameter isLong: Whether the call takes so long that others should not wait for it.
    /// - Throws: `CancellationError`, ``ThreadPoolError`` when the call can't be queued, else what the call throws.
    public func runUnlessCancelled<Value: Sendable>(
        isLong: Bool = false, _ call: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let turn = Turn<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard turn.wait(continuation, call) else { return continuation.resume(throwing: CancellationError()) }
                do {
                    try enqueue(isLong: isLong) { turn.begin() }
                } catch {
                    turn.leave(throwing: error)
                }
            }
        } onCancel: {
            turn.leave(throwing: CancellationError())
        }
    }

    /// Queues a call whose result nobody waits for.
    public func enqueue(_ call: @escaping @Sendable () -> Void) throws(ThreadPoolError) {
        try enqueue(isLong: false, call)
    }

    private func enqueue(isLong: Bool, _ call: @escaping @Sendable () -> Void) throws(ThreadPoolError) {
        let refusal: ThreadPoolError? = state.withLock { state in
            if state.isClosed { return .closed }
            if state.short.count + state.long.count >= queueLimit { return .full }
            state.number += 1
            let call = Call(number: state.number, isLong: isLong, body: call)
            if isLong { state.long.append(call) } else { state.short.append(call) }
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
        while let call = next() {
            call.body()
            guard call.isLong else { continue }
            state.withLock { $0.runningLong -= 1 }
            signal.notifyOne()
        }
    }

    private func next() -> Call? {
        signal.wait {
            state.withLock { state -> Call?? in
                if let call = state.take(longCalls: longCalls) { return .some(call) }
                return state.isClosed ? .some(nil) : nil
            }
        }
    }

    /// A call that waits for its turn: it begins or its caller leaves, whichever is first.
    private final class Turn<Value: Sendable>: Sendable {
        private enum State {
            case new
            case waiting(CheckedContinuation<Value, any Error>, @Sendable () throws -> Value)
            case over
        }

        private let state = Mutex(State.new)

        /// Begins to wait, unless the caller has left already.
        func wait(_ continuation: CheckedContinuation<Value, any Error>, _ call: @escaping @Sendable () throws -> Value)
            -> Bool
        {
            state.withLock { state in
                guard case .new = state else { return false }
                state = .waiting(continuation, call)
                return true
            }
        }

        func begin() {
            guard case .waiting(let continuation, let call) = end() else { return }
            continuation.resume(with: Result(catching: call))
        }

        func leave(throwing error: any Error) {
            guard case .waiting(let continuation, _) = end() else { return }
            continuation.resume(throwing: error)
        }

        private func end() -> State {
            state.withLock { state in
                defer { state = .over }
                return state
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
