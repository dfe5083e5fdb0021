// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestRandom
import Testing

@testable import Audio

@Suite("Waveform")
struct WaveformTests {
    private func level(_ waveform: Waveform) -> Double? {
        AudioQuality(measuring: waveform, speech: VoiceActivityDetector().speech(in: Fixtures.speech)).speechLevel
    }

    private func truePeak(_ waveform: Waveform) -> Float {
        TruePeak.peak(of: waveform.samples, in: waveform.samples.indices)
    }

    @Test(arguments: [1, 0.1, 0.001] as [Float])
    func `brings speech of any level to the target`(factor: Float) throws {
        let quiet = Waveform(samples: Fixtures.speech.samples.map { $0 * factor })
        let (levelled, gain) = quiet.levelled()
        #expect(abs(try #require(level(levelled)) + 23) < 0.5)
        #expect(abs(gain - (try #require(level(levelled)) - (try #require(level(quiet))))) < 0.5)
        #expect(20 * log10(truePeak(levelled)) < -1)
    }

    @Test func `does not let a click keep the speech quiet`() throws {
        var clicked = Waveform(samples: Fixtures.speech.samples.map { $0 * 0.01 })
        clicked.samples[30_000] = 1
        let (levelled, _) = clicked.levelled()
        #expect(abs(try #require(level(levelled)) + 23) < 1)
        #expect(20 * log10(truePeak(levelled)) < -1)
    }

    @Test func `leaves silence and noise as they are`() {
        for samples in [[], [Float](repeating: 0, count: 16_000), Signals.white(seconds: 5, seed: 20)] {
            let waveform = Waveform(samples: samples)
            let (levelled, gain) = waveform.levelled()
            #expect(levelled == waveform && gain == 0)
        }
    }

    @Test func `finds the peak between samples`() {
        // A quarter of the sampling rate at 45°: all samples are at 0.707 of the true peak.
        let sine = (0..<400).map { Float(sin(Double.pi / 2 * Double($0) + Double.pi / 4)) }
        #expect(abs(sine.map(abs).max()! - 0.7071) < 1e-3)
        #expect(abs(TruePeak.peak(of: sine, in: 100..<300) - 1) < 0.01)
    }

    @Test func `writes a WAV file that ffmpeg reads back`() throws {
        let path = try Fixtures.write("written.wav", Fixtures.speech.wav)
        let read = try Fixtures.samples(of: path)
        #expect(read.samples.count == Fixtures.speech.samples.count)
        #expect(zip(read.samples, Fixtures.speech.samples).allSatisfy { abs($0 - $1) <= 0.5 / 32_768 + 1e-7 })
    }

    @Test func `writes the canonical WAV header`() {
        let bytes = Waveform(samples: [0, 1, -1, 0.5]).wav
        #expect(
            bytes == Array("RIFF".utf8) + [44, 0, 0, 0] + Array("WAVEfmt ".utf8) + [
                16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0, 0x7D, 0, 0, 2, 0, 16, 0,
            ] + Array("data".utf8) + [8, 0, 0, 0, 0, 0, 0xFF, 0x7F, 0, 0x80, 0, 0x40])
    }

    @Test func `outlines a waveform in the form of audiowaveform`() {
        let peaks = WaveformPeaks(Waveform(samples: [0, 0.5, -0.25, 1, -1, 0, 0.1]), samplesPerPixel: 3)
        #expect(
            peaks.json.text == """
                {"version":2,"channels":1,"sample_rate":16000,"samples_per_pixel":3,"bits":8,"length":3,\
                "data":[-32,64,-128,127,12,12]}
                """)
        #expect(WaveformPeaks(Waveform(samples: [])).length == 0)
    }

    @Test func `transforms like the definition of the Fourier transform`() {
        var generator = SplitMix(seed: 30)
        for size in [4, 16, 128] {
            let signal = (0..<size).map { _ in Float.random(in: -1...1, using: &generator) }
            var power = [Float](repeating: 0, count: size / 2 + 1)
            RealFourierTransform(size: size).power(of: signal, into: &power)
            for index in power.indices {
                var real = 0.0
                var imaginary = 0.0
                for (time, sample) in signal.enumerated() {
                    let angle = -2 * Double.pi * Double(index * time) / Double(size)
                    real += Double(sample) * cos(angle)
                    imaginary += Double(sample) * sin(angle)
                }
                #expect(abs(Double(power[index]) - (real * real + imaginary * imaginary)) < 1e-3)
            }
        }
    }
}
