// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One statement that an answer is expected to make.
///
/// Only the identity and the label are needed; what else is empty is derived from the label when an answer is assessed.
public struct KeyPoint: Sendable, Hashable {
    /// Whether the statement holds or denies, recommends or advises against.
    public enum Polarity: String, Sendable, Hashable, CaseIterable {
        case affirm, negate
    }

    /// A quantity that the answer has to name.
    public struct Number: Sendable, Hashable {
        /// The value.
        public var value: Double
        /// Its unit as it is said or written ("mg", "hours", "times a day"); nil for a bare number.
        public var unit: String?
        /// How far an answer may be off, in the same unit.
        public var tolerance: Double
        /// What it is the quantity of, such as "dose of paracetamol", for people and for the drug that it names.
        public var role: String?
        /// Whether it is a limit; nil to take that from the label.
        public var relation: Relation?

        /// What a quantity says of the values that are right. The raw values are stored.
        public enum Relation: String, Sendable, Hashable, CaseIterable {
            /// The value itself.
            case equal
            /// No less: "at least", "above".
            case atLeast = "at_least"
            /// No more: "at most", "below".
            case atMost = "at_most"
        }

        /// Creates a quantity.
        public init(
            value: Double, unit: String? = nil, tolerance: Double = 0, role: String? = nil, relation: Relation? = nil
        ) {
            self.value = value
            self.unit = unit
            self.tolerance = tolerance
            self.role = role
            self.relation = relation
        }
    }

    /// What results name it by; unique within a question.
    public var id: String
    /// The statement, in the educator's words.
    public var label: String
    /// What it counts beside the others, above 0.
    public var weight: Double
    /// Whether an answer without it can't pass by itself.
    public var isEssential: Bool
    /// Whether contradicting it is a danger, which a person has to look at.
    public var isCritical: Bool
    /// Whether it counts for nothing any more. It is still looked for, so that what becomes of the others stays the same.
    public var isRetired: Bool
    /// Its polarity; nil to take it from the label.
    public var polarity: Polarity?
    /// Other ways of saying it.
    public var phrases: [String]
    /// Groups of words that mean the same; an answer has to name one of each group.
    public var concepts: [[String]]
    /// Quantities that have to be right.
    public var numbers: [Number]
    /// Statements that contradict it.
    public var forbidden: [String]
    /// The numbers of the expected answers that it belongs to, from 1; empty for all of them.
    public var expectedAnswers: [Int]

    /// Creates a key point.
    public init(
        id: String, label: String, weight: Double = 1, isEssential: Bool = false, isCritical: Bool = false,
        isRetired: Bool = false, polarity: Polarity? = nil, phrases: [String] = [], concepts: [[String]] = [],
        numbers: [Number] = [],
        forbidden: [String] = [], expectedAnswers: [Int] = []
    ) {
        self.id = id
        self.label = label
        self.weight = weight
        self.isEssential = isEssential
        self.isCritical = isCritical
        self.isRetired = isRetired
        self.polarity = polarity
        self.phrases = phrases
        self.concepts = concepts
        self.numbers = numbers
        self.forbidden = forbidden
        self.expectedAnswers = expectedAnswers
    }
}

extension KeyPoint {
    /// What it counts in the score: nothing once it is retired.
    public var countedWeight: Double { isRetired ? 0 : weight }

    /// Whether it is asked for by the expected answer with this number.
    public func belongs(to expectedAnswer: Int) -> Bool {
        expectedAnswers.isEmpty || expectedAnswers.contains(expectedAnswer)
    }

    /// Whether two key points look for the same in an answer; what they count may differ.
    public func looksForTheSame(as other: KeyPoint) -> Bool {
        var same = other
        (same.weight, same.isEssential, same.isCritical) = (weight, isEssential, isCritical)
        same.isRetired = isRetired
        return same == self
    }
}
