// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Foundation
import Inference
import JSON
import Testing

@testable import Recognition

private let shapesFolder = ProcessInfo.processInfo.environment["ORACY_WHISPER_SHAPES"]

/// Checkpoints of the official shapes against transformers and openai-whisper.
///
/// Too large to be kept: Tests/Fixtures/whisper/shapes.py makes them and says how to run this.
@Suite("Whisper's official shapes", .serialized, .enabled(if: shapesFolder != nil))
struct WhisperShapesTests {
    private static let shapes: [String] = {
        guard let folder = shapesFolder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return []
        }
        return names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/expected.json") }.sorted()
    }()

    private static func floats(_ path: String) throws -> [Float] {
        try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    /// The largest difference, relative to the largest magnitude.
    private static func difference(_ got: [Float], _ expected: [Float]) -> Float {
        guard got.count == expected.count else { return .infinity }
        let largest = expected.reduce(0) { max($0, abs($1)) }
        return zip(got, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
    }

    @Test(arguments: shapes)
    func `gives the references' numbers, tokens and times in float32`(shape: String) async throws {
        let folder = "\(try #require(shapesFolder))/\(shape)"
        let expected = try JSONValue(
            parsing: [UInt8](Data(contentsOf: URL(filePath: folder + "/expected.json"))),
            limits: JSONLimits(bytes: 1 << 20, depth: 8, stringBytes: 1 << 16))
        let parts = try WhisperParts(folder: folder, precision: .float32, threads: 2)
        let audio = try Self.floats(folder + "/audio.f32")
        let frames = LogMelSpectrogram.windowFrames
        let mel = LogMelSpectrogram(
            of: audio, bins: parts.model.configuration.melBins, padding: LogMelSpectrogram.windowSamples
        ).window(from: 0, frames: frames, size: frames).values
        let states = parts.model.encode(mel)
        let window = parts.model.window(for: states)
        let decoder = WhisperDecoder(model: parts.model, slots: 5)

        let melError = Self.difference(mel, try Self.floats(folder + "/mel.f32"))
        let stateError = Self.difference(states.array, try Self.floats(folder + "/states.f32"))
        let forced = expected["forced"]?.integers ?? []
        decoder.begin(slot: 0, window: window)
        let output = decoder.step([.init(slot: 0, tokens: forced, allLogits: true)])
        let logits = (0..<output.rows).flatMap { row in output.withLogits(row) { Array($0) } }
        let logitError = Self.difference(logits, try Self.floats(folder + "/logits.f32"))
        #expect(melError < 1e-3 && stateError < 1e-3 && logitError < 1e-3)

        var languageError = 0.0
        if parts.tokenizer.isMultilingual {
            decoder.begin(slot: 0, window: window)
            let start = decoder.step([.init(slot: 0, tokens: [parts.tokenizer.startOfTranscript])])
            let scores = LanguageScores(start.withLogits(0) { Array($0) }, parts.tokenizer).scores
            #expect(scores.count == expected["languages"]?.object?.keys.count)
            for score in scores {
                let probability = try #require(expected["languages"]?[score.code]?.double)
                languageError = max(languageError, abs(score.probability - probability))
            }
            #expect(languageError < 1e-3)
        }

        var agreed: [String] = []
        for (key, beams, timed) in [("greedy", 1, false), ("beams", 5, false), ("timestamps", 5, true)] {
            let search = SearchOptions(
                beams: beams, samples: 1, fallsBack: false, usesTimestamps: timed, maximumTokens: 64)
            let tokens = try Self.decode(parts, decoder, window, search).tokens
            let wanted = expected[key]?.integers ?? []
            #expect(tokens == wanted, "\(key)")
            agreed.append("\(zip(tokens, wanted).prefix { $0 == $1 }.count) of \(wanted.count)")
        }

        let words = try Self.words(parts, decoder, window, expected["greedy"]?.integers ?? [])
        let timings = expected["words"]?.array ?? []
        #expect(words.map(\.text) == timings.map { $0.array?[0].string })
        var late = 0.0
        var confidenceError = 0.0
        for (word, reference) in zip(words, timings.map { ($0.array ?? []).map { $0.double ?? 0 } }) {
            late = max(late, abs(word.start - reference[1]), abs(word.end - reference[2]))
            confidenceError = max(confidenceError, abs(word.probability - reference[3]))
        }
        #expect(late < 0.021 && confidenceError < 1e-3)

        func short(_ value: some BinaryFloatingPoint) -> String { String(format: "%.1e", Double(value)) }
        print(
            "| \(shape) | \(short(melError)) | \(short(stateError)) | \(short(logitError)) | "
                + agreed.joined(separator: " | ")
                + " | \(parts.tokenizer.isMultilingual ? short(languageError) : "-") | "
                + "\(words.count) words, \(String(format: "%.2f", late)) s, \(short(confidenceError)) |")
    }

    /// The words of a window's text, as the batcher times them.
    private static func words(
        _ parts: WhisperParts, _ decoder: WhisperDecoder, _ window: WhisperWindow, _ tokens: [Int]
    ) throws -> [TimedWord] {
        let tokenizer = parts.tokenizer
        let text = tokens.filter { $0 < tokenizer.endOfText }
        let start = try tokenizer.startSequence(language: "en", task: .transcribe, timestamps: false)
        let all = start + text + [tokenizer.endOfText]
        decoder.begin(slot: 0, window: window)
        let output = decoder.step(
            [.init(slot: 0, tokens: all, allLogits: true)], attentionOf: parts.alignmentHeads)
        let positions = parts.model.configuration.audioPositions
        let size = all.count * positions
        let heads = parts.alignmentHeads.indices.map { Array(output.attention[$0 * size..<($0 + 1) * size]) }
        let probabilities = text.indices.map { index in
            let logits = output.withLogits(start.count - 1 + index) { Array($0[..<tokenizer.endOfText]) }
            return Double(exp(LogProbabilities(logits).value(ofLogit: logits[text[index]])))
        }
        let alignment = TokenAlignment(
            heads, tokens: all.count, positions: positions, used: positions, rows: start.count - 1..<all.count - 1,
            kind: .probabilities)
        let timing = WordTiming(
            text, probabilities: probabilities, starts: alignment.starts, language: "en", tokenizer)
        var segments = [TimedSegment(seek: 0, start: 0, end: 30, tokens: tokens)]
        timing.place(into: &segments, lastSpeechEnd: 0, endOfText: tokenizer.endOfText)
        return segments[0].words
    }

    /// Decodes one window, as the batcher does with many.
    private static func decode(
        _ parts: WhisperParts, _ decoder: WhisperDecoder, _ window: WhisperWindow, _ search: SearchOptions
    ) throws -> DecodedWindow {
        var thresholds = DecodingThresholds()
        thresholds.temperatures = [0]
        let context = parts.model.configuration.textPositions
        let start = try parts.tokenizer.startSequence(
            language: "en", task: .transcribe, timestamps: search.usesTimestamps)
        var decoding = WindowDecoding(
            prompt: parts.tokenizer.prompt(previous: [], start: start, contextLength: context), contextLength: context,
            search, parts.rules(withTimestamps: search.usesTimestamps), thresholds, parts.tokenizer, seed: 0)
        var step = decoding.first
        while true {
            var inputs: [WhisperDecoder.Input] = []
            switch step {
            case .feed(let tokens, let isNew):
                if isNew { decoder.begin(slot: 0, window: window) }
                inputs = [.init(slot: 0, tokens: tokens)]
            case .extend(let sources, let tokens):
                decoder.rearrange(Array(sources.indices), from: sources)
                inputs = tokens.enumerated().map { .init(slot: $0.offset, tokens: [$0.element]) }
            case .done(let decoded): return decoded
            }
            let output = decoder.step(inputs)
            step = decoding.take((0..<output.rows).map { row in output.withLogits(row) { Array($0) } })
        }
    }
}
