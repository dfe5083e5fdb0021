// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// What one window of an answer says of one key point.
struct WindowVerdict: Sendable {
    /// The state that the window alone would give.
    var state: KeyPointResult.State
    /// What led to it.
    var flags: Set<KeyPointResult.Flag>
    /// How much of the wording is named, 0...1.
    var share: Double
    /// Whether the wording has nothing but drugs and advice on them.
    var isAboutDrugOnly = false
    /// How much of the wording without the drugs is named, 0...1.
    var contentShare = 0.0
    /// Whether all of the wording but the drug is named.
    var isWhole = false
    /// The tokens of the answer that show it.
    var evidence: Range<Int>?
    /// How relevant the window is, for choosing between windows.
    var relevance: Double
    /// By meaning; nil without a model.
    var embedding: Double?
}

/// Holds windows against key points.
struct CoverageJudge: Sendable {
    /// The limits that states rest on, chosen on the tuning half of the adversarial set (docs/assessment.md).
    struct Limits: Sendable {
        /// The share of the wording from which a statement counts as made.
        var covered = 0.74
        /// The same where the meaning is close too.
        var coveredByMeaning = 0.6
        /// How close "close" is.
        var closeMeaning = 0.8
        /// The share from which it counts as made in part.
        var partial = 0.45
        /// The share from which it does where the meaning is close too.
        var partialByMeaning = 0.24
        /// How close the meaning has to be for that, and how close without any word in common.
        var nearMeaning = 0.42
        var meaningAlone = 0.52
        /// The share from which a denial is believed to be one of this statement.
        var contradicted = 0.45
    }

    let limits = Limits()
    let thesaurus: Thesaurus
    /// Whether words that only sound alike are taken for one another.
    let isTolerant: Bool

    init(language: String, knowledge: WordKnowledge) {
        thesaurus = Thesaurus.of(language)
        isTolerant = language == "en" && knowledge.hasDictionary
    }
}
