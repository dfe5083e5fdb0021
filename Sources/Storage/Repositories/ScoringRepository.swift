// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import JSON

extension Transaction {
    /// What the answers to a question earn, all together.
    public var scoring: ScoringRepository { ScoringRepository(transaction: self) }
}

/// What an analysis was made by and when: another one in its place has another of these.
public struct ScoredAnalysis: Sendable, Hashable {
    /// The analysis.
    public var id: Identifier<AnalysisResult>
    /// The version of the question that it was made by.
    public var questionVersion: Identifier<QuestionVersion>?
    /// When it was made.
    public var createdAt: Timestamp
}

/// An answer to a question with its newest assessment and the words that it rests on.
public struct ScoredAnswer: Sendable {
    /// The answer.
    public var response: Identifier<Response>
    /// Who answered.
    public var owner: Identifier<User>
    /// Their name.
    public var ownerName: String
    /// How far the answer has come.
    public var state: Response.State
    /// The analysis.
    public var analysis: ScoredAnalysis
    /// What made it.
    public var engine: String
    /// The words.
    public var transcript: Transcript
    /// What the recogniser wrote before anybody changed it; nil where nobody has, and for answers that it did not write.
    public var recognised: Transcript?
    /// What it considered beside that.
    public var alternatives: [HeardAlternatives]
    /// What was found.
    public var assessment: AnswerAssessment
    /// Whether the viewer marks the answer and may not see yet what the machine found.
    public var isHidden: Bool
}

/// A score that an answer had before its question's key points began to count otherwise.
public struct ScoreRevision: Sendable, Hashable {
    /// The number of the version of the question that it was made by.
    public var questionVersion: Int
    /// The score.
    public var score: AnswerScore
    /// What took its place.
    public var rescoring: Rescoring
    /// The number of the version of the question that took its place.
    public var replacedBy: Int
    /// The name of who decided it.
    public var authorName: String
}

/// What the answers to a question earn, all together.
public struct ScoringRepository {
    let transaction: Transaction

    /// Answers to any version of a question that have an assessment, in the order of their ids.
    ///
    /// - Parameters:
    ///   - question: The question; the caller has found it for somebody who marks its answers.
    ///   - viewer: Who asks: it is said from which answers the machine's score is kept from them.
    ///   - previous: Where to go on after; nil for the first ones.
    ///   - limit: How many at most.
    public func answers(
        to question: Identifier<Question>, visibleTo viewer: Viewer, after previous: Identifier<Response>? = nil,
        limit: Int = 200
    ) throws -> [ScoredAnswer] {
        var documents: [String: [KeyPoint]] = [:]
        return try transaction.run(
            """
            SELECT r.id, r.owner, u.name, r.state, \(Self.analysisColumns), a.engine,
                t.language, t.language_probability, t.languages, t.segments,
                CASE WHEN w.number <> t.number THEN w.segments END, w.alternatives,
                s.key_points, s.proposed, s.results, s.low, s.point, s.high, s.cap, s.holds, s.judge_reason,
                s.other_wordings,
                CASE WHEN m.state = 'final' THEN 0
                    WHEN m.state IS NULL AND (g.moderation = 1 OR g.source = 'agreed' OR g.released_at IS NOT NULL) THEN 0
                    ELSE m.state IS NOT NULL OR (v.withheld = 1 AND r.state <> 'released') END
            FROM response r
            JOIN analysis a ON a.id = (\(Self.newest))
            JOIN assessment s ON s.analysis = a.id
            JOIN transcript_version t ON t.response = r.id AND t.number = a.transcript_version
            LEFT JOIN transcript_version w ON w.response = r.id AND w.number = (
                SELECT max(number) FROM transcript_version
                WHERE response = r.id AND origin = 'asr' AND number <= a.transcript_version)
            JOIN question_version v ON v.id = r.question_version
            JOIN "user" u ON u.id = r.owner
            LEFT JOIN mark m ON m.response = r.id AND m.marker = ?2 AND m.kind = 'marker'
            LEFT JOIN grade g ON g.response = r.id
            WHERE r.question = ?1 AND (?3 IS NULL OR r.id > ?3) ORDER BY r.id LIMIT ?4
            """, question, viewer.user, previous, limit
        ).map { row in
            try row.decode { columns in
                ScoredAnswer(
                    response: try columns.next(), owner: try columns.next(), ownerName: try columns.next(),
                    state: try columns.next(), analysis: try Self.analysis(&columns), engine: try columns.next(),
                    transcript: Transcript(
                        language: try columns.next(), languageProbability: try columns.next(),
                        languages: try LanguageCoding.heard(try columns.next()),
                        segments: try TranscriptCoding.segments(try columns.next())),
                    recognised: try (columns.next() as JSONValue?).map {
                        Transcript(language: nil, segments: try TranscriptCoding.segments($0))
                    },
                    alternatives: try (columns.next() as JSONValue?).map(OtherWordingCoding.alternatives) ?? [],
                    assessment: try Self.assessment(&columns, &documents), isHidden: try columns.next())
            }
        }
    }

    /// Which analyses the answers to a question have, in the order of their ids: to tell whether anything has changed.
    public func analyses(of question: Identifier<Question>) throws -> [ScoredAnalysis] {
        try transaction.run(
            """
            SELECT \(Self.analysisColumns) FROM response r
            JOIN analysis a ON a.id = (\(Self.newest)) JOIN assessment s ON s.analysis = a.id
            WHERE r.question = ?1 ORDER BY r.id
            """, question
        ).map { try $0.decode(Self.analysis) }
    }

    /// Makes a version of a question by which its answers are scored from now on, and stores what they earn by it. The
    /// scores they had are kept.
    ///
    /// - Parameters:
    ///   - rescoring: What is noted down; its version is the new one's.
    ///   - version: The new version; its number is not used.
    ///   - question: The question.
    ///   - earlier: The versions whose answers it scores.
    ///   - scores: What is found by the new version, by analysis.
    /// - Returns: The version with its number.
    public func apply(
        _ rescoring: Rescoring, as version: QuestionVersion, of question: Identifier<Question>,
        inPlaceOf earlier: [Identifier<QuestionVersion>],
        scores: [(analysis: Identifier<AnalysisResult>, assessment: AnswerAssessment)]
    ) throws -> QuestionVersion {
        let version = try transaction.questions.supersede(earlier, of: question, by: version)
        try transaction.run(
            """
            INSERT INTO rescoring (question_version, author, reason, answers, changed, bands_changed, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, version.id, rescoring.author, rescoring.reason, rescoring.answers, rescoring.changed,
            rescoring.bandsChanged, rescoring.createdAt)
        let digest = try transaction.questions.digest(of: version.id)
        for (analysis, assessment) in scores {
            try transaction.run(
                """
                INSERT INTO score_revision (analysis, replaced_by, question_version, low, point, high, cap, holds)
                SELECT a.id, ?2, a.question_version, s.low, s.point, s.high, s.cap, s.holds
                FROM analysis a JOIN assessment s ON s.analysis = a.id WHERE a.id = ?1
                """, analysis, version.id)
            try transaction.run(
                "UPDATE analysis SET question_version = ?2, question_sha256 = ?3 WHERE id = ?1", analysis, version.id,
                digest)
            try transaction.analyses.store(assessment, of: analysis)
        }
        try transaction.noteChange(ofAnswersTo: question)
        return version
    }

    /// The scores that an analysis had before, newest first.
    public func history(of analysis: Identifier<AnalysisResult>) throws -> [ScoreRevision] {
        try transaction.run(
            """
            SELECT v.number, h.low, h.point, h.high, h.cap, h.holds, \(Self.rescoringColumns), n.number, u.name
            FROM score_revision h
            JOIN question_version v ON v.id = h.question_version
            JOIN question_version n ON n.id = h.replaced_by
            JOIN rescoring x ON x.question_version = h.replaced_by
            JOIN "user" u ON u.id = x.author
            WHERE h.analysis = ?1 ORDER BY n.number DESC
            """, analysis
        ).map { row in
            try row.decode { columns in
                ScoreRevision(
                    questionVersion: try columns.next(), score: try AnalysisRepository.score(&columns),
                    rescoring: try Self.rescoring(&columns), replacedBy: try columns.next(),
                    authorName: try columns.next())
            }
        }
    }

    /// How the answers to a question were rescored, by the version that each made, with the name of who decided it.
    public func rescorings(
        of question: Identifier<Question>
    ) throws -> [Identifier<QuestionVersion>: (rescoring: Rescoring, authorName: String)] {
        let pairs = try transaction.run(
            """
            SELECT \(Self.rescoringColumns), u.name FROM question_version v
            JOIN rescoring x ON x.question_version = v.id JOIN "user" u ON u.id = x.author WHERE v.question = ?1
            """, question
        ).map { try $0.decode { (try Self.rescoring(&$0), try $0.next(String.self)) } }
        return Dictionary(pairs.map { ($0.0.questionVersion, $0) }) { $1 }
    }

    private static let newest = """
        SELECT n.id FROM analysis n WHERE n.response = r.id
        ORDER BY n.transcript_version DESC, n.created_at DESC, n.id DESC LIMIT 1
        """

    private static let analysisColumns = "a.id, a.question_version, a.created_at"

    private static func analysis(_ columns: inout Columns) throws -> ScoredAnalysis {
        ScoredAnalysis(
            id: try columns.next(), questionVersion: try columns.next(), createdAt: try columns.next())
    }

    private static let rescoringColumns =
        "x.question_version, x.author, x.reason, x.answers, x.changed, x.bands_changed, x.created_at"

    private static func rescoring(_ columns: inout Columns) throws -> Rescoring {
        Rescoring(
            questionVersion: try columns.next(), author: try columns.next(), reason: try columns.next(),
            answers: try columns.next(), changed: try columns.next(), bandsChanged: try columns.next(),
            createdAt: try columns.next())
    }

    /// All answers have the same few lists of key points, each of which is read once.
    private static func assessment(
        _ columns: inout Columns, _ documents: inout [String: [KeyPoint]]
    ) throws -> AnswerAssessment {
        let document: String = try columns.next()
        let keyPoints = try documents[document] ?? KeyPointCoding.keyPoints(try JSONValue(sql: .text(document)))
        documents[document] = keyPoints
        return AnswerAssessment(
            keyPoints: keyPoints, isProposed: try columns.next(),
            results: try KeyPointCoding.results(try columns.next()), score: try AnalysisRepository.score(&columns),
            judgeReason: try columns.next(), otherWordings: try OtherWordingCoding.wordings(try columns.next()))
    }
}
