// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Random numbers that are the same on every run with the same seed (SplitMix64; Steele, Lea and Flood 2014), so that a
/// failing test can be run again.
public struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts anew.
    public init(seed: UInt64) { state = seed }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of a range.
    public mutating func next(in range: ClosedRange<Float>) -> Float { .random(in: range, using: &self) }
    /// A number of a range.
    public mutating func next(in range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }
    /// True so often.
    public mutating func chance(_ probability: Double) -> Bool { .random(in: 0..<1, using: &self) < probability }

    /// A normally distributed number (Box and Muller 1958).
    public mutating func normal() -> Float {
        let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &self))).squareRoot()
        return Float(radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self)))
    }
}
