// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// The outline of a waveform for drawing: the least and the greatest sample in each pixel.
///
/// The JSON form is that of BBC audiowaveform, version 2, which peaks.js and wavesurfer.js read.
public struct WaveformPeaks: Sendable, Hashable, JSONRepresentable {
    /// Samples a second of the waveform, in hertz.
    public let sampleRate: Int
    /// How many samples each pixel stands for.
    public let samplesPerPixel: Int
    /// The least and the greatest sample of each pixel in turn, -128...127.
    public let data: [Int8]

    /// Outlines a waveform; the last pixel may stand for fewer samples.
    public init(_ waveform: Waveform, samplesPerPixel: Int = 256) {
        precondition(samplesPerPixel > 0)
        sampleRate = waveform.sampleRate
        self.samplesPerPixel = samplesPerPixel
        data = waveform.samples.withUnsafeBufferPointer { samples in
            var data: [Int8] = []
            data.reserveCapacity(2 * (samples.count / samplesPerPixel + 1))
            for start in stride(from: 0, to: samples.count, by: samplesPerPixel) {
                var least = samples[start]
                var greatest = least
                for index in start..<min(samples.count, start + samplesPerPixel) {
                    least = min(least, samples[index])
                    greatest = max(greatest, samples[index])
                }
                data.append(Self.step(least))
                data.append(Self.step(greatest))
            }
            return data
        }
    }

    /// How many pixels there are.
    public var length: Int { data.count / 2 }

    /// `version`, `channels`, `sample_rate`, `samples_per_pixel`, `bits`, `length` and `data`.
    public var json: JSONValue {
        [
            "version": 2, "channels": 1, "sample_rate": .integer(Int64(sampleRate)),
            "samples_per_pixel": .integer(Int64(samplesPerPixel)), "bits": 8, "length": .integer(Int64(length)),
            "data": .array(data.map { .integer(Int64($0)) }),
        ]
    }

    private static func step(_ sample: Float) -> Int8 { Int8(max(-128, min(127, (sample * 128).rounded(.down)))) }
}
