// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import JSON

extension Transaction {
    /// Pass marks, and what judges expect of borderline students.
    public var standards: StandardRepository { StandardRepository(transaction: self) }
}

/// What one judge expects of borderline students.
public struct StandardEstimates: Sendable, Hashable {
    /// The judge.
    public var judge: Identifier<User>
    /// Their name.
    public var judgeName: String
    /// The share of borderline students who would make each key point, 0...1, by the key point's id.
    public var estimates: [String: Double]
}

/// Pass marks of questions, and what judges expect of borderline students.
public struct StandardRepository {
    let transaction: Transaction

    /// A question's pass mark; nil before one is set.
    public func passMark(of question: Identifier<Question>) throws -> PassMark? {
        try transaction.run(
            "SELECT pass_mark, method, author, updated_at FROM question_standard WHERE question = ?1", question
        ).first?.decode(Self.passMark)
    }

    /// The pass marks of a course's questions, by question.
    public func passMarks(of course: Identifier<Course>) throws -> [Identifier<Question>: Double] {
        let pairs = try transaction.run(
            """
            SELECT s.question, s.pass_mark FROM question q JOIN question_standard s ON s.question = q.id
            WHERE q.course = ?1
            """, course
        ).map { try $0.decode { (try $0.next(Identifier<Question>.self), try $0.next(Double.self)) } }
        return Dictionary(pairs) { $1 }
    }

    /// Sets a question's pass mark.
    public func set(_ mark: PassMark, of question: Identifier<Question>) throws {
        try transaction.run(
            """
            INSERT INTO question_standard (question, pass_mark, method, author, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (question) DO UPDATE SET pass_mark = excluded.pass_mark, method = excluded.method,
                author = excluded.author, updated_at = excluded.updated_at
            """, question, mark.score, mark.method, mark.author, mark.updatedAt)
    }

    /// Takes a question's pass mark away.
    public func remove(of question: Identifier<Question>) throws {
        try transaction.run("DELETE FROM question_standard WHERE question = ?1", question)
    }

    /// What judges expect, in the order of their ids.
    public func estimates(for question: Identifier<Question>) throws -> [StandardEstimates] {
        try transaction.run(
            """
            SELECT e.judge, u.name, e.estimates FROM standard_estimate e JOIN "user" u ON u.id = e.judge
            WHERE e.question = ?1 ORDER BY e.judge
            """, question
        ).map { row in
            try row.decode { columns in
                StandardEstimates(
                    judge: try columns.next(), judgeName: try columns.next(),
                    estimates: try Self.estimates(try columns.next()))
            }
        }
    }

    /// Stores what a judge expects in place of what they expected before.
    public func set(
        _ estimates: [String: Double], by judge: Identifier<User>, for question: Identifier<Question>,
        at time: Timestamp
    ) throws {
        var document = JSONObject()
        for (key, value) in estimates.sorted(by: { $0.key < $1.key }) { document[key] = .number(value) }
        try transaction.run(
            """
            INSERT INTO standard_estimate (question, judge, estimates, updated_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (question, judge) DO UPDATE SET estimates = excluded.estimates,
                updated_at = excluded.updated_at
            """, question, judge, JSONValue.object(document), time)
    }

    private static func passMark(_ columns: inout Columns) throws -> PassMark {
        PassMark(
            score: try columns.next(), method: try columns.next(), author: try columns.next(),
            updatedAt: try columns.next())
    }

    private static func estimates(_ document: JSONValue) throws -> [String: Double] {
        guard let object = document.object else { throw malformed }
        var estimates: [String: Double] = [:]
        for member in object.members {
            guard let value = member.value.double else { throw malformed }
            estimates[member.key] = value
        }
        return estimates
    }

    private static var malformed: StorageError { StorageError(.corrupt, "stored estimates can't be read") }
}
