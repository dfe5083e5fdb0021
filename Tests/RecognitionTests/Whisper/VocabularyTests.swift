// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import TestPrograms
import TestRandom
import Testing

@testable import Recognition

@Suite("Words that a recogniser is told")
struct VocabularyTests {
    private static let terms = "warfarin, paracetamol, lumbago."

    private func samples() throws -> [Float] {
        let folder = try TemporaryFolder()
        let copy = folder.path("clip.wav")
        _ = try ProgramRun.run("cp", [SpeechModel.clip("en-02"), copy])
        return try SpeechFixture.waveform(of: copy).samples
    }

    @Test func `stand before every window in the decoder's input, and leave room for what was said`() throws {
        let tokenizer = try SpeechFixture.parts.get().tokenizer
        let start = [900, 901]
        let before = try #require(tokenizer.startOfPrevious)
        func prompt(_ previous: [Int], _ terms: [Int]) -> [Int] {
            tokenizer.prompt(previous: previous, terms: terms, start: start, contextLength: 20)
        }
        #expect(prompt([], [1, 2]) == [before, 1, 2] + start)
        #expect(prompt([5, 6], [1, 2]) == [before, 1, 2, 5, 6] + start)
        #expect(prompt(Array(10..<40), Array(1...4)) == [before, 1, 2, 3, 4] + Array(35..<40) + start)
        #expect(prompt([], Array(1...30)) == [before] + Array(1...9) + start)
        #expect(prompt([], []) == start)
    }

    @Test func `reach the decoder as text before the first window does, and change nothing else`() async throws {
        let batcher = WhisperBatcher(try SpeechFixture.parts.get())
        var request = PassageRequest(
            samples: try samples(), language: "en", search: SearchOptions(beams: 1, samples: 1, fallsBack: false))
        let plain = try await batcher.run(request) { false }
        request.vocabulary = Self.terms
        let told = try await batcher.run(request) { false }
        request.vocabulary = nil
        request.prompt = Self.terms
        let prompted = try await batcher.run(request) { false }
        func probability(_ result: PassageResult) throws -> Double {
            try #require(result.segments.first?.window.averageLogProbability)
        }
        #expect(try probability(told) == probability(prompted))
        #expect(try probability(told) != probability(plain))
    }

    @Test func `make no words appear where nobody speaks`() async throws {
        let recognizer = try SpeechFixture.recognizer.get()
        let options = RecognitionOptions(language: "en", vocabulary: ["warfarin", "paracetamol", "lumbago"])
        for (name, samples) in [
            ("silence", [Float](repeating: 0, count: 20 * Waveform.speechRate)),
            ("white noise", Signals.white(seconds: 20, seed: 3)), ("hum", Signals.hum(seconds: 20)),
        ] {
            let result = try await recognizer.transcribe(Waveform(samples: samples), options: options) { _ in }
            #expect(result.transcript.words.isEmpty, "\(name): \(result.transcript.text)")
        }
    }
}
