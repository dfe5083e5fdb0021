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
        let places = Dictionary(zip(answers.lazy.map(\.response), answers.indices)) { $1 }
        let marks = try transaction.insight.marks(InsightScope(course: material.course.id, question: question))
        let placed = marks.indices.compactMap { mark in
            places[marks[mark].response].map { PlacedMark(mark: mark, place: $0) }
        }
        let sheets = Self.sheets(placed, of: marks)
        let names = try Self.names(sheets, transaction)

        // Scores are compared by their bands: those of machine and people are too fine ever to be the same.
        func band(_ mark: InsightMark) -> Double? { Double(Grade.band(of: mark.score)) }
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
                markers: Self.markers(sheets, of: marks, names, count: answers.count, band)),
        ]
        let rubrics = Dictionary(grouping: placed) { marks[$0.mark].rubric }
        for rubric in rubrics.keys.sorted() {
            guard let given = rubrics[rubric], let current = try transaction.rubrics.current(rubric) else { continue }
            // Several rubrics of a course may have a criterion of the same name.
            let prefix = rubrics.count > 1 ? "\(current.title): " : ""
            let own = rubrics.count > 1 ? Self.sheets(given, of: marks) : sheets
            for criterion in current.criteria {
                criteria.append(
                    .init(
                        name: prefix + criterion.label,
                        markers: Self.markers(own, of: marks, names, count: answers.count) {
                            $0.levels[criterion.id].map(Double.init)
                        }))
            }
            if !current.globalScale.isEmpty {
                criteria.append(
                    .init(
                        name: "\(prefix)global_rating",
                        markers: Self.markers(own, of: marks, names, count: answers.count) {
                            $0.globalRating.map(Double.init)
                        }))
            }
        }
        self.criteria = criteria
    }

    /// A mark by its place among the marks, with the place of its answer: this is looked up once, not for each criterion.
    private struct PlacedMark {
        let mark: Int
        let place: Int
    }

    /// What one marker gave.
    private struct Sheet {
        let marker: Identifier<User>
        let marks: [PlacedMark]
    }

    /// The marks of each marker, in the order of the markers' ids.
    private static func sheets(_ placed: [PlacedMark], of marks: [InsightMark]) -> [Sheet] {
        Dictionary(grouping: placed) { marks[$0.mark].marker }.map { Sheet(marker: $0, marks: $1) }
            .sorted { $0.marker < $1.marker }
    }

    /// What each marker is called; two of the same name are told apart by their ids.
    private static func names(_ sheets: [Sheet], _ transaction: Transaction) throws -> [Identifier<User>: String] {
        let names = try sheets.map(\.marker).compactMap { marker in
            try transaction.users.find(marker).map { (marker, $0.name) }
        }
        let counts = Dictionary(names.map { ($1, 1) }, uniquingKeysWith: +)
        return Dictionary(
            uniqueKeysWithValues: names.map { id, name in
                let isTaken = counts[name] != 1 || name == machine || name == people
                return (id, isTaken ? "\(name) (\(id.text.suffix(6)))" : name)
            })
    }

    private static func markers(
        _ sheets: [Sheet], of marks: [InsightMark], _ names: [Identifier<User>: String], count: Int,
        _ value: (InsightMark) -> Double?
    ) -> [AgreementReport.Marker] {
        sheets.map { sheet in
            var row = [Double?](repeating: nil, count: count)
            for placed in sheet.marks { row[placed.place] = value(marks[placed.mark]) }
            return .init(name: names[sheet.marker] ?? sheet.marker.text, marks: row)
        }
    }

    /// How far they agree.
    func report() -> AgreementReport {
        let answers = criteria.first?.markers.first?.marks.count ?? 0
        return AgreementReport(criteria: criteria, bootstrap: .sized(for: answers))
    }
}
