// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A token that is not made by merging: it stands for its content as a whole, such as `<|endoftext|>`.
///
/// The members are those of `added_tokens` in a `tokenizer.json`.
public struct AddedToken: Sendable, Hashable {
    /// The token's id.
    public var id: Int
    /// The text that it stands for.
    public var content: String
    /// Whether it is a mark of the model's format rather than text; ``ByteLevelBPE/decode(_:skippingSpecialTokens:)``
    /// can leave those out.
    public var isSpecial: Bool
    /// Whether it is found only where no letter or digit touches it.
    public var isSingleWord: Bool
    /// Whether it swallows white space before it.
    public var stripsLeft: Bool
    /// Whether it swallows white space after it.
    public var stripsRight: Bool
    /// Whether it is looked for after those that are not.
    public var isNormalized: Bool

    /// Creates an added token.
    public init(
        id: Int, content: String, isSpecial: Bool = false, isSingleWord: Bool = false, stripsLeft: Bool = false,
        stripsRight: Bool = false, isNormalized: Bool = false
    ) {
        self.id = id
        self.content = content
        self.isSpecial = isSpecial
        self.isSingleWord = isSingleWord
        self.stripsLeft = stripsLeft
        self.stripsRight = stripsRight
        self.isNormalized = isNormalized
    }
}
