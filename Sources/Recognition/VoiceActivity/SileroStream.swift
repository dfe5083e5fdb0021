// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Goes through a recording as it arrives, in pieces of any size: the same samples give the same probabilities.
///
/// For one thread at a time.
public final class SileroStream {
    private let network: SileroNetwork
    private let state = SileroNetwork.State()
    private var waiting: [Float] = []

    init(_ network: SileroNetwork) {
        self.network = network
        waiting.reserveCapacity(SileroNetwork.windowSamples)
    }

    /// Hears more of the recording.
    ///
    /// - Parameter samples: 16 kHz mono.
    /// - Returns: The probability that somebody speaks, 0...1, for each window of 32 ms that is now complete.
    public func append(_ samples: [Float]) -> [Float] {
        samples.withUnsafeBufferPointer { append($0) }
    }

    /// Hears the rest of the recording, filled up with zeros to a whole window; nothing may follow.
    public func finish() -> [Float] {
        guard !waiting.isEmpty else { return [] }
        return append([Float](repeating: 0, count: SileroNetwork.windowSamples - waiting.count))
    }

    private func append(_ samples: UnsafeBufferPointer<Float>) -> [Float] {
        var probabilities: [Float] = []
        probabilities.reserveCapacity((waiting.count + samples.count) / SileroNetwork.windowSamples)
        var rest = samples[...]
        while !rest.isEmpty {
            if waiting.isEmpty, rest.count >= SileroNetwork.windowSamples {
                let window = rest.prefix(SileroNetwork.windowSamples)
                probabilities.append(network.probability(UnsafeBufferPointer(rebasing: window), state))
                rest = rest.dropFirst(window.count)
                continue
            }
            let piece = rest.prefix(SileroNetwork.windowSamples - waiting.count)
            waiting += piece
            rest = rest.dropFirst(piece.count)
            guard waiting.count == SileroNetwork.windowSamples else { break }
            probabilities.append(waiting.withUnsafeBufferPointer { network.probability($0, state) })
            waiting.removeAll(keepingCapacity: true)
        }
        return probabilities
    }
}
