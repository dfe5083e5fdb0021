// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds added tokens in text: from the left, the longest at each place.
struct AddedTokenMatcher: Sendable {
    /// A part of the text.
    struct Part {
        var range: Range<Int>
        /// The added token that it is; nil for text.
        var id: Int?
    }

    private struct Node: Sendable {
        var children: [UInt8: Int] = [:]
        var token: Int?
    }

    private let tokens: [AddedToken]
    private var nodes = [Node()]

    /// Creates a matcher for some of the added tokens; those without content are never found.
    init(_ tokens: [AddedToken]) {
        self.tokens = tokens
        for (index, token) in tokens.enumerated() where !token.content.utf8.isEmpty {
            var node = 0
            for byte in token.content.utf8 {
                if let child = nodes[node].children[byte] {
                    node = child
                } else {
                    nodes.append(Node())
                    nodes[node].children[byte] = nodes.count - 1
                    node = nodes.count - 1
                }
            }
            nodes[node].token = index
        }
    }

    /// Cuts a part of the text at the added tokens in it.
    func split(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, into parts: inout [Part]) {
        var done = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound {
            guard let (token, end) = longestMatch(at: index, before: range.upperBound, in: text) else {
                index += 1
                continue
            }
            let match = index..<end
            index = end
            if token.isSingleWord, !isWord(match, in: text, range) { continue }
            var start = match.lowerBound
            var stop = match.upperBound
            if token.stripsLeft {
                while start > done, let (scalar, length) = scalar(before: start, from: done, in: text),
                    CharacterClass(scalar) == .space
                {
                    start -= length
                }
            }
            if token.stripsRight {
                while stop < range.upperBound {
                    let (scalar, length) = text.scalar(at: stop)
                    guard CharacterClass(scalar) == .space else { break }
                    stop += length
                }
            }
            if start > done { parts.append(Part(range: done..<start, id: nil)) }
            parts.append(Part(range: start..<stop, id: token.id))
            done = stop
            index = max(index, stop)
        }
        if done < range.upperBound { parts.append(Part(range: done..<range.upperBound, id: nil)) }
    }

    private func longestMatch(at start: Int, before end: Int, in text: UnsafeBufferPointer<UInt8>) -> (
        AddedToken, Int
    )? {
        var node = 0
        var found: (AddedToken, Int)?
        var index = start
        while index < end, let child = nodes[node].children[text[index]] {
            node = child
            index += 1
            if let token = nodes[node].token { found = (tokens[token], index) }
        }
        return found
    }

    private func isWord(_ match: Range<Int>, in text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        if let (before, _) = scalar(before: match.lowerBound, from: range.lowerBound, in: text),
            before.isWordCharacter
        {
            return false
        }
        return match.upperBound >= range.upperBound || !text.scalar(at: match.upperBound).0.isWordCharacter
    }

    private func scalar(before end: Int, from start: Int, in text: UnsafeBufferPointer<UInt8>) -> (
        Unicode.Scalar, Int
    )? {
        guard end > start else { return nil }
        var index = end - 1
        while index > start, text[index] & 0xC0 == 0x80 { index -= 1 }
        return (text.scalar(at: index).0, end - index)
    }
}

extension Unicode.Scalar {
    /// Whether this is `\w` (Unicode Technical Standard #18, annex C).
    fileprivate var isWordCharacter: Bool {
        if properties.isAlphabetic || properties.isJoinControl { return true }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
        default: false
        }
    }
}
