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
    /// What is shown beside scores, in order of display.
    let measureKeys: [String]
    /// Why no answer has some of it, by key.
    let reasons: [String: String]
    private let shown: ShownFigures

    /// - Parameter material: With all details.
    init(_ transaction: Transaction, _ material: CourseMaterial) throws {
        course = material
        let keys = material.figureKeys
        let present = Set(
            keys.indices.filter { place in material.answers.contains { $0.figures[place] != nil } }.map { keys[$0] })
        measureKeys = Self.shown(keys, present)
        shown = ShownFigures(measureKeys, of: keys)
        reasons = try transaction.insight.reasons(of: measureKeys.filter { !present.contains($0) }, material.scope)
    }

    /// Those of some figures that are shown: all but kinds of entities that nobody named. A measure that no answer has is
    /// missed, and says why.
    fileprivate static func shown(_ keys: [String], _ present: Set<String>) -> [String] {
        keys.filter { present.contains($0) || !$0.hasPrefix("entities_") }
    }

    /// What may be shown beside scores, in order: tone, measures and numbers of entities.
    static func figureKeys(_ course: Course, _ questions: [Question]) -> [String] {
        ["sentiment"] + measureKeys(course, questions) + ["entities"] + Entity.Kind.allCases.map(\.figureKey)
    }

    /// The measures that are shown beside scores: reading ease by the formula of each of the course's languages, speech
    /// rate, fillers, vocabulary, length and how sure the recogniser was.
    private static func measureKeys(_ course: Course, _ questions: [Question]) -> [String] {
        let languages = Set(
            ([course.language] + questions.map(\.current.language) + course.languages.map(\.language)
                + questions.flatMap { $0.current.languages.map(\.language) })
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

    /// How many of the others have no score because the machine's is in doubt and nobody has marked them.
    var held: Int { course.answers.count { $0.isHeld && !$0.hidesMachine } }

    /// The figures of the class.
    func report() -> CohortReport {
        CohortReport(
            answers: answers, students: course.students.map { CohortReport.Label(id: $0.id.text, text: $0.name) },
            questions: questions, measures: measureKeys)
    }

    /// The figures of those who count themselves to a group.
    ///
    /// - Parameter declared: Who counts themselves to which group.
    func report(of group: String, _ declared: [Identifier<User>: String]) -> GroupReport {
        GroupReport(
            of: group, groups: Dictionary(declared.map { ($0.text, $1) }) { $1 }, answers: answers,
            months: course.answers.map { answer in
                CalendarDay(answer.createdAt).map { $0.year * 12 + $0.month } ?? 0
            }, questions: questions, measures: measureKeys)
    }

    private var answers: [CohortReport.Answer] {
        course.answers.map { answer in
            CohortReport.Answer(
                response: answer.response.text, student: answer.owner.text, question: answer.question.text,
                score: answer.visibleScore?.score, isUnscorable: answer.isUnscorable,
                measures: shown.values(answer.figures),
                keyPoints: answer.hidesMachine ? [:] : Self.outcomes(answer.keyPoints))
        }
    }

    private var questions: [CohortReport.Question] {
        course.questions.map { question in
            CohortReport.Question(
                id: question.id.text, title: question.current.title,
                keyPoints: (course.keyPoints[question.id] ?? []).map {
                    CohortReport.Label(id: $0.id, text: $0.label)
                })
        }
    }

    private static func outcomes(_ found: [InsightOutcome]) -> CohortReport.Outcomes {
        var outcomes = CohortReport.Outcomes(capacity: found.count)
        for outcome in found { outcomes.append(.init(state(outcome.state), time: outcome.time), for: outcome.keyPoint) }
        return outcomes
    }
}

/// Which of the figures that were read are shown, worked out once for all answers.
private struct ShownFigures {
    /// The place of each figure that is shown among those that were read.
    private let places: [Int]
    /// Whether each of them counts entities of a kind.
    private let isKind: [Bool]
    /// The place of the number of all entities.
    private let entities: Int?

    init(_ shown: [String], of keys: [String]) {
        places = shown.compactMap(keys.firstIndex)
        isKind = shown.map { $0.hasPrefix("entities_") }
        entities = shown.contains("entities") ? keys.firstIndex(of: "entities") : nil
    }

    /// The values of those that are shown, in order.
    func values(_ figures: [Double?]) -> [Double?] {
        let hasEntities = entities.map { figures[$0] != nil } ?? false
        return places.indices.map { index in
            // A text without entities of a kind has none of them, which is a number.
            figures[places[index]] ?? (hasEntities && isKind[index] ? 0 : nil)
        }
    }
}

/// The answers of a course one by one, newest first.
struct AnswerListMaterial: Sendable {
    private let course: CourseMaterial
    private let answers: [InsightAnswer]
    private let measureKeys: [String]
    /// The last answer of the page; nil at the end of the list.
    let next: Identifier<Response>?

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - material: Without answers.
    ///   - limit: How many at most; nil for all.
    ///   - previous: Only those older than this one.
    init(
        _ transaction: Transaction, _ material: CourseMaterial, limit: Int?, after previous: Identifier<Response>?,
        actor: Auth.Actor
    ) throws {
        course = material
        let present = try transaction.insight.presentFigures(material.figureKeys, material.scope)
        let keys = CohortMaterial.shown(material.figureKeys, present)
        let found = try transaction.insight.answers(
            material.scope, viewer: actor.userID, figures: keys, newest: limit.map { $0 + 1 } ?? .max, before: previous)
        measureKeys = keys
        answers = limit.map { Array(found.prefix($0)) } ?? found
        next = answers.count < found.count ? answers.last?.response : nil
    }

    func report() -> AnswerReport {
        let names = Dictionary(course.students.map { ($0.id, $0.name) }) { $1 }
        let titles = Dictionary(course.questions.map { ($0.id, $0.current.title) }) { $1 }
        let shown = ShownFigures(measureKeys, of: measureKeys)
        return AnswerReport(
            fields: [
                "response", "student", "student_name", "question", "question_title", "created_at", "status", "source",
            ], measures: measureKeys,
            answers: answers.map { answer in
                let score = answer.visibleScore
                let machine = answer.hidesMachine ? nil : answer.machine
                return AnswerReport.Answer(
                    fields: [
                        answer.response.text, answer.owner.text, names[answer.owner], answer.question.text,
                        titles[answer.question], answer.createdAt.description, answer.state.rawValue,
                        score?.source.rawValue,
                    ], score: score?.score, interval: machine.map { $0.low...max($0.low, $0.high) },
                    measures: shown.values(answer.figures))
            })
    }
}
