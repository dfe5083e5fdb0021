// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Synchronization

/// Counts syllables: of English words by the dictionary where it is installed, of all others by rules.
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

    /// Counts the syllables of all words of a text that have none yet, where they can be counted in its language.
    ///
    /// - Returns: Whether what the language is best counted with was there.
    func count(in text: inout SpokenText, _ language: TextLanguage) -> Bool {
        if language == .english { return countEnglish(in: &text) }
        guard let rules = SyllableRules(language) else { return false }
        text.folded.withUnsafeBufferPointer { folded in
            text.words.withUnsafeMutableBufferPointer { words in
                for index in words.indices {
                    let start = Int(words[index].start)
                    let bytes = UnsafeBufferPointer(rebasing: folded[start..<(start + Int(words[index].length))])
                    words[index].syllables = Int32(clamping: rules.syllables(bytes))
                }
            }
        }
        return true
    }

    private func countEnglish(in text: inout SpokenText) -> Bool {
        let dictionary = dictionary
        let folded = text.folded
        folded.withUnsafeBufferPointer { folded in
            text.words.withUnsafeMutableBufferPointer { words in
                for index in words.indices where words[index].syllables == 0 {
                    if let known = dictionary?.syllables(words[index].hash) {
                        words[index].syllables = known
                    } else {
                        let start = Int(words[index].start)
                        let bytes = UnsafeBufferPointer(rebasing: folded[start..<(start + Int(words[index].length))])
                        words[index].syllables = Int32(clamping: Self.unknown(bytes, dictionary))
                    }
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
            var sum = 0
            forEachPart(of: word) { sum += syllables($0, dictionary) }
            return max(1, sum)
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

    /// Calls a function for each part of a word that hyphens join.
    @inline(__always)
    static func forEachPart(of word: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var start = 0
        for end in 0...word.count where end == word.count || word[end] == 0x2D {
            if end > start { body(UnsafeBufferPointer(rebasing: word[start..<end])) }
            start = end + 1
        }
    }
}
