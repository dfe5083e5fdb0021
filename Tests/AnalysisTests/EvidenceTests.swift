// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Analysis

@Suite struct `What numbers rest on` {
    private static func basis(_ measure: Measure) -> [String: Double] {
        Dictionary(measure.basis.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `every number of a text comes with numbers or places`() throws {
        let analyzer = try Samples.analyzer.get()
        let expected = ExpectedAnswer(text: "Offer paracetamol. Do not give ibuprofen with warfarin.", language: "en")
        let measures = analyzer.measures(
            of: Samples.pharmacy, LanguageChoice(for: Samples.pharmacy), expected: expected)
        for measure in measures where measure.value != nil {
            #expect(!measure.basis.isEmpty || !measure.evidence.isEmpty, "\(measure.key)")
        }
        #expect(measures.contains { $0.key == "tfidf_cosine" } && measures.contains { $0.key == "ttr" })
    }

    @Test func `readability can be computed again from its basis`() throws {
        let measures = try Samples.analyzer.get().measures(of: Samples.pharmacy, language: "en", expected: nil)
        let ease = try #require(measures["flesch_re"])
        let counts = Self.basis(ease)
        let (words, sentences, syllables) = (
            try #require(counts["words"]), try #require(counts["sentences"]), try #require(counts["syllables"])
        )
        let again = 206.835 - 1.015 * words / sentences - 84.6 * syllables / words
        #expect(abs(again - (ease.value ?? .nan)) < 1e-9)
        let variety = Self.basis(try #require(measures["ttr"]))
        #expect(abs((variety["types"] ?? 0) / (variety["words"] ?? 0) - (measures["ttr"]?.value ?? .nan)) < 1e-9)
    }

    @Test func `the hardest sentences come first, with their own values`() throws {
        let text =
            "We go. Anticoagulation medication potentially necessitates individualised administration. " + "He is in. "
            + String(repeating: "It is a day like all the other ones here. ", count: 3)
        let measures = try Samples.analyzer.get().measures(of: text, language: "en", expected: nil)
        let places = try #require(measures["fk_grade"]?.evidence)
        #expect(places.count == 3)
        #expect(places.first?.words == 2..<8)
        let values = places.compactMap { $0.note?.split(separator: " ").first.flatMap { Double($0) } }
        #expect(values.count == 3 && values == values.sorted(by: >))
        #expect(measures["words_per_sentence"]?.evidence.first?.note == "10 words")
        #expect(measures["mean_word_length"]?.evidence.first?.note == "15 letters")
        #expect(measures["ttr"]?.evidence.first?.note == "4 times")
    }

    @Test func `the number of words says what was left out and how numerals were counted`() throws {
        let measures = try Samples.analyzer.get().measures(
            of: "um I would would give 42 mg", language: "en", expected: nil)
        let count = try #require(measures["word_count"])
        #expect(count.value == 5)
        #expect(
            count.evidence.map(\.note) == [
                "a filler, left out", "said again, left out", "counted as forty-two", "counted as milligrams",
            ])
        #expect(Self.basis(count)["fillers"] == 1)
    }

    @Test func `words are found again in a typed text as they stand there`() throws {
        let analyzer = try Samples.analyzer.get()
        let texts = [
            ("en", "Don’t give “ibuprofen” — well-known risks (GI bleeding)…  e.g. 3.5 mg!"),
            ("fr", "Le cafe\u{301} d’hier, c'est-à-dire 1 000 mg."), ("de", "Straße, ÄRZTIN; 12 %."),
            ("zh", "病人每天服用华法林，所以不能服用布洛芬。"), ("th", "ผู้ป่วยกินยาทุกวัน"), ("tr", "İstanbul IĞDIR"),
            ("ar", "يأخذ المريض الوارفارين كل يوم."), ("en", "👩‍👩‍👧‍👦 ok\u{0} \u{FEFF}x"), ("en", ""),
        ]
        for (language, text) in texts {
            let words = analyzer.words(of: text, language: language)
            let places = analyzer.places(in: text, language: language)
            let scalars = Array(text.unicodeScalars)
            var last = 0
            for index in words.indices {
                let part = try #require(places.part(index..<index + 1), "\(text), word \(index)")
                #expect(part.span.characters.lowerBound >= last)
                last = part.span.characters.upperBound
                var own = String.UnicodeScalarView()
                own.append(contentsOf: scalars[part.span.characters])
                #expect(String(own) == part.text)
                #expect(analyzer.words(of: part.text, language: language) == [words[index]])
            }
        }
        #expect(analyzer.places(in: "a b", language: "en").part(2..<4) == nil)
    }

    @Test func `a text in another language than declared is doubted in all that rests on the language`() throws {
        let analyzer = try Samples.analyzer.get()
        let text = String(
            repeating: "Le patient prend de la warfarine tous les jours et il ne faut pas lui donner d'ibuprofène. ",
            count: 7)
        let expected = ExpectedAnswer(text: text, language: "en")
        let measures = analyzer.measures(
            of: text, LanguageChoice(for: text, declared: "en"), expected: expected)
        for key in [
            "flesch_re", "lexical_density", "connective_per_100w", "hedge_per_100w", "certainty_per_100w",
            "tfidf_cosine", "rouge_l",
        ] {
            #expect(measures[key]?.valid == .low, "\(key)")
            #expect(measures[key]?.reason?.contains("another language (fr)") == true, "\(key)")
        }
    }

    @Test func `words that a dictionary parts have no measures of variety`() throws {
        let text = String(repeating: "病人每天服用华法林，所以不能服用布洛芬。", count: 8)
        let measures = try Samples.analyzer.get().measures(of: text, language: "zh", expected: nil)
        for key in ["ttr", "mtld_mj2010", "words_per_sentence", "mean_word_length"] {
            #expect(measures[key]?.valid == .na, "\(key)")
        }
        #expect(measures["characters_per_sentence"]?.value == 18)
    }
}
