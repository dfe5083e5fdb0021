// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import Testing

@testable import Audio

@Suite("LogMelSpectrogram")
struct LogMelSpectrogramTests {
    /// Tests/Fixtures/mel/golden.py.
    private static func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/mel")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// The signals of golden.py: a voice of 20 partials that glides and pauses, in faint noise; or noise alone.
    private static func signal(_ kind: String, _ count: Int) -> [Float] {
        var state: UInt32 = 12345
        return (0..<count).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            let random = Double(state) / 2_147_483_648 - 1
            if kind == "noise" { return Float(0.5 * random) }
            let time = Double(index) / 16000
            let loudness = max(0, sin(2 * Double.pi * 1.5 * time)) * 0.2
            var voice = 0.0
            if loudness > 0 {
                let pitch = 2 * Double.pi * (120 * time + 15 * sin(time))
                for partial in 1...20 { voice += sin(Double(partial) * pitch) / Double(partial) }
            }
            return Float(loudness * voice + 0.002 * random)
        }
    }

    @Test func `computes the reference's filters from their formula`() throws {
        let golden = try JSONValue(parsing: Self.fixture("golden.json"))
        for bins in LogMelSpectrogram.supportedBins {
            let bank = MelFilterBank(bins: bins, transformSize: 400, sampleRate: 16_000)
            var expected = [[Float]](repeating: [Float](repeating: 0, count: 201), count: bins)
            for entry in try #require(golden["filters"]?[String(bins)]?.array) {
                let entry = try #require(entry.array)
                expected[Int(try #require(entry[0].integer))][Int(try #require(entry[1].integer))] = Float(
                    try #require(entry[2].double))
            }
            for (filter, weights) in zip(bank.filters, expected) {
                for index in 0..<201 {
                    let place = index - filter.first
                    let own = filter.weights.indices.contains(place) ? filter.weights[place] : 0
                    #expect(abs(own - weights[index]) < 1e-8)
                }
            }
        }
    }

    /// The reference in single precision is itself up to 1.1e-5 from that in double.
    private static let tolerances: [String: Float] = ["transformers": 1e-5, "openai": 2e-5]

    @Test func `agrees within 1e-5 with the reference in double precision`() throws {
        let golden = try JSONValue(parsing: Self.fixture("golden.json"))
        var values = try Self.fixture("spectra.bin")[...]
        var signals: [String: [Float]] = [:]
        for entry in try #require(golden["spectra"]?.array) {
            func number(_ name: String) throws -> Int { Int(try #require(entry[name]?.integer)) }
            let kind = try #require(entry["signal"]?.string)
            let count = try number("samples")
            let samples = signals["\(kind) \(count)"] ?? Self.signal(kind, count)
            signals["\(kind) \(count)"] = samples
            let mel = try LogMelSpectrogram(of: samples, bins: number("bins"), padding: number("padding"))
            let (frames, step) = (try number("frames"), try number("step"))
            #expect((mel.frames + step - 1) / step == frames)
            var greatest: Float = 0
            for bin in 0..<mel.bins {
                for frame in 0..<frames {
                    let bits = values.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                    values = values.dropFirst(4)
                    greatest = max(greatest, abs(mel.values[bin * mel.frames + frame * step] - Float(bitPattern: bits)))
                }
            }
            let name = try #require(entry["name"]?.string)
            #expect(greatest < (Self.tolerances[name] ?? 0), "\(name) \(kind) \(count) \(mel.bins)")
        }
        #expect(values.isEmpty)
    }

    @Test(arguments: [0, 1, 2, 159, 160, 161, 200, 201, 400, 2559, 2560, 2561])
    func `takes recordings of any length`(count: Int) {
        let mel = LogMelSpectrogram(of: Self.signal("noise", count))
        #expect(mel.frames == count / 160)
        #expect(mel.values.count == 80 * mel.frames)
        #expect(mel.values.allSatisfy { $0.isFinite })
    }

    @Test func `is silent where nothing is heard`() {
        let mel = LogMelSpectrogram(of: [Float](repeating: 0, count: 16_000))
        #expect(mel.values.allSatisfy { $0 == -1.5 })
    }

    @Test func `cuts windows and fills them with zeros`() {
        let mel = LogMelSpectrogram(of: Self.signal("noise", 4000), bins: 80)
        let window = mel.window(from: 10, frames: 8, size: 12)
        #expect(window.frames == 12)
        for bin in 0..<80 {
            let row = window.values[bin * 12..<bin * 12 + 12]
            #expect(row.prefix(8).elementsEqual(mel.values[bin * mel.frames + 10..<bin * mel.frames + 18]))
            #expect(row.suffix(4).allSatisfy { $0 == 0 })
        }
        #expect(mel.window(from: 100, frames: 5, size: 3).values == [Float](repeating: 0, count: 240))
    }

    @Test func `transforms as the definition says`() {
        let samples = Self.signal("noise", 16 * 160 + 400)
        let ones = [Float](repeating: 1, count: 400)
        var power = [FrameTransform.Lanes](repeating: .zero, count: 201)
        FrameTransform().power(of: samples, step: 160, window: ones, into: &power)
        for lane in [0, 5, 15] {
            for frequency in [0, 1, 2, 37, 99, 100, 101, 163, 199, 200] {
                var (re, im) = (0.0, 0.0)
                for index in 0..<400 {
                    let angle = 2 * Double.pi * Double(frequency * index % 400) / 400
                    re += Double(samples[lane * 160 + index]) * cos(angle)
                    im += Double(samples[lane * 160 + index]) * sin(angle)
                }
                #expect(abs(Double(power[frequency][lane]) - (re * re + im * im)) < 1e-3)
            }
        }
    }
}
