// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Analysis

@Suite struct ReadabilityFormulasTests {
    static let counts = TextCounts(
        words: 100, sentences: 8, syllables: 150, letters: 460, characters: 460, polysyllables: 14, complexWords: 14,
        longWords: 22, monosyllables: 62)

    @Test(arguments: [
        ("flesch_re", counts.fleschReadingEase, 67.2475, 0.00005),
        ("fk_grade", counts.fleschKincaidGrade, 6.9850, 0.00005),
        ("gunning_fog", counts.gunningFog, 10.6, 0.00005),
        ("smog", counts.smog, 10.6864, 0.00005),
        ("ari", counts.automatedReadabilityIndex, 6.4860, 0.00005),
        ("coleman_liau", counts.colemanLiau, 8.8800, 0.00005),
        ("lix", counts.lix, 34.5, 0.00005),
        ("rix", counts.rix, 2.75, 0.00005),
        ("gulpease", counts.gulpease, 67.0, 0.00005),
        ("gutierrez_polini", counts.gutierrezPolini, 46.205, 0.00005),
    ])
    func `has the golden value`(name: String, value: Double, golden: Double, tolerance: Double) {
        #expect(abs(value - golden) < tolerance, "\(name)")
    }
}
