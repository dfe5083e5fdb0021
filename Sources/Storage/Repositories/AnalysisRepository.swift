// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
public import Domain
import JSON

extension Transaction {
    /// The measures of transcripts.
    public var analyses: AnalysisRepository { AnalysisRepository(transaction: self) }
}

/// The measures of transcripts: one analysis per version and engine, however often it is computed.
public struct AnalysisRepository {
    let transaction: Transaction

    /// Stores an analysis in place of an earlier one of the same transcript version by the same engine.
    ///
    /// - Returns: The analysis with the id it has in the database.
    /// - Throws: ``StorageError`` with code `constraint` when there is no such transcript version, or a measure has no
    ///   value and is not `na`; `unique` when two measures have the same key; `conflict` when the answers to its question
    ///   version have been rescored meanwhile, so that it has to be made again.
    public func store(_ analysis: AnalysisResult) throws -> AnalysisResult {
        if let version = analysis.questionVersion, try transaction.questions.scoringVersion(of: version) != version {
            throw StorageError(.conflict, "the answers to this question have been rescored meanwhile; analyse again")
        }
        var stored = analysis
        stored.sources = try sources(
            of: analysis.response, transcriptVersion: analysis.transcriptVersion,
            questionVersion: analysis.questionVersion)
        guard
            let id: Identifier<AnalysisResult> = try transaction.run(
                """
                INSERT INTO analysis (id, response, transcript_version, question_version, engine, findings, created_at,
                    bank, text_sha256, question_sha256)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                ON CONFLICT (response, transcript_version, engine) DO UPDATE
                    SET question_version = excluded.question_version, findings = excluded.findings,
                        created_at = excluded.created_at, bank = excluded.bank, text_sha256 = excluded.text_sha256,
                        question_sha256 = excluded.question_sha256
                RETURNING id
                """,
                analysis.id, analysis.response, analysis.transcriptVersion, analysis.questionVersion, analysis.engine,
                analysis.findings.map(FindingsCoding.document), analysis.createdAt, analysis.bank,
                stored.sources?.text, stored.sources?.question
            ).first?.single()
        else { throw StorageError(.misuse, "storing an analysis returned no row") }
        stored.id = id
        try transaction.run("DELETE FROM measure WHERE analysis = ?1", id)
        for (position, measure) in analysis.measures.enumerated() {
            try transaction.run(
                """
                INSERT INTO measure (analysis, position, key, value, unit, valid, reason, evidence)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                id, position, measure.key, measure.value, measure.unit, measure.valid, measure.reason,
                MeasureCoding.grounds(of: measure))
        }
        try transaction.run("DELETE FROM finding_figure WHERE analysis = ?1", id)
        for (key, value) in analysis.findings?.figures ?? [] {
            try transaction.run("INSERT INTO finding_figure (analysis, key, value) VALUES (?1, ?2, ?3)", id, key, value)
        }
        try store(analysis.assessment, of: id)
        try transaction.noteChange(of: analysis.response)
        return stored
    }

    /// The digests of what an analysis is made from, as it is stored now.
    public func sources(
        of response: Identifier<Response>, transcriptVersion: Int, questionVersion: Identifier<QuestionVersion>?
    ) throws -> AnalysisResult.Sources? {
        let text: String? = try transaction.run(
            "SELECT text FROM transcript_version WHERE response = ?1 AND number = ?2", response, transcriptVersion
        ).first?.single()
        guard let text else { return nil }
        return AnalysisResult.Sources(
            text: Hexadecimal.encode(SHA256.hash(text.utf8)),
            question: try questionVersion.flatMap { try transaction.questions.digest(of: $0) })
    }

    /// Stores what an answer does about key points in place of what was found before.
    func store(_ assessment: AnswerAssessment?, of analysis: Identifier<AnalysisResult>) throws {
        try transaction.run("DELETE FROM assessment WHERE analysis = ?1", analysis)
        try transaction.run("DELETE FROM key_point_state WHERE analysis = ?1", analysis)
        guard let assessment else { return }
        let score = assessment.score
        try transaction.run(
            """
            INSERT INTO assessment (analysis, key_points, proposed, results, low, point, high, cap, holds, judge_reason,
                other_wordings)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """,
            analysis, KeyPointCoding.document(assessment.keyPoints), assessment.isProposed,
            KeyPointCoding.document(assessment.results), score.low, score.point, score.high, score.cap,
            KeyPointCoding.texts(score.holds.map(\.rawValue)), assessment.judgeReason,
            OtherWordingCoding.document(assessment.otherWordings))
        // What belongs to another expected answer says nothing of this one.
        for result in assessment.results where !result.flags.contains(.otherAnswer) {
            try transaction.run(
                """
                INSERT INTO key_point_state (analysis, key_point, state, credit, "start", "end")
                VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING
                """,
                analysis, result.id, result.state, result.credit, result.evidence?.time?.lowerBound,
                result.evidence?.time?.upperBound)
        }
    }

    private func assessment(of analysis: Identifier<AnalysisResult>) throws -> AnswerAssessment? {
        try transaction.run(
            """
            SELECT key_points, proposed, results, low, point, high, cap, holds, judge_reason, other_wordings
            FROM assessment WHERE analysis = ?1
            """,
            analysis
        ).first?.decode { columns in
            AnswerAssessment(
                keyPoints: try KeyPointCoding.keyPoints(try columns.next()), isProposed: try columns.next(),
                results: try KeyPointCoding.results(try columns.next()), score: try Self.score(&columns),
                judgeReason: try columns.next(), otherWordings: try OtherWordingCoding.wordings(try columns.next()))
        }
    }

    private static func sources(_ columns: inout Columns) throws -> AnalysisResult.Sources? {
        let (text, question): (String?, String?) = (try columns.next(), try columns.next())
        return text.map { AnalysisResult.Sources(text: $0, question: question) }
    }

    static func score(_ columns: inout Columns) throws -> AnswerScore {
        let (low, point, high): (Double, Double, Double) = (try columns.next(), try columns.next(), try columns.next())
        let cap: Double? = try columns.next()
        return AnswerScore(
            low: low, point: point, high: high, holds: try KeyPointCoding.holds(try columns.next()), cap: cap)
    }

    /// The newest scores of responses, for lists.
    ///
    /// - Returns: For each response that has one, the score of its newest analysis.
    public func scores(for responses: [Identifier<Response>]) throws -> [Identifier<Response>: AnswerScore] {
        var found: [Identifier<Response>: AnswerScore] = [:]
        for response in responses {
            found[response] = try transaction.run(
                """
                SELECT s.low, s.point, s.high, s.cap, s.holds
                FROM analysis a JOIN assessment s ON s.analysis = a.id WHERE a.response = ?1
                ORDER BY a.transcript_version DESC, a.created_at DESC, a.id DESC LIMIT 1
                """,
                response
            ).first?.decode(Self.score)
        }
        return found
    }

    /// The newest analysis of a transcript version; nil until it has been analysed.
    public func find(_ response: Identifier<Response>, transcriptVersion: Int) throws -> AnalysisResult? {
        guard
            var analysis = try transaction.run(
                """
                SELECT id, response, transcript_version, question_version, engine, findings, bank, text_sha256,
                    question_sha256, created_at
                FROM analysis WHERE response = ?1 AND transcript_version = ?2
                ORDER BY created_at DESC, id DESC LIMIT 1
                """,
                response, transcriptVersion
            ).first?.decode({ columns in
                AnalysisResult(
                    id: try columns.next(), response: try columns.next(), transcriptVersion: try columns.next(),
                    questionVersion: try columns.next(), engine: try columns.next(), measures: [],
                    findings: try (columns.next() as JSONValue?).map(FindingsCoding.findings),
                    bank: try columns.next(), sources: try Self.sources(&columns), createdAt: try columns.next())
            })
        else { return nil }
        analysis.assessment = try assessment(of: analysis.id)
        analysis.measures = try transaction.run(
            "SELECT key, value, unit, valid, reason, evidence FROM measure WHERE analysis = ?1 ORDER BY position",
            analysis.id
        ).map { row in
            try row.decode { columns in
                var measure = Measure(
                    key: try columns.next(), value: try columns.next(), unit: try columns.next(),
                    valid: try columns.next(), reason: try columns.next(), evidence: [])
                (measure.basis, measure.evidence) = try MeasureCoding.grounds(try columns.next())
                return measure
            }
        }
        return analysis
    }

    /// Which transcript versions have been analysed, in an order that does not change; for work that looks at all of them.
    ///
    /// - Parameters:
    ///   - previous: Where to go on after; nil for the first ones.
    ///   - limit: How many at most.
    public func analysed(
        after previous: (response: Identifier<Response>, transcriptVersion: Int)? = nil, limit: Int = 100
    ) throws -> [(response: Identifier<Response>, transcriptVersion: Int)] {
        try transaction.run(
            """
            SELECT DISTINCT response, transcript_version FROM analysis
            WHERE ?1 IS NULL OR (response, transcript_version) > (?1, ?2)
            ORDER BY response, transcript_version LIMIT ?3
            """,
            previous?.response, previous?.transcriptVersion, limit
        ).map { try $0.decode { (try $0.next(), try $0.next()) } }
    }

    /// How many transcript versions have been analysed.
    public func countAnalysed() throws -> Int {
        try transaction.run("SELECT count(*) FROM (SELECT DISTINCT response, transcript_version FROM analysis)").first?
            .single() ?? 0
    }

    /// Some values from the newest analysis of each response, for lists.
    ///
    /// - Returns: For each response that has an analysis, the values by key; those that are `na` are absent.
    public func values(
        of keys: [String], for responses: [Identifier<Response>]
    ) throws -> [Identifier<Response>: [String: Double]] {
        var found: [Identifier<Response>: [String: Double]] = [:]
        for response in responses {
            guard
                let analysis: Identifier<AnalysisResult> = try transaction.run(
                    """
                    SELECT id FROM analysis WHERE response = ?1
                    ORDER BY transcript_version DESC, created_at DESC, id DESC LIMIT 1
                    """,
                    response
                ).first?.single()
            else { continue }
            found[response] = [:]
            for key in keys {
                let value: Double?? = try transaction.run(
                    "SELECT value FROM measure WHERE analysis = ?1 AND key = ?2", analysis, key
                ).first?.single()
                if let value = value ?? nil { found[response]?[key] = value }
            }
        }
        return found
    }
}
