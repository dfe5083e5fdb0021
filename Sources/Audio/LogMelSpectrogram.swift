// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The input of Whisper's encoder: speech as the logarithm of its power in mel bands, 100 frames a second.
///
/// As in openai-whisper's audio.py: Fourier transforms of 400 samples every 160 (25 and 10 ms at 16 kHz) under a
/// periodic Hann window, the recording mirrored at its ends; mel filters; log10 of at least 1e-10; nothing more than 8
/// below the maximum; then (x + 4) / 4.
///
/// ```swift
/// let mel = LogMelSpectrogram(of: waveform.samples, bins: 80, padding: LogMelSpectrogram.windowSamples)
/// let input = mel.window(from: 0, frames: mel.frames - 3000)
/// ```
public struct LogMelSpectrogram: Sendable, Hashable {
    /// The values. `[bin, frame]`
    public let values: [Float]
    /// Mel bands: 80, or 128 for large-v3 and its kin.
    public let bins: Int
    /// Frames of 10 ms.
    public let frames: Int

    /// Samples from one frame to the next.
    public static let hop = 160
    /// Frames in the window that the encoder takes: 30 s.
    public static let windowFrames = 3000
    /// Samples in the window that the encoder takes.
    public static let windowSamples = windowFrames * hop
    /// The bands that models are made for.
    public static let supportedBins = [80, 128]

    /// Computes the spectrogram of a recording or of a part of it.
    ///
    /// - Parameters:
    ///   - samples: 16 kHz mono. `[time]`
    ///   - bins: Mel bands, at least 1.
    ///   - padding: Zeros that are added after the samples. The reference takes 30 s, so that the end is followed by
    ///     silence rather than mirrored.
    /// - Complexity: Linear; about 5 ms for 30 s on one core of 2023. Blocks: not for the cooperative pool.
    public init(of samples: [Float], bins: Int = 80, padding: Int = 0) {
        precondition(bins > 0 && padding >= 0)
        self.bins = bins
        let length = samples.count + padding
        frames = length / Self.hop
        guard frames > 0 else {
            values = []
            return
        }
        let lanes = FrameTransform.lanes
        let margin = FrameTransform.size / 2
        // Whole groups of frames are transformed; what is behind the last frame is not used.
        let groups = (frames + lanes - 1) / lanes
        var padded = [Float](repeating: 0, count: groups * lanes * Self.hop + FrameTransform.size)
        padded.withUnsafeMutableBufferPointer { padded in
            for index in 0..<min(samples.count, padded.count - margin) { padded[margin + index] = samples[index] }
            for distance in 1...margin {
                padded[margin - distance] = Self.mirrored(-distance, samples, length)
                let end = margin + length - 1 + distance
                if end < padded.count { padded[end] = Self.mirrored(length - 1 + distance, samples, length) }
            }
        }
        let bank = Self.banks[bins] ?? Self.bank(bins)
        let (frames, window) = (frames, Self.hann)
        let transform = FrameTransform()
        var power = [FrameTransform.Lanes](repeating: .zero, count: FrameTransform.frequencies)
        values = [Float](unsafeUninitializedCapacity: bins * frames) { values, count in
            padded.withUnsafeBufferPointer { padded in
                window.withUnsafeBufferPointer { window in
                    power.withUnsafeMutableBufferPointer { power in
                        guard let source = padded.baseAddress, let window = window.baseAddress,
                            let target = power.baseAddress, let result = values.baseAddress
                        else { return }
                        for group in 0..<groups {
                            let first = group * lanes
                            transform.power(of: source + first * Self.hop, step: Self.hop, window: window, into: target)
                            let count = min(lanes, frames - first)
                            Self.filter(target, bank, into: result + first, count: count, of: frames)
                        }
                    }
                }
            }
            Self.compress(UnsafeMutableBufferPointer(rebasing: values[..<(bins * frames)]))
            count = bins * frames
        }
    }

    private init(values: [Float], bins: Int, frames: Int) {
        self.values = values
        self.bins = bins
        self.frames = frames
    }

    /// A part of the spectrogram in the size that the encoder takes; behind the part are zeros, as in the reference.
    ///
    /// - Parameters:
    ///   - start: The first frame, at least 0.
    ///   - count: How many frames to take at most; those behind the end are zeros.
    ///   - size: The frames of the result.
    public func window(from start: Int, frames count: Int, size: Int = Self.windowFrames) -> LogMelSpectrogram {
        precondition(start >= 0 && size >= 0)
        let taken = max(0, min(count, size, frames - start))
        var window = [Float](repeating: 0, count: bins * size)
        for bin in 0..<bins {
            for frame in 0..<taken { window[bin * size + frame] = values[bin * frames + start + frame] }
        }
        return LogMelSpectrogram(values: window, bins: bins, frames: size)
    }

    /// The sample at an index outside the recording, which is mirrored at its first and last sample.
    private static func mirrored(_ index: Int, _ samples: [Float], _ length: Int) -> Float {
        guard length > 1 else { return samples.first ?? 0 }
        let period = 2 * (length - 1)
        var folded = index % period
        if folded < 0 { folded += period }
        if folded >= length { folded = period - folded }
        return folded < samples.count ? samples[folded] : 0
    }

    /// The mel bands of up to 16 frames.
    @inline(__always)
    private static func filter(
        _ power: UnsafeMutablePointer<FrameTransform.Lanes>, _ bank: MelFilterBank,
        into result: UnsafeMutablePointer<Float>, count: Int, of frames: Int
    ) {
        var row = result
        for filter in bank.filters {
            var sum = FrameTransform.Lanes.zero
            for index in filter.weights.indices { sum += power[filter.first + index] * filter.weights[index] }
            for lane in 0..<count { row[lane] = sum[lane] }
            row += frames
        }
    }

    /// Logarithm, floor and scale.
    @inline(__always)
    private static func compress(_ values: UnsafeMutableBufferPointer<Float>) {
        var greatest = -Float.infinity
        for index in values.indices {
            let value = log10f(max(values[index], 1e-10))
            values[index] = value
            greatest = max(greatest, value)
        }
        let floor = greatest - 8
        for index in values.indices { values[index] = (max(values[index], floor) + 4) / 4 }
    }

    /// The periodic Hann window.
    private static let hann: [Float] = (0..<FrameTransform.size).map {
        Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(FrameTransform.size)))
    }

    private static func bank(_ bins: Int) -> MelFilterBank {
        MelFilterBank(bins: bins, transformSize: FrameTransform.size, sampleRate: Waveform.speechRate)
    }

    private static let banks = Dictionary(uniqueKeysWithValues: supportedBins.map { ($0, bank($0)) })
}
