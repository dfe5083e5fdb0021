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
