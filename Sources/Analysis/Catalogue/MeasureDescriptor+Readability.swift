// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The measures of the group `readability`.
extension MeasureDescriptor {
    static let wordCount = MeasureDescriptor(
        "word_count", .readability, "Words", unit: "1",
        "How many words you said, without fillers and repetitions; numbers count as they are spoken.")
    static let sentenceCount = MeasureDescriptor(
        "sentence_count", .readability, "Sentences", unit: "1",
        "How many sentences there are, by the punctuation or, where there is none, by long pauses.")
    static let sentenceLength = MeasureDescriptor(
        "words_per_sentence", .readability, "Words per sentence", unit: "words",
        "How long your sentences are on average; short sentences are easier to follow by ear.")
    static let wordSyllables = MeasureDescriptor(
        "syllables_per_word", .readability, "Syllables per word", unit: "syl",
        "How long your words are on average.")
    static let fleschReadingEase = MeasureDescriptor(
        "flesch_re", .readability, "Flesch reading ease", unit: "1",
        "How easy the words and sentences are to follow: 60 to 70 is plain English, and lower is harder.")
    static let fleschKincaid = MeasureDescriptor(
        "fk_grade", .readability, "Flesch-Kincaid grade", unit: "grade",
        "The years of school a reader would need, from the length of sentences and words.")
    static let gunningFog = MeasureDescriptor(
        "gunning_fog", .readability, "Gunning fog", unit: "grade",
        "The years of school a reader would need, from the length of sentences and the share of hard "
            + "words.")
    static let smog = MeasureDescriptor(
        "smog", .readability, "SMOG", unit: "grade",
        "The years of school a reader would need, from the number of words with three or more syllables; "
            + "often used for health information.")
    static let ari = MeasureDescriptor(
        "ari", .readability, "Automated readability index", unit: "grade",
        "The years of school a reader would need, from the length of sentences and the letters in words.")
    static let colemanLiau = MeasureDescriptor(
        "coleman_liau", .readability, "Coleman-Liau index", unit: "grade",
        "The years of school a reader would need, from letters and sentences per hundred words.")
    static let lix = MeasureDescriptor(
        "lix", .readability, "LIX", unit: "1",
        "Sentence length plus the share of long words, for any language: below 30 is very easy, above 60 "
            + "very hard.")
    static let rix = MeasureDescriptor(
        "rix", .readability, "RIX", unit: "1",
        "The number of words with more than six letters in a sentence, for any language.")
    static let gulpease = MeasureDescriptor(
        "gulpease", .readability, "Gulpease", unit: "1",
        "How easy an Italian text is to follow, from 0 to 100: from 80 a primary school pupil can, from "
            + "40 a secondary school graduate.")
    static let gutierrezPolini = MeasureDescriptor(
        "gutierrez_polini", .readability, "Gutiérrez de Polini", unit: "1",
        "How easy a Spanish text is to follow, from the letters in words and the words in sentences: "
            + "higher is easier.")
}
