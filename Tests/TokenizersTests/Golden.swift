// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import Testing
import Tokenizers

/// What the `tokenizers` library makes of some texts (Tests/Fixtures/tokenizers/golden.py).
enum Golden {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/tokenizers")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    static func lines(_ name: String) throws -> [[JSONValue]] {
        try bytes(name).split(separator: UInt8(ascii: "\n")).map { try #require(JSONValue(parsing: Array($0)).array) }
    }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: bytes(name), limits: JSONLimits(bytes: 1 << 20, depth: 8, stringBytes: 1 << 10))
    }

    static let tokenizer = Result { try ByteLevelBPE(tokenizerJSON: bytes("tokenizer.json")) }
}

extension JSONValue {
    /// The integers of an array.
    var integers: [Int] { (array ?? []).compactMap { $0.integer.map { Int($0) } } }
}

/// A random generator with a seed, so that a failing test can be run again (Steele et al. 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
