// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Assessment
public import Domain
import JSON
import Threads

/// Measures many texts on all processors: a file with one JSON object a line.
///
/// A line is `{"id"?, "text", "language"?, "expected"?, "key_points"?}`; its result has the id (or the number of the line) and the
/// measures. A line that can't be used gives `{"id"?, "line", "error"}`, and the others go on.
public struct BatchAnalyzer: Sendable {
    /// The results of some lines, one after the other.
    public struct Results: Sendable {
        /// What is written: a line of JSON for each.
        public fileprivate(set) var lines: [UInt8] = []
        /// How many there are.
        public fileprivate(set) var count = 0
        /// The lines without measures: their number in the file, counted from 1, and what is wrong with them.
        public fileprivate(set) var faults: [(line: Int, message: String)] = []
    }

    /// How many lines are measured in one go, and how many bytes of them: enough for models to be at their fastest, and few
    /// enough that what these make of all words fits some tens of megabytes.
    private static let batch = (lines: 16, bytes: 64 << 10)

    private let analyzer: AnswerAnalyzer
    private let reader: AnswerReader
    private let language: String?
    private let expected: String?
    private let assessor: Assessor
    private let keyPoints: [KeyPoint]?
    private let templates: FeedbackTemplates

    /// Creates an analyzer.
    ///
    /// - Parameters:
    ///   - analyzer: Measures texts.
    ///   - reader: Finds entities and tone.
    ///   - language: The language of lines that name none (BCP 47); nil to find it out from their words. Where the words of a
    ///     line are reliably in another language than its own, what rests on the language says so.
    ///   - expected: What lines are compared with that bring no expected answer of their own, if anything.
    ///   - assessor: Finds key points.
    ///   - keyPoints: What lines are expected to say that bring no key points of their own, if anything.
    ///   - templates: Words the feedback.
    public init(
        analyzer: AnswerAnalyzer, reader: AnswerReader, language: String? = nil, expected: String? = nil,
        assessor: Assessor, keyPoints: [KeyPoint]? = nil, templates: FeedbackTemplates
    ) {
        self.templates = templates
        self.assessor = assessor
        self.keyPoints = keyPoints
        self.analyzer = analyzer
        self.reader = reader
        self.language = language
        self.expected = expected
    }

    /// Measures the lines of a file and hands over their results in order.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard input.
    ///   - jobs: How many processors to use.
    ///   - counted: Is told how many lines there are, when that can be known beforehand.
    ///   - deliver: Takes the results.
    /// - Throws: ``FileAccessError``, or what `deliver` throws.
    public func run(
        path: String, jobs: Int, counted: (Int) -> Void = { _ in }, deliver: (Results) throws -> Void
    ) async throws {
        let reader = try LineReader(path: path)
        if let count = try reader.count() { counted(count) }
        // Comparing meanings computes for long: not for the cooperative pool.
        let threads = ThreadPool(name: "analysis", threads: jobs)
        defer { threads.close() }
        try await OrderedWork.run(atOnce: jobs, window: 4 * jobs) { () -> [(number: Int, bytes: [UInt8])]? in
            var lines: [(number: Int, bytes: [UInt8])] = []
            var bytes = 0
            while lines.count < Self.batch.lines, bytes < Self.batch.bytes, let line = try reader.next() {
                lines.append((reader.lineNumber, line))
                bytes += line.count
            }
            return lines.isEmpty ? nil : lines
        } work: { lines in
            try await threads.run {
                results(of: lines)
            }
        } deliver: {
            try deliver($0)
        }
    }

    private struct LineFault: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    /// What a line asks for.
    private struct Request {
        var text: String
        var choice: LanguageChoice
        var expected: ExpectedAnswer?
        var keyPoints: [KeyPoint]?
    }

    /// The results of lines, but for those that are empty.
    private func results(of lines: [(number: Int, bytes: [UInt8])]) -> Results {
        let parsed = lines.compactMap { line -> (number: Int, id: JSONValue?, request: Result<Request, LineFault>)? in
            if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
            do throws(LineFault) {
                let object = try Self.object(line.bytes)
                return (line.number, object["id"], Result { () throws(LineFault) in try request(of: object) })
            } catch {
                return (line.number, nil, .failure(error))
            }
        }
        // Models are fastest with many texts at once.
        let requests = parsed.map { try? $0.request.get() }
        let reader = reader.prepared(for: requests.compactMap { $0 }.map { ($0.text, $0.choice) })
        let drafts = requests.map { request in
            request.flatMap {
                assessor.draft(
                    of: $0.text, keyPoints: $0.keyPoints, expected: $0.expected?.text, language: $0.choice.language)
            }
        }
        let analyzer = analyzer.prepared(
            for: drafts.compactMap { $0?.texts }
                + requests.compactMap { request in
                    guard let request, let expected = request.expected else { return nil }
                    return TextsToRead(language: request.choice.language, answers: [request.text, expected.text])
                })
        var assessments = assessor.using(analyzer).assessments(drafts.compactMap { $0 })[...]
        var results = Results()
        for (line, draft) in zip(parsed, drafts) {
            var result = JSONObject()
            switch line.request {
            case .success(let request):
                result["id"] = line.id ?? .integer(Int64(line.number))
                let analysis = TextAnalysis(
                    of: request.text, request.choice, expected: request.expected,
                    assessment: draft == nil ? nil : assessments.popFirst(), assessedBy: assessor.engine,
                    analyzer: analyzer, reader: reader, templates: templates)
                for member in analysis.json.members { result[member.key] = member.value }
            case .failure(let fault):
                result["id"] = line.id
                result["line"] = .integer(Int64(line.number))
                result["error"] = ["code": "invalid_line", "message": .string(fault.message)]
                results.faults.append((line.number, fault.message))
            }
            JSONValue.object(result).append(to: &results.lines)
            results.lines.append(UInt8(ascii: "\n"))
            results.count += 1
        }
        return results
    }

    private static func object(_ line: [UInt8]) throws(LineFault) -> JSONObject {
        let limits = JSONLimits(bytes: LineReader.lineLimit, depth: 32, stringBytes: LineReader.lineLimit)
        do {
            guard let object = try JSONValue(parsing: line, limits: limits).object else {
                throw LineFault("The line is no JSON object.")
            }
            return object
        } catch let error as LineFault {
            throw error
        } catch {
            throw LineFault("The line is no JSON: \(error).")
        }
    }

    private func request(of object: JSONObject) throws(LineFault) -> Request {
        func string(_ name: String, of object: JSONObject) throws(LineFault) -> String? {
            guard let value = object[name], !value.isNull else { return nil }
            guard let text = value.string else { throw LineFault("\"\(name)\" must be text.") }
            return text
        }
        guard let text = try string("text", of: object) else { throw LineFault("\"text\" is missing.") }
        var language = language
        if let named = try string("language", of: object) {
            language = named == "auto" ? nil : LanguageName.tag(named)
            guard language != nil || named == "auto" else {
                throw LineFault("\"language\" must be \(LanguageName.expectation), not \"\(named.prefix(35))\".")
            }
        }
        let expected = try string("expected", of: object) ?? expected
        var keyPoints = keyPoints
        if let own = object["key_points"], !own.isNull {
            do throws(KeyPointFault) {
                keyPoints = try KeyPointView.keyPoints(own)
            } catch {
                throw LineFault(error.description)
            }
        }
        return Request(
            text: text, choice: LanguageChoice(for: text, declared: language),
            expected: expected.map { ExpectedAnswer(text: $0, language: language) }, keyPoints: keyPoints)
    }
}
