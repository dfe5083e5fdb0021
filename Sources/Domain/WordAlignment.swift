// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Which words of two texts belong together: a shortest list of substitutions, insertions and deletions (Levenshtein).
///
/// ```swift
/// let alignment = WordAlignment(reference: ["she", "takes", "it"], hypothesis: ["she", "take", "it"])
/// alignment.runs.map(\.operation)  // [.equal, .substitute, .equal]
/// ```
///
/// Words are compared as they are; see ``TextNormalization`` for what to compare. O(n·m/64) time, bounded memory, and
/// the same result for the same words, always.
public struct WordAlignment: Sendable, Hashable {
    /// What became of words of the reference.
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        /// They are the same.
        case equal
        /// Each was replaced by another.
        case substitute
        /// The hypothesis has words that the reference has not.
        case insert
        /// The reference has words that the hypothesis has not.
        case delete
    }

    /// Neighbouring words with the same fate.
    public struct Run: Sendable, Hashable {
        /// What became of them.
        public var operation: Operation
        /// Positions in the reference; empty for insertions.
        public var reference: Range<Int>
        /// Positions in the hypothesis; empty for deletions, else as long as `reference` unless that is empty.
        public var hypothesis: Range<Int>

        /// Creates a run.
        public init(operation: Operation, reference: Range<Int>, hypothesis: Range<Int>) {
            self.operation = operation
            self.reference = reference
            self.hypothesis = hypothesis
        }
    }

    /// The runs in order; together they cover both texts, and neighbours differ in operation.
    public let runs: [Run]

    /// Aligns two texts.
    public init(reference: [String], hypothesis: [String]) {
        self.init(elements: reference, hypothesis)
    }

    init<Element: Hashable>(elements reference: [Element], _ hypothesis: [Element]) {
        var runs: [Run] = []
        var place = (reference: 0, hypothesis: 0)
        for step in EditPath.steps(from: reference, to: hypothesis) {
            let operation: Operation =
                switch step {
                case .equal: .equal
                case .substitute: .substitute
                case .insert: .insert
                case .delete: .delete
                }
            let next = (
                reference: place.reference + (step == .insert ? 0 : 1),
                hypothesis: place.hypothesis + (step == .delete ? 0 : 1)
            )
            if let last = runs.last, last.operation == operation {
                runs[runs.count - 1].reference = last.reference.lowerBound..<next.reference
                runs[runs.count - 1].hypothesis = last.hypothesis.lowerBound..<next.hypothesis
            } else {
                runs.append(
                    Run(
                        operation: operation, reference: place.reference..<next.reference,
                        hypothesis: place.hypothesis..<next.hypothesis))
            }
            place = next
        }
        self.runs = runs
    }

    /// How many words have this fate: of the hypothesis for insertions, of the reference else.
    public func count(of operation: Operation) -> Int {
        runs.reduce(0) { sum, run in
            run.operation == operation ? sum + max(run.reference.count, run.hypothesis.count) : sum
        }
    }
}
