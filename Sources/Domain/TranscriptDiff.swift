// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a person changed between two versions of a transcript, word by word as written.
public struct TranscriptDiff: Sendable, Hashable {
    /// What happened to a run of words.
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        /// Nothing.
        case equal
        /// Other words stand in their place.
        case replace
        /// They are new.
        case insert
        /// They are gone.
        case delete
    }

    /// A run of neighbouring words with the same fate.
    public struct Change: Sendable, Hashable {
        /// What happened.
        public var operation: Operation
        /// The words before; empty for insertions.
        public var fromWords: [String]
        /// The words after; empty for deletions.
        public var toWords: [String]
        /// Position of the first word among the words before.
        public var fromStart: Int
        /// Position of the first word among the words after.
        public var toStart: Int

        /// Creates a change.
        public init(operation: Operation, fromWords: [String], toWords: [String], fromStart: Int, toStart: Int) {
            self.operation = operation
            self.fromWords = fromWords
            self.toWords = toWords
            self.fromStart = fromStart
            self.toStart = toStart
        }
    }

    /// The changes in order; together they hold every word of both versions.
    public let changes: [Change]

    /// Compares two versions. Case and punctuation count.
    public init(from: Transcript, to: Transcript) {
        let from = from.words.map(\.text)
        let to = to.words.map(\.text)
        var changes: [Change] = []
        for run in WordAlignment(reference: from, hypothesis: to).runs {
            if run.operation != .equal, let last = changes.last, last.operation != .equal {
                changes[changes.count - 1].fromWords += from[run.reference]
                changes[changes.count - 1].toWords += to[run.hypothesis]
            } else {
                changes.append(
                    Change(
                        operation: .equal, fromWords: Array(from[run.reference]), toWords: Array(to[run.hypothesis]),
                        fromStart: run.reference.lowerBound, toStart: run.hypothesis.lowerBound))
                if run.operation == .equal { continue }
            }
            let change = changes[changes.count - 1]
            changes[changes.count - 1].operation =
                change.fromWords.isEmpty ? .insert : change.toWords.isEmpty ? .delete : .replace
        }
        self.changes = changes
    }
}
