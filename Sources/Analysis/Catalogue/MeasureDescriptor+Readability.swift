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
    static let languageProbability = MeasureDescriptor(
        "language_probability", .readability, "Language of the text", unit: "1",
        "How likely the language that the words look like is, from 0 to 1; the places show which language each part "
            + "is in.")
    static let characterCount = MeasureDescriptor(
        "character_count", .readability, "Characters", unit: "1",
        "How many characters you said, without punctuation, for writing whose words are not set apart by spaces or whose "
            + "signs are syllables.")
    static let sentenceCharacters = MeasureDescriptor(
        "characters_per_sentence", .readability, "Characters per sentence", unit: "characters",
        "How long your sentences are on average; short sentences are easier to follow by ear.")
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
    static let fernandezHuerta = MeasureDescriptor(
        "fernandez_huerta", .readability, "Fernández Huerta", unit: "1",
        "How easy a Spanish text is to follow, from about 0 to 100: 60 to 70 is plain, and lower is harder.")
    static let szigrisztPazos = MeasureDescriptor(
        "szigriszt_pazos", .readability, "Szigriszt-Pazos", unit: "1",
        "How easy a Spanish text is to follow, from about 0 to 100: by the INFLESZ bands 55 to 65 is "
            + "ordinary, 65 to 80 fairly easy, below 40 very hard.")
    static let gutierrezPolini = MeasureDescriptor(
        "gutierrez_polini", .readability, "Gutiérrez de Polini", unit: "1",
        "How easy a Spanish text is to follow, from the letters in words and the words in sentences: higher "
            + "is easier.")
    static let crawford = MeasureDescriptor(
        "crawford", .readability, "Crawford grade", unit: "grade",
        "The years of school that a Spanish-speaking child would need; made for texts of primary schools, "
            + "up to about 6.")
    static let kandelMoles = MeasureDescriptor(
        "kandel_moles", .readability, "Kandel-Moles", unit: "1",
        "How easy a French text is to follow, from about 0 to 100: 60 to 70 is plain, and lower is harder.")
    static let amstad = MeasureDescriptor(
        "amstad", .readability, "Amstad reading ease", unit: "1",
        "How easy a German text is to follow, from about 0 to 100: 60 to 70 is plain, and lower is harder.")
    static let wiener1 = MeasureDescriptor(
        "wstf1", .readability, "Wiener Sachtextformel 1", unit: "grade",
        "The years of school a reader of a German text would need, from 4 to 15, from long words, sentence "
            + "length and the share of short words.")
    static let wiener2 = MeasureDescriptor(
        "wstf2", .readability, "Wiener Sachtextformel 2", unit: "grade",
        "The years of school a reader of a German text would need, from 4 to 15, from long words and "
            + "sentence length.")
    static let wiener3 = MeasureDescriptor(
        "wstf3", .readability, "Wiener Sachtextformel 3", unit: "grade",
        "The years of school a reader of a German text would need, from 4 to 15, from words of three and "
            + "more syllables and sentence length.")
    static let wiener4 = MeasureDescriptor(
        "wstf4", .readability, "Wiener Sachtextformel 4", unit: "grade",
        "The years of school a reader of a German text would need, from 4 to 15, from words of three and "
            + "more syllables and sentence length, with more weight on sentences.")
    static let fleschVacca = MeasureDescriptor(
        "flesch_vacca", .readability, "Flesch-Vacca", unit: "1",
        "How easy an Italian text is to follow, from about 0 to 100: 60 to 70 is plain, and lower is "
            + "harder.")
    static let douma = MeasureDescriptor(
        "douma", .readability, "Flesch-Douma", unit: "1",
        "How easy a Dutch text is to follow, from about 0 to 100: 60 to 70 is plain, and lower is harder.")
    static let martins = MeasureDescriptor(
        "martins", .readability, "Flesch-Martins", unit: "1",
        "How easy a Portuguese text is to follow, from about 0 to 100: 75 and more is very easy, 50 to 75 "
            + "easy, 25 to 50 hard.")
    static let oborneva = MeasureDescriptor(
        "oborneva", .readability, "Flesch-Oborneva", unit: "1",
        "How easy a Russian text is to follow, from about 0 to 100: 60 to 70 is plain, and lower is harder.")
    static let fleschHungarian = MeasureDescriptor(
        "flesch_hu", .readability, "Flesch for Hungarian", unit: "1",
        "How easy a Hungarian text is to follow, from about 0 to 100: higher is easier.")
    static let osman = MeasureDescriptor(
        "osman", .readability, "OSMAN", unit: "1",
        "How easy an Arabic text is to follow, from about 0 to 100: higher is easier; it rests on vowel "
            + "signs where they are written.")
}
