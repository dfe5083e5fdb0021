// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Recognition
import Server

/// `oracy languages`
enum LanguagesCommand {
    /// How languages are written.
    enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    static let format = Option<Format>(
        "format", short: "f", value: "FORMAT", help: "How to write the languages.", default: .text)
    static let count = Option<Int>(
        "count", short: "n", value: "N", help: "How many languages to write.", default: "5", in: 1...200)

    static let command = Command(
        name: "languages", summary: "say which language is spoken in recordings",
        discussion: """
            Writes the most probable languages of each recording with their probabilities, from its first 30 seconds of \
            speech. When none is more probable than one half, the language is not recognised (und in JSON). It needs a \
            model that knows several languages (oracy models pull whisper-base).
            """,
        options: [format, count, LanguageOptions.expected]
            + ConfigurationOptions.only(["model", "precision", "threads", "short_windows", "home", "decoder"]),
        operands: Command.Operands(name: "FILE"),
        examples: [
            Command.Example(line: "oracy languages answer.webm", meaning: "Print the most probable languages."),
            Command.Example(
                line: "oracy languages --languages en,de answer.webm",
                meaning: "The same, where English or German is expected."),
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) async throws -> ExitCode {
        guard !arguments.operands.isEmpty else {
            throw UsageError(message: "FILE is missing.", command: "oracy languages")
        }
        let expected = try LanguageOptions.expected(arguments, command: "oracy languages")
        let pipeline = try TranscribeCommand.pipeline(
            ConfigurationOptions.load(arguments).configuration, jobs: 1)
        let input = try StandardInput(ifAmong: arguments.operands, of: arguments.command)
        defer { input?.close() }
        if let engine = pipeline.engines.first, let notice = engine.notice, engine.identifiesLanguage {
            Terminal.messages.note("oracy: \(engine.modelID): \(notice)")
        }
        var status = ExitCode.success
        for path in arguments.operands {
            do {
                let file = path == "-" ? input?.path ?? path : path
                let languages = try await pipeline.languages(ofFileAt: file, expected: expected)
                try write(languages, path, arguments)
            } catch {
                Terminal.messages.note("oracy: \(path): \(error)")
                status = .failure
            }
        }
        return status
    }

    private static func write(
        _ languages: [(language: String, probability: Double)], _ path: String, _ arguments: Arguments
    ) throws {
        let best = languages.first
        let language = best.map {
            $0.probability >= LanguageGuess.leastProbability ? $0.language : Transcript.undetermined
        }
        let shown = languages.prefix(arguments[count] ?? 5)
        func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
        if arguments[format] == .json {
            let line: JSONObject = [
                "file": .string(path), "language": .optional(language),
                "languages": .array(
                    shown.map { ["language": .string($0.language), "probability": .number(rounded($0.probability))] }),
            ]
            return try Terminal.output.writeLine(JSONValue.object(line).text)
        }
        let text = shown.map { "\($0.language) \(rounded($0.probability))" }.joined(separator: "  ")
        let prefix = arguments.operands.count > 1 ? "\(path): " : ""
        let doubt = language == Transcript.undetermined ? "language not recognised: " : ""
        try Terminal.output.writeLine(prefix + (text.isEmpty ? "nobody speaks" : doubt + text))
    }
}
