// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Auth
import Domain
import HTTP
import Statistics
import Storage

/// What the progress of one student is told from.
struct ProgressMaterial: Sendable {
    /// What is followed.
    enum Subject: Sendable {
        /// What answers have earned.
        case score
        /// A measure, or the tone or a number of entities.
        case measure(String)

        /// - Throws: ``HTTPError`` 422 for something that is not measured.
        init(_ key: String) throws {
            if key == "score" {
                self = .score
                return
            }
            let figures = ["sentiment", "entities"] + Entity.Kind.allCases.map(\.figureKey)
            guard MeasureCatalogue.descriptor(for: key) != nil || figures.contains(key) else {
                throw HTTPError.invalidField("measure", "must be score or the key of a measure")
            }
            self = .measure(key)
        }

        var key: String {
            switch self {
            case .score: "score"
            case .measure(let key): key
            }
        }
    }

    /// Whose eyes see it.
    enum Sight: Sendable {
        /// The student's own: what is withheld stays so.
        case student
        /// An educator's: what is kept from markers stays so.
        case educator
    }

    /// From so many on, the noise of marks can be told from the class.
    static let fewestForNoise = 10

    private let student: Identifier<User>
    private let subject: Subject
    private let attempts: [ProgressReport.Attempt]
    /// The standard errors of measurement of the questions that were answered.
    private let noise: [Double]

    /// - Parameters:
    ///   - scope: The student's answers.
    ///   - actor: Who asks.
    init(
        _ transaction: Transaction, _ scope: InsightScope, student: Identifier<User>, _ subject: Subject,
        _ sight: Sight, actor: Auth.Actor
    ) throws {
        self.student = student
        self.subject = subject
        let answers = try transaction.insight.answers(scope, viewer: actor.userID)
        let values = try Self.values(transaction, subject, scope)
        var titles: [Identifier<Question>: Question] = [:]
        attempts = try answers.map { answer in
            if titles[answer.question] == nil {
                titles[answer.question] = try transaction.questions.load(answer.question)
            }
            let mark: Double? =
                switch (subject, sight) {
                case (.score, .student): answer.studentScore?.score
                case (.score, .educator): answer.visibleScore?.score
                case (.measure, .student):
                    answer.isWithheld && answer.state != .released ? nil : values[answer.response]
                case (.measure, .educator): values[answer.response]
                }
            return ProgressReport.Attempt(
                response: answer.response.text, question: titles[answer.question]?.current.title ?? "",
                time: answer.createdAt.description, mark: mark)
        }
        noise = try titles.values.compactMap { question in
            let everybody = InsightScope(course: question.course, question: question.id)
            switch subject {
            case .score: return try Self.scoreNoise(transaction, question, everybody, actor)
            case .measure: return try Self.measureNoise(transaction, subject, everybody, actor)
            }
        }
    }

    private static func values(
        _ transaction: Transaction, _ subject: Subject, _ scope: InsightScope
    ) throws -> [Identifier<Response>: Double] {
        guard case .measure(let key) = subject else { return [:] }
        return try transaction.insight.values(of: key, scope)
    }

    /// The standard error of measurement of a question's scores, from how its key points hang together in the class.
    private static func scoreNoise(
        _ transaction: Transaction, _ question: Question, _ scope: InsightScope, _ actor: Auth.Actor
    ) throws -> Double? {
        let own = question.current.keyPoints
        let points = own.isEmpty ? try transaction.insight.assessedKeyPoints(question.id) : own
        let full = points.reduce(0) { $0 + $1.weight }
        let answers = try transaction.insight.answers(scope, viewer: actor.userID, readsKeyPoints: true)
        let marks = ItemMaterial.keyPointMarks(points, of: answers)
        let analysis = ItemAnalysis(marks: marks, maxima: points.map(\.weight), bootstrap: .none)
        guard full > 0, analysis.complete >= fewestForNoise else { return nil }
        return analysis.standardErrorOfMeasurement.value.map { $0 / full }
    }

    /// The standard error of measurement of a measure, from what it differs by between one attempt and the next of the
    /// same student; what they learnt in between counts as noise, so that it is rather too large than too small.
    private static func measureNoise(
        _ transaction: Transaction, _ subject: Subject, _ scope: InsightScope, _ actor: Auth.Actor
    ) throws -> Double? {
        let values = try values(transaction, subject, scope)
        var previous: [Identifier<User>: Double] = [:]
        var squares = 0.0
        var count = 0
        for answer in try transaction.insight.answers(scope, viewer: actor.userID) {
            guard let value = values[answer.response] else { continue }
            if let before = previous[answer.owner] {
                squares += (value - before) * (value - before)
                count += 1
            }
            previous[answer.owner] = value
        }
        return count < fewestForNoise ? nil : (squares / Double(2 * count)).squareRoot()
    }

    /// The student's way.
    func report() -> ProgressReport {
        let squares = noise.reduce(0) { $0 + $1 * $1 }
        return ProgressReport(
            student: student.text, measure: subject.key, attempts: attempts,
            standardErrorOfMeasurement: noise.isEmpty ? nil : (squares / Double(noise.count)).squareRoot())
    }
}
