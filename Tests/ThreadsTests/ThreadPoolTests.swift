// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization
import Testing
import Threads

@Suite("Thread pool")
struct ThreadPoolTests {
    private struct Refusal: Error {}

    @Test func `returns what the call returns and throws what it throws`() async throws {
        let pool = ThreadPool(name: "test", threads: 2)
        defer { pool.close() }
        #expect(try await pool.run { 6 * 7 } == 42)
        await #expect(throws: Refusal.self) { try await pool.run { throw Refusal() } }
    }

    @Test func `runs every one of many calls once`() async throws {
        let pool = ThreadPool(name: "test", threads: 3)
        defer { pool.close() }
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<2_000 { group.addTask { try await pool.run { number } } }
            return try await group.reduce(0, +)
        }
        #expect(total == 1_999_000)
    }

    @Test func `runs no more calls at once than it has threads and refuses a full queue`() async throws {
        let pool = ThreadPool(name: "test", threads: 1, queueLimit: 2)
        let gate = Condition()
        let state = Mutex((isOpen: false, hasStarted: false, running: 0, most: 0))
        let call: @Sendable () -> Void = {
            state.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
                $0.hasStarted = true
            }
            gate.notifyAll()
            gate.wait { state.withLock { $0.isOpen ? true : nil } }
            state.withLock { $0.running -= 1 }
        }
        try pool.enqueue(call)
        gate.wait { state.withLock { $0.hasStarted ? true : nil } }
        try pool.enqueue(call)
        try pool.enqueue(call)
        #expect(throws: ThreadPoolError.full) { try pool.enqueue(call) }
        state.withLock { $0.isOpen = true }
        gate.notifyAll()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    do { return try await pool.run {} } catch ThreadPoolError.full { await Task.yield() }
                }
            }
            try await group.waitForAll()
        }
        #expect(state.withLock { $0.most } == 1)
        pool.close()
        #expect(throws: ThreadPoolError.closed) { try pool.enqueue {} }
    }

    /// Holds calls until it is opened.
    private final class Barrier: Sendable {
        /// What the calls have written down.
        let order = Mutex<[Int]>([])
        private let changed = Condition()
        private let state = Mutex((isOpen: false, arrived: 0))

        func pass() {
            state.withLock { $0.arrived += 1 }
            changed.notifyAll()
            changed.wait { state.withLock { $0.isOpen ? true : nil } }
        }

        func open() {
            state.withLock { $0.isOpen = true }
            changed.notifyAll()
        }

        func await(_ count: Int) { changed.wait { state.withLock { $0.arrived >= count ? true : nil } } }
    }

    @Test func `keeps a thread for short calls while long ones wait`() async throws {
        let pool = ThreadPool(name: "test", threads: 2, longCalls: 1)
        defer { pool.close() }
        let barrier = Barrier()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    try await pool.runUnlessCancelled(isLong: true) {
                        barrier.pass()
                        barrier.order.withLock { $0.append(number) }
                    }
                }
            }
            barrier.await(1)
            // Were it held up, the barrier would never open.
            for _ in 0..<5 { try await pool.run { barrier.order.withLock { $0.append(-1) } } }
            barrier.open()
            try await group.waitForAll()
        }
        barrier.order.withLock { #expect($0.prefix(5) == [-1, -1, -1, -1, -1] && Set($0.dropFirst(5)) == [0, 1, 2]) }
    }

    @Test func `runs all long calls, as many at once as it may`() async throws {
        final class Tally: Sendable { let counts = Mutex((now: 0, most: 0, done: 0)) }
        let pool = ThreadPool(name: "test", threads: 4, longCalls: 2)
        defer { pool.close() }
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    try await pool.runUnlessCancelled(isLong: number % 2 == 0) {
                        guard number % 2 == 0 else { return }
                        tally.counts.withLock {
                            $0.now += 1
                            $0.most = max($0.most, $0.now)
                        }
                        tally.counts.withLock {
                            $0.now -= 1
                            $0.done += 1
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        tally.counts.withLock { #expect($0.done == 250 && $0.most <= 2) }
    }

    @Test func `never begins a call whose caller has left`() async throws {
        let pool = ThreadPool(name: "test", threads: 1)
        defer { pool.close() }
        let barrier = Barrier()
        let hasRun = Mutex(false)
        try pool.enqueue { barrier.pass() }
        barrier.await(1)
        let task = Task { try await pool.runUnlessCancelled { hasRun.withLock { $0 = true } } }
        task.cancel()
        // It ends although the only thread is taken.
        await #expect(throws: CancellationError.self) { try await task.value }
        barrier.open()
        try await pool.run {}
        #expect(hasRun.withLock { !$0 })
        let kept = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await pool.run { 1 }
        }
        #expect(try await kept.value == 1)
    }
}
