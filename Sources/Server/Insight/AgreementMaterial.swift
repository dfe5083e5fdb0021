// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import Statistics
import Storage

/// What agreement is computed from: people's final marks, criterion by criterion, and the machine's scores.
struct AgreementMaterial: Sendable {
    private let criteria: [AgreementReport.Criterion]

    /// The machine, in the report.
    static let machine = "machine"
    /// What people's marks of an answer make together, in the report.
    static let people = "people"

    init(_ transaction: Transaction, _ material: CourseMaterial, question: Identifier<Question>?) throws {
        let answers = material.pooledAnswers
        let places = Dictionary(answers.enumerated().map { ($1.response, $0) }) { $1 }
        let marks = try transaction.insight.marks(InsightScope(course: material.course.id, question: question))
            .filter { places[$0.response] != nil }
        let names = Self.names(marks)

        // Scores are compared by their bands: those of machine and people are too fine ever to be the same.
        func bands(_ score: (InsightAnswer) -> Double?) -> [Double?] {
            answers.map { score($0).map { Double(Grade.band(of: $0)) } }
        }
        let machine = AgreementReport.Marker(name: Self.machine, marks: bands(\.machineScore))
        let people = AgreementReport.Marker(
            name: Self.people, marks: bands { $0.grade.flatMap { $0.isInModeration ? nil : $0.current.score } })
        var criteria = [
            AgreementReport.Criterion(name: "grade", machine: machine, markers: [people]),
            AgreementReport.Criterion(
                name: "score", machine: machine,
                markers: Self.markers(marks, names, places, count: answers.count) {
                    Double(Grade.band(of: $0.score))
                }),
        ]
        let rubrics = Dictionary(grouping: marks, by: \.rubric)
        for rubric in rubrics.keys.sorted() {
            guard let given = rubrics[rubric], let current = try transaction.rubrics.current(rubric) else { continue }
            // Several rubrics of a course may have a criterion of the same name.
            let prefix = rubrics.count > 1 ? "\(current.title): " : ""
            for criterion in current.criteria {
                criteria.append(
                    .init(
                        name: prefix + criterion.label,
                        markers: Self.markers(given, names, places, count: answers.count) {
                            $0.levels[criterion.id].map(Double.init)
                        }))
            }
            if !current.globalScale.isEmpty {
                criteria.append(
                    .init(
                        name: "\(prefix)global_rating",
                        markers: Self.markers(given, names, places, count: answers.count) {
                            $0.globalRating.map(Double.init)
                        }))
            }
        }
        self.criteria = criteria
    }

    /// What each marker is called; two of the same name are told apart by their ids.
    private static func names(_ marks: [InsightMark]) -> [Identifier<User>: String] {
        let names = Dictionary(marks.map { ($0.marker, $0.markerName) }) { $1 }
        let counts = Dictionary(names.values.map { ($0, 1) }, uniquingKeysWith: +)
        return Dictionary(
            uniqueKeysWithValues: names.map { id, name in
                let isTaken = counts[name] != 1 || name == machine || name == people
                return (id, isTaken ? "\(name) (\(id.text.suffix(6)))" : name)
            })
    }

    private static func markers(
        _ marks: [InsightMark], _ names: [Identifier<User>: String], _ places: [Identifier<Response>: Int],
        count: Int, _ value: (InsightMark) -> Double?
    ) -> [AgreementReport.Marker] {
        let byMarker = Dictionary(grouping: marks, by: \.marker)
        return byMarker.keys.sorted().map { id in
            var row = [Double?](repeating: nil, count: count)
            for mark in byMarker[id] ?? [] { if let place = places[mark.response] { row[place] = value(mark) } }
            return .init(name: names[id] ?? id.text, marks: row)
        }
    }

    /// How far they agree.
    func report() -> AgreementReport {
        let answers = criteria.first?.markers.first?.marks.count ?? 0
        return AgreementReport(criteria: criteria, bootstrap: .sized(for: answers))
    }
}
