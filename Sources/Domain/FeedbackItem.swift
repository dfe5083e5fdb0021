// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One thing to tell whoever gave an answer, with what it rests on.
///
/// It holds no sentence: the words come from templates, in the reader's language.
public struct FeedbackItem: Sendable, Hashable {
    /// What an item is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Something that was done well.
        case strength
        /// Something to do next time.
        case nextStep = "next_step"
    }

    /// Why it is said. The raw values appear in results, name the templates and are stored.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The opposite of a critical key point was said.
        case criticalContradicted = "critical_contradicted"
        /// The opposite of a key point was said, or a wrong quantity.
        case contradicted
        /// A key point was both said and denied.
        case inconsistent
        /// Nothing that was said has to do with what is expected.
        case offTopic = "off_topic"
        /// An essential key point was not said.
        case essentialMissing = "essential_missing"
        /// A quantity of a key point was not named.
        case numberMissing = "number_missing"
        /// A part of a key point was not named.
        case partMissing = "part_missing"
        /// A key point was said in part.
        case incomplete
        /// A key point was left open.
        case leftOpen = "left_open"
        /// A key point was not said.
        case missing
        /// Much of the time was left, and key points are missing.
        case timeUnused = "time_unused"
        /// The words are too hard for the patient who is spoken to.
        case readingLevel = "reading_level"
        /// Too fast to follow.
        case paceFast = "pace_fast"
        /// Too slow.
        case paceSlow = "pace_slow"
        /// Many long pauses, or a very long one.
        case longPauses = "long_pauses"
        /// Many fillers.
        case fillers
        /// Many hedges.
        case hedging
        /// A long answer without words that connect its sentences.
        case structure

        /// All essential key points were covered.
        case essentialsCovered = "essentials_covered"
        /// A critical key point was covered.
        case safetyCovered = "safety_covered"
        /// A key point was covered with the right quantity.
        case numberRight = "number_right"
        /// A key point was covered.
        case covered
        /// Sentences are connected in several ways.
        case clearStructure = "clear_structure"
        /// Neither fast nor slow, without long pauses.
        case paceSteady = "pace_steady"
        /// Hardly any fillers.
        case fewFillers = "few_fillers"

        /// Whether it praises or asks for more.
        public var kind: Kind {
            switch self {
            case .essentialsCovered, .safetyCovered, .numberRight, .covered, .clearStructure, .paceSteady, .fewFillers:
                .strength
            default: .nextStep
            }
        }
    }

    /// A value that a sentence names.
    public enum Value: Sendable, Hashable {
        /// Words of the educator or of the answer.
        case text(String)
        /// A number, rounded as it is to be shown.
        case number(Double)
    }

    /// A named value.
    public struct Parameter: Sendable, Hashable {
        /// What templates call it, such as `key_point`.
        public var name: String
        /// The value.
        public var value: Value

        /// Names a value.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// Why it is said.
    public var rule: Rule
    /// The key point that it is about.
    public var keyPoint: String?
    /// The measure that it rests on.
    public var measure: String?
    /// What its sentence names, in a fixed order.
    public var parameters: [Parameter]
    /// The words that show it; empty for what was not said, and for measures of a text that has no word times.
    public var evidence: [KeyPointResult.Evidence]

    /// Whether it praises or asks for more.
    public var kind: Kind { rule.kind }

    /// Creates an item.
    public init(
        _ rule: Rule, keyPoint: String? = nil, measure: String? = nil, parameters: [Parameter] = [],
        evidence: [KeyPointResult.Evidence] = []
    ) {
        self.rule = rule
        self.keyPoint = keyPoint
        self.measure = measure
        self.parameters = parameters
        self.evidence = evidence
    }
}
