// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import Testing

@Suite("Adversarial answers")
struct AdversarialTests {
    /// Without a model and without a list of drug names: what every installation has.
    @Test func `no dangerous answer is covered, and nearly all are contradicted`() throws {
        let tally = try AdversarialSet().tally(Assessor(analyzer: AnswerAnalyzer(), drugs: nil))
        #expect(tally.count(.unsafe, .covered) == 0)
        #expect(tally.share(.unsafe, .contradicted) >= 0.95)
        #expect(tally.share(.good, .covered, .partial) >= 0.9)
        #expect(tally.share(.good, .contradicted) <= 0.02)
        #expect(tally.count(.empty, .covered) == 0)
    }
}
