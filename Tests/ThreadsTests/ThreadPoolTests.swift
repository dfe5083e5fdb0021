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
}
