// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import Statistics
import Storage

/// What the analysis of items is made from: questions, a question's key points, or the criteria that it is marked by.
struct ItemMaterial: Sendable {
    /// What the items are.
    enum Kind: String, Sendable, CaseIterable {
        /// The questions of the course.
        case questions
        /// The key points of one question, by what the machine found.
        case keyPoints = "key_points"
        /// The criteria of one question's rubric, by people's final marks.
        case criteria
    }

    /// Which answer of a student counts, where there are several to one question.
    enum Attempt: String, Sendable, CaseIterable {
        /// The oldest.
        case first
        /// The newest.
        case last
    }

    private let items: [ItemReport.Item]
    /// The marks of each answer or student.
    private let marks: [[Double?]]

    /// - Parameter material: With key points, where they are the items.
    /// - Throws: ``HTTPError`` 409 where the question has no rubric.
    init(
        _ transaction: Transaction, _ material: CourseMaterial, _ kind: Kind, question: Question?, attempt: Attempt
    ) throws {
        let counted = Self.counted(material.pooledAnswers, attempt)
        guard let question, kind != .questions else {
            items = material.questions.map { .init(id: $0.id.text, label: $0.current.title, maximum: 1) }
            let places = Dictionary(material.questions.enumerated().map { ($1.id, $0) }) { $1 }
            var rows: [Identifier<User>: [Double?]] = [:]
            for answer in counted {
                guard let place = places[answer.question] else { continue }
                rows[answer.owner, default: Array(repeating: nil, count: places.count)][place] =
                    answer.knownScore?.score
            }
            marks = rows.keys.sorted().compactMap { rows[$0] }
            return
        }
        if kind == .keyPoints {
            let points = (material.keyPoints[question.id] ?? []).filter { !$0.isRetired }
            items = points.map { .init(id: $0.id, label: $0.label, maximum: $0.weight) }
            marks = Self.keyPointMarks(points, of: counted)
            return
        }
        guard let rubric = try transaction.rubrics.assigned(to: question.id) else {
            throw HTTPError(
                .conflict, code: "no_rubric", detail: "This question has no rubric, so that its answers have no marks.")
        }
        items = rubric.current.criteria.map { criterion in
            .init(id: criterion.id, label: criterion.label, maximum: Double(criterion.levels.last?.score ?? 0))
        }
        let scope = InsightScope(course: material.course.id, question: question.id)
        let given = Dictionary(grouping: try transaction.insight.marks(scope), by: \.response)
        marks = counted.compactMap { answer in
            guard let given = given[answer.response] else { return nil }
            return rubric.current.criteria.map { criterion in
                let levels = given.compactMap { $0.levels[criterion.id] }
                return levels.isEmpty ? nil : Double(levels.reduce(0, +)) / Double(levels.count)
            }
        }
    }

    /// The answers that count, one for each student and question.
    private static func counted(_ answers: [InsightAnswer], _ attempt: Attempt) -> [InsightAnswer] {
        struct Key: Hashable {
            let owner: Identifier<User>
            let question: Identifier<Question>
        }
        var seen = Set<Key>()
        let ordered = attempt == .first ? answers : answers.reversed()
        return ordered.filter { seen.insert(Key(owner: $0.owner, question: $0.question)).inserted }
    }

    /// What each answer earns for each key point: its weight times its credit; nil where it can't be told, and where the
    /// answer was given to a version without the key point. Answers without any are left out.
    static func keyPointMarks(_ points: [KeyPoint], of answers: [InsightAnswer]) -> [[Double?]] {
        let places = Dictionary(points.enumerated().map { ($1.id, $0) }) { $1 }
        return answers.compactMap { answer in
            var row: [Double?]?
            for outcome in answer.keyPoints where outcome.state != .uncertain {
                guard let place = places[outcome.keyPoint] else { continue }
                row = row ?? Array(repeating: nil, count: points.count)
                row?[place] = outcome.credit * points[place].weight
            }
            return row
        }
    }

    /// The figures of the items.
    func report() -> ItemReport { ItemReport(items: items, marks: marks, bootstrap: .sized(for: marks.count)) }
}
