// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Analysis

@Suite struct SimilarityTests {
    static func measures(_ said: String, _ expected: ExpectedAnswer, language: String? = "en") throws -> [Measure] {
        try Samples.analyzer.get().measures(of: said, language: language, expected: expected)
    }

    static let expected = ExpectedAnswer(
        text: "Ibuprofen is not suitable because the patient takes warfarin. Recommend paracetamol for the pain.",
        bank: [
            "Ibuprofen is not suitable because the patient takes warfarin. Recommend paracetamol for the pain.",
            "Ask about allergies and other medicines before you recommend a treatment.",
            "Refer the patient to a doctor when the pain lasts for more than three days.",
        ])

    @Test(arguments: GoldenTexts.all.rouge.indices)
    func `ROUGE-L is the share of words in the same order`(index: Int) throws {
        let golden = GoldenTexts.all.rouge[index]
        let measures = try Self.measures(golden.said, ExpectedAnswer(text: golden.expected))
        #expect(abs(try #require(measures["rouge_l"]?.value) - golden.recall) < 1e-12)
        #expect(abs(try #require(measures["rouge_l_f1"]?.value) - golden.f1) < 1e-12)
    }

    @Test func `the expected answer itself is all there`() throws {
        let measures = try Self.measures(Self.expected.text, Self.expected)
        for key in ["tfidf_cosine", "rouge_l", "rouge_l_f1"] {
            #expect(abs(try #require(measures[key]?.value) - 1) < 1e-12)
        }
    }

    @Test func `wording is not meaning, which the explanation says`() throws {
        let opposite = Self.expected.text.replacing("is not suitable", with: "is suitable")
        let paraphrase = "She is on a blood thinner, so I would choose a different painkiller for her."
        let cosine = { (said: String) in try #require(try Self.measures(said, Self.expected)["tfidf_cosine"]?.value) }
        #expect(try cosine(opposite) > 0.8)
        #expect(try cosine(paraphrase) < 0.3)
        #expect(MeasureCatalogue.descriptor(for: "tfidf_cosine")?.explanation.contains("not a mark") == true)
        // Words that turn a statement round are compared, and so their absence counts at all.
        #expect(try cosine(opposite) < 1 - 1e-6)
    }

    @Test func `number words, plurals and letter case do not matter`() throws {
        let measures = try Self.measures("TAKE 2 TABLET", ExpectedAnswer(text: "Take two tablets."))
        #expect(measures["rouge_l"]?.value == 1)
    }

    @Test func `shows which expected words were said`() throws {
        let said = "I think paracetamol suits her, as warfarin and pain killers like ibuprofen are no friends."
        let measures = try Self.measures(said, Self.expected)
        let words = try Samples.analyzer.get().words(of: said, language: "en")
        let evidence = try #require(measures["tfidf_cosine"]?.evidence)
        #expect(evidence.map { words[$0.words.lowerBound] } == ["paracetamol", "warfarin", "pain", "ibuprofen"])
    }

    @Test func `a rare word of the bank weighs more than a common one`() throws {
        let rare = try #require(try Self.measures("warfarin", Self.expected)["tfidf_cosine"]?.value)
        let common = try #require(try Self.measures("recommend", Self.expected)["tfidf_cosine"]?.value)
        #expect(rare > common)
    }

    @Test func `has no value where nothing can be compared`() throws {
        #expect(try Self.measures("", Self.expected)["rouge_l"]?.valid == .na)
        #expect(try Self.measures("words", ExpectedAnswer(text: "!"))["rouge_l"]?.valid == .na)
        #expect(
            try Self.measures("words", ExpectedAnswer(text: "Wörter", language: "de"))["tfidf_cosine"]?.reason
                == "The expected answer is in another language.")
        #expect(try Samples.analyzer.get().measures(of: "words", language: "en", expected: nil)["rouge_l"] == nil)
        let letters = "abcdefghij".map(String.init)
        let long = (0..<5_000).map { String($0).map { letters[$0.wholeNumberValue ?? 0] }.joined() }.joined(
            separator: " ")
        #expect(try Self.measures(long, ExpectedAnswer(text: long))["rouge_l"]?.valid == .na)
    }

    @Test func `the stemmer takes plural and possessive endings only`() throws {
        let stems = [
            "tablets": "tablet", "allergies": "allergy", "patient's": "patient", "patients'": "patient",
            "diagnosis": "diagnosis", "stress": "stress", "virus": "virus", "doses": "dose", "shoes": "shoes",
            "gas": "gas",
        ]
        let rules = Terms(language: .english)
        for (word, stem) in stems {
            let text = try Samples.analyzer.get().scan(SourceText(typed: word), .english)
            #expect(rules.stem(text.words[0], in: text) == WordHash.of(stem), "\(word)")
        }
    }
}
