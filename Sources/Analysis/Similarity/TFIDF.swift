// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Weighs words by how often an answer has them and how few answers of the question bank do.
///
/// tf = 1 + ln(count); idf = ln((1 + N) / (1 + df)) + 1, over the N answers of the bank.
package struct TFIDF<Term: Hashable & Sendable>: Sendable {
    private let documentFrequency: [Term: Int]
    private let documents: Int

    /// Learns the weights from the answers of a bank.
    package init(bank: [[Term]]) {
        var frequency: [Term: Int] = [:]
        for document in bank {
            for term in Set(document) { frequency[term, default: 0] += 1 }
        }
        documentFrequency = frequency
        documents = bank.count
    }

    /// The weight of each distinct term of an answer.
    func weights(_ terms: [Term]) -> [Term: Double] {
        var counts: [Term: Int] = [:]
        counts.reserveCapacity(terms.count)
        for term in terms { counts[term, default: 0] += 1 }
        var weights: [Term: Double] = [:]
        weights.reserveCapacity(counts.count)
        for (term, count) in counts {
            let inverse = log(Double(1 + documents) / Double(1 + documentFrequency[term, default: 0])) + 1
            weights[term] = (1 + log(Double(count))) * inverse
        }
        return weights
    }

    /// The cosine of the angle between two answers, 0...1; nil when one has no terms.
    package func cosine(_ first: [Term], _ second: [Term]) -> Double? {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let a = weights(first)
        let b = weights(second)
        // Dictionaries have an order of their own in every process: adding sorted numbers gives the same bits each time.
        let dot = a.compactMap { term, weight in b[term].map { $0 * weight } }.sorted().reduce(0, +)
        return min(1, dot / (length(a) * length(b)))
    }

    private func length(_ weights: [Term: Double]) -> Double {
        weights.values.map { $0 * $0 }.sorted().reduce(0, +).squareRoot()
    }
}
