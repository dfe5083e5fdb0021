// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Writes samples to descriptor 1 and knows when there are too many.
final class SampleWriter {
    /// What recognisers work at, in hertz.
    static let sampleRate = 16_000

    /// How many samples were written.
    private(set) var sampleCount = 0
    private let maximumCount: Int
    private let maximumSeconds: Int
    private var pending: [Float] = []
    private static let pendingLimit = 16 << 10

    /// Encoders fill their last frame, so a recording of exactly the limit comes out a little longer.
    private static let grace = sampleRate / 4

    /// The most samples that may be written for a time limit.
    private static func sampleLimit(seconds: Int) -> Int { seconds * sampleRate + grace }

    /// The most bytes that may be written for a time limit.
    static func byteLimit(seconds: Int) -> Int { sampleLimit(seconds: seconds) * MemoryLayout<Float>.stride }

    init(maximumSeconds: Int) {
        self.maximumSeconds = maximumSeconds
        maximumCount = Self.sampleLimit(seconds: maximumSeconds)
        pending.reserveCapacity(2 * Self.pendingLimit)
    }

    /// - Throws: ``DecodeFailure``: `too-long`, `output`.
    func write(_ samples: ArraySlice<Float>) throws(DecodeFailure) {
        guard samples.count <= maximumCount - sampleCount else {
            throw DecodeFailure(.tooLong, "the recording is longer than \(maximumSeconds) seconds")
        }
        sampleCount += samples.count
        pending.append(contentsOf: samples)
        if pending.count >= Self.pendingLimit { try flush() }
    }

    /// Writes what is held back.
    func flush() throws(DecodeFailure) {
        let isWritten = pending.withUnsafeBytes { Descriptor.output.write($0) }
        guard isWritten else { throw DecodeFailure(.output, "the samples can't be written") }
        pending.removeAll(keepingCapacity: true)
    }
}
