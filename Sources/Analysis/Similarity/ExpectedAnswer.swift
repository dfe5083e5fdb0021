// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What an answer is compared with.
public struct ExpectedAnswer: Sendable, Hashable {
    /// The answer that the educator expects.
    public var text: String
    /// Its language (BCP 47); nil when it is that of the answer.
    public var language: String?
    /// All expected answers of this language, which tell rare words from common ones; may include the text itself.
    public var bank: [String]

    /// Creates an expected answer. Without a bank, every word that it contains weighs the same.
    public init(text: String, language: String? = nil, bank: [String] = []) {
        self.text = text
        self.language = language
        self.bank = bank
    }
}
