// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What an answer has earned.
public struct Grade: Sendable, Hashable {
    /// Where a grade comes from.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// The key points that the answer covers.
        case machine
        /// One marker, or several who agree.
        case marker
        /// A mark that was agreed on.
        case agreed
    }

    /// 0...1.
    public var score: Double
    /// Where it comes from.
    public var source: Source

    /// Creates a grade.
    public init(score: Double, source: Source) {
        self.score = score
        self.source = source
    }

    /// The grade that final marks make together: the newest that was agreed on, else the mean of the markers' own.
    ///
    /// - Parameter marks: In the order they were made.
    /// - Returns: Nil without a final mark.
    public init?(marks: [Mark]) {
        let final = marks.filter { $0.state == .final }
        if let agreed = final.last(where: { $0.kind == .agreed })?.score {
            self.init(score: agreed, source: .agreed)
            return
        }
        let scores = final.compactMap(\.score)
        guard !scores.isEmpty else { return nil }
        self.init(score: scores.reduce(0, +) / Double(scores.count), source: .marker)
    }

    /// The grade that the machine's score makes by itself.
    ///
    /// - Returns: Nil where a person has to look: something is held, or the ends of the interval lie in two bands.
    public init?(machine score: AnswerScore) {
        guard score.holds.isEmpty, Self.band(of: score.low) == Self.band(of: score.high) else { return nil }
        self.init(score: score.point, source: .machine)
    }

    /// The fifth of the scale that a score lies in, 0...4; a score on an edge belongs to the fifth above.
    public static func band(of score: Double) -> Int {
        // 0.6 may have become a little less on its way.
        min(4, max(0, Int((score * 5 + 1e-9).rounded(.down))))
    }

    /// Whether a mark has to say why: it lies more than one band from the machine's score, or changes a released grade.
    ///
    /// - Parameter machine: What the machine found; a score that is in doubt is none to differ from.
    public static func needsReason(for score: Double, machine: AnswerScore?, released: Double?) -> Bool {
        if let released, abs(score - released) > 1e-9 { return true }
        guard let machine, !machine.isInDoubt else { return false }
        return abs(band(of: score) - band(of: machine.point)) > 1
    }
}

/// A student's objection to a released grade.
public struct Appeal: Sendable, Hashable {
    /// How far an appeal has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Somebody has to look.
        case open
        /// It has been answered.
        case resolved
    }

    /// Identity.
    public var id: Identifier<Appeal>
    /// The answer.
    public var response: Identifier<Response>
    /// Who objects.
    public var author: Identifier<User>
    /// What they say.
    public var text: String
    /// How far it has come.
    public var state: State
    /// Who has answered it.
    public var resolver: Identifier<User>?
    /// What they say.
    public var resolution: String?
    /// The mark that was given instead; nil when the grade stays.
    public var newMark: Identifier<Mark>?
    /// When it was made.
    public var createdAt: Timestamp
    /// When it was answered.
    public var resolvedAt: Timestamp?

    /// Creates an appeal.
    public init(
        id: Identifier<Appeal>, response: Identifier<Response>, author: Identifier<User>, text: String,
        state: State = .open, resolver: Identifier<User>? = nil, resolution: String? = nil,
        newMark: Identifier<Mark>? = nil, createdAt: Timestamp, resolvedAt: Timestamp? = nil
    ) {
        self.id = id
        self.response = response
        self.author = author
        self.text = text
        self.state = state
        self.resolver = resolver
        self.resolution = resolution
        self.newMark = newMark
        self.createdAt = createdAt
        self.resolvedAt = resolvedAt
    }
}
