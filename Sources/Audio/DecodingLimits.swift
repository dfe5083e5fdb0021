// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a decoder may use.
public struct DecodingLimits: Sendable, Hashable {
    /// The longest recording that is accepted, in seconds. A quarter of a second more passes: encoders fill their
    /// last frame.
    public var maximumSeconds: Int
    /// How long one decoder may run, in real time. (It has 30 s of processor time in any case.)
    public var wallTime: Duration
    /// How many decoders may run at once; further calls wait.
    public var concurrentDecoders: Int

    /// Creates limits.
    ///
    /// - Precondition: All are positive and a recording lasts a day at most.
    public init(maximumSeconds: Int = 15 * 60, wallTime: Duration = .seconds(60), concurrentDecoders: Int = 2) {
        precondition(1...86_400 ~= maximumSeconds && wallTime > .zero && concurrentDecoders > 0)
        self.maximumSeconds = maximumSeconds
        self.wallTime = wallTime
        self.concurrentDecoders = concurrentDecoders
    }

    /// The most samples that a decoder may send.
    var maximumSamples: Int { maximumSeconds * Waveform.speechRate + Waveform.speechRate / 4 }
}
