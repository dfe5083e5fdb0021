// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a measure is called and means.
public struct MeasureDescriptor: Sendable, Hashable {
    /// What a measure is about.
    public enum Group: String, Sendable, Hashable, CaseIterable {
        /// The recording.
        case audio
        /// The flow of speech.
        case fluency
        /// How hard the words and sentences are to follow.
        case readability
        /// The choice of words.
        case lexical
        /// The wording beside that of the expected answer.
        case similarity
    }

    /// The stable name, such as `flesch_re`.
    public let key: String
    /// What it is about.
    public let group: Group
    /// A short name for people.
    public let label: String
    /// The unit: `wpm`, `s`, `%`, `grade` (years of school in the USA), `1` for a plain number.
    public let unit: String
    /// What it means, in one sentence for students.
    public let explanation: String

    init(_ key: String, _ group: Group, _ label: String, unit: String, _ explanation: String) {
        self.key = key
        self.group = group
        self.label = label
        self.unit = unit
        self.explanation = explanation
    }
}
