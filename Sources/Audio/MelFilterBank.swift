// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Triangular filters on Slaney's mel scale, each of the same area (Slaney 1998, Auditory Toolbox; what librosa's
/// `filters.mel` gives by default).
struct MelFilterBank: Sendable {
    /// One filter: its weights from `first` on; all others are zero.
    struct Filter: Sendable {
        var first: Int
        var weights: [Float]
    }

    /// The filters, lowest first.
    let filters: [Filter]

    /// Creates filters that cover 0 Hz to half the sampling rate.
    ///
    /// - Parameters:
    ///   - bins: How many filters.
    ///   - transformSize: The length of the Fourier transform; there are half as many frequencies, and one.
    ///   - sampleRate: In hertz.
    init(bins: Int, transformSize: Int, sampleRate: Int) {
        let step = Double(sampleRate) / Double(transformSize)
        let top = Self.mels(Double(sampleRate) / 2)
        let edges = (0..<bins + 2).map { Self.hertz(top * Double($0) / Double(bins + 1)) }
        filters = (0..<bins).map { bin in
            let (low, centre, high) = (edges[bin], edges[bin + 1], edges[bin + 2])
            let weights = (0...transformSize / 2).map { index in
                let frequency = Double(index) * step
                let slope = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
                return Float(max(0, slope) * 2 / (high - low))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? 0
            return Filter(first: first, weights: Array(weights[first...last]))
        }
    }

    /// Linear up to 1 kHz (15 mels), then logarithmic: 27 mels for a factor of 6.4.
    private static func mels(_ hertz: Double) -> Double {
        hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
    }

    private static func hertz(_ mels: Double) -> Double {
        mels < 15 ? mels * 200 / 3 : 1000 * exp((mels - 15) * log(6.4) / 27)
    }
}
