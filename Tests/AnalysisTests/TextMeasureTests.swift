// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Analysis

@Suite struct TextMeasureTests {
    static func measures(_ text: String, language: String? = "en") throws -> [Measure] {
        try Samples.analyzer.get().measures(of: text, language: language, expected: nil)
    }

    static func counts(_ text: String, language: String? = "en") throws -> TextCounts {
        try Samples.analyzer.get().counts(of: text, language: language)
    }

    @Test func `the golden texts are there`() {
        #expect(GoldenTexts.all.texts.count == 3)
        #expect(GoldenTexts.all.rouge.count == 2)
    }

    @Test(arguments: GoldenTexts.all.texts)
    func `counts and scores texts as textstat does`(golden: GoldenTexts.Text) throws {
        let counts = try Self.counts(golden.text)
        #expect(counts.words == golden.counted.words)
        #expect(counts.sentences == golden.counted.sentences)
        #expect(counts.letters == golden.counted.letters)
        #expect(counts.longWords == golden.counted.long)
        #expect(counts.syllables == Int(golden.textstat["syllables"] ?? 0))
        #expect(counts.polysyllables == Int(golden.textstat["polysyllables"] ?? 0))
        #expect(counts.monosyllables == Int(golden.textstat["monosyllables"] ?? 0))

        let measures = try Self.measures(golden.text)
        for key in ["flesch_re", "fk_grade", "smog", "lix", "rix"] {
            let value = try #require(measures[key]?.value)
            #expect(abs(value - (try #require(golden.textstat[key]))) < 1e-9, "\(key)")
        }
        // textstat counts punctuation marks as characters.
        let marks = try #require(golden.textstat["characters"]) - Double(counts.letters)
        #expect(
            abs(
                try #require(measures["ari"]?.value) + 4.71 * marks / Double(counts.words)
                    - (try #require(golden.textstat["ari"]))) < 1e-9)
        // textstat has 0.058 where the paper has 0.0588.
        let correction = 0.0008 * 100 * Double(counts.letters) / Double(counts.words)
        #expect(
            abs(
                try #require(measures["coleman_liau"]?.value) - correction
                    - (try #require(golden.textstat["coleman_liau_0058"]))) < 1e-9)
    }

    @Test(arguments: GoldenTexts.all.texts)
    func `measures vocabulary as its definitions say`(golden: GoldenTexts.Text) throws {
        let measures = try Self.measures(golden.text)
        for (key, value) in golden.lexical {
            #expect(abs(try #require(measures[key]?.value) - value) < 1e-9, "\(key)")
        }
    }

    @Test func `counts by hand`() throws {
        // take(1) the(1) tab-lets(2) twice(1) dai-ly(2) un-til(2) the(1) in-fec-tion(3) dis-ap-pears(3)
        let counts = try Self.counts("Take the tablets twice daily. Until the infection disappears!")
        #expect(
            counts
                == TextCounts(
                    words: 9, sentences: 2, syllables: 16, letters: 51, characters: 51, polysyllables: 2,
                    complexWords: 2, longWords: 3, monosyllables: 4))
    }

    @Test func `lower case with full stops reads as the proper text does`() throws {
        let proper = String(repeating: Samples.pharmacy + " ", count: 2)
        let (measured, lower) = (try Self.measures(proper), try Self.measures(proper.lowercased()))
        for key in ["sentence_count", "flesch_re", "fk_grade", "words_per_sentence", "smog", "lix"] {
            #expect(lower[key]?.value == measured[key]?.value && lower[key]?.valid == measured[key]?.valid, "\(key)")
        }
        #expect(measured["sentence_count"]?.value == 16)
    }

    @Test func `contractions and compounds are one word`() throws {
        #expect(try Self.counts("Don't use the well-known over-the-counter remedy.").words == 6)
        #expect(try Self.counts("Don’t use the well‐known remedy — yet.").words == 6)
        #expect(try Self.counts("between 5-10 days").words == 4)
    }

    @Test(arguments: [
        ("Take 500 mg.", "take five hundred milligrams"), ("Take 500mg.", "take five hundred milligrams"),
        ("1 g of it", "one gram of it"), ("0.5 ml", "zero point five millilitres"),
        ("on the 3rd day", "on the third day"),
        ("50% of $20", "fifty percent of twenty dollars"), ("since 1999", "since nineteen ninety-nine"),
        ("2,000 people", "two thousand people"), ("vitamin B12", "vitamin b-twelve"),
        ("a 12-hour day", "a twelve-hour day"),
        ("code 007", "code zero zero seven"), ("at 9 am", "at nine a.m."), ("5-10 days", "five ten days"),
        ("£1 or 5 €", "one pound or five euros"), ("50 % of it", "fifty percent of it"),
        ("120 mmHg", "one hundred twenty millimetres of mercury"),
    ])
    func `writes numerals as they are spoken`(text: String, spoken: String) throws {
        let analyzer = try Samples.analyzer.get()
        var words = analyzer.scan(SourceText(typed: text), .english)
        Numerals(speller: analyzer.speller, language: .english).expand(&words)
        #expect(words.words.map(words.text(of:)).joined(separator: " ") == spoken)
    }

    @Test func `a numeral counts like its words`() throws {
        let digits = try Self.counts("She took 1500 mg in the morning and 21 tablets in 2 days.")
        let words = try Self.counts(
            "She took one thousand five hundred milligrams in the morning and twenty-one tablets in two days.")
        #expect(digits == words)
    }

    @Test func `fillers, repetitions and false starts do not count`() throws {
        let clean = try Self.counts("I would ask about her medicines and allergies.")
        #expect(try Self.counts("Um I would I would ask uh about her medi- medicines and and allergies.") == clean)
        #expect(try Self.counts("It was very very bad, and she had had it before.").words == 11)
        #expect(try Self.counts("He knows, knows it well.").words == 5)
    }

    @Test(arguments: [
        ("Dr. Smith and Mrs. Jones came at 3 p.m. today.", 1), ("He paid 3.50 for it. She paid 2.", 2),
        ("Really?! Yes... perhaps.", 2), ("It is e.g. this. And that.", 2), ("One line\nof two lines. End.", 2),
        ("A title\n\nA sentence.", 2), ("He said \"Stop.\" Then he left.", 2), ("U.S. law applies.", 1), ("...", 0),
        ("No end", 1), ("First.\r\n\r\nSecond.", 2),
    ])
    func `finds sentences`(text: String, sentences: Int) throws {
        #expect(try Self.counts(text).sentences == sentences)
    }

    @Test func `the fog index leaves out names, easy compounds and inflections`() throws {
        func complex(_ text: String) throws -> Int { try Self.counts(text).complexWords }
        #expect(try complex("An elephant came.") == 1)
        #expect(try complex("We met Elizabeth.") == 0)
        #expect(try complex("Elizabeth came.") == 1)
        #expect(try complex("a bookkeeper-friendly over-the-counter thing") == 0 + 1)
        #expect(try complex("They wanted advances, creating imbalances.") == 1)
    }

    @Test func `short texts get no grade, and longer ones a warning`() throws {
        let words = "The cat sat on the old mat again today. "
        for measure in MeasureCatalogue.measures(try Self.measures(words), in: .readability)
        where !["word_count", "sentence_count", "words_per_sentence", "syllables_per_word"].contains(measure.key) {
            #expect(measure.valid == .na && measure.reason != nil)
        }
        #expect(try Self.measures(String(repeating: words, count: 4))["fk_grade"]?.valid == .low)
        #expect(try Self.measures(String(repeating: words, count: 12))["fk_grade"]?.valid == .ok)
        #expect(try Self.measures(String(repeating: words, count: 12))["smog"]?.valid == .low)
        #expect(try Self.measures(String(repeating: words, count: 30))["smog"]?.valid == .ok)
    }

    @Test func `without marks there is no grade`() throws {
        let text = Samples.unpunctuated(Samples.pharmacy)
        let measures = try Self.measures(text)
        for key in ["sentence_count", "words_per_sentence", "fk_grade", "lix", "smog"] {
            #expect(measures[key]?.valid == .na, "\(key)")
        }
        #expect(measures["syllables_per_word"]?.valid == .ok)
        #expect(measures["mtld_mj2010"]?.valid == .ok)
    }

    @Test func `other languages get what is honest`() throws {
        let german = String(
            repeating: "Der Patient nimmt täglich ein blutverdünnendes Medikament ein und verträgt es gut. ", count: 10)
        let measures = try Self.measures(german, language: "de-CH")
        #expect(measures["flesch_re"]?.reason == "The formula is for English.")
        #expect(measures["amstad"]?.valid == .ok)
        #expect(measures["ari"]?.valid == .na)
        #expect(measures["lix"]?.valid == .ok)
        #expect(measures["hedge_per_100w"]?.valid == .na)
        #expect(measures["ttr"]?.valid == .ok)
        #expect(try Self.measures(german, language: nil)["lix"]?.valid == .ok)
        #expect(try Self.measures(german, language: nil)["flesch_re"]?.valid == .na)
        #expect(try Self.measures(german, language: "it")["gulpease"]?.valid == .ok)
        #expect(try Self.measures(german, language: "es")["gutierrez_polini"]?.valid == .ok)
        #expect(try Self.measures(german, language: "not a language")["lix"]?.valid == .ok)
        let thai = String(repeating: "ผู้ป่วยทานยาทุกวัน ", count: 40)
        #expect(try Self.measures(thai, language: "th")["lix"]?.valid == .na)
        #expect(try Self.counts(thai, language: "th").words > 100)
    }

    @Test func `says when there is no dictionary`() throws {
        let analyzer = try AnswerAnalyzer(configuration: AnalysisConfiguration(dictionary: .none))
        let measures = analyzer.measures(of: Samples.pharmacy, language: "en", expected: nil)
        #expect(measures["fk_grade"]?.valid == .low)
        #expect(measures["fk_grade"]?.reason?.contains("dictionary") == true)
        #expect(measures["lix"]?.valid == .ok)
        #expect(analyzer.engine != (try Samples.analyzer.get().engine))
    }

    @Test func `shows the words behind a number`() throws {
        let analyzer = try Samples.analyzer.get()
        let words = analyzer.words(of: Samples.pharmacy, language: "en")
        let measures = try Self.measures(Samples.pharmacy)
        let long = try #require(measures["lix"]?.evidence).flatMap { words[$0.words] }
        #expect(long.count == 16)
        #expect(long.allSatisfy { $0.count > 6 })
        #expect(
            try #require(measures["connective_per_100w"]?.evidence).map { words[$0.words].joined(separator: " ") }
                == ["first", "because", "instead", "if", "also", "if"])
        #expect(
            try #require(measures["hedge_per_100w"]?.evidence).map { words[$0.words.lowerBound] } == ["about", "may"])
        #expect(measures["sentence_count"]?.evidence.count == 8)
        #expect(measures["sentence_count"]?.evidence.last?.words.upperBound == words.count)
    }
}
