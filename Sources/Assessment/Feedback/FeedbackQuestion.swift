// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// What feedback has to know of a question and of who answers it.
public struct FeedbackQuestion: Sendable, Hashable {
    /// What is expected.
    public var keyPoints: [KeyPoint]
    /// The language of a typed answer (BCP 47); a transcript has its own.
    public var language: String?
    /// The school years that the patient has, where the question asks to speak to one; nil where it doesn't.
    public var readingLevel: Double?
    /// Whether nothing may be said on how fluently somebody speaks, as for those who stammer.
    public var withholdsFluency: Bool

    /// Creates it.
    public init(
        keyPoints: [KeyPoint], language: String? = nil, readingLevel: Double? = nil, withholdsFluency: Bool = false
    ) {
        self.keyPoints = keyPoints
        self.language = language
        self.readingLevel = readingLevel
        self.withholdsFluency = withholdsFluency
    }
}
