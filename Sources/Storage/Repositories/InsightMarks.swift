// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// One marker's final mark.
public struct InsightMark: Sendable, Hashable {
    /// The answer.
    public var response: Identifier<Response>
    /// The rubric that it was given by.
    public var rubric: Identifier<Rubric>
    /// Who marked.
    public var marker: Identifier<User>
    /// The score of the chosen level of each criterion.
    public var levels: [String: Int]
    /// The score of the chosen level of the global scale.
    public var globalRating: Int?
    /// What the answer earns by it, 0...1.
    public var score: Double
}

extension InsightRepository {
    /// Everybody's own final marks, by answer.
    public func marks(_ scope: InsightScope) throws -> [InsightMark] {
        // Most answers get one of a few combinations of levels: no need to parse each.
        var known: [String: [String: Int]] = [:]
        return try transaction.map(
            """
            SELECT m.response, b.rubric, m.marker, m.levels, m.global_rating, m.score
            FROM answer_fact f
            JOIN mark m ON m.response = f.response JOIN rubric_version b ON b.id = m.rubric_version
            WHERE \(Self.filter(scope)) AND m.state = 'final' AND m.kind = 'marker' ORDER BY f.response, m.id
            """, Self.arguments(scope)
        ) { columns in
            func levels() throws -> [String: Int] {
                let text: String = try columns.next()
                if let levels = known[text] { return levels }
                let levels = try RubricCoding.chosen(try .init(sql: .text(text)))
                known[text] = levels
                return levels
            }
            return InsightMark(
                response: try columns.next(), rubric: try columns.next(), marker: try columns.next(),
                levels: try levels(), globalRating: try columns.next(), score: try columns.next())
        }
    }
}
