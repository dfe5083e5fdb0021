// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Testing

@testable import Tokenizers

@Suite("CharacterClass")
struct CharacterClassTests {
    @Test func `agrees with the reference on every scalar of Unicode`() throws {
        let classes = try Golden.json("classes.json")
        var expected = [CharacterClass](repeating: .other, count: 0x11_0000)
        for (name, kind) in [("L", CharacterClass.letter), ("N", .number), ("S", .space)] {
            for range in try #require(classes[name]?.array) {
                let bounds = range.integers
                for code in bounds[0]...bounds[1] { expected[code] = kind }
            }
        }
        var different = 0
        for code in UInt32(0)..<0x11_0000 {
            guard let scalar = Unicode.Scalar(code) else { continue }
            if CharacterClass(scalar) != expected[Int(code)] { different += 1 }
        }
        #expect(different == 0)
    }
}
