// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Decoded speech: one channel of samples in -1...1.
public struct Waveform: Sendable, Hashable {
    /// The samples. `[time]`
    public var samples: [Float]
    /// Samples a second, in hertz; 16000 everywhere after decoding.
    public var sampleRate: Int

    /// The rate that recognisers work at, in hertz.
    public static let speechRate = 16_000

    /// Creates a waveform.
    public init(samples: [Float], sampleRate: Int = Waveform.speechRate) {
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// Length in seconds.
    public var duration: Double { Double(samples.count) / Double(sampleRate) }
}
