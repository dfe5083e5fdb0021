// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import TestRandom
import Testing

@Suite("VoiceActivityDetector")
struct VoiceActivityDetectorTests {
    private let detector = VoiceActivityDetector()

    @Test(arguments: ["silence", "hum", "white", "pink", "clicks"])
    func `finds no speech in a minute of`(noise: String) {
        let samples =
            switch noise {
            case "hum": Signals.hum(seconds: 60)
            case "white": Signals.white(seconds: 60, seed: 3)
            case "pink": Signals.pink(seconds: 60, seed: 4)
            case "clicks": Signals.clicks(seconds: 60, seed: 5)
            default: [Float](repeating: 0, count: 60 * 16_000)
            }
        #expect(detector.speech(in: Waveform(samples: samples)) == [])
    }

    @Test func `finds no speech in hum that begins after digital silence`() {
        let samples = [Float](repeating: 0, count: 8 * 16_000) + Signals.hum(seconds: 8)
        #expect(detector.speech(in: Waveform(samples: samples)) == [])
    }

    @Test func `finds speech between silences to a tenth of a second`() throws {
        let silence = [Float](repeating: 0, count: 2 * 16_000)
        let speech = Fixtures.speech.samples
        // Where the loudness of the source itself says that it starts and ends.
        let audible = try #require(speech.firstIndex { abs($0) > 0.02 })
        let last = try #require(speech.lastIndex { abs($0) > 0.02 })
        let noise = Signals.white(seconds: Double(speech.count) / 16_000 + 4, seed: 6)
        let spans = detector.speech(in: Signals.mix(Waveform(samples: silence + speech + silence), noise, gain: 0.01))
        #expect(abs(try #require(spans.first).start - (2_000 + audible / 16)) < 100)
        #expect(abs(try #require(spans.last).end - (2_000 + last / 16)) < 150)
    }

    @Test func `finds the same speech at any level`() {
        let spans = detector.speech(in: Fixtures.speech)
        #expect(spans.count > 1)
        #expect(detector.speech(in: Waveform(samples: Fixtures.speech.samples.map { $0 / 1024 })) == spans)
    }

    @Test(arguments: ["white", "pink"])
    func `finds speech 10 dB above noise`(kind: String) {
        let speech = Fixtures.speech
        let noise =
            kind == "white"
            ? Signals.white(seconds: speech.duration + 1, seed: 7) : Signals.pink(seconds: speech.duration + 1, seed: 8)
        let truth = detector.speech(in: speech)
        let power = Signals.power(Signals.samples(of: speech, in: truth))
        let gain = Float((power / Signals.power(noise) / 10).squareRoot())
        let found = isSpeech(detector.speech(in: Signals.mix(speech, noise, gain: gain)), speech)
        let expected = isSpeech(truth, speech)
        let agreement = zip(found, expected).count { $0 == $1 }
        #expect(Double(agreement) / Double(expected.count) > 0.85)
    }

    @Test func `keeps spans in order, apart and inside the recording`() {
        for seed in UInt64(0)..<8 {
            var generator = SplitMix(seed: seed)
            let start = Int.random(in: 0..<40_000, using: &generator)
            let count = Int.random(in: 0..<40_000, using: &generator)
            let cut = Waveform(samples: Array(Fixtures.speech.samples[start..<start + count]))
            let spans = detector.speech(in: cut)
            #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end < $1.start }, "seed \(seed)")
            #expect(spans.allSatisfy { $0.start < $0.end && $0.end <= count / 16 }, "seed \(seed)")
        }
    }

    /// Whether there is speech, every 10 ms.
    private func isSpeech(_ spans: [SpeechSpan], _ waveform: Waveform) -> [Bool] {
        stride(from: 0, to: waveform.samples.count / 16, by: 10).map { time in
            spans.contains { $0.start <= time && time < $0.end }
        }
    }
}
