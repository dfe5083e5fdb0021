// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Tokens of a text, with the places in it that they were made of.
public struct TokenizedText: Sendable, Hashable {
    /// The tokens' ids.
    public var ids: [Int] = []
    /// For each token the bytes of the text's UTF-8 that it was made of: whole characters, so that tokens which share a
    /// character overlap.
    public var offsets: [Range<Int>] = []
    /// For each token whether it goes on with the word of the one before it.
    public var continues: [Bool] = []

    /// Creates a text without tokens.
    public init() {}

    /// How many tokens there are.
    public var count: Int { ids.count }

    /// Adds a token.
    mutating func append(_ id: Int, _ range: Range<Int>, continues: Bool = false) {
        ids.append(id)
        offsets.append(range)
        self.continues.append(continues)
    }

    /// Takes the tokens from an index on away again.
    mutating func removeTokens(from index: Int) {
        ids.removeSubrange(index...)
        offsets.removeSubrange(index...)
        continues.removeSubrange(index...)
    }
}
