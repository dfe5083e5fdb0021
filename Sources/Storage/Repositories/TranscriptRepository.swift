// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import JSON

extension Transaction {
    /// The versions of transcripts.
    public var transcripts: TranscriptRepository { TranscriptRepository(transaction: self) }
}

/// A version of a transcript with what is shown beside it.
public struct StoredTranscript: Sendable, Hashable {
    /// The version.
    public var version: TranscriptVersion
    /// The name of the person who wrote it; nil for a recogniser's.
    public var authorName: String?
    /// The number of the newest version.
    public var latestNumber: Int
}

/// A version of a transcript without its words, for lists.
public struct TranscriptSummary: Sendable, Hashable {
    /// Counts from 1 within the response.
    public var number: Int
    /// Who wrote it.
    public var origin: TranscriptVersion.Origin
    /// The person, for an edit.
    public var author: Identifier<User>?
    /// The person's name.
    public var authorName: String?
    /// The number of the version that was edited.
    public var parent: Int?
    /// Why it was edited.
    public var editReason: String?
    /// Whether its author changed nothing, but listened and found that these words were said.
    public var isConfirmation: Bool
    /// The engine and model, for a recogniser's version.
    public var engine: String?
    /// The word error rate of the recogniser's version against this one.
    public var wordErrorRate: Double?
    /// How many words it has.
    public var wordCount: Int
    /// When it was written.
    public var createdAt: Timestamp
}

/// The versions of transcripts. They are only ever added: an edit never changes what somebody else has read.
public struct TranscriptRepository {
    let transaction: Transaction

    /// Adds a version after the one that its author has seen.
    ///
    /// A recogniser's version is refused once a person has written one, so that a repeated run never hides an edit.
    ///
    /// - Parameters:
    ///   - version: The version; its number is not used.
    ///   - latest: The number of the newest version that the author knows; 0 for the first.
    /// - Returns: The version with its number.
    /// - Throws: ``StorageError`` with code `conflict` when there is a newer version, or a person's before a
    ///   recogniser's.
    public func append(_ version: TranscriptVersion, after latest: Int) throws -> TranscriptVersion {
        guard try latestNumber(of: version.response) == latest else {
            throw StorageError(.conflict, "the transcript has been changed meanwhile; read it again")
        }
        if version.origin == .asr {
            let edits: Int? = try transaction.run(
                "SELECT count(*) FROM transcript_version WHERE response = ?1 AND origin = 'human'", version.response
            ).first?.single()
            guard edits == 0 else {
                throw StorageError(.conflict, "a person has edited the transcript; recognising again would hide that")
            }
        }
        var numbered = version
        numbered.number = latest + 1
        let transcript = version.transcript
        try transaction.run(
            """
            INSERT INTO transcript_version (id, response, number, origin, author, parent, edit_reason, engine,
                language, language_probability, word_error_rate, word_count, text, segments, created_at, languages, confirmed,
                vocabulary, alternatives)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
            """,
            version.id, version.response, numbered.number, version.origin, version.author, version.parent,
            version.editReason, version.engine, transcript.language, transcript.languageProbability,
            version.wordErrorRate, transcript.segments.reduce(0) { $0 + $1.words.count }, transcript.text,
            TranscriptCoding.document(transcript.segments), version.createdAt,
            LanguageCoding.document(transcript.languages), version.isConfirmation,
            KeyPointCoding.texts(version.vocabulary), OtherWordingCoding.document(version.alternatives))
        try transaction.insight.refresh(version.response)
        return numbered
    }

    /// The number of the newest version; 0 when there is none.
    public func latestNumber(of response: Identifier<Response>) throws -> Int {
        try transaction.run(
            "SELECT coalesce(max(number), 0) FROM transcript_version WHERE response = ?1", response
        ).first?.single() ?? 0
    }

    /// One version, or the newest when no number is given.
    public func find(_ response: Identifier<Response>, number: Int? = nil) throws -> StoredTranscript? {
        let latest = try latestNumber(of: response)
        return try transaction.run(
            """
            SELECT t.id, t.response, t.number, t.origin, t.author, t.parent, t.edit_reason, t.confirmed, t.engine, t.vocabulary,
                t.language, t.language_probability, t.languages, t.segments, t.alternatives, t.word_error_rate, t.created_at, u.name
            FROM transcript_version t LEFT JOIN "user" u ON u.id = t.author
            WHERE t.response = ?1 AND t.number = ?2
            """,
            response, number ?? latest
        ).first?.decode { columns in
            StoredTranscript(
                version: TranscriptVersion(
                    id: try columns.next(), response: try columns.next(), number: try columns.next(),
                    origin: try columns.next(), author: try columns.next(), parent: try columns.next(),
                    editReason: try columns.next(), isConfirmation: try columns.next(), engine: try columns.next(),
                    vocabulary: try KeyPointCoding.texts(try columns.next()),
                    transcript: Transcript(
                        language: try columns.next(), languageProbability: try columns.next(),
                        languages: try LanguageCoding.heard(try columns.next()),
                        segments: try TranscriptCoding.segments(try columns.next())),
                    alternatives: try OtherWordingCoding.alternatives(try columns.next()),
                    wordErrorRate: try columns.next(), createdAt: try columns.next()),
                authorName: try columns.next(), latestNumber: latest)
        }
    }

    /// The engines and models of the recognisers' versions up to one: where its words may come from.
    public func engines(of response: Identifier<Response>, upTo number: Int) throws -> [String] {
        try transaction.run(
            """
            SELECT DISTINCT engine FROM transcript_version
            WHERE response = ?1 AND number <= ?2 AND origin = 'asr' AND engine IS NOT NULL
            """, response, number
        ).map { try $0.single() }
    }

    /// The newest version a recogniser made, against which edits are compared.
    ///
    /// - Parameter limit: Of those up to this number; nil for any.
    public func latestRecognised(
        _ response: Identifier<Response>, upTo limit: Int? = nil
    ) throws -> TranscriptVersion? {
        let number: Int? = try transaction.run(
            """
            SELECT number FROM transcript_version
            WHERE response = ?1 AND origin = 'asr' AND (?2 IS NULL OR number <= ?2)
            ORDER BY number DESC LIMIT 1
            """,
            response, limit
        ).first?.single()
        return try number.flatMap { try find(response, number: $0)?.version }
    }

    /// All versions without their words, newest first.
    public func list(of response: Identifier<Response>) throws -> [TranscriptSummary] {
        try transaction.run(
            """
            SELECT t.number, t.origin, t.author, u.name, t.parent, t.edit_reason, t.confirmed, t.engine,
                t.word_error_rate, t.word_count, t.created_at
            FROM transcript_version t LEFT JOIN "user" u ON u.id = t.author
            WHERE t.response = ?1 ORDER BY t.number DESC
            """,
            response
        ).map { row in
            try row.decode { columns in
                TranscriptSummary(
                    number: try columns.next(), origin: try columns.next(), author: try columns.next(),
                    authorName: try columns.next(), parent: try columns.next(), editReason: try columns.next(),
                    isConfirmation: try columns.next(), engine: try columns.next(),
                    wordErrorRate: try columns.next(), wordCount: try columns.next(), createdAt: try columns.next())
            }
        }
    }
}
