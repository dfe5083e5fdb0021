// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Recognition

@Suite("ConfidenceCalibration")
struct ConfidenceCalibrationTests {
    private let curve = ConfidenceCalibration(
        intercept: 2.2, logOdds: 0.67, averageLogProbability: 8.4, signalToNoise: 0.066)

    private func confidence(_ probability: Double, _ average: Double, _ ratio: Double?) -> Double {
        curve.confidence(probability: probability, averageLogProbability: average, signalToNoise: ratio)
    }

    @Test func `is a logistic curve`() {
        // 1 / (1 + exp(-(2.2 + 0.67 ln(0.9 / 0.1) - 8.4 * 0.4 + 0.066 * 10)))
        #expect(abs(confidence(0.9, -0.4, 10) - 0.7259) < 1e-3)
        #expect(abs(confidence(0.5, -0.4, 0) - 1 / (1 + 3.1899)) < 1e-3)
    }

    @Test func `rises with the word's probability, the window's, and the quality of the recording`() {
        for (low, high) in [(0, 0.3), (0.3, 0.6), (0.6, 0.99)] {
            #expect(confidence(low, -0.4, 10) < confidence(high, -0.4, 10))
            #expect(confidence(0.9, low - 2, 10) < confidence(0.9, high - 2, 10))
            #expect(confidence(0.9, -0.4, 20 * low) < confidence(0.9, -0.4, 20 * high))
        }
        #expect(confidence(0.9, -0.4, nil) == confidence(0.9, -0.4, 60), "what can't be measured counts as good")
    }

    @Test func `is a probability for every number`() {
        for extreme in [-Double.infinity, -1, 0, 1, .infinity, .nan] {
            #expect((0...1).contains(confidence(extreme, extreme, extreme)))
        }
    }
}
