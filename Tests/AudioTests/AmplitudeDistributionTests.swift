// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestRandom
import Testing

@testable import Audio

@Suite("AmplitudeDistribution")
struct AmplitudeDistributionTests {
    /// Numbers with the gamma distribution of shape 0.4 and either sign, of variance 1 (Marsaglia and Tsang 2000).
    private func speechLike(_ count: Int, _ random: inout SplitMix) -> [Float] {
        let d = 1.4 - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        return (0..<count).map { _ in
            while true {
                let x = Double(random.normal())
                let v = pow(1 + c * x, 3)
                let u = Double.random(in: 1e-12..<1, using: &random)
                guard v > 0, log(u) < 0.5 * x * x + d - d * v + d * log(v) else { continue }
                let gamma = d * v * pow(Double.random(in: 0..<1, using: &random), 1 / 0.4)
                return Float(gamma / 0.56.squareRoot()) * (random.chance(0.5) ? 1 : -1)
            }
        }
    }

    @Test(arguments: [-2.0, 1, 6, 11])
    func `finds the ratio in which the two distributions were mixed, at any level`(truth: Double) throws {
        var random = SplitMix(seed: 4)
        let factor = Float(pow(10, -truth / 20))
        let mixed = speechLike(60_000, &random).map { ($0 + factor * random.normal()) * 0.003 + 0.01 }
        let found = try #require(AmplitudeDistribution.signalToNoise(Waveform(samples: mixed)))
        #expect(abs(found - truth) < 1, "\(found)")
    }

    @Test func `says nothing about clean speech and silence`() {
        var random = SplitMix(seed: 5)
        #expect(AmplitudeDistribution.signalToNoise(Waveform(samples: speechLike(60_000, &random))) == nil)
        #expect(AmplitudeDistribution.signalToNoise(Waveform(samples: [])) == nil)
        #expect(AmplitudeDistribution.signalToNoise(Waveform(samples: [Float](repeating: 0.25, count: 999))) == nil)
        let noise = Waveform(samples: Signals.white(seconds: 2, seed: 6))
        #expect(AmplitudeDistribution.signalToNoise(noise).map { $0 < -3 } == true)
    }
}
