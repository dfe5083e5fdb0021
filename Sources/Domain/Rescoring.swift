// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What became of a question's answers when its key points began to count otherwise.
public struct Rescoring: Sendable, Hashable {
    /// The version of the question that scores its answers since.
    public var questionVersion: Identifier<QuestionVersion>
    /// Who decided it.
    public var author: Identifier<User>
    /// Why.
    public var reason: String
    /// How many answers were scored anew.
    public var answers: Int
    /// How many of them earn something else.
    public var changed: Int
    /// How many of them came into another band.
    public var bandsChanged: Int
    /// When.
    public var createdAt: Timestamp

    /// Creates it.
    public init(
        questionVersion: Identifier<QuestionVersion>, author: Identifier<User>, reason: String, answers: Int,
        changed: Int, bandsChanged: Int, createdAt: Timestamp
    ) {
        self.questionVersion = questionVersion
        self.author = author
        self.reason = reason
        self.answers = answers
        self.changed = changed
        self.bandsChanged = bandsChanged
        self.createdAt = createdAt
    }
}
