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
    /// Identity.
    public var id: Identifier<QuestionVersion>
    /// Counts from 1 within the question.
    public var number: Int
    /// A short name for lists.
    public var title: String
    /// What the student is asked.
    public var prompt: String
    /// What a good answer says; never shown to students before release.
    public var expectedAnswer: String
    /// The statements that a good answer makes; empty until an educator has written or accepted some. Never shown to
    /// students before release.
    public var keyPoints: [KeyPoint]
    /// What a key point earns of its weight that was said in part, 0...1.
    public var partialCredit: Double
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
        self.language = language
        self.languages = languages
        self.timeLimit = timeLimit
        self.isWithheld = isWithheld
        self.createdAt = createdAt
    }

    /// The languages that are listened for when nobody has said which one is spoken; empty for any.
    public var answerLanguages: [ExpectedLanguage] {
        languages.isEmpty ? language.map { [ExpectedLanguage($0)] } ?? [] : languages
    }

    /// Whether answers to both are measured and held against key points in the same way; what these count may differ,
    /// and how the question is put.
    public func isMeasuredLike(_ other: QuestionVersion) -> Bool {
        expectedAnswer == other.expectedAnswer && language == other.language && timeLimit == other.timeLimit
            && keyPoints.elementsEqual(other.keyPoints) { $0.looksForTheSame(as: $1) }
    }
}
