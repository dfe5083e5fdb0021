// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import Statistics
import Storage

/// What the dashboard of a course shows: scores beside measures, and key points.
struct CohortMaterial: Sendable {
    let course: CourseMaterial
    /// The measures by answer.
    private let measures: [Identifier<Response>: [String: Double]]
    private let keyPoints: [Identifier<Response>: [String: CohortReport.Outcome]]
    /// The measures that somebody has, in order of display.
    let measureKeys: [String]

    init(_ transaction: Transaction, _ material: CourseMaterial, question: Identifier<Question>?) throws {
        course = material
        let scope = InsightScope(course: material.course.id, question: question)
        let wanted = Self.measureKeys(material)
        var measures: [Identifier<Response>: [String: Double]] = [:]
        measures.reserveCapacity(material.answers.count)
        for value in try transaction.insight.measures(wanted, scope) {
            measures[value.response, default: [:]][value.key] = value.value
        }
        var figures = Set<String>()
        for value in try transaction.insight.figures(scope) {
            measures[value.response, default: [:]][value.key] = value.value
            figures.insert(value.key)
        }
        let kinds = Entity.Kind.allCases.map(\.figureKey).filter(figures.contains)
        // A text without entities of a kind has none of them, which is a number.
        for (response, values) in measures where values["entities"] != nil {
            for kind in kinds where values[kind] == nil { measures[response]?[kind] = 0 }
        }
        var known = Set<String>()
        for values in measures.values where known.count < wanted.count + 2 + kinds.count {
            known.formUnion(values.keys)
        }
        measureKeys = (["sentiment"] + wanted + ["entities"] + kinds).filter(known.contains)
        self.measures = measures

        var keyPoints: [Identifier<Response>: [String: CohortReport.Outcome]] = [:]
        for point in try transaction.insight.keyPoints(scope) {
            keyPoints[point.response, default: [:]][point.keyPoint] = CohortReport.Outcome(
                Self.state(point.state), time: point.time)
        }
        self.keyPoints = keyPoints
    }

    /// The measures that are shown beside scores: reading ease by the formula of each of the course's languages, speech
    /// rate, fillers, vocabulary, length and how sure the recogniser was.
    private static func measureKeys(_ material: CourseMaterial) -> [String] {
        let languages = Set(
            ([material.course.language] + material.questions.map(\.current.language)
                + material.course.languages.map(\.language)
                + material.questions.flatMap { $0.current.languages.map(\.language) })
                .compactMap { $0?.prefix { $0 != "-" }.lowercased() })
        let ease = readingEase.filter { $0.language == nil || languages.contains($0.language ?? "") }.map(\.key)
        return ease + [
            "speech_rate_wpm", "filled_pause_per_min", "mattr50", "word_count", "mean_conf",
        ]
    }

    private static let readingEase: [(language: String?, key: String)] = [
        (nil, "flesch_re"), ("es", "szigriszt_pazos"), ("fr", "kandel_moles"), ("de", "amstad"), ("it", "gulpease"),
        ("nl", "douma"), ("pt", "martins"), ("ru", "oborneva"), ("hu", "flesch_hu"), ("ar", "osman"),
    ]

    private static func state(_ state: KeyPointResult.State) -> CohortReport.State {
        switch state {
        case .covered: .covered
        case .partial: .partial
        case .missing: .missing
        case .contradicted: .contradicted
        case .uncertain: .uncertain
        }
    }

    /// How many answers' scores and key points are kept from the viewer until their own mark is final.
    var hidden: Int { course.answers.count(where: \.hidesMachine) }

    /// The figures of the class.
    func report() -> CohortReport {
        CohortReport(
            answers: course.answers.map { answer in
                CohortReport.Answer(
                    response: answer.response.text, student: answer.owner.text, question: answer.question.text,
                    score: answer.visibleScore?.score, isUnscorable: answer.isUnscorable,
                    measures: measures[answer.response] ?? [:],
                    keyPoints: answer.hidesMachine ? [:] : keyPoints[answer.response] ?? [:])
            },
            students: course.students.map { CohortReport.Label(id: $0.id.text, text: $0.name) },
            questions: course.questions.map { question in
                CohortReport.Question(
                    id: question.id.text, title: question.current.title,
                    keyPoints: (course.keyPoints[question.id] ?? []).map {
                        CohortReport.Label(id: $0.id, text: $0.label)
                    })
            }, measures: measureKeys)
    }

    /// The answers one by one, newest first.
    ///
    /// - Parameters:
    ///   - limit: How many at most; nil for all.
    ///   - previous: Only those older than this one.
    /// - Returns: The answers, and where to go on; nil at the end.
    func list(limit: Int?, after previous: Identifier<Response>?) -> (report: AnswerReport, next: String?) {
        let names = Dictionary(course.students.map { ($0.id, $0.name) }) { $1 }
        let titles = Dictionary(course.questions.map { ($0.id, $0.current.title) }) { $1 }
        let newest = course.answers.reversed().filter { answer in previous.map { answer.response < $0 } ?? true }
        let page = limit.map { Array(newest.prefix($0)) } ?? newest
        let answers = page.map { answer in
            let score = answer.visibleScore
            let machine = answer.hidesMachine ? nil : answer.machine
            let values = measures[answer.response] ?? [:]
            return AnswerReport.Answer(
                fields: [
                    answer.response.text, answer.owner.text, names[answer.owner], answer.question.text,
                    titles[answer.question], answer.createdAt.description, answer.state.rawValue,
                    score?.source.rawValue,
                ], score: score?.score, interval: machine.map { $0.low...max($0.low, $0.high) },
                measures: measureKeys.map { values[$0] })
        }
        let report = AnswerReport(
            fields: [
                "response", "student", "student_name", "question", "question_title", "created_at", "status", "source",
            ], measures: measureKeys, answers: answers)
        return (report, page.count < newest.count ? page.last?.response.text : nil)
    }
}
