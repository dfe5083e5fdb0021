// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Analysis

@Suite struct ScannerTests {
    private struct Seen: Equatable {
        var text: String
        var letters: Int32
        var digits: Int32
        var position: Int32
        var traits: UInt16
        var hash: UInt64
    }

    private func seen(_ text: SpokenText) -> [Seen] {
        text.words.map {
            Seen(
                text: text.text(of: $0), letters: $0.letters, digits: $0.digits, position: $0.position,
                traits: $0.traits.rawValue, hash: $0.hash)
        }
    }

    private func expectSame(
        _ source: SourceText, _ comment: Comment, language: TextLanguage = .english
    ) throws {
        let fast = ASCIIScanner.scan(source, rules: try #require(BreakRules.ascii(for: language)))
        let icu = ICUScanner.scan(source, language: language)
        #expect(seen(fast) == seen(icu), comment)
        #expect(fast.markedSentences == icu.markedSentences, comment)
    }

    @Test(arguments: UInt64(1)...40)
    func `the fast rules find what ICU finds in any ASCII text`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        // Every ASCII character, and more of those that the rules are about.
        let marks = Array(".,;:!?'\"-_()[]{} \n\t\r$%/@09aZbY..  ''--").map(String.init)
        let any = (0...127).map { String(UnicodeScalar(UInt8($0))) }
        let parts = [
            "Dr", "e.g", "don't", "well-known", "3.5", "1,000", "U.S", "ok", "A", "x", "10", "St", "x.@", "@.@",
            "max", "no", "mg", ". ", ". ", "one. ",
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                switch Int.random(in: 0..<10, using: &random) {
                case 0: any.randomElement(using: &random) ?? ""
                case 1...3: parts.randomElement(using: &random) ?? ""
                default: marks.randomElement(using: &random) ?? ""
                }
            }
            try expectSame(SourceText(typed: text.joined()), "seed \(seed): \(text.joined().debugDescription)")
            try expectSame(SourceText(words: text), "seed \(seed), words: \(text)")
            for language in ["de", "und"] {
                try expectSame(
                    SourceText(typed: text.joined()), "\(language), \(text.joined().debugDescription)",
                    language: TextLanguage(language))
            }
        }
    }

    @Test func `a full stop inside a word ends no sentence`() throws {
        let english = ICUScanner.scan(SourceText(typed: "we saw a.\u{5D0} There"), language: .english)
        #expect(seen(english).map(\.text) == ["we", "saw", "a.\u{5D0}", "there"])
        #expect(english.markedSentences == 0)
        for text in ["we saw x.@ There", "we saw @.@ There", "We saw a@.B", "@.@", "a _@.@_. B", "a:@.@:b"] {
            try expectSame(SourceText(typed: text), "\(text)")
        }
    }

    @Test func `the fast rules agree with ICU on real answers`() throws {
        for text in GoldenTexts.all.texts.map(\.text) + [Samples.pharmacy] {
            try expectSame(SourceText(typed: text), "\(text)")
            try expectSame(SourceText(words: text.split(separator: " ").map(String.init)), "\(text)")
        }
    }

    /// The sentences of a text, each as its words in lower case.
    private func sentences(_ text: String, _ language: String) -> [String] {
        let spoken = ICUScanner.scan(SourceText(typed: text), language: TextLanguage(language))
        var sentences: [[String]] = [[]]
        for word in spoken.words {
            sentences[sentences.count - 1].append(spoken.text(of: word))
            if word.traits.contains(.endsSentence) { sentences.append([]) }
        }
        return sentences.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
    }

    @Test(arguments: [
        ("en", "take one tablet. do not take more. call me", ["take one tablet", "do not take more", "call me"]),
        ("en", "is it safe? no. it is not! stop it.", ["is it safe", "no", "it is not", "stop it"]),
        ("en", "Take 5. then wait. 3.5 is enough. do it", ["take 5", "then wait", "3.5 is enough", "do it"]),
        ("en", "give 3.5. do not give more", ["give 3.5", "do not give more"]),
        (
            "en", "take nsaids, e.g. ibuprofen, i.e. what dr. smith gave, approx. 3 a day, max. 8, see no. 5 of fig. 2",
            ["take nsaids e.g ibuprofen i.e what dr smith gave approx 3 a day max 8 see no 5 of fig 2"]
        ),
        ("en", "500 mg. twice a day b.d. with food. then stop", ["500 mg twice a day b.d with food", "then stop"]),
        ("en", "Take 500 mg. The dose is high.", ["take 500 mg", "the dose is high"]),
        ("en", "so... i would wait... and see. bye", ["so i would wait and see", "bye"]),
        ("en", "ask j. smith or vitamin c. yes", ["ask j smith or vitamin c yes"]),
        ("en", "1. take it 2. stop. 2. drink", ["1 take it 2", "stop", "2 drink"]),
        ("en", "first line\n\nsecond line\nstill second", ["first line", "second line still second"]),
        (
            "de", "nehmen sie z.B. eine tablette. am 5. mai ca. 3 std. danach nicht mehr. rufen sie an",
            ["nehmen sie z.b eine tablette", "am 5 mai ca 3 std danach nicht mehr", "rufen sie an"]
        ),
        (
            "fr", "prenez env. 3 comprimés. n'en prenez pas plus. appelez-moi",
            ["prenez env 3 comprimés", "n'en prenez pas plus", "appelez-moi"]
        ),
        (
            "es", "tome aprox. 2 tabletas. no tome más. llame al dr. ruiz",
            ["tome aprox 2 tabletas", "no tome más", "llame al dr ruiz"]
        ),
        ("nl", "neem evt. twee tabletten. niet meer", ["neem evt twee tabletten", "niet meer"]),
        // Without a list a full stop before a lower-case letter goes on, as UAX #29 has it.
        ("pl", "jedna tabletka. nie więcej", ["jedna tabletka nie więcej"]),
    ])
    func `A full stop ends a sentence before lower case too, but after abbreviations and initials`(
        language: String, text: String, found: [String]
    ) throws {
        #expect(sentences(text, language) == found)
        let source = SourceText(typed: text)
        if source.isASCII { try expectSame(source, "\(text)", language: TextLanguage(language)) }
    }

    @Test func `survives any text`() throws {
        let analyzer = try Samples.analyzer.get()
        var random = SplitMix(seed: 3)
        let parts = [
            "👩‍👩‍👧‍👦", "e\u{301}", "\u{0}", "İstanbul", "Straße", "日本語です。", "ไทย", "\u{200F}", "\u{FEFF}", "½", "٣٤", "१२",
            "a", " ", ".", "’", "—", "\u{2028}", "500", "mg", "1️⃣", "ﬁ", "\u{1F1E6}", "-", "_", "'", "\n\n", "ـ",
        ]
        for language in ["en", "tr", "zh", "ar", "hi", "el", nil] {
            for _ in 0..<60 {
                let text = (0..<30).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
                for measure in analyzer.measures(of: text, language: language, expected: .init(text: text)) {
                    #expect(measure.value?.isFinite ?? true)
                }
                let words = analyzer.words(of: text, language: language)
                #expect(words.allSatisfy { !$0.isEmpty })
            }
        }
    }

    @Test func `composed and decomposed letters are the same words`() throws {
        let analyzer = try Samples.analyzer.get()
        #expect(analyzer.words(of: "Caf\u{E9}", language: "fr") == analyzer.words(of: "cafe\u{301}", language: "fr"))
        #expect(analyzer.counts(of: "cafe\u{301}", language: "fr").letters == 4)
    }

    @Test func `lower case follows the language`() throws {
        let analyzer = try Samples.analyzer.get()
        #expect(analyzer.words(of: "IĞDIR", language: "tr") == ["ığdır"])
        #expect(analyzer.words(of: "TITLE", language: "tr") == ["tıtle"])
        #expect(analyzer.words(of: "TITLE", language: "en") == ["title"])
    }

    @Test func `long texts are measured, and longer ones refused`() throws {
        let analyzer = try Samples.analyzer.get()
        let text = String(repeating: "A word and another one. ", count: 1 << 13)
        #expect(analyzer.counts(of: text, language: "en").words == 5 << 13)
        #expect(analyzer.counts(of: String(repeating: "x", count: 1 << 20), language: "en").letters == 1 << 20)
        let refused = analyzer.measures(
            of: String(repeating: "x", count: AnswerAnalyzer.longestText + 1), language: "en", expected: nil)
        #expect(!refused.isEmpty)
        #expect(refused.allSatisfy { $0.valid == .na && $0.reason == "The text is too long to measure." })
    }
}
