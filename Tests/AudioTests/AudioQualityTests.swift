// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import Foundation
import TestRandom
import Testing

@Suite("AudioQuality")
struct AudioQualityTests {
    private static let speech = VoiceActivityDetector().speech(in: Fixtures.speech)

    private func quality(_ waveform: Waveform) -> AudioQuality {
        AudioQuality(measuring: waveform, speech: VoiceActivityDetector().speech(in: waveform))
    }

    @Test(arguments: ["white", "pink"], [0.0, 10, 30])
    func `estimates the signal-to-noise ratio within 3 dB`(kind: String, truth: Double) throws {
        let clean = Fixtures.speech
        let noise =
            kind == "white"
            ? Signals.white(seconds: clean.duration + 1, seed: 11) : Signals.pink(seconds: clean.duration + 1, seed: 12)
        let power = Signals.power(Signals.samples(of: clean, in: Self.speech))
        let gain = Float((power / Signals.power(noise) / pow(10, truth / 10)).squareRoot())
        let estimate = try #require(quality(Signals.mix(clean, noise, gain: gain)).snr)
        #expect(abs(estimate - truth) < 3, "\(estimate) dB")
    }

    @Test func `measures the share of clipped samples`() throws {
        let peak = Fixtures.speech.samples.map(abs).max() ?? 1
        for factor in [2, 4] as [Float] {
            let loud = Fixtures.speech.samples.map { $0 / peak * factor }
            let clipped = Waveform(samples: loud.map { max(-1, min(1, $0)) })
            let truth = Double(loud.count { abs($0) >= 1 }) / Double(loud.count) * 100
            #expect(abs(quality(clipped).clipping - truth) < truth * 0.3, "\(factor)")
            // Clipped before the level was turned down.
            let quieter = Waveform(samples: clipped.samples.map { $0 * 0.3 })
            #expect(abs(quality(quieter).clipping - truth) < truth * 0.3, "\(factor)")
        }
        #expect(quality(Fixtures.speech).clipping < 0.01)
    }

    @Test func `measures levels relative to full scale`() throws {
        let quality = quality(Fixtures.speech)
        let power = Signals.power(Signals.samples(of: Fixtures.speech, in: Self.speech))
        #expect(abs(try #require(quality.speechLevel) - 10 * log10(power)) < 0.3)
        let peak = Fixtures.speech.samples.map(abs).max() ?? 0
        #expect(abs(try #require(quality.peakLevel) - Double(20 * log10(peak))) < 1e-4)
    }

    @Test func `counts dropouts and takes no pause for one`() throws {
        #expect(quality(Fixtures.speech).dropouts == 0)
        var broken = Fixtures.speech
        let span = try #require(Self.speech.first).samples(at: 16_000, count: broken.samples.count)
        // 20 ms are lost at the loudest moments of three stretches of the first span.
        for part in 0..<3 {
            let length = span.count / 3
            let stretch = span.lowerBound + part * length + 400..<span.lowerBound + (part + 1) * length - 400
            let loudest = try #require(stretch.max { abs(broken.samples[$0]) < abs(broken.samples[$1]) })
            for index in loudest..<loudest + 320 { broken.samples[index] = 0 }
        }
        #expect(AudioQuality(measuring: broken, speech: Self.speech).dropouts == 3)
    }

    @Test func `gives no numbers where there is nothing to measure`() {
        let silence = quality(Waveform(samples: [Float](repeating: 0, count: 32_000)))
        let measures = Dictionary(uniqueKeysWithValues: silence.measures.map { ($0.key, $0) })
        #expect(measures["snr_db"]?.valid == .na)
        #expect(measures["level_dbfs"]?.valid == .na)
        #expect(measures["clip_pct"]?.valid == .na)
        #expect(measures["speech_pct"]?.value == 0)
        #expect(quality(Waveform(samples: [])).measures.allSatisfy { $0.valid == .na && $0.reason != nil })
        #expect(quality(Waveform(samples: Signals.white(seconds: 5, seed: 13))).snr == nil)
    }

    @Test func `says when the background can't be known`() {
        let gated = quality(Waveform(samples: [Float](repeating: 0, count: 48_000) + Fixtures.speech.samples))
        let measure = gated.measures.first { $0.key == "snr_db" }
        #expect(measure?.valid == .low)
        #expect(measure?.reason?.isEmpty == false)
    }
}
