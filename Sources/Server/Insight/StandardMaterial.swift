// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Statistics
import Storage

/// What the pass mark of a question may rest on.
struct StandardMaterial: Sendable {
    private let performances: [StandardReport.Performance]
    private let borderline: Double?
    private let scale: [RubricVersion.Level]
    private let items: [StandardReport.Item]
    private let judges: [(name: String, estimates: [Double?])]
    private let own: [String: Double]?
    private let passMark: PassMark?

    /// - Parameter borderline: The grade on the border; nil for the second lowest level of the rubric's global scale.
    init(
        _ transaction: Transaction, _ material: CourseMaterial, _ question: Question, borderline: Double?,
        actor: Auth.Actor
    ) throws {
        let places = Set(material.pooledAnswers.map(\.response))
        performances = try transaction.insight.marks(
            InsightScope(course: material.course.id, question: question.id)
        ).compactMap { mark in
            guard places.contains(mark.response), let rating = mark.globalRating else { return nil }
            return StandardReport.Performance(rating: Double(rating), score: mark.score)
        }
        scale = try transaction.rubrics.assigned(to: question.id)?.current.globalScale ?? []
        self.borderline = borderline ?? (scale.count > 1 ? Double(scale[1].score) : nil)
        let points = material.keyPoints[question.id] ?? []
        items = points.map { .init(id: $0.id, label: $0.label, weight: $0.weight) }
        let estimates = try transaction.standards.estimates(for: question.id)
        judges = estimates.map { judge in (judge.judgeName, points.map { judge.estimates[$0.id] }) }
        own = estimates.first { $0.judge == actor.userID }?.estimates
        passMark = try transaction.standards.passMark(of: question.id)
    }

    /// What the report says before its figures.
    func context(_ question: Question) -> JSONObject {
        var mine = JSONObject()
        for item in items { if let estimate = own?[item.id] { mine[item.id] = .number(estimate) } }
        return [
            "question_id": .string(question.id.text), "question_title": .string(question.current.title),
            "course_id": .string(question.course.text),
            "scale": .array(
                scale.map { ["score": .integer(Int64($0.score)), "label": .string($0.label)] }),
            "pass_mark": passMark.map(Self.json) ?? .null,
            "my_estimates": .object(mine),
        ]
    }

    static func json(_ mark: PassMark) -> JSONValue {
        [
            "score": .number(mark.score), "method": .string(mark.method.rawValue),
            "set_at": .string(mark.updatedAt.description),
        ]
    }

    /// Both pass marks.
    func report() -> StandardReport {
        StandardReport(performances: performances, borderline: borderline, items: items, judges: judges)
    }
}
