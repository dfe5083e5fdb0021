// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One number about an answer, with what it rests on.
///
/// A measure that can't be computed honestly has no value and says why; there are no default values.
public struct Measure: Sendable, Hashable {
    /// Whether the value can be relied on.
    public enum Validity: String, Sendable, Hashable, CaseIterable {
        /// Enough material of the right kind.
        case ok
        /// Computed on too little or doubtful material; Measure/reason says why.
        case low
        /// Not computed; Measure/reason says why.
        case na
    }

    /// The stable name, such as `flesch_re` (docs/measures.md).
    public var key: String
    /// The value; nil exactly when valid is `na`.
    public var value: Double?
    /// The unit, such as `wpm`, `s`, `grade`, `%`, `1`.
    public var unit: String
    /// Whether the value can be relied on.
    public var valid: Validity
    /// Why it is `low` or `na`, for a person.
    public var reason: String?
    /// The numbers that it was computed from, such as `words` and `sentences`; empty where there are none or they are not
    /// known.
    public var basis: [Part]
    /// The words that produced it, or those that show best where it comes from.
    public var evidence: [Evidence]

    /// One number that a value was computed from.
    public struct Part: Sendable, Hashable {
        /// What was counted or measured, such as `syllables` (docs/measures.md).
        public var name: String
        /// How much of it there is.
        public var value: Double

        /// Creates a part.
        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// Creates a measure that can be relied on, or one that is `low` when a reason is given.
    public init(
        _ key: String, _ value: Double, unit: String, low reason: String? = nil, basis: [Part] = [],
        evidence: [Evidence] = []
    ) {
        self.key = key
        self.value = value
        self.unit = unit
        valid = reason == nil ? .ok : .low
        self.reason = reason
        self.basis = basis
        self.evidence = evidence
    }

    /// Creates a measure that could not be computed.
    public init(_ key: String, unit: String, na reason: String) {
        self.key = key
        value = nil
        self.unit = unit
        valid = .na
        self.reason = reason
        basis = []
        evidence = []
    }

    /// Creates a measure from stored parts.
    public init(
        key: String, value: Double?, unit: String, valid: Validity, reason: String?, basis: [Part] = [],
        evidence: [Evidence]
    ) {
        self.key = key
        self.value = value
        self.unit = unit
        self.valid = valid
        self.reason = reason
        self.basis = basis
        self.evidence = evidence
    }
}

/// A run of words, so that a number can be heard and seen where it came from.
public struct Evidence: Sendable, Hashable {
    /// The positions of the words in the transcript (or among the words that were found in a typed text).
    public var words: Range<Int>
    /// What it shows, such as the filler itself or the length of a pause; nil when the words say it all.
    public var note: String?

    /// Creates evidence.
    public init(words: Range<Int>, note: String? = nil) {
        self.words = words
        self.note = note
    }
}
