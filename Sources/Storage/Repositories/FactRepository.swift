// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import JSON

extension Transaction {
    /// What students have asked for while answering.
    public var facts: FactRepository { FactRepository(transaction: self) }
}

/// A fact that a student has asked for.
public struct RevealedFact: Sendable, Hashable {
    /// The fact of the question's version.
    public var fact: String
    /// What it was asked for by.
    public var label: String
    /// When it was asked for.
    public var askedAt: Timestamp
}

/// What students have asked for: first for the answer that they are about to give, then kept with it.
public struct FactRepository {
    let transaction: Transaction

    /// Notes that a fact was asked for; asking again changes nothing.
    public func reveal(
        _ fact: QuestionVersion.Fact, of version: Identifier<QuestionVersion>, to user: Identifier<User>,
        at time: Timestamp
    ) throws {
        try transaction.run(
            """
            INSERT INTO revealed_fact (id, "user", question_version, fact, label, asked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO NOTHING
            """,
            Identifier<RevealedFact>(at: time), user, version, fact.id, fact.label, time)
    }

    /// What somebody has asked for since their last answer to a version, in that order.
    public func revealed(
        of version: Identifier<QuestionVersion>, to user: Identifier<User>
    ) throws -> [RevealedFact] {
        try transaction.run(
            """
            SELECT fact, label, asked_at FROM revealed_fact
            WHERE "user" = ?1 AND question_version = ?2 AND response IS NULL ORDER BY asked_at, id
            """,
            user, version
        ).map { try $0.decode(Self.fact) }
    }

    /// Keeps with an answer what its owner asked for before it was given, also of an earlier version of the question.
    public func keep(with response: Response) throws {
        guard let question = response.question else { return }
        try transaction.run(
            """
            UPDATE revealed_fact SET response = ?3
            WHERE "user" = ?1 AND response IS NULL
                AND question_version IN (SELECT id FROM question_version WHERE question = ?2)
            """,
            response.owner, question, response.id)
    }

    /// What was asked for before an answer was given, in that order.
    public func asked(for response: Identifier<Response>) throws -> [RevealedFact] {
        try transaction.run(
            "SELECT fact, label, asked_at FROM revealed_fact WHERE response = ?1 ORDER BY asked_at, id", response
        ).map { try $0.decode(Self.fact) }
    }

    private static func fact(_ columns: inout Columns) throws -> RevealedFact {
        RevealedFact(fact: try columns.next(), label: try columns.next(), askedAt: try columns.next())
    }
}

/// How the facts of a question are stored: `[[id, label, text], …]`.
enum FactCoding {
    static func document(_ facts: [QuestionVersion.Fact]) -> JSONValue {
        .array(facts.map { [.string($0.id), .string($0.label), .string($0.text)] })
    }

    static func facts(_ document: JSONValue) throws -> [QuestionVersion.Fact] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let parts = element.array?.compactMap(\.string), parts.count == 3 else { throw malformed }
            return QuestionVersion.Fact(id: parts[0], label: parts[1], text: parts[2])
        }
    }

    private static var malformed: StorageError { StorageError(.corrupt, "stored facts can't be read") }
}
