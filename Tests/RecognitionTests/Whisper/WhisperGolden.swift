// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import Testing
import Tokenizers

@testable import Recognition

/// What openai-whisper makes of some input (Tests/Fixtures/tokenizers and Tests/Fixtures/whisper).
enum WhisperGolden {
    static func json(_ path: String) throws -> JSONValue {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures")
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: path)))
        return try JSONValue(parsing: bytes, limits: JSONLimits(bytes: 1 << 20, depth: 16, stringBytes: 1 << 16))
    }

    static let tokenizer = Result {
        try WhisperTokenizer(ByteLevelBPE(tokenizerJSON: json("tokenizers/tokenizer.json").utf8))
    }
}

extension JSONValue {
    /// The integers of an array.
    var integers: [Int] { (array ?? []).compactMap { $0.integer.map { Int($0) } } }

    /// The numbers of an array; `null` is minus infinity.
    var floats: [Float] { (array ?? []).map { $0.double.map { Float($0) } ?? -.infinity } }

    /// The numbers of an array.
    var doubles: [Double] { (array ?? []).compactMap(\.double) }
}

extension String {
    /// Whether all bytes are the same; `==` takes other spellings of the same character for equal.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Double {
    /// e to the power of this.
    var exponential: Double { exp(self) }
}
