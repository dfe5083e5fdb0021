// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Testing

/// What an independent script makes of texts in nine languages (Tests/Fixtures/analysis/languages.py).
struct GoldenLanguage: Decodable, Sendable, CustomTestStringConvertible {
    struct Textstat: Decodable {
        var values: [String: Double]
        var syllables: Int?
        var polysyllables: Int?
        var monosyllables: Int?
    }

    var language: String
    var text: String
    var words: Int
    var sentences: Int
    var letters: Int
    var long: Int
    var syllables: Int?
    var polysyllables: Int?
    var monosyllables: Int?
    var wordsSyllables: [String: Int]?
    var formulas: [String: Double]?
    var textstat: Textstat

    enum CodingKeys: String, CodingKey {
        case language, text, words, sentences, letters, long, syllables, polysyllables, monosyllables, formulas,
            textstat
        case wordsSyllables = "words_syllables"
    }

    var testDescription: String { language }

    /// Empty when the file can't be read, which a test of its own finds.
    static let all: [GoldenLanguage] = {
        let file = GoldenTexts.file.deletingLastPathComponent().appending(path: "languages.json")
        return (try? JSONDecoder().decode([GoldenLanguage].self, from: Data(contentsOf: file))) ?? []
    }()
}
