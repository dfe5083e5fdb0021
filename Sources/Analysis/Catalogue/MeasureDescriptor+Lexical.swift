// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The measures of the group `lexical`.
extension MeasureDescriptor {
    static let typeTokenRatio = MeasureDescriptor(
        "ttr", .lexical, "Type-token ratio", unit: "1",
        "The part of your words that are different from each other; falls as answers grow longer.")
    static let guiraud = MeasureDescriptor(
        "guiraud", .lexical, "Guiraud index", unit: "1",
        "How many different words you use, allowing in part for the length of the answer.")
    static let mattr = MeasureDescriptor(
        "mattr50", .lexical, "Moving type-token ratio", unit: "1",
        "The average part of different words in every stretch of fifty words, so answers of different "
            + "length can be compared.")
    static let mtld = MeasureDescriptor(
        "mtld_mj2010", .lexical, "MTLD", unit: "words",
        "How many words you say on average before words begin to repeat; higher is more varied.")
    static let hdd = MeasureDescriptor(
        "hdd", .lexical, "HD-D", unit: "1",
        "The part of different words to expect among 42 words drawn at random from your answer.")
    static let lexicalDensity = MeasureDescriptor(
        "lexical_density", .lexical, "Content words", unit: "1",
        "The part of your words that carry content and do not merely hold the sentence together, by a "
            + "list of such function words.")
    static let wordLength = MeasureDescriptor(
        "mean_word_length", .lexical, "Word length", unit: "letters",
        "How many letters your words have on average.")
    static let connectives = MeasureDescriptor(
        "connective_per_100w", .lexical, "Connectives", unit: "/100 words",
        "How many linking words such as \"because\" or \"however\" you use for every hundred words.")
    static let hedges = MeasureDescriptor(
        "hedge_per_100w", .lexical, "Hedges", unit: "/100 words",
        "How many words that leave room for doubt, such as \"maybe\" or \"I think\", you use for every "
            + "hundred words.")
    static let certainty = MeasureDescriptor(
        "certainty_per_100w", .lexical, "Certainty words", unit: "/100 words",
        "How many words that leave no doubt, such as \"always\" or \"definitely\", you use for every "
            + "hundred words.")
}
