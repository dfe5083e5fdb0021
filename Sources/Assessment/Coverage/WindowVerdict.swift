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
    /// What was found for and against it.
    var signs = SignEvidence()
}

/// What speaks in a window for and against a key point's statement, before anything is decided.
struct SignEvidence: Sendable {
    /// The part of the wording that is named, and that of its words other than drugs.
    var share = 0.0
    var restShare = 0.0
    /// The weight of the words with the sign that the wording has, and with the other one, in the clause that says most of it.
    var agreeing = 0.0
    var conflicting = 0.0
    /// The weight of opposites that stand for a word.
    var reversed = 0.0
    /// The sign of that clause, 0 where none says any of it, and whether a word makes it plain.
    var clauseSign = 0
    var isExplicit = false
    /// Whether the rules took it for a plain or a doubtful denial, for one of nothing else, or for a sign that is right.
    var isPlain = false
    var isDoubtful = false
    var isFocused = false
    var isConfirmed = false
    var isSignOther = false
    var isCalledSafe = false
    /// How many quantities are right, have another value, and are asked for.
    var numbersRight = 0
    var numbersWrong = 0
    var numbersAsked = 0
    /// Whether another drug stands in the key point's place.
    var isSwapped = false
    /// Whether a drug or another name is spoken of, and none of the key point's.
    var isOtherName = false
    var isHedged = false
    var isForbiddenSaid = false
    /// Whether a clause allows, reassures or leaves to choice, whether one denies or advises against, and whether the key
    /// point warns.
    var permits = false
    var denies = false
    var isWarned = false

    /// Whether all quantities that are asked for are right and no word has the other sign: models of meaning know no arithmetic.
    var isQuantityRight: Bool {
        numbersAsked > 0 && numbersRight == numbersAsked && numbersWrong == 0 && conflicting == 0 && reversed == 0
    }
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
    let knowledge: WordKnowledge

    init(language: String, knowledge: WordKnowledge) {
        self.knowledge = knowledge
        thesaurus = Thesaurus.of(language)
        isTolerant = language == "en" && knowledge.hasDictionary
    }
}
