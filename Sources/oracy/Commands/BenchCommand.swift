// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Inference
import JSON
import Models
import Recognition
import Server
import TextEncoders

/// `oracy bench`
enum BenchCommand {
    /// How figures are written.
    enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    /// What a model computes with.
    enum Numbers: String, Sendable, CaseIterable {
        case f32, bf16, int8
    }

    static let model = Option<String>(
        "model", value: "NAME|DIR", help: "A model of the store, or a folder.", isPath: true)
    static let precision = Option<Numbers>(
        "precision", value: "PRECISION", help: "What it computes with; without it, what it would be used with.",
        default: nil)
    static let threads = Option<Int>(
        "threads", value: "N", help: "How many threads compute.", default: "1", in: 1...256)
    static let tokens = Option<Int>(
        "tokens", value: "N", help: "How many tokens to write, whatever they are.", default: "64", in: 1...400)
    static let repeats = Option<Int>("repeats", value: "N", help: "How many rounds to time.", default: "5", in: 1...100)
    static let batch = Option<Int>(
        "batch", value: "N", help: "How many texts to write at once; times are for one of them.", default: "1",
        in: 1...64)
    static let spectrogram = Option<String>(
        "spectrogram", value: "FILE",
        help: "The window: bins times frames floats, little-endian; without it, a made-up one.", isPath: true)
    static let states = Option<String>(
        "states", value: "FILE", help: "Where the encoder's states go, as floats, to be compared with others.",
        isPath: true)
    static let textTokens = Option<Int>(
        "tokens", value: "N", help: "How many tokens a made-up text has.", default: "32", in: 4...512)
    static let textBatch = Option<Int>(
        "batch", value: "N", help: "How many texts are made up.", default: "32", in: 1...4096)
    static let texts = Option<String>(
        "texts", value: "FILE", help: "The texts, one to a line; without it, made-up ones.", isPath: true)
    static let vectors = Option<String>(
        "vectors", value: "FILE", help: "Where the vectors go, as floats, to be compared with others.", isPath: true)
    static let format = Option<Format>(
        "format", short: "f", value: "FORMAT", help: "How to write the figures.", default: .text)

    static let command = Command(
        name: "bench", summary: "measure how fast this machine is",
        subcommands: [
            Command(
                name: "speech", summary: "time a Whisper model's encoder and decoder",
                discussion: """
                    One window of 30 seconds, then tokens one by one, the most probable each time and never the end of the \
                    text. Times are the least and the median of the rounds; a round more goes before them. Compare on a \
                    machine that does nothing else.
                    """,
                options: [model, precision, threads, tokens, repeats, batch, spectrogram, states, format]
                    + ConfigurationOptions.only(["home"]),
                examples: [
                    Command.Example(
                        line: "oracy bench speech --model whisper-base --precision int8",
                        meaning: "Time a model of the store on one thread.")
                ],
                run: speech),
            Command(
                name: "text", summary: "time a text encoder's vectors",
                discussion: """
                    A batch of texts becomes vectors in one call, tokens included. Times are the least and the median of the \
                    rounds; a round more goes before them. Compare on a machine that does nothing else.
                    """,
                options: [model, precision, threads, textTokens, textBatch, repeats, texts, vectors, format]
                    + ConfigurationOptions.only(["home"]),
                examples: [
                    Command.Example(
                        line: "oracy bench text --precision bf16 --threads 2",
                        meaning: "Time the model of the store on two threads.")
                ],
                run: text),
        ])

    @Sendable private static func speech(_ arguments: Arguments) async throws -> ExitCode {
        let loaded = try ConfigurationOptions.load(arguments)
        let folder = try folder(arguments, loaded.configuration, for: .transcription, example: "whisper-base")
        let precision = chosenPrecision(arguments) ?? .preferred
        let whisper: WhisperModel
        do {
            whisper = try WhisperModel(folder: folder, precision: precision, threads: arguments[threads] ?? 1)
        } catch {
            throw CommandFailure(error.message)
        }
        var benchmark = SpeechBenchmark(
            tokens: arguments[tokens] ?? 64, repeats: arguments[repeats] ?? 5, batch: arguments[batch] ?? 1)
        // Small models have small vocabularies; which tokens are fed does not change the time.
        if benchmark.prompt.contains(where: { $0 >= whisper.configuration.vocabulary }) {
            benchmark.prompt = Array(benchmark.prompt.indices)
        }
        let room = whisper.configuration.textPositions
        guard benchmark.prompt.count + benchmark.tokens <= room,
            benchmark.prompt.count <= whisper.configuration.vocabulary
        else {
            throw CommandFailure(
                "this model can hold \(room) tokens; ask for at most \(room - benchmark.prompt.count).")
        }
        let window = try window(arguments, whisper.configuration)
        var report = benchmark.run(whisper, spectrogram: window).json.object ?? [:]
        report["model"] = .string(String(folder.split(separator: "/").last ?? ""))
        report["batch"] = .integer(Int64(benchmark.batch))
        if let path = arguments[states] {
            let numbers = whisper.encode(window ?? SpeechBenchmark.spectrogram(for: whisper.configuration)).array
            try WholeFile.write(numbers.withUnsafeBytes { Array($0) }, to: path)
        }
        try write(.object(report), arguments)
        return .success
    }

    @Sendable private static func text(_ arguments: Arguments) async throws -> ExitCode {
        let loaded = try ConfigurationOptions.load(arguments)
        let folder = try folder(arguments, loaded.configuration, for: .textEmbedding, example: "all-MiniLM-L6-v2")
        let encoder: TextEncoder
        do {
            encoder = try TextEncoder(
                .init(folder: folder, precision: chosenPrecision(arguments), threads: arguments[threads] ?? 1))
        } catch {
            throw CommandFailure(error.message)
        }
        let batch =
            try lines(arguments)
            ?? TextBenchmark.texts(arguments[textBatch] ?? 32, tokens: arguments[textTokens] ?? 32, for: encoder)
        let report = TextBenchmark(texts: batch, repeats: arguments[repeats] ?? 5).run(encoder)
        if let path = arguments[vectors] {
            try WholeFile.write(Array(report.vectors.joined()).withUnsafeBytes { Array($0) }, to: path)
        }
        try write(report.json, arguments)
        return .success
    }

    /// The chosen texts; nil for made-up ones.
    private static func lines(_ arguments: Arguments) throws -> [String]? {
        guard let path = arguments[texts] else { return nil }
        guard let bytes = try WholeFile.read(path, limit: 16 << 20) else {
            throw CommandFailure("there is no file \(path).")
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        guard !lines.isEmpty else { throw CommandFailure("\(path) has no text.") }
        return lines
    }

    private static func write(_ report: JSONValue, _ arguments: Arguments) throws {
        guard arguments[format] != .json else { return try Terminal.output.writeLine(report.text) }
        for member in report.object?.members ?? [] {
            let gap = String(repeating: " ", count: max(1, 30 - member.key.utf8.count))
            try Terminal.output.writeLine(member.key + gap + (member.value.string ?? member.value.text))
        }
    }

    private static func chosenPrecision(_ arguments: Arguments) -> Precision? {
        switch arguments[precision] {
        case .f32: .float32
        case .bf16: .bfloat16
        case .int8: .int8
        case nil: nil
        }
    }

    /// The chosen spectrogram; nil for the made-up one.
    private static func window(
        _ arguments: Arguments, _ configuration: WhisperConfiguration
    ) throws -> [Float]? {
        guard let path = arguments[spectrogram] else { return nil }
        let count = configuration.melBins * configuration.frames
        guard let bytes = try WholeFile.read(path, limit: 4 * count) else {
            throw CommandFailure("there is no file \(path).")
        }
        guard bytes.count == 4 * count else {
            throw CommandFailure(
                "\(path) has \(bytes.count) bytes; this model's window has \(configuration.melBins) bins of "
                    + "\(configuration.frames) frames, which are \(4 * count) bytes of floats.")
        }
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            let bits = bytes[start..<start + 4].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            return Float(bitPattern: bits)
        }
    }

    private static func folder(
        _ arguments: Arguments, _ configuration: ServerConfiguration, for task: ModelTask, example: String
    ) throws(CommandFailure) -> String {
        do throws(ModelError) {
            if let chosen = arguments[model] {
                return chosen.contains("/") ? chosen : try configuration.modelStore.open(chosen).folder
            }
            if let best = try configuration.modelStore.best(for: task) { return best.folder }
        } catch {
            throw CommandFailure(error.message)
        }
        throw CommandFailure(
            "no such model is installed. Get one: oracy models pull \(example); or name a folder: --model DIR.")
    }
}
