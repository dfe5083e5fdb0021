// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestRandom
import Testing

@testable import Analysis

@Suite struct SyllableTests {
    static let dictionary = Result { try SyllableDictionary(path: SyllableDictionary.installedPath) }

    static func byRules(_ word: String) -> Int {
        var word = word
        return word.withUTF8 { EnglishSyllableRules.syllables($0) }
    }

    /// The words of the dictionary with their vowels, read with other means than the product's.
    static let words: [(word: String, syllables: Int)] = {
        let text = (try? String(contentsOfFile: SyllableDictionary.installedPath, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            guard let word = parts.first, word.last != ")" else { return nil }
            return (String(word), parts.dropFirst().count { "AEIOU".contains($0.first ?? " ") })
        }
    }()

    @Test func `finds every word of the dictionary with its count`() throws {
        let dictionary = try Self.dictionary.get()
        let words = Self.words.filter { $0.syllables > 0 }
        #expect(words.count == dictionary.count)
        #expect(words.count > 120_000)
        for (word, syllables) in words where dictionary.syllables(WordHash.of(word)) != Int32(syllables) {
            Issue.record("\(word)")
        }
    }

    @Test func `does not know words that are not there`() throws {
        let dictionary = try Self.dictionary.get()
        let known = Self.words.prefix(20_000).count { dictionary.syllables(WordHash.of($0.word + "zqx")) != nil }
        #expect(known == 0)
    }

    /// The rules were made on the words of even digest (FNV-1a); the others are held out.
    static func isHeldOut(_ word: String) -> Bool {
        word.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } & 1 == 1
    }

    @Test func `the rules are right on most words they were not made on`() {
        let words = Self.words.filter { entry in
            Self.isHeldOut(entry.word) && entry.word.utf8.allSatisfy { $0 >= 0x61 || $0 == 0x27 }
        }
        let errors = words.map { Self.byRules($0.word) - $0.syllables }
        let right = Double(errors.count { $0 == 0 }) / Double(errors.count)
        let near = Double(errors.count { abs($0) <= 1 }) / Double(errors.count)
        let bias = Double(errors.reduce(0, +)) / Double(errors.count)
        // The figures of docs/measures.md.
        #expect(words.count > 60_000)
        #expect(right > 0.936, "\(right)")
        #expect(near > 0.998, "\(near)")
        #expect(abs(bias) < 0.01, "\(bias)")
        if ProcessInfo.processInfo.environment["ORACY_PRINT_FIGURES"] != nil {
            print("syllable rules on \(words.count) held-out words: \(right) right, \(near) near, bias \(bias)")
        }
    }

    @Test(arguments: [
        ("warfarin", 3), ("paracetamol", 5), ("amoxicillin", 5), ("omeprazole", 4), ("naproxen", 3), ("rhythm", 1),
        ("bp", 2), ("www", 9), ("café", 2), ("fiancé", 3), ("table", 2), ("treated", 2), ("movement", 2), ("x", 1),
        ("couldn't", 2), ("don't", 1), ("boss's", 2), ("'", 1), ("diarrhoea", 4), ("queue", 1),
    ])
    func `counts by rules`(word: String, syllables: Int) {
        #expect(Self.byRules(word) == syllables)
    }

    @Test func `parts of a compound count each`() throws {
        let analyzer = try Samples.analyzer.get()
        #expect(analyzer.counts(of: "over-the-counter", language: "en").syllables == 5)
        #expect(analyzer.counts(of: "warfarin's", language: "en").syllables == 3)
    }

    @Test func `a dictionary that was asked for must be there`() throws {
        #expect(throws: AnalysisError.self) {
            try AnswerAnalyzer(configuration: AnalysisConfiguration(dictionary: .file("/nonexistent")))
        }
        #expect(throws: AnalysisError.self) {
            try AnswerAnalyzer(configuration: AnalysisConfiguration(dictionary: .file(#filePath)))
        }
        #expect(throws: AnalysisError.self) { try AnswerAnalyzer(configuration: .init(pauseThreshold: 0)) }
    }

    @Test func `hostile dictionaries do no harm`() throws {
        var random = SplitMix(seed: 5)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                Array(" \nAEB(12)x\u{0}".utf8).randomElement(using: &random) ?? 0
            }
            #expect(throws: AnalysisError.self) { try SyllableDictionary(bytes: bytes, name: "noise") }
        }
        // More words than slots: what fits is kept.
        let many = (0..<300_000).map { "w\($0) AH\n" }.joined()
        let dictionary = try SyllableDictionary(bytes: Array(many.utf8), name: "many")
        #expect(dictionary.count < 262_144)
        #expect(dictionary.syllables(WordHash.of("absent")) == nil)
    }
}
