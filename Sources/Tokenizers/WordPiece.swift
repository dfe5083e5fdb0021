// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// WordPiece: of each word the longest token that it begins with, then the longest that continues it, and so on
/// (Devlin et al. 2019; Wu et al. 2016, 4.1).
struct WordPiece: SubwordModel {
    /// The tokens, those that continue a word with the prefix before them.
    let trie: PrefixTrie
    /// Where in the trie the tokens begin that continue a word; nil when there are none.
    let continuation: Int32?
    /// The token of a word that can't be made of others.
    let unknown: Int
    /// Words of more characters are unknown.
    let longestWord: Int

    func encode(_ pieces: [Range<Int>], of text: AlignedText, into result: inout TokenizedText) {
        text.bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces {
                let first = result.count
                if !encode(piece, bytes, text, into: &result) {
                    result.removeTokens(from: first)
                    result.append(unknown, text.origin(of: piece))
                }
            }
        }
    }

    private func encode(
        _ word: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, _ text: AlignedText, into result: inout TokenizedText
    ) -> Bool {
        if word.count > longestWord, word.count(where: { bytes[$0] & 0xC0 != 0x80 }) > longestWord { return false }
        var start = word.lowerBound
        var node = PrefixTrie.root
        while start < word.upperBound {
            guard let (token, end) = trie.longest(from: node, bytes, start..<word.upperBound) else { return false }
            result.append(Int(token), text.origin(of: start..<end), continues: start > word.lowerBound)
            start = end
            guard start < word.upperBound else { break }
            guard let continuation else { return false }
            node = continuation
        }
        return true
    }
}
