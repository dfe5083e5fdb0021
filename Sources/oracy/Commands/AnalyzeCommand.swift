// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import JSON
import Server
import Threads

/// `oracy analyze`
enum AnalyzeCommand {
    /// How measures are written.
    enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    static let language = Option<String>(
        "language", short: "l", value: "LANGUAGE",
        help: "The language of the text, such as en or English; auto finds it out from the words.", default: "auto")
    static let expected = Option<String>(
        "expected", short: "e", value: "FILE", help: "Compare with the expected answer in this file.", isPath: true)
    static let keyPoints = Option<String>(
        "key-points", short: "k", value: "FILE", help: "Find which key points of this JSON file are covered.",
        isPath: true)
    static let lines = Option<Bool>(flag: "jsonl", help: "Measure every line of a file of JSON objects.")
    static let format = Option<Format>(
        "format", short: "f", value: "FORMAT", help: "How to write the measures of a text.", default: .text)

    static let command = Command(
        name: "analyze",
        summary: "measure texts: readability, words, tone, names and doses, closeness to an expected answer",
        discussion: """
            Without a FILE, or with -, the text is read from the standard input. With the models that are installed (oracy \
            models list) the table also has the tone of each sentence and what the text names: people, organisations, places, \
            drugs, conditions, doses, dates and quantities; without them it says what was not looked for. The JSON of --format \
            json and --jsonl has the same, and with each number what it was computed from (basis) and the words that show it \
            (evidence).

            With --jsonl a line is {"id", "text", "language"?, "expected"?, "key_points"?} and gives one line of results, \
            in order. \
            A line that can't be used gives {"id", "line", "error"}; the others go on, and the exit status is 1.
            """,
        options: [language, expected, keyPoints, lines, format, BatchOptions.jobs, BatchOptions.progress]
            + ConfigurationOptions.only(["home", "text_precision"]),
        operands: Command.Operands(name: "FILE", maximum: 1),
        examples: [
            Command.Example(line: "oracy analyze --language en answer.txt", meaning: "Look at the measures of a text."),
            Command.Example(
                line: "oracy analyze --language en --key-points points.json answer.txt",
                meaning: "Which key points are covered, and which contradicted."),
            Command.Example(
                line: "oracy analyze --jsonl --language en answers.jsonl > measures.jsonl",
                meaning: "Measure a data set on all processors."),
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) async throws -> ExitCode {
        if arguments[lines], arguments[format] == .text {
            throw UsageError(message: "--jsonl writes JSON, not text.", command: "oracy analyze")
        }
        Interruption.watch { "oracy: interrupted." }
        let path = arguments.operands.first ?? "-"
        let chosen = try arguments[language].flatMap { $0 == "auto" ? nil : try Self.tag($0) }
        let expected = try arguments[expected].map { try text(of: $0) }
        let configuration = try ConfigurationOptions.load(arguments).configuration
        let threads = arguments[lines] ? 1 : ConfigurationSurroundings.system.processors
        let models = TextModels(configuration, threads: threads)
        let analyzer = try models.analyzer()
        let reader = try models.reader(analyzer)
        let assessor = try models.assessor(analyzer)
        let templates = try FeedbackTemplates(configuration)
        let keyPoints = try arguments[keyPoints].map { try Self.keyPoints(of: $0) }
        if arguments[lines] {
            let batch = BatchAnalyzer(
                analyzer: analyzer, reader: reader, language: chosen, expected: expected, assessor: assessor,
                keyPoints: keyPoints, templates: templates)
            return try await run(batch, path: path, arguments)
        }
        let answer = try text(of: path)
        let pool = ThreadPool(name: "analysis", threads: 1)
        defer { pool.close() }
        let analysis = try await pool.run {
            TextAnalysis(
                of: answer, LanguageChoice(for: answer, declared: chosen),
                expected: expected.map { ExpectedAnswer(text: $0, language: chosen) }, keyPoints: keyPoints,
                analyzer: analyzer, reader: reader, assessor: assessor, templates: templates)
        }
        if arguments[format] == .json {
            try Terminal.output.writeLine(JSONValue.object(analysis.json).prettyText)
        } else {
            let table = MeasureTable(width: min(120, Terminal.output.columns), style: Terminal.output.style)
            try Terminal.output.writeLine(table.render(analysis.measures))
            let marked = FindingsTable(
                width: min(120, Terminal.output.columns), style: Terminal.output.style
            ).render(analysis.findings)
            if !marked.isEmpty { try Terminal.output.writeLine("\n" + marked) }
            if let assessment = analysis.assessment {
                let table = KeyPointTable(width: min(120, Terminal.output.columns), style: Terminal.output.style)
                try Terminal.output.writeLine("\n" + table.render(assessment))
                let feedback = FeedbackTable(width: min(120, Terminal.output.columns), style: Terminal.output.style)
                    .render(analysis.feedback, analysis.templates)
                if !feedback.isEmpty { try Terminal.output.writeLine("\n" + feedback) }
            }
            if analysis.language == nil {
                Terminal.messages.note(
                    "oracy: there is too little to tell the language from, so measures that depend on it are left out; "
                        + "name it: --language en")
            } else if chosen == nil, let found = analysis.identification {
                let shares = found.shares.map { "\($0.code) \(Int(($0.share * 100).rounded())) %" }
                let mixed = found.isMixed ? " (parts: \(shares.joined(separator: ", ")))" : ""
                Terminal.messages.note(
                    "oracy: measured as \(found.code), which the words are with a probability of "
                        + "\(Int((found.probability * 100).rounded())) %\(mixed); name another: --language en")
            }
        }
        return .success
    }

    private static func run(_ batch: BatchAnalyzer, path: String, _ arguments: Arguments) async throws -> ExitCode {
        let jobs = arguments[BatchOptions.jobs] ?? ConfigurationSurroundings.system.processors
        let reporter = ProgressReporter(arguments[BatchOptions.progress] ?? .auto, unit: "lines", total: 0)
        defer { reporter.finish() }
        var failed = 0
        try await batch.run(path: path, jobs: jobs) { count in
            reporter.setTotal(count)
        } deliver: { results in
            for fault in results.faults {
                failed += 1
                if failed <= 5 { reporter.note("oracy: \(path):\(fault.line): \(fault.message)") }
            }
            try reporter.aside { try Terminal.output.write(results.lines) }
            reporter.advance(by: results.count)
        }
        if failed > 5 { reporter.note("oracy: ... and \(failed - 5) more lines that can't be used.") }
        return failed == 0 ? .success : .failure
    }

    private static func tag(_ text: String) throws(UsageError) -> String {
        if let tag = LanguageName.tag(text) { return tag }
        return try LanguageOptions.tag(text, option: "--language", command: "oracy analyze")
    }

    private static func keyPoints(of path: String) throws -> [KeyPoint] {
        do {
            return try KeyPointView.keyPoints(JSONValue(parsing: text(of: path)))
        } catch let fault as KeyPointFault {
            throw CommandFailure("\(path): \(fault)")
        } catch let error as JSONError {
            throw CommandFailure("\(path) is no JSON: \(error).")
        }
    }

    private static func text(of path: String) throws -> String {
        guard let bytes = try WholeFile.read(path) else {
            throw CommandFailure("there is no file \(path).")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("\(path) is no text: it is not valid UTF-8.")
        }
        return text
    }
}
