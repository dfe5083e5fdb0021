// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What answers are marked by in a course. Its criteria live in its versions.
public struct Rubric: Sendable, Hashable {
    /// Identity.
    public var id: Identifier<Rubric>
    /// The school or firm.
    public var tenant: String
    /// The course it belongs to.
    public var course: Identifier<Course>
    /// The version that new marks are given by.
    public var current: RubricVersion
    /// When it was made.
    public var createdAt: Timestamp

    /// Creates a rubric.
    public init(
        id: Identifier<Rubric>, tenant: String = Tenant.single, course: Identifier<Course>, current: RubricVersion,
        createdAt: Timestamp
    ) {
        self.id = id
        self.tenant = tenant
        self.course = course
        self.current = current
        self.createdAt = createdAt
    }
}

/// Criteria with levels and weights, and a scale for the answer as a whole; immutable once a mark was given by it.
public struct RubricVersion: Sendable, Hashable {
    /// How many criteria a rubric may have.
    public static let criterionCounts = 1...20
    /// How many levels a criterion or the global scale may have.
    public static let levelCounts = 2...10
    /// What a level may score.
    public static let levelScores = 0...100
    /// What a criterion may weigh at most.
    public static let greatestWeight = 100.0

    /// One step of a criterion or of the global scale.
    public struct Level: Sendable, Hashable {
        /// What it earns; the levels of a criterion are told apart by it.
        public var score: Int
        /// A short name, such as "clear pass".
        public var label: String
        /// What an answer of this level is like; nil where the label says it.
        public var description: String?

        /// Creates a level.
        public init(score: Int, label: String, description: String? = nil) {
            self.score = score
            self.label = label
            self.description = description
        }
    }

    /// One thing that is looked at.
    public struct Criterion: Sendable, Hashable {
        /// A short name that stays the same through the versions, so that marks can be compared.
        public var id: String
        /// What is looked at.
        public var label: String
        /// More about it; nil where the label says it.
        public var description: String?
        /// How much it counts beside the others.
        public var weight: Double
        /// From the least to the most.
        public var levels: [Level]

        /// Creates a criterion.
        public init(id: String, label: String, description: String? = nil, weight: Double = 1, levels: [Level]) {
            self.id = id
            self.label = label
            self.description = description
            self.weight = weight
            self.levels = levels
        }
    }

    /// Identity.
    public var id: Identifier<RubricVersion>
    /// Counts from 1 within the rubric.
    public var number: Int
    /// A short name for lists.
    public var title: String
    /// What is looked at, in the order of marking.
    public var criteria: [Criterion]
    /// The scale of the global rating, from the least to the most; empty for rubrics without one.
    public var globalScale: [Level]
    /// When it was made.
    public var createdAt: Timestamp

    /// Creates a version.
    public init(
        id: Identifier<RubricVersion>, number: Int, title: String, criteria: [Criterion], globalScale: [Level] = [],
        createdAt: Timestamp
    ) {
        self.id = id
        self.number = number
        self.title = title
        self.criteria = criteria
        self.globalScale = globalScale
        self.createdAt = createdAt
    }

    /// One thing that is wrong with a rubric.
    public struct Fault: Sendable, Hashable {
        /// Where: `criteria`, `criteria[2].levels`, `global_scale` and the like.
        public var field: String
        /// What, for a person, such as "must have 2 to 10 levels".
        public var message: String
    }

    /// Everything that is wrong with the criteria and the scale; empty when answers can be marked by them.
    public var faults: [Fault] {
        var faults: [Fault] = []
        if !Self.criterionCounts.contains(criteria.count) {
            faults.append(
                Fault(
                    field: "criteria",
                    message:
                        "must have \(Self.criterionCounts.lowerBound) to \(Self.criterionCounts.upperBound) criteria"))
        }
        if Set(criteria.map(\.id)).count < criteria.count {
            faults.append(Fault(field: "criteria", message: "must have ids of their own"))
        }
        for (index, criterion) in criteria.enumerated() {
            let weight = criterion.weight
            if !(weight > 0 && weight <= Self.greatestWeight) {
                faults.append(
                    Fault(
                        field: "criteria[\(index)].weight",
                        message: "must be above 0 and at most \(Int(Self.greatestWeight))"))
            }
            faults += Self.faults(of: criterion.levels, field: "criteria[\(index)].levels")
        }
        if !globalScale.isEmpty { faults += Self.faults(of: globalScale, field: "global_scale") }
        return faults
    }

    private static func faults(of levels: [Level], field: String) -> [Fault] {
        guard levelCounts.contains(levels.count) else {
            return [
                Fault(field: field, message: "must have \(levelCounts.lowerBound) to \(levelCounts.upperBound) levels")
            ]
        }
        let scores = levels.map(\.score)
        guard scores.allSatisfy(levelScores.contains), zip(scores, scores.dropFirst()).allSatisfy({ $0 < $1 }) else {
            return [
                Fault(
                    field: field,
                    message: "must have scores from \(levelScores.lowerBound) to \(levelScores.upperBound), each above "
                        + "the one before it")
            ]
        }
        return []
    }

    /// What an answer on these levels earns: the weighted mean of each level's share of the criterion's best, 0...1.
    ///
    /// - Parameter levels: The score of the chosen level of each criterion, by the criterion's id.
    /// - Returns: Nil unless there is a level of its own for each criterion.
    public func score(of levels: [String: Int]) -> Double? {
        var earned = 0.0
        var total = 0.0
        for criterion in criteria {
            guard let score = levels[criterion.id], criterion.levels.contains(where: { $0.score == score }),
                let best = criterion.levels.last?.score, best > 0
            else { return nil }
            earned += criterion.weight * Double(score) / Double(best)
            total += criterion.weight
        }
        return total > 0 ? earned / total : nil
    }
}
