// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Analysis

@Suite struct `Drugs` {
    /// Names as `scripts/drug-names` writes them, with their neighbours in sound.
    static let vocabulary = Result {
        try DrugVocabulary(
            bytes: Array(
                """
                # Names of drugs
                alesion\tepinastine\t1
                all clear\tnaphazoline\t1
                amoxicillin\tamoxicillin\t1
                folic acid\tfolic acid\t1
                hydralazine\thydralazine\t1
                hydroxyzine\thydroxyzine\t1
                ibuprofen\tibuprofen\t1
                glyburide\tglyburide\t1
                insulin\tinsulin\t1
                insulin glargine\tinsulin glargine\t1
                morphine\tmorphine\t1
                oxytocic\toxytocin\t1
                paracetamol\tacetaminophen\t1
                tylenol\tacetaminophen\t1
                tylenol 3\tacetaminophen and codeine\t1
                warfarin\twarfarin\t1
                water\twater\t0
                zyxabcin\tzyxabcin\t0
                """.utf8), name: "test")
    }

    static let ordinary: Set<String> = [
        "take", "the", "water", "with", "all", "clear", "acid", "a", "far", "pain", "doctor", "of", "glass", "war",
        "lesion", "she", "has",
    ]

    func mentions(_ text: String) throws -> [String] {
        let finder = try DrugFinder(vocabulary: Self.vocabulary.get()) { Self.ordinary.contains($0) }
        let words = text.split(separator: " ").map(String.init)
        return finder.mentions(in: words).map {
            "\(words[$0.words].joined(separator: " ")) = \($0.drug)\($0.isRespelled ? " respelled" : "")"
        }
    }

    @Test(arguments: [
        ("take tylenol", ["tylenol = paracetamol"]),
        ("glyburide and tylenol 3", ["glyburide = glibenclamide", "tylenol 3 = paracetamol and codeine"]),
        ("she has a lesion", []),
        ("morfin", ["morfin = morphine respelled"]),
        ("st john's wort and movicol", ["st john's wort = st john's wort", "movicol = macrogol"]),
        ("oxytocin", ["oxytocin = oxytocin"]),
        ("insulin glargine", ["insulin glargine = insulin glargine"]),
        ("folic acid with a glass of water", ["folic acid = folic acid"]),
        ("paracetemol", ["paracetemol = paracetamol respelled"]),
        ("a moxicillin", ["a moxicillin = amoxicillin respelled"]),
        ("war farin", ["war farin = warfarin respelled"]),
        ("hydralazine and hydroxyzine", ["hydralazine = hydralazine", "hydroxyzine = hydroxyzine"]),
        ("all clear", []),
        ("zyxabcine", []),
        ("the doctor", []),
        ("", []),
    ])
    func `Names and brands are found, also as recognisers write them, and ordinary words are not`(
        text: String, found: [String]
    ) throws {
        #expect(try mentions(text) == found)
    }

    @Test func `Spellings of one sound have one key`() {
        for (first, second) in [("kodeine", "codeine"), ("amoxicilin", "amoxicillin"), ("ibuprophen", "ibuprofen")] {
            #expect(PhoneticKey.of(first) == PhoneticKey.of(second))
        }
        #expect(PhoneticKey.of("warfarin") != PhoneticKey.of("ibuprofen"))
        #expect(PhoneticKey.of("") == [])
        #expect(PhoneticKey.of("chicken", "pocks") == PhoneticKey.of("chickenpocks"))
        #expect(PhoneticKey.of("sc", "ience-x") == PhoneticKey.of("sciencex"))
    }

    @Test func `Edit distance counts a swap of neighbours as one and gives up at its limit`() {
        #expect(EditDistance.between(Array("codiene".utf8), Array("codeine".utf8), limit: 2) == 1)
        #expect(EditDistance.between(Array("kitten".utf8), Array("sitting".utf8), limit: 3) == 3)
        #expect(EditDistance.between(Array("kitten".utf8), Array("sitting".utf8), limit: 2) == nil)
        #expect(EditDistance.between([], [], limit: 0) == 0)
        #expect(EditDistance.between([], [1, 2], limit: 2) == 2)
    }

    @Test(arguments: ["", "no tabs", "a\tb", "\tb\t1", "a\t\t1"])
    func `A file that is no list of names is refused`(line: String) {
        #expect(throws: AnalysisError.self) { try DrugVocabulary(bytes: Array(line.utf8), name: "x") }
    }

    @Test(.enabled(if: DrugMisspellings.names != nil, "scripts/bootstrap could not fetch the list"))
    func `Ninety-five of a hundred misspellings and other words are taken for what they are`() throws {
        let dictionary = try SyllableDictionary(path: SyllableDictionary.installedPath)
        let vocabulary = try DrugVocabulary(path: #require(DrugMisspellings.names))
        let finder = DrugFinder(vocabulary: vocabulary) { dictionary.knows($0) }
        var wrong: [String] = []
        let rows = try DrugMisspellings.all()
        for (written, drug) in rows {
            let words = written.split(separator: " ").map(String.init)
            let found = finder.mentions(in: words)
            // Some spellings are names in other languages: those are found as such.
            let agrees =
                found.map(\.drug) == (drug.map { [$0] } ?? []) && found.allSatisfy { $0.words == words.indices }
            if !agrees { wrong.append("\(written): \(found.map(\.drug))") }
        }
        #expect(rows.count == 100 && wrong.count <= 5, "\(wrong)")
    }
}
