// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Turns words into the terms that answers are compared by.
struct Terms: Sendable {
    private let language: TextLanguage
    private let ignored: HashIndex

    /// Prepares the rules of a language.
    init(language: TextLanguage) {
        self.language = language
        if language == .english {
            let polarity = Set(EnglishLexicon.polarity)
            ignored = HashIndex(of: EnglishLexicon.functionWords.filter { !polarity.contains($0) })
        } else {
            ignored = HashIndex(of: [])
        }
    }

    /// Whether a word is left out of the cosine: function words, but for those that turn a statement round.
    func isIgnored(_ word: SpokenWord) -> Bool { ignored.contains(word.hash) }

    /// The digest of a word without its plural or possessive ending.
    ///
    /// The light stemmer of Harman (1991): -ies becomes -y, and a last -s goes, unless it belongs to the word.
    func stem(_ word: SpokenWord, in text: SpokenText) -> UInt64 {
        guard language == .english else { return word.hash }
        return text.folded.withUnsafeBufferPointer { folded in
            guard let base = folded.baseAddress else { return word.hash }
            let start = base + Int(word.start)
            var length = Int(word.length)
            if length > 2, start[length - 1] == 0x73, start[length - 2] == 0x27 {
                length -= 2
            } else if length > 1, start[length - 1] == 0x27 {
                length -= 1
            }
            guard length > 3, start[length - 1] == 0x73 else {
                return length == Int(word.length) ? word.hash : WordHash.of(start, count: length)
            }
            let before = start[length - 2]
            let third = start[length - 3]
            if before == 0x65, third == 0x69, length > 4, start[length - 4] != 0x65, start[length - 4] != 0x61 {
                return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { buffer in
                    for offset in 0..<(length - 3) { buffer[offset] = start[offset] }
                    buffer[length - 3] = 0x79
                    return buffer.baseAddress.map { WordHash.of($0, count: length - 2) } ?? word.hash
                }
            }
            let belongs =
                before == 0x75 || before == 0x73 || before == 0x69
                || (before == 0x65 && (third == 0x61 || third == 0x65 || third == 0x6F))
            return WordHash.of(start, count: belongs ? length : length - 1)
        }
    }
}
