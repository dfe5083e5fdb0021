// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A question of a course. What is asked lives in its versions.
public struct Question: Sendable, Hashable {
    /// Identity.
    public var id: Identifier<Question>
    /// The school or firm.
    public var tenant: String
    /// The course it belongs to.
    public var course: Identifier<Course>
    /// The version that new answers are given to.
    public var current: QuestionVersion
    /// When it was made.
    public var createdAt: Timestamp

    /// Creates a question.
    public init(
        id: Identifier<Question>, tenant: String = Tenant.single, course: Identifier<Course>,
        current: QuestionVersion, createdAt: Timestamp
    ) {
        self.id = id
        self.tenant = tenant
        self.course = course
        self.current = current
        self.createdAt = createdAt
    }
}

/// What is asked and expected; immutable once somebody has answered it.
public struct QuestionVersion: Sendable, Hashable {
    /// Something about the situation that a student learns on asking for it.
    public struct Fact: Sendable, Hashable {
        /// What it is named by; unique within a question.
        public var id: String
        /// What the student asks for, such as "Other medicines".
        public var label: String
        /// What the student is then told.
        public var text: String

        /// Creates a fact.
        public init(id: String, label: String, text: String) {
            self.id = id
            self.label = label
            self.text = text
        }
    }

    /// Identity.
    public var id: Identifier<QuestionVersion>
    /// Counts from 1 within the question.
    public var number: Int
    /// A short name for lists.
    public var title: String
    /// What the student is asked.
    public var prompt: String
    /// The situation that the question is about; nil without one.
    public var scenario: String?
    /// What a student may ask for while answering, in the order in which it is offered.
    public var facts: [Fact]
    /// What a good answer says; never shown to students before release. Several that are all good stand apart by an empty
    /// line or `|||`: see ``expectedAnswers``.
    public var expectedAnswer: String
    /// The statements that a good answer makes; empty until an educator has written or accepted some. Never shown to
    /// students before release.
    public var keyPoints: [KeyPoint]
    /// What a key point earns of its weight that was said in part, 0...1.
    public var partialCredit: Double
    /// What a key point takes away, as a share of its weight, whose opposite was said, -1...0.
    public var contradictedCredit: Double
    /// Words that a recogniser is told beside those that follow from the question: names, terms of the trade.
    public var vocabulary: [String]
    /// The language of the question and its expected answer (BCP 47), or nil for any.
    public var language: String?
    /// The languages answers may be given in; empty for ``language``, or for any where that is nil.
    public var languages: [ExpectedLanguage]
    /// The longest answer, in seconds.
    public var timeLimit: Int
    /// Whether a student sees nothing but that the answer was received until it is released, as in an examination.
    public var isWithheld: Bool
    /// When it was made.
    public var createdAt: Timestamp

    /// Creates a version.
    public init(
        id: Identifier<QuestionVersion>, number: Int, title: String, prompt: String, expectedAnswer: String,
        keyPoints: [KeyPoint] = [], partialCredit: Double = KeyPointResult.usualPartialCredit,
        contradictedCredit: Double = 0, scenario: String? = nil, facts: [Fact] = [], vocabulary: [String] = [],
        language: String? = nil, languages: [ExpectedLanguage] = [], timeLimit: Int,
        isWithheld: Bool = false,
        createdAt: Timestamp
    ) {
        self.id = id
        self.number = number
        self.title = title
        self.prompt = prompt
        self.expectedAnswer = expectedAnswer
        self.keyPoints = keyPoints
        self.partialCredit = partialCredit
        self.contradictedCredit = contradictedCredit
        self.scenario = scenario
        self.facts = facts
        self.vocabulary = vocabulary
        self.language = language
        self.languages = languages
        self.timeLimit = timeLimit
        self.isWithheld = isWithheld
        self.createdAt = createdAt
    }

    /// The answers that are all good, at least one unless the text is blank.
    public var expectedAnswers: [String] { ExpectedAnswers.split(expectedAnswer) }

    /// How its key points make a score.
    public var scoring: ScoringRules {
        ScoringRules(
            partialCredit: partialCredit, contradictedCredit: contradictedCredit,
            expectedAnswers: max(1, expectedAnswers.count))
    }

    /// The languages that are listened for when nobody has said which one is spoken; empty for any.
    public var answerLanguages: [ExpectedLanguage] {
        languages.isEmpty ? language.map { [ExpectedLanguage($0)] } ?? [] : languages
    }

    /// Whether answers to both are measured and held against key points in the same way; what these count may differ,
    /// and how the question is put.
    public func isMeasuredLike(_ other: QuestionVersion) -> Bool {
        expectedAnswers == other.expectedAnswers && language == other.language && timeLimit == other.timeLimit
            && keyPoints.elementsEqual(other.keyPoints) { $0.looksForTheSame(as: $1) }
    }
}
