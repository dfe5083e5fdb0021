// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels
import Synchronization
import Threads

/// Threads that share the parts of one computation: the caller's and `threads - 1` of our own.
///
/// Between computations the threads watch for the next one for some microseconds, because a model's steps follow each
/// other closely, and then sleep. Computations of several callers take turns. The caller's thread is blocked: call from
/// a thread of one's own, never on the cooperative pool.
package final class ThreadTeam: Sendable {
    /// How many threads work, the caller's included.
    package let threads: Int
    private let shared: Shared?
    private let turn = Mutex(())

    /// Starts the threads.
    package init(threads: Int) {
        precondition(threads > 0)
        self.threads = threads
        guard threads > 1 else {
            shared = nil
            return
        }
        let shared = Shared()
        self.shared = shared
        for worker in 1..<threads { Thread.start(name: "compute-\(worker)") { shared.work(as: worker) } }
    }

    deinit { shared?.end() }

    /// Calls `body` once for each part, on any of the threads, and returns when all are done.
    ///
    /// - Parameters:
    ///   - parts: How many parts there are, at most 65,535.
    ///   - body: Does a part. `worker` is the thread's number, 0 being the caller's; parts run at the same time, so each
    ///     must write to places of its own.
    package func run(_ parts: Int, _ body: (_ worker: Int, _ part: Int) -> Void) {
        guard let shared, parts > 1 else {
            for part in 0..<parts { body(0, part) }
            return
        }
        turn.withLock { _ in withoutActuallyEscaping(body) { shared.run(parts, $0) } }
    }
}

/// What the threads of a team share.
private final class Shared: @unchecked Sendable {
    // Safe to share: `body` is written before the parts are announced (release) and read only by who has claimed a part
    // (acquire), which it can't have once the run is over; the rest is atomic.
    private var body: ((Int, Int) -> Void)?
    /// The number of parts and the next one to claim, in one word, so that a claim is valid whenever it succeeds.
    private let parts = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let isEnding = Atomic<Bool>(false)
    private let begun = Condition()
    private let done = Condition()
    private static let patience = 400

    private func claim() -> Int? {
        var word = parts.load(ordering: .sequentiallyConsistent)
        while word & 0xffff < word >> 16 {
            let result = parts.compareExchange(
                expected: word, desired: word + 1, ordering: .sequentiallyConsistent)
            if result.exchanged { return word & 0xffff }
            word = result.original
        }
        return nil
    }

    private func doParts(as worker: Int) {
        while let part = claim() {
            let count = parts.load(ordering: .relaxed) >> 16
            perform(part, as: worker)
            if finished.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == count { done.notifyAll() }
        }
    }

    /// A function of its own, so that no reference to the closure outlives the part's end.
    @inline(never)
    private func perform(_ part: Int, as worker: Int) { body?(worker, part) }

    func run(_ count: Int, _ body: @escaping (Int, Int) -> Void) {
        precondition(count <= 0xffff)
        self.body = body
        finished.store(0, ordering: .relaxed)
        parts.store(count << 16, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { begun.notifyAll() }
        doParts(as: 0)
        for _ in 0..<Self.patience where finished.load(ordering: .acquiring) < count { oracy_pause() }
        if finished.load(ordering: .acquiring) < count {
            done.wait { finished.load(ordering: .acquiring) == count ? true : nil }
        }
        self.body = nil
    }

    func work(as worker: Int) {
        while !isEnding.load(ordering: .acquiring) {
            doParts(as: worker)
            var spins = 0
            while spins < Self.patience, !hasWork { spins += 1; oracy_pause() }
            if hasWork { continue }
            sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
            begun.wait { hasWork ? true : nil }
            sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
    }

    private var hasWork: Bool {
        let word = parts.load(ordering: .sequentiallyConsistent)
        return word & 0xffff < word >> 16 || isEnding.load(ordering: .acquiring)
    }

    func end() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        begun.notifyAll()
    }
}
