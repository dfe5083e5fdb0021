// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// The expected answer of one question, for comparisons with the whole question bank.
public struct ExpectedAnswer: Sendable, Hashable {
    /// The question.
    public var question: Identifier<Question>
    /// What a good answer says.
    public var text: String
}

/// The expected answers of all questions, by which the words of an answer are weighed.
///
/// Every state that the bank has had can be read again, so that what was measured by it can be computed again: each change
/// of an expected answer gives the bank a new number, and a text has the numbers from which and up to which it was there.
extension QuestionRepository {
    /// The number of the bank as it is; 0 for an empty one.
    public func bankNumber() throws -> Int {
        try transaction.run("SELECT coalesce(max(since), 0) FROM bank_text").first?.single() ?? 0
    }

    /// The expected answers of all questions in a language (nil for those without one), in the order the questions
    /// were made.
    ///
    /// - Parameters:
    ///   - number: Which state of the bank; nil for the present one.
    public func expectedAnswers(
        language: String?, tenant: String = Tenant.single, bank number: Int? = nil
    ) throws -> [ExpectedAnswer] {
        try transaction.run(
            """
            SELECT question, expected_answer FROM bank_text
            WHERE tenant = ?1 AND language IS NOT DISTINCT FROM ?2
                AND \(number == nil ? "?3 IS NULL AND until IS NULL" : "since <= ?3 AND (until IS NULL OR until > ?3)")
            ORDER BY question
            """,
            tenant, language, number
        ).map { try $0.decode { ExpectedAnswer(question: try $0.next(), text: try $0.next()) } }
    }

    /// Notes a question's current expected answer, if it is another one than before.
    func noteExpectedAnswer(of question: Identifier<Question>) throws {
        let isKnown: Bool =
            try transaction.run(
                """
                SELECT EXISTS (
                    SELECT 1 FROM question q
                    JOIN question_version v ON v.question = q.id AND v.number = q.current_version
                    JOIN bank_text b ON b.question = q.id AND b.until IS NULL
                        AND b.expected_answer = v.expected_answer AND b.language IS NOT DISTINCT FROM v.language
                    WHERE q.id = ?1)
                """, question
            ).first?.single() ?? false
        if isKnown { return }
        let number = try bankNumber() + 1
        try transaction.run("UPDATE bank_text SET until = ?2 WHERE question = ?1 AND until IS NULL", question, number)
        try transaction.run(
            """
            INSERT INTO bank_text (question, tenant, language, expected_answer, since)
            SELECT q.id, q.tenant, v.language, v.expected_answer, ?2
            FROM question q JOIN question_version v ON v.question = q.id AND v.number = q.current_version WHERE q.id = ?1
            """, question, number)
    }
}
