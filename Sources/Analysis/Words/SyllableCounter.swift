// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Synchronization

/// Counts the syllables of English words: by the dictionary where it is installed, else by rules.
final class SyllableCounter: Sendable {
    private enum State {
        case unread
        case read(SyllableDictionary?)
    }

    private let source: AnalysisConfiguration.PronunciationDictionary
    // The dictionary is read at the first use: commands that never measure English don't pay for it.
    private let state: Mutex<State>

    /// Creates a counter; a dictionary that was asked for by its path is read at once.
    init(_ source: AnalysisConfiguration.PronunciationDictionary) throws(AnalysisError) {
        self.source = source
        switch source {
        case .file(let path): state = Mutex(.read(try SyllableDictionary(path: path)))
        case .none: state = Mutex(.read(nil))
        case .installed: state = Mutex(.unread)
        }
    }

    /// The dictionary, or nil where only the rules are there.
    var dictionary: SyllableDictionary? {
        state.withLock { state in
            if case .read(let dictionary) = state { return dictionary }
            let dictionary = try? SyllableDictionary(path: SyllableDictionary.installedPath)
            state = .read(dictionary)
            return dictionary
        }
    }

    /// Counts the syllables of all words of a text that have none yet.
    ///
    /// - Returns: Whether the dictionary was there.
    func count(in text: inout SpokenText) -> Bool {
        let dictionary = dictionary
        text.folded.withUnsafeBufferPointer { folded in
            for index in text.words.indices where text.words[index].syllables == 0 {
                let word = text.words[index]
                if let known = dictionary?.syllables(word.hash) {
                    text.words[index].syllables = known
                } else {
                    let bytes = UnsafeBufferPointer(
                        rebasing: folded[Int(word.start)..<Int(word.start) + Int(word.length)])
                    text.words[index].syllables = Int32(clamping: Self.unknown(bytes, dictionary))
                }
            }
        }
        return dictionary != nil
    }

    /// The syllables of a word, by its parts.
    static func syllables(_ word: UnsafeBufferPointer<UInt8>, _ dictionary: SyllableDictionary?) -> Int {
        if let base = word.baseAddress, let known = dictionary?.syllables(WordHash.of(base, count: word.count)) {
            return Int(known)
        }
        return unknown(word, dictionary)
    }

    private static func unknown(_ word: UnsafeBufferPointer<UInt8>, _ dictionary: SyllableDictionary?) -> Int {
        if word.contains(0x2D) {
            let parts = word.split(separator: 0x2D)
            return max(1, parts.reduce(0) { $0 + syllables(UnsafeBufferPointer(rebasing: $1), dictionary) })
        }
        let rules = EnglishSyllableRules(word: word)
        if word.count > 2, rules.ends("'s"), let base = word.baseAddress,
            let stem = dictionary?.syllables(WordHash.of(base, count: word.count - 2))
        {
            let bytes = UnsafeBufferPointer(rebasing: word[..<(word.count - 2)])
            return Int(stem) + (EnglishSyllableRules(word: bytes).endsInSibilant ? 1 : 0)
        }
        return EnglishSyllableRules.syllables(word)
    }
}
