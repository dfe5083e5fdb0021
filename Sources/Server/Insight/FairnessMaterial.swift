// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Statistics
import Storage

/// The groups that people may count themselves to, if they want.
struct GroupChoices: Sendable, Equatable {
    /// What they are groups by, such as "First language".
    var attribute: String
    /// The groups.
    var choices: [String]

    /// How long the names may be.
    static let nameLimit = 60
    /// How many groups there may be.
    static let counts = 2...30

    private static let setting = "declared_groups"

    /// The choices that an administrator has made; nil when nobody is asked.
    static func load(_ transaction: Transaction) throws -> GroupChoices? {
        guard let stored = try transaction.settings.value(setting),
            let document = try? JSONValue(parsing: stored), let attribute = document["attribute"]?.string,
            let choices = document["choices"]?.array?.compactMap(\.string)
        else { return nil }
        return GroupChoices(attribute: attribute, choices: choices)
    }

    /// The choices.
    ///
    /// - Throws: ``HTTPError`` 409 when nobody is asked.
    static func demand(_ transaction: Transaction) throws -> GroupChoices {
        guard let groups = try load(transaction) else {
            throw HTTPError(
                .conflict, code: "no_groups",
                detail: "Nobody is asked for a group yet. An administrator chooses what students may declare.")
        }
        return groups
    }

    /// Who counts themselves to which of the groups.
    func declared(_ transaction: Transaction, tenant: String) throws -> [Identifier<User>: String] {
        let choices = Set(choices)
        return try transaction.users.declaredGroups(tenant: tenant).filter { choices.contains($0.value) }
    }

    /// Stores the choices; nil asks nobody.
    static func store(_ groups: GroupChoices?, _ transaction: Transaction, at time: Timestamp) throws {
        if let groups {
            try transaction.settings.set(setting, to: groups.json.text, at: time)
        } else {
            try transaction.settings.remove(setting)
        }
    }

    var json: JSONValue {
        ["attribute": .string(attribute), "choices": .array(choices.map(JSONValue.string))]
    }
}

/// What fairness is computed from: answers of students who have declared a group.
struct FairnessMaterial: Sendable {
    private let attribute: String
    private let answers: [Fairness.Answer]

    /// - Parameter courses: The courses whose answers count.
    init(_ transaction: Transaction, _ courses: [Identifier<Course>], _ groups: GroupChoices, actor: Auth.Actor) throws
    {
        attribute = groups.attribute
        let declared = try groups.declared(transaction, tenant: actor.tenant)
        var numbers: [Identifier<User>: Int] = [:]
        var answers: [Fairness.Answer] = []
        for course in courses {
            let scope = InsightScope(course: course, leavesOutEducators: true)
            let passMarks = try transaction.standards.passMarks(of: course)
            let corrections = Dictionary(
                try transaction.insight.corrections(scope).map { ($0.response, $0) }, uniquingKeysWith: { $1 })
            for found in try transaction.insight.answers(scope, viewer: actor.userID) {
                guard let group = declared[found.owner] else { continue }
                let number = numbers[found.owner] ?? numbers.count
                numbers[found.owner] = number
                answers.append(
                    Self.answer(
                        found, group, number, passMark: passMarks[found.question],
                        correction: corrections[found.response]))
            }
        }
        self.answers = answers
    }

    private static func answer(
        _ found: InsightAnswer, _ group: String, _ student: Int, passMark: Double?, correction: InsightCorrection?
    ) -> Fairness.Answer {
        var answer = Fairness.Answer(group: group, student: student)
        if let correction {
            answer.referenceWords = correction.words
            let errors = (correction.wordErrorRate * Double(correction.words)).rounded()
            answer.wordErrors = errors.isFinite ? Int(min(max(errors, 0), 1e9)) : nil
            answer.machineCoverage = correction.recognisedScore
            answer.humanCoverage = correction.correctedScore
        }
        answer.machineMark = found.machineScore
        answer.humanMark = found.grade.flatMap { $0.isInModeration ? nil : $0.current.score }
        if let passMark {
            // A score of exactly the pass mark may have become a little less on its way.
            answer.machinePasses = answer.machineMark.map { $0 >= passMark - 1e-9 }
            answer.humanPasses = answer.humanMark.map { $0 >= passMark - 1e-9 }
        }
        switch found.state {
        case .empty, .uploaded, .transcribed: break
        case .analysed, .marked, .released, .unscorable, .failed: answer.isUnscorable = found.isUnscorable
        }
        return answer
    }

    /// Whether groups are treated alike.
    func report() -> FairnessReport {
        FairnessReport(attribute: attribute, answers: answers, bootstrap: .sized(for: answers.count))
    }
}
