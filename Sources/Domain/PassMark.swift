// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What an answer to a question has to earn to pass.
public struct PassMark: Sendable, Hashable {
    /// How it was found.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// What answers of the borderline grade are predicted to earn.
        case borderlineRegression = "borderline_regression"
        /// What judges expect of borderline students.
        case angoff
        /// Decided without either.
        case fixed
    }

    /// The least score that passes, 0...1.
    public var score: Double
    /// How it was found.
    public var method: Method
    /// Who set it.
    public var author: Identifier<User>
    /// When it was set.
    public var updatedAt: Timestamp

    /// Creates a pass mark.
    public init(score: Double, method: Method, author: Identifier<User>, updatedAt: Timestamp) {
        self.score = score
        self.method = method
        self.author = author
        self.updatedAt = updatedAt
    }
}
