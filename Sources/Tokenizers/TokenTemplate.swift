// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The tokens that a model expects around a text (`post_processor` in a `tokenizer.json`).
public struct TokenTemplate: Sendable, Hashable {
    /// Those before the text.
    public var before: [Int] = []
    /// Those after the text.
    public var after: [Int] = []
    /// Whether the blanks at the ends of tokens are left out of their offsets (byte-level BPE).
    var trimsOffsets = false
    /// Whether a blank before the first token was put there by the tokenizer, so that it has no place to leave out.
    var addsPrefixSpace = false

    /// Some tokens of a text, with those around it.
    public func frame(_ ids: some Collection<Int>) -> [Int] { before + ids + after }

    /// Leaves the blanks that tokens begin and end with out of their offsets.
    ///
    /// - Parameter blanks: How many blanks a token begins and ends with.
    func trim(_ text: inout TokenizedText, blanks: (Int) -> (leading: Int, trailing: Int)) {
        guard trimsOffsets else { return }
        for index in text.ids.indices {
            var (leading, trailing) = blanks(text.ids[index])
            let range = text.offsets[index]
            if addsPrefixSpace, index == 0 || range.lowerBound == 0 { leading = 0 }
            let start = min(range.lowerBound + leading, range.upperBound)
            if range.upperBound < trailing { trailing = 0 }
            text.offsets[index] = start..<max(range.upperBound - trailing, start)
        }
    }
}
