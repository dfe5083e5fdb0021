// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Works on many items at once and hands the results over in the order of the items.
enum OrderedWork {
    /// Runs `work` on every item.
    ///
    /// A slow item holds back the delivery of those after it, not the work on them, until `window` results wait; so
    /// memory stays bounded however many items there are.
    ///
    /// - Parameters:
    ///   - jobs: How many items are worked on at once.
    ///   - window: How many items may be under way or wait for delivery.
    ///   - next: Gives the next item; nil after the last one.
    ///   - work: Makes the result of one item.
    ///   - deliver: Takes the results one by one, in order.
    /// - Throws: What `next`, `work` or `deliver` throws; work that is under way is cancelled then.
    static func run<Item: Sendable, Output: Sendable>(
        atOnce jobs: Int, window: Int, next: () throws -> Item?,
        work: @escaping @Sendable (Item) async throws -> Output,
        deliver: (Output) throws -> Void
    ) async throws {
        precondition(jobs > 0 && window >= jobs)
        try await withThrowingTaskGroup(of: (Int, Output).self) { group in
            var finished: [Int: Output] = [:]
            var started = 0
            var delivered = 0
            var running = 0
            var hasMore = true
            while true {
                while hasMore, running < jobs, started - delivered < window {
                    guard let item = try next() else {
                        hasMore = false
                        break
                    }
                    let index = started
                    group.addTask { (index, try await work(item)) }
                    started += 1
                    running += 1
                }
                guard let (index, output) = try await group.next() else { return }
                running -= 1
                finished[index] = output
                while let output = finished.removeValue(forKey: delivered) {
                    try deliver(output)
                    delivered += 1
                }
            }
        }
    }
}
