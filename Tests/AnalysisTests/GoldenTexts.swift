// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Testing

/// What independent programs make of some texts (Tests/Fixtures/analysis/golden.py).
struct GoldenTexts: Decodable {
    struct Text: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var textstat: [String: Double]
        var counted: Counted
        var lexical: [String: Double]

        var testDescription: String { name }
    }

    struct Counted: Decodable {
        var words: Int
        var letters: Int
        var long: Int
        var sentences: Int
    }

    struct Rouge: Decodable, Sendable {
        var expected: String
        var said: String
        var recall: Double
        var f1: Double

        enum CodingKeys: String, CodingKey {
            case expected, said
            case recall = "rouge_l"
            case f1 = "rouge_l_f1"
        }
    }

    var texts: [Text]
    var rouge: [Rouge]

    static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/analysis/golden.json")
    /// Empty when the file can't be read, which a test of its own finds.
    static let all =
        (try? JSONDecoder().decode(GoldenTexts.self, from: Data(contentsOf: file))) ?? GoldenTexts(texts: [], rouge: [])
}
