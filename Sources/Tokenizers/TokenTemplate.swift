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

    /// Leaves the blanks that a token begins and ends with out of its place.
    ///
    /// - Parameters:
    ///   - isFirst: Whether it is the first token.
    ///   - leading: The bytes of the blanks that it begins with.
    ///   - trailing: The bytes of the blanks that it ends with.
    func trim(_ range: Range<Int>, isFirst: Bool, leading: Int, trailing: Int) -> Range<Int> {
        guard trimsOffsets else { return range }
        let isKept = addsPrefixSpace && (isFirst || range.lowerBound == 0)
        let start = isKept ? range.lowerBound : min(range.lowerBound + leading, range.upperBound)
        return start..<max(range.upperBound < trailing ? range.upperBound : range.upperBound - trailing, start)
    }
}
