// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What one person finds of one answer, by a rubric.
public struct Mark: Sendable, Hashable {
    /// How a mark came about.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One marker's own.
        case marker
        /// Agreed on after markers differed, or given when an appeal was resolved.
        case agreed
    }

    /// Whether a mark counts.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Only its marker sees it.
        case draft
        /// It counts.
        case final
    }

    /// A remark about one moment of the answer, or about all of it.
    public struct Comment: Sendable, Hashable {
        /// What is remarked.
        public var text: String
        /// The moment, in milliseconds from the start of the recording; nil for the whole answer.
        public var time: Int?

        /// Creates a comment.
        public init(text: String, time: Int? = nil) {
            self.text = text
            self.time = time
        }
    }

    /// Identity.
    public var id: Identifier<Mark>
    /// The answer.
    public var response: Identifier<Response>
    /// What it is marked by.
    public var rubricVersion: Identifier<RubricVersion>
    /// Who marks.
    public var marker: Identifier<User>
    /// How it came about.
    public var kind: Kind
    /// Whether it counts.
    public var state: State
    /// The score of the chosen level of each criterion, by the criterion's id.
    public var levels: [String: Int]
    /// The score of the chosen level of the rubric's global scale.
    public var globalRating: Int?
    /// Remarks, in the order they were written.
    public var comments: [Comment]
    /// Why it differs from the machine's score, from a released grade, or from what it was before.
    public var reason: String?
    /// Whether its marker, who could not know so, has still to say why it differs: nothing is released before that.
    public var isReasonWanted: Bool
    /// The SHA-256 of the rubric's version as it was when the mark was stored, lower-case hexadecimal; nil for marks that were
    /// stored before that was noted.
    public var rubricDigest: String?
    /// What the answer earns by it, 0...1; nil for drafts that lack criteria.
    public var score: Double?
    /// Counts the changes, from 1.
    public var version: Int
    /// When it was begun.
    public var createdAt: Timestamp
    /// When it was last changed.
    public var updatedAt: Timestamp

    /// Creates a mark.
    public init(
        id: Identifier<Mark>, response: Identifier<Response>, rubricVersion: Identifier<RubricVersion>,
        marker: Identifier<User>, kind: Kind = .marker, state: State, levels: [String: Int] = [:],
        globalRating: Int? = nil, comments: [Comment] = [], reason: String? = nil,
        isReasonWanted: Bool = false, rubricDigest: String? = nil, score: Double? = nil, version: Int = 1,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.response = response
        self.rubricVersion = rubricVersion
        self.marker = marker
        self.kind = kind
        self.state = state
        self.levels = levels
        self.globalRating = globalRating
        self.comments = comments
        self.reason = reason
        self.isReasonWanted = isReasonWanted
        self.rubricDigest = rubricDigest
        self.score = score
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// Where final marks of one answer differ so much that their markers, or a third person, have to agree on one.
public struct MarkDisagreement: Sendable, Hashable {
    /// Criteria on which marks lie this many levels apart need moderation.
    public static let levels = 2
    /// Scores that lie this far apart need moderation.
    public static let score = 0.2

    /// The criteria, by their ids, in the rubric's order.
    public var criteria: [String]
    /// How far the scores lie apart, 0...1.
    public var scoreDifference: Double

    /// Compares marks by one rubric; nil when they agree well enough.
    public init?(between marks: [Mark], by rubric: RubricVersion) {
        criteria = rubric.criteria.filter { criterion in
            let chosen = marks.compactMap { mark in
                criterion.levels.firstIndex { $0.score == mark.levels[criterion.id] }
            }
            guard let least = chosen.min(), let most = chosen.max() else { return false }
            return most - least >= Self.levels
        }.map(\.id)
        let scores = marks.compactMap(\.score)
        scoreDifference = (scores.max() ?? 0) - (scores.min() ?? 0)
        // Scores are sums of fractions: 0.8 - 0.6 is a little less than 0.2.
        guard !criteria.isEmpty || scoreDifference >= Self.score - 1e-9 else { return nil }
    }
}
