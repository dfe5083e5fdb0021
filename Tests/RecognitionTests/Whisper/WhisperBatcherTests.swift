// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import JSON
import TestPrograms
import Testing

@testable import Recognition

/// The whole engine on a trained model, against what openai-whisper makes of the same recordings.
@Suite("WhisperBatcher", .serialized)
struct WhisperBatcherTests {
    private static let batcher = Result { WhisperBatcher(try SpeechFixture.parts.get()) }

    private struct Clip {
        let samples: [Float]
        let golden: JSONValue
    }

    private func clips() throws -> [Clip] {
        let folder = try TemporaryFolder()
        return try (WhisperGolden.json("whisper/speech/golden.json")["clips"]?.array ?? []).map { golden in
            let name = try #require(golden["clip"]?.string)
            let copy = folder.path("clip.wav")
            _ = try ProgramRun.run("cp", ["\(SpeechFixture.folder)/\(name)", copy])
            return Clip(samples: try SpeechFixture.waveform(of: copy).samples, golden: golden)
        }
    }

    private func greedy(_ clip: Clip) -> PassageRequest {
        PassageRequest(
            samples: clip.samples, search: SearchOptions(beams: 1, samples: 1, fallsBack: false))
    }

    @Test func `writes the reference's tokens, times and languages`() async throws {
        let batcher = try Self.batcher.get()
        let clips = try clips()
        #expect(clips.count >= 6)
        for clip in clips {
            let name = clip.golden["clip"]?.string ?? ""
            let result = try await batcher.run(greedy(clip)) { false }
            let tokens = result.segments.flatMap(\.segment.tokens)
            #expect(tokens == clip.golden["tokens_with_timestamps"]?.integers, "\(name)")
            for score in result.languages?.scores ?? [] {
                let expected = try #require(clip.golden["language_probabilities"]?[score.code]?.double)
                #expect(abs(score.probability - expected) < 1e-3, "\(name) \(score.code)")
            }
            let window = try #require(result.segments.first?.window)
            let silence = try #require(clip.golden["no_speech_probability"]?.double)
            #expect(abs((window.noSpeechProbability ?? -1) - silence) < 1e-3)
            let words = result.segments.flatMap(\.segment.words)
            let expected = clip.golden["words"]?.array ?? []
            #expect(words.map(\.text) == expected.map { $0["text"]?.string }, "\(name)")
            for (word, reference) in zip(words, expected) {
                #expect(abs(word.start - (reference["start"]?.double ?? -1)) < 0.021, "\(name) \(word)")
                #expect(abs(word.end - (reference["end"]?.double ?? -1)) < 0.021, "\(name) \(word)")
            }
        }
    }

    @Test func `writes the same together as one after the other`() async throws {
        let batcher = try Self.batcher.get()
        let clips = try clips()
        var alone: [[Int]] = []
        for clip in clips {
            alone.append(try await batcher.run(greedy(clip)) { false }.segments.flatMap(\.segment.tokens))
        }
        let together = try await withThrowingTaskGroup(of: (Int, [Int]).self) { group in
            for (index, clip) in (clips + clips).enumerated() {
                let request = greedy(clip)
                group.addTask { (index, try await batcher.run(request) { false }.segments.flatMap(\.segment.tokens)) }
            }
            return try await group.reduce(into: [Int: [Int]]()) { $0[$1.0] = $1.1 }
        }
        for (index, tokens) in together { #expect(tokens == alone[index % clips.count]) }
        #expect(together.count == 2 * clips.count)
    }

    @Test func `writes the same with wide and narrow searches together, in turns for the room that there is`()
        async throws
    {
        let batcher = try Self.batcher.get()
        let clip = try #require(try clips().first)
        func tokens(beams: Int) async throws -> [Int] {
            var request = greedy(clip)
            request.search.beams = beams
            return try await batcher.run(request) { false }.segments.flatMap(\.segment.tokens)
        }
        let slots = try SpeechFixture.parts.get().slots
        let widths = [10, 1, 5, 10, 10, 1, 10, 10, 10, 10, 10, 3, 10]
        #expect(widths.reduce(0, +) > slots && slots >= 10)
        let alone = try await [10: tokens(beams: 10), 5: tokens(beams: 5), 3: tokens(beams: 3), 1: tokens(beams: 1)]
        try await withThrowingTaskGroup(of: (Int, [Int]).self) { group in
            for width in widths { group.addTask { (width, try await tokens(beams: width)) } }
            for try await (width, tokens) in group { #expect(tokens == alone[width]) }
        }
    }

    @Test func `writes the same words at the same times in windows as short as the speech`() async throws {
        let batcher = WhisperBatcher(try SpeechFixture.parts.get(), shortensWindows: true)
        for clip in try clips() {
            let words = try await batcher.run(greedy(clip)) { false }.segments.flatMap(\.segment.words)
            let expected = clip.golden["words"]?.array ?? []
            #expect(words.map(\.text) == expected.map { $0["text"]?.string })
            for (word, reference) in zip(words, expected) {
                #expect(abs(word.start - (reference["start"]?.double ?? -1)) < 0.09, "\(word)")
            }
        }
    }

    @Test func `stops when nobody waits any more, and goes on with the others`() async throws {
        let batcher = try Self.batcher.get()
        let clip = try #require(try clips().first)
        let error = await #expect(throws: RecognitionError.self) {
            try await batcher.run(greedy(clip)) { true }
        }
        #expect(error?.code == .cancelled)
        #expect(try await !batcher.run(greedy(clip)) { false }.segments.isEmpty)
    }
}
