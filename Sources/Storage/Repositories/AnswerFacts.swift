// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// What is kept beside answers so that lists and reports over many of them read little: `marking_item` and `answer_fact`.
/// Whatever changes an answer calls one of these after it, in the same transaction.
extension Transaction {
    /// Notes what has changed about an answer.
    func noteChange(of response: Identifier<Response>) throws {
        try markingQueue.refresh(response)
        try insight.refresh(response)
    }

    /// Notes what has changed about all answers to a question.
    func noteChange(ofAnswersTo question: Identifier<Question>) throws {
        try markingQueue.refresh(answersTo: question)
        try insight.refresh(answersTo: question)
    }
}

extension InsightRepository {
    func refresh(_ response: Identifier<Response>) throws {
        try transaction.run("DELETE FROM answer_fact WHERE response = ?1", response)
        try transaction.run("\(Self.insertion) AND r.id = ?1", response)
    }

    func refresh(answersTo question: Identifier<Question>) throws {
        try transaction.run("DELETE FROM answer_fact WHERE question = ?1", question)
        try transaction.run("\(Self.insertion) AND r.question = ?1", question)
    }

    private static let insertion =
        "INSERT INTO answer_fact (\(SQLiteMigration.factColumns)) \(SQLiteMigration.facts)"
}
