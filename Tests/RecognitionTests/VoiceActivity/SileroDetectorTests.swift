// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Foundation
import JSON
import TestPrograms
import TestRandom
import Testing

@testable import Recognition

@Suite("SileroDetector")
struct SileroDetectorTests {
    private func probabilities(_ detector: SileroDetector, _ samples: [Float]) -> [Float] {
        let stream = detector.stream()
        return stream.append(samples) + stream.finish()
    }

    private func largestDifference(_ one: [Float], _ other: [Float]) -> Float {
        zip(one, other).map { abs($0 - $1) }.max() ?? .infinity
    }

    @Test func `computes what an independent implementation computes`() throws {
        let expected = try #require(try SileroFixture.golden.get()["random"]?.floats)
        let values = probabilities(try SileroFixture.random.get(), SileroFixture.noise)
        #expect(values.count == expected.count)
        #expect(largestDifference(values, expected) < 1e-4, "\(largestDifference(values, expected))")
    }

    @Test(.enabled(if: SileroFixture.hasWeights, "the weights of Silero VAD have not been fetched"))
    func `computes what the official model computes`() throws {
        let detector = try SileroDetector(weights: SileroFixture.weights)
        let sounds = try #require(try SileroFixture.golden.get()["official"]?.object)
        #expect(sounds.members.count == 5)
        for sound in sounds.members {
            let samples: [Float] =
                switch sound.key {
                case "zeros": [Float](repeating: 0, count: 16_000)
                case "noise": SileroFixture.noise
                case let clip:
                    try SpeechFixture.waveform(of: SpeechModel.clip(String(clip.prefix(5)))).samples.map {
                        clip.hasSuffix("quieter") ? $0 / 1024 : $0
                    }
                }
            let values = probabilities(detector, samples)
            #expect(values.count == sound.value.floats.count)
            let difference = largestDifference(values, sound.value.floats)
            #expect(difference < 1e-4, "\(sound.key): \(difference)")
        }
    }

    @Test func `gives the same bits whatever the size of the pieces`() throws {
        let detector = try SileroFixture.random.get()
        let samples = Array(SileroFixture.noise.prefix(9_999))
        let whole = probabilities(detector, samples)
        #expect(whole.count == 20)
        var generator = SplitMix(seed: 4)
        for longest in [1, 63, 511, 512, 513, 3_000] {
            let stream = detector.stream()
            var values: [Float] = []
            var rest = samples[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...longest, using: &generator))
                values += stream.append(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            values += stream.finish()
            #expect(values == whole, "pieces of up to \(longest)")
        }
    }

    @Test func `makes spans of probabilities as the reference does`() throws {
        for item in try #require(try SileroFixture.golden.get()["spans"]?.array) {
            func number(_ name: String) throws -> Int { Int(try #require(item[name]?.integer)) }
            let values = try #require(item["values"]?.floats)
            let spans = SpeechProbabilities(values: values, milliseconds: values.count * 32).spans(
                .init(
                    enter: Float(try #require(item["enter"]?.double)), stay: Float(try #require(item["stay"]?.double))),
                SpeechTiming(minimumSpeech: try number("speech"), minimumPause: try number("pause"), padding: 0))
            #expect(spans.map { [$0.start, $0.end] } == (item["spans"]?.array ?? []).map(\.integers))
        }
    }

    @Test func `reaches into what another detector hears go on, by a second at most`() {
        func extended(_ spans: [(Int, Int)], _ others: [(Int, Int)]) -> [[Int]] {
            SileroDetector.extended(
                spans.map { SpeechSpan(start: $0.0, end: $0.1) },
                into: others.map { SpeechSpan(start: $0.0, end: $0.1) }
            ).map { [$0.start, $0.end] }
        }
        #expect(extended([(500, 900)], [(300, 1200)]) == [[300, 1200]])
        #expect(extended([(5000, 6000)], [(0, 60_000)]) == [[4000, 7000]])
        #expect(extended([(100, 200), (900, 1000)], [(50, 400), (880, 950)]) == [[50, 400], [880, 1000]])
        #expect(extended([(100, 200), (900, 1000)], [(0, 5000)]) == [[0, 2000]])
        #expect(extended([(100, 200)], [(300, 400)]) == [[100, 200]])
        #expect(extended([], [(0, 100)]) == [])
        #expect(extended([(100, 200), (300, 400)], [(150, 350)]) == [[100, 400]])
    }

    @Test func `hears on after samples that are no sound`() throws {
        let detector = try SileroFixture.random.get()
        let stream = detector.stream()
        for bad in [Float.nan, .infinity, 3e38] {
            let values = stream.append([Float](repeating: bad, count: 2048))
            #expect(values.allSatisfy { (0...1).contains($0) })
        }
        let after = stream.append([Float](repeating: 0, count: 64_000))
        #expect(after.suffix(20).allSatisfy { $0 > 0 && $0 < 1 })
        #expect(detector.speech(in: Waveform(samples: [])) == [])
        let spans = detector.speech(in: Waveform(samples: [.nan, 1, -.infinity] + SileroFixture.noise))
        #expect(spans.allSatisfy { $0.end <= 2001 })
    }

    @Test func `refuses files that are not its weights, and never crashes on one`() throws {
        let whole = SileroFixture.madeUp()
        func code(_ file: [UInt8]) -> RecognitionError.Code? {
            do {
                _ = try SileroFixture.detector(file)
                return nil
            } catch {
                return (error as? RecognitionError)?.code ?? .engineFailed
            }
        }
        #expect(code(whole) == nil)
        #expect(code([]) == .modelInvalid || code([]) == .modelMissing)
        #expect(code(Array(whole.dropLast())) == .modelInvalid)
        #expect(code(whole + [0]) == .modelInvalid)
        for (name, shape, _) in SileroFixture.shapes {
            let turned = SileroFixture.madeUp { other, shape, _ in if other == name { shape += [1] } }
            #expect(code(turned) == .modelInvalid, "\(name)")
            let nameless = SileroFixture.madeUp { other, _, values in if other == name { values[0] = .nan } }
            #expect(code(nameless) == .modelInvalid, "\(name) \(shape)")
        }
        #expect(throws: RecognitionError.self) { try SileroDetector(weights: "/nonexistent/weights") }
        var generator = SplitMix(seed: 9)
        let header = 8 + Int(whole[0]) + Int(whole[1]) << 8
        for _ in 0..<100 {
            var file = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                file[Int.random(in: 0..<header, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let result = code(file)
            #expect(result == nil || result == .modelInvalid || result == .modelMissing)
        }
    }

    @Test(.enabled(if: SileroFixture.hasWeights, "the weights of Silero VAD have not been fetched"))
    func `finds the same speech at any level, and none in music`() throws {
        let detector = try SileroDetector(weights: SileroFixture.weights)
        let speech = try SpeechFixture.waveform(of: SpeechModel.clip("en-02"))
        let found = detector.speech(in: speech)
        #expect(found.count >= 1)
        for factor: Float in [1 / 1024, 1 / 32, 4] {
            let spans = detector.speech(in: Waveform(samples: speech.samples.map { $0 * factor }))
            try #require(spans.count == found.count)
            for (one, other) in zip(spans, found) {
                #expect(abs(one.start - other.start) <= 64 && abs(one.end - other.end) <= 64, "\(one) \(other)")
            }
        }
        #expect(detector.speech(in: Waveform(samples: Music.chords(seconds: 20))) == [])
    }
}
