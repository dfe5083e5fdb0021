// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import Testing

@testable import Assessment

@Suite("What contradicted key points take away")
struct ContradictedCreditTests {
    private let assessor: Assessor
    private let points = [
        KeyPoint(id: "no-ibuprofen", label: "Ibuprofen is not suitable with warfarin"),
        KeyPoint(id: "paracetamol", label: "Offer paracetamol", weight: 3),
    ]

    init() throws { assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil) }

    private func assess(_ text: String, _ credit: Double) -> AnswerAssessment {
        assessor.assess(
            text, keyPoints: points, scoring: ScoringRules(contradictedCredit: credit), language: "en")
    }

    @Test func `is nothing, unless the question says otherwise`() {
        let text = "Ibuprofen is fine with warfarin. Offer paracetamol."
        #expect(assess(text, 0).score.point == 0.75)
        let strict = assess(text, -0.5)
        #expect(strict.score.point == 0.625 && strict.score.low == 0.625 && strict.score.high == 0.625)
        #expect(strict.results.map(\.credit) == [-0.5, 1] && strict.coverage == 0.625)
    }

    @Test func `never brings a score below nothing`() {
        let score = assess("Ibuprofen is fine with warfarin.", -1).score
        #expect(score.low == 0 && score.point == 0 && score.high == 0)
    }

    @Test func `is part of what a correction gains`() throws {
        let heard = assess("Ibuprofen is fine with warfarin.", -0.5)
        let meant = assess("Ibuprofen is not suitable with warfarin. Offer paracetamol.", -0.5)
        #expect(meant.editGain(over: heard) == 1.125)
        var other = heard
        other.keyPoints[0].label = "Something else"
        #expect(meant.editGain(over: other) == nil)
    }
}
