// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Statistics
import Testing

@Suite("Statistics: worked examples")
struct KnownValuesTests {
    private func isClose(_ statistic: Statistic, _ expected: Double, _ tolerance: Double = 5e-5) -> Bool {
        guard let value = statistic.value else { return false }
        return abs(value - expected) <= tolerance
    }

    @Test func `agreement of six answers`() {
        let agreement = Agreement(machine: [2, 2, 4, 5, 3, 3], human: [1, 4, 5, 5, 2, 1], bootstrap: .none)
        #expect(isClose(agreement.quadraticWeightedKappa, 0.56))
        #expect(isClose(agreement.standardizedMeanDifference, 0.0878))
        #expect(isClose(agreement.meanAbsoluteError, 1.1667))
        #expect(isClose(agreement.exact, 0.1667))
        #expect(isClose(agreement.adjacent, 0.6667))
        #expect(isClose(agreement.pearson, 0.6312))
        #expect(agreement.n == 6)
        #expect(agreement.kappa.valid == .low)
        #expect(agreement.kappa.reason == "n is 6: below 30 it says little.")
    }

    @Test func `items of five students`() throws {
        let marks: [[Double?]] = ["1101", "1001", "0001", "1111", "1100"].map { row in row.map { $0 == "1" ? 1 : 0 } }
        let analysis = ItemAnalysis(marks: marks, maxima: [1, 1, 1, 1], bootstrap: .none)
        #expect(isClose(analysis.alpha, 0.4103))
        for (item, expected) in zip(analysis.items, [(0.8, 0.375), (0.6, 0.3273), (0.2, 0.5345), (0.8, -0.1961)]) {
            #expect(isClose(item.facility, expected.0))
            #expect(isClose(item.discrimination, expected.1))
        }
        #expect(analysis.items[3].flags == [.negativeDiscrimination])
        #expect(analysis.items[0].flags.isEmpty)
    }

    @Test func `borderline regression of six performances`() {
        let standard = BorderlineRegression(
            grades: [1, 2, 2, 3, 3, 4], scores: [30, 48, 52, 65, 71, 88], borderline: 2, bootstrap: .none)
        #expect(isClose(standard.slope, 19.0909))
        #expect(isClose(standard.cut, 49.4545))
        #expect(isClose(standard.determination, 0.9865))
        #expect(!standard.isExtrapolated)
    }
}
