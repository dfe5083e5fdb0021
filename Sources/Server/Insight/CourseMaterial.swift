// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import Statistics
import Storage

/// What reports about one course are made from, read in one transaction.
struct CourseMaterial: Sendable {
    /// What is read of each answer.
    enum Detail {
        /// Nothing: no answers are read.
        case none
        /// What the machine and people found it to be worth.
        case scores
        /// Its key points as well.
        case keyPoints
        /// Its figures and key points as well.
        case all
    }

    /// The course.
    var course: Course
    /// Which answers are looked at.
    let scope: InsightScope
    /// The questions that are looked at, in the order they were set.
    var questions: [Question]
    /// The figures that may be shown beside scores, in order of display.
    let figureKeys: [String]
    /// The students who belong to the course now.
    var students: [User]
    /// The answers of everybody but the course's educators, oldest first.
    var answers: [InsightAnswer]
    /// The key points of each question: its own, else those that were proposed for its newest answer.
    var keyPoints: [Identifier<Question>: [KeyPoint]]

    /// Reads the material.
    ///
    /// - Parameters:
    ///   - question: Only this question.
    ///   - time: Only answers that were received in this time.
    ///   - detail: What is read of each answer.
    /// - Throws: ``HTTPError`` 422 when the course has no such question.
    init(
        _ transaction: Transaction, _ course: Course, question: Identifier<Question>? = nil,
        time: Range<Timestamp>? = nil, detail: Detail = .scores, actor: Auth.Actor
    ) throws {
        self.course = course
        scope = InsightScope(course: course.id, question: question, time: time, leavesOutEducators: true)
        questions = try transaction.questions.all(in: course.id, visibleTo: actor.viewer)
        if let question {
            questions = questions.filter { $0.id == question }
            if questions.isEmpty { throw HTTPError.invalidField("question_id", "is no question of this course") }
        }
        let members = try transaction.courses.members(of: course.id)
        students = members.filter { $0.part == .student }.map(\.user)
        figureKeys = CohortMaterial.figureKeys(course, questions)
        switch detail {
        case .none: answers = []
        case .scores: answers = try transaction.insight.answers(scope, viewer: actor.userID)
        case .keyPoints:
            answers = try transaction.insight.answers(scope, viewer: actor.userID, readsKeyPoints: true)
        case .all:
            answers = try transaction.insight.answers(
                scope, viewer: actor.userID, figures: figureKeys, readsKeyPoints: true)
        }
        keyPoints = [:]
        for question in questions {
            let own = question.current.keyPoints
            keyPoints[question.id] = own.isEmpty ? try transaction.insight.assessedKeyPoints(question.id) : own
        }
    }

    /// The answers that figures over many may rest on: all of them, but for the few from which a marker could tell what
    /// the machine or others found of one that they have not marked.
    var pooledAnswers: [InsightAnswer] {
        answers.count >= Self.fewestPooled ? answers : answers.filter { !$0.hidesMachine }
    }

    /// From so many answers on, a figure over them says nothing about one.
    static let fewestPooled = 5
}

extension InsightAnswer {
    /// The machine's score; nil where it is in doubt, and so is none yet.
    var machineScore: Double? { machine.flatMap { $0.isInDoubt ? nil : $0.point } }

    /// Whether nobody knows yet what it has earned: the machine's score is in doubt, and no person has marked it.
    var isHeld: Bool { grade == nil && machine?.isInDoubt == true }

    /// What it has earned as far as is known: by people, else by the machine; nil while marks differ, and where the machine's
    /// score is in doubt.
    var knownScore: (score: Double, source: Grade.Source)? {
        if let grade { return grade.isInModeration ? nil : (grade.current.score, grade.current.source) }
        return machineScore.map { ($0, .machine) }
    }

    /// The same, kept from a marker who has not finished their own mark.
    var visibleScore: (score: Double, source: Grade.Source)? { hidesMachine ? nil : knownScore }

    /// What its student may see of it.
    var studentScore: (score: Double, source: Grade.Source)? {
        if isWithheld && state != .released { return nil }
        if let grade {
            if let released = grade.released { return (released.score, released.source) }
            return grade.isInModeration ? nil : (grade.current.score, grade.current.source)
        }
        return machine.flatMap(Grade.init(machine:)).map { ($0.score, $0.source) }
    }
}
