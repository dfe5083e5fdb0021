// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing
import Tokenizers

@testable import TextEncoders

@Suite("LetterCase")
struct LetterCaseTests {
    @Test(arguments: [
        ("take Paris WHO mRNA McDonald I 5 Ärzte", [0, 1, 2, 3, 3, 1, 0, 1] as [Int32], 0 as Int32),
        ("no capitals here", [4, 4, 4], 4), ("", [], 4),
    ])
    func `tells how words are written`(_ text: String, _ expected: [Int32], _ around: Int32) throws {
        let tokenizer = try TextTokenizer(folder: "\(EncoderGolden.fixtures)/bert")
        let tokens = tokenizer.tokenize(text)
        let types = LetterCase(text, tokens)
        #expect(types.around == around)
        let words = zip(types.types, tokens.continues).filter { !$0.1 }.map(\.0)
        #expect(words == expected)
        // The pieces of a word have its type.
        for index in tokens.continues.indices where tokens.continues[index] {
            #expect(types.types[index] == types.types[index - 1])
        }
    }
}
