// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import Storage
import Threads

/// Computes stored analyses again and says which ones come out otherwise.
///
/// An analysis is compared only with one of the same engine: what other rules or models would find is no fault.
public struct AnalysisVerification: Sendable {
    /// What became of one analysis.
    public enum Outcome: Sendable, Hashable {
        /// Everything came out the same, to the last bit.
        case same
        /// The parts that did not, such as `measure mtld` or `keypoints`.
        case different([String])
        /// It was made by other rules or models than are installed now.
        case otherEngine(String)
        /// Everything came out the same but for similarities, whose words are weighed by a question bank that has
        /// changed since.
        case bankChanged
    }

    /// One analysis and what became of it.
    public struct Finding: Sendable, Hashable {
        /// The answer.
        public var response: Identifier<Response>
        /// The version of its transcript.
        public var transcriptVersion: Int
        /// What became of it.
        public var outcome: Outcome
    }

    private let database: any Database
    private let measuring: AnswerMeasuring

    /// Opens the configured database and the installed models.
    ///
    /// - Throws: `StorageError`, ``HomeError``, `AnalysisError`.
    public init(_ configuration: ServerConfiguration) async throws {
        try Home.prepare(configuration.home)
        database = try await Home.openDatabase(configuration)
        measuring = try AnswerMeasuring(configuration, database: database)
    }

    /// Takes what a server has open.
    init(database: any Database, measuring: AnswerMeasuring) {
        self.database = database
        self.measuring = measuring
    }

    /// How many analyses there are.
    public func count() async throws -> Int { try await database.read { try $0.analyses.countAnalysed() } }

    /// Computes all of them again, one after the other.
    ///
    /// - Parameter onFinding: Called for each.
    /// - Throws: `StorageError` when the database can't be read.
    public func run(_ onFinding: (Finding) throws -> Void) async throws {
        var last: (response: Identifier<Response>, transcriptVersion: Int)?
        while true {
            let after = last
            let page = try await database.read { try $0.analyses.analysed(after: after) }
            for place in page {
                try Task.checkCancellation()
                if let outcome = try await outcome(place.response, place.transcriptVersion) {
                    try onFinding(
                        Finding(
                            response: place.response, transcriptVersion: place.transcriptVersion, outcome: outcome))
                }
            }
            guard let end = page.last else { return }
            last = end
        }
    }

    /// Nil when the answer has been deleted meanwhile.
    private func outcome(_ id: Identifier<Response>, _ number: Int) async throws -> Outcome? {
        let stored = try await database.read { transaction -> Stored? in
            guard let response = try transaction.responses.load(id),
                let recording = try transaction.recordings.load(response.recording),
                let version = try transaction.transcripts.find(id, number: number)?.version,
                let analysis = try transaction.analyses.find(id, transcriptVersion: number)
            else { return nil }
            return Stored(
                response: response, recording: recording, version: version, analysis: analysis,
                isBankChanged: try transaction.questions.hasChanged(
                    since: analysis.createdAt, tenant: response.tenant))
        }
        guard let stored else { return nil }
        let again = try await measuring.analysis(
            of: stored.version, response: stored.response, recording: stored.recording,
            comparedWith: stored.analysis.questionVersion)
        guard again.engine == stored.analysis.engine else { return .otherEngine(stored.analysis.engine) }
        let differences = Self.differences(stored.analysis, again)
        if differences.isEmpty { return .same }
        let isOnlyBank = differences.allSatisfy { $0 == "measure tfidf_cosine" || $0 == "keypoints" }
        return stored.isBankChanged && isOnlyBank ? .bankChanged : .different(differences)
    }

    private struct Stored: Sendable {
        var response: Response
        var recording: Recording
        var version: TranscriptVersion
        var analysis: AnalysisResult
        var isBankChanged: Bool
    }

    private static func differences(_ stored: AnalysisResult, _ again: AnalysisResult) -> [String] {
        var differences: [String] = []
        let known = Dictionary(stored.measures.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let found = Dictionary(again.measures.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for key in Set(known.keys).union(found.keys).sorted() where known[key] != found[key] {
            differences.append("measure \(key)")
        }
        if stored.findings != again.findings { differences.append("findings") }
        var assessment = again.assessment
        // Of assessments of earlier versions the reason is not known.
        if stored.assessment?.judgeReason == nil { assessment?.judgeReason = nil }
        if stored.assessment != assessment { differences.append("keypoints") }
        return differences
    }
}
