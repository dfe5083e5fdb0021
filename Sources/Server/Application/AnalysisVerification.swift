// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
public import Domain
import Inference
import Storage
import Threads

/// Computes stored analyses and marks again and says which ones come out otherwise.
///
/// An analysis is compared only with one of the same engine: what other rules or models would find is no fault.
public struct AnalysisVerification: Sendable {
    /// What became of one analysis.
    public enum Outcome: Sendable, Hashable {
        /// Everything came out the same, to the last bit.
        case same
        /// The parts that did not: `measure KEY`, `findings`, `key points`, `states`, `evidence`, `similarities`, `score`,
        /// `other wordings`, `holds`, and `transcript` and `question` where what it was made from is not what it was.
        case different([String])
        /// It was made by other rules or models than are installed now.
        case otherEngine(String)
        /// Everything came out the same but for the TF-IDF cosine, and which question bank weighed its words was not noted:
        /// the analysis was made by an earlier program.
        case bankUnknown
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

    /// A mark that is not what its rubric makes of it.
    public struct MarkFinding: Sendable, Hashable {
        /// The answer.
        public var response: Identifier<Response>
        /// The mark.
        public var mark: Identifier<Mark>
        /// `rubric` where the rubric's SHA-256 is another one than was noted with the mark, `score` where its levels make another
        /// score.
        public var differences: [String]
    }

    private let database: any Database
    private let measuring: AnswerMeasuring
    /// Where other numbers are wanted than ``measuring`` has; nil to do without.
    private let configuration: ServerConfiguration?

    /// Opens the configured database and the installed models.
    ///
    /// - Throws: `StorageError`, ``HomeError``, `AnalysisError`.
    public init(_ configuration: ServerConfiguration) async throws {
        try Home.prepare(configuration.home)
        database = try await Home.openDatabase(configuration)
        measuring = try AnswerMeasuring(configuration, database: database)
        self.configuration = configuration
    }

    /// Takes what a server has open.
    init(database: any Database, measuring: AnswerMeasuring) {
        self.database = database
        self.measuring = measuring
        configuration = nil
    }

    /// What measures with the numbers that an analysis was made with, as its engine says.
    private func measuring(
        like engine: String, _ others: inout [Precision: AnswerMeasuring]
    ) throws -> AnswerMeasuring {
        guard var configuration, let precision = LazyTextEncoder.precision(in: engine),
            precision != LazyTextEncoder.precision(in: measuring.engine)
        else { return measuring }
        if let known = others[precision] { return known }
        configuration.textPrecision = .init(precision)
        let other = try AnswerMeasuring(configuration, database: database)
        others[precision] = other
        return other
    }

    /// How many analyses there are.
    public func count() async throws -> Int { try await database.read { try $0.analyses.countAnalysed() } }

    /// Computes all of them again, one after the other.
    ///
    /// - Parameter onFinding: Called for each.
    /// - Throws: `StorageError` when the database can't be read.
    public func run(_ onFinding: (Finding) throws -> Void) async throws {
        var last: (response: Identifier<Response>, transcriptVersion: Int)?
        var others: [Precision: AnswerMeasuring] = [:]
        while true {
            let after = last
            let page = try await database.read { try $0.analyses.analysed(after: after) }
            for place in page {
                try Task.checkCancellation()
                if let outcome = try await outcome(place.response, place.transcriptVersion, &others) {
                    try onFinding(
                        Finding(
                            response: place.response, transcriptVersion: place.transcriptVersion, outcome: outcome))
                }
            }
            guard let end = page.last else { return }
            last = end
        }
    }

    /// Computes the scores of all marks again.
    ///
    /// - Parameter onFinding: Called for each that comes out otherwise.
    /// - Returns: How many marks there are.
    /// - Throws: `StorageError` when the database can't be read.
    public func checkMarks(_ onFinding: (MarkFinding) throws -> Void) async throws -> Int {
        var last: Identifier<Mark>?
        var count = 0
        while true {
            let after = last
            let found = try await database.read { transaction in
                try transaction.marks.all(after: after).map { mark in
                    var differences: [String] = []
                    if let noted = mark.rubricDigest, try transaction.rubrics.digest(of: mark.rubricVersion) != noted {
                        differences.append("rubric")
                    }
                    if try transaction.rubrics.version(mark.rubricVersion)?.score(of: mark.levels) != mark.score {
                        differences.append("score")
                    }
                    return MarkFinding(response: mark.response, mark: mark.id, differences: differences)
                }
            }
            guard let end = found.last else { return count }
            last = end.mark
            count += found.count
            for finding in found where !finding.differences.isEmpty { try onFinding(finding) }
        }
    }

    /// Nil when the answer has been deleted meanwhile.
    private func outcome(
        _ id: Identifier<Response>, _ number: Int, _ others: inout [Precision: AnswerMeasuring]
    ) async throws -> Outcome? {
        let stored = try await database.read { transaction -> Stored? in
            guard let response = try transaction.responses.load(id),
                let recording = try transaction.recordings.load(response.recording),
                let version = try transaction.transcripts.find(id, number: number)?.version,
                let analysis = try transaction.analyses.find(id, transcriptVersion: number)
            else { return nil }
            return Stored(
                response: response, recording: recording, version: version, analysis: analysis,
                sources: try transaction.analyses.sources(
                    of: id, transcriptVersion: number, questionVersion: analysis.questionVersion))
        }
        guard let stored else { return nil }
        var differences = Self.differences(stored.analysis.sources, stored.sources)
        let again = try await measuring(like: stored.analysis.engine, &others).analysis(
            of: stored.version, response: stored.response, recording: stored.recording, like: stored.analysis)
        guard again.engine == stored.analysis.engine else {
            return differences.isEmpty ? .otherEngine(stored.analysis.engine) : .different(differences)
        }
        differences += Self.differences(stored.analysis, again)
        if differences.isEmpty { return .same }
        // Nothing else is made from the question bank.
        let isBankUnknown = stored.analysis.bank == nil && differences == ["measure tfidf_cosine"]
        return isBankUnknown ? .bankUnknown : .different(differences)
    }

    private struct Stored: Sendable {
        var response: Response
        var recording: Recording
        var version: TranscriptVersion
        var analysis: AnalysisResult
        /// What it would be made from now.
        var sources: AnalysisResult.Sources?
    }

    private static func differences(_ noted: AnalysisResult.Sources?, _ now: AnalysisResult.Sources?) -> [String] {
        guard let noted else { return [] }
        return (noted.text == now?.text ? [] : ["transcript"]) + (noted.question == now?.question ? [] : ["question"])
    }

    private static func differences(_ stored: AnalysisResult, _ again: AnalysisResult) -> [String] {
        var differences: [String] = []
        let known = Dictionary(stored.measures.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let found = Dictionary(again.measures.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for key in Set(known.keys).union(found.keys).sorted() where known[key] != found[key] {
            differences.append("measure \(key)")
        }
        if stored.findings != again.findings { differences.append("findings") }
        return differences + Self.differences(stored.assessment, again.assessment)
    }

    private static func differences(_ stored: AnswerAssessment?, _ again: AnswerAssessment?) -> [String] {
        guard stored != again else { return [] }
        guard let stored, let again, stored.keyPoints == again.keyPoints, stored.isProposed == again.isProposed,
            stored.results.count == again.results.count
        else { return ["key points"] }
        func differs<Value: Equatable>(_ part: (KeyPointResult) -> Value) -> Bool {
            zip(stored.results, again.results).contains { part($0) != part($1) }
        }
        var differences: [String] = []
        if differs({ [$0.id, $0.state.rawValue, "\($0.credit)"] }) { differences.append("states") }
        if differs(\.evidence) || differs(\.confidence) || differs(\.flags) { differences.append("evidence") }
        if differs(\.similarity) { differences.append("similarities") }
        func interval(_ score: AnswerScore) -> [Double?] { [score.low, score.point, score.high, score.cap] }
        if interval(stored.score) != interval(again.score) { differences.append("score") }
        if stored.otherWordings != again.otherWordings { differences.append("other wordings") }
        if stored.score.holds != again.score.holds { differences.append("holds") }
        // Of assessments of earlier versions the reason is not known.
        if stored.judgeReason != nil, stored.judgeReason != again.judgeReason { differences.append("judge") }
        return differences
    }
}
