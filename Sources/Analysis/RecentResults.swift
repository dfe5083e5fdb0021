// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization

/// What a model made of texts lately, so that an edit of an answer costs only the sentences that it changed.
///
/// Holds between half of its capacity and all of it: when the younger half is full, the older one goes, and with it what was
/// not asked for since. Safe to use from any thread.
final class RecentResults<Result: Sendable>: Sendable {
    private struct Halves {
        var young: [String: Result] = [:]
        var old: [String: Result] = [:]
        /// What the younger half weighs.
        var weight = 0
    }

    private let halves = Mutex(Halves())
    private let capacity: Int
    /// Longer texts, in bytes, are not kept: the memory is bounded in bytes too.
    private let longestText: Int
    private let weight: @Sendable (Result) -> Int

    /// Creates an empty memory.
    ///
    /// - Parameters:
    ///   - capacity: What all results that are kept weigh at most.
    ///   - longestText: The longest text that is remembered, in bytes of UTF-8.
    ///   - weight: What a result weighs; one of more than an eighth of the capacity is not kept.
    init(capacity: Int = 4_096, longestText: Int = 2_048, weight: @escaping @Sendable (Result) -> Int = { _ in 1 }) {
        self.capacity = max(2, capacity)
        self.longestText = longestText
        self.weight = weight
    }

    /// The results of texts, in order: those that are remembered, and the others made in one call, each text once.
    func results<Failure: Error>(
        of texts: [String], make: ([String]) throws(Failure) -> [Result]
    ) throws(Failure) -> [Result] {
        var found: [Result?] = halves.withLock { halves in texts.map { look(up: $0, in: &halves) } }
        var places: [String: Int] = [:]
        var missing: [String] = []
        for (text, result) in zip(texts, found) where result == nil && places[text] == nil {
            places[text] = missing.count
            missing.append(text)
        }
        guard !missing.isEmpty else { return found.compactMap { $0 } }
        let made = try make(missing)
        for (index, text) in texts.enumerated() where found[index] == nil {
            found[index] = places[text].flatMap { made.indices.contains($0) ? made[$0] : nil }
        }
        halves.withLock { halves in
            for (text, result) in zip(missing, made) where text.utf8.count <= longestText {
                remember(result, of: text, in: &halves)
            }
        }
        return found.compactMap { $0 }
    }

    private func look(up text: String, in halves: inout Halves) -> Result? {
        if let result = halves.young[text] { return result }
        guard let result = halves.old.removeValue(forKey: text) else { return nil }
        remember(result, of: text, in: &halves)
        return result
    }

    private func remember(_ result: Result, of text: String, in halves: inout Halves) {
        let weight = weight(result)
        guard weight <= max(1, capacity / 8), halves.young[text] == nil else { return }
        if halves.weight + weight > capacity / 2 {
            halves.old = halves.young
            halves.young = [:]
            halves.weight = 0
        }
        halves.young[text] = result
        halves.weight += weight
    }
}
