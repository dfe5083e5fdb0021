// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds filled pauses, immediate repetitions and words that were broken off.
struct Disfluencies: Sendable {
    /// Filled pauses by language. In languages without a list the recogniser's own marks are all there is.
    private static let fillers: [String: [String]] = [
        "en": EnglishLexicon.fillers,
        "de": ["äh", "ähm", "öh", "öhm", "hm", "mhm", "eh", "ehm"],
        "fr": ["euh", "heu", "hum", "hein", "bah", "ben"],
        "es": ["eh", "em", "ehm", "mmm", "este"],
        "it": ["eh", "ehm", "uhm", "mmm", "beh"],
        "nl": ["eh", "ehm", "uh", "uhm", "hm"],
        "pt": ["eh", "hum", "ahn", "hã", "né"],
    ]

    private let fillers: Set<UInt64>
    private let doubled: Set<UInt64>
    /// Whether there is a list of filled pauses for the language.
    let knowsFillers: Bool

    /// The longest run of words that is recognised when it is said twice.
    private static let longestRepetition = 4

    /// Prepares the lists of a language.
    init(language: TextLanguage) {
        let list = Self.fillers[language.code]
        knowsFillers = list != nil
        fillers = Set((list ?? []).map { WordHash.of($0 as String) })
        doubled = language == .english ? Set(EnglishLexicon.doubled.map { WordHash.of($0 as String) }) : []
    }

    /// Marks the words of a text.
    func mark(_ text: inout SpokenText) {
        if !fillers.isEmpty {
            for index in text.words.indices where fillers.contains(text.words[index].hash) {
                text.words[index].traits.insert(.filler)
            }
        }
        markRepairs(&text)
    }

    /// Of a run that is said twice the first is the repair; fillers between the two don't matter, marks do.
    private func markRepairs(_ text: inout SpokenText) {
        let hasFillers = text.words.contains { $0.traits.contains(.filler) }
        let spoken = hasFillers ? text.words.indices.filter { !text.words[$0].traits.contains(.filler) } : []
        let count = hasFillers ? spoken.count : text.words.count
        func word(_ index: Int) -> SpokenWord { text.words[hasFillers ? spoken[index] : index] }

        var index = 0
        while index + 1 < count {
            if let length = repetition(at: index, of: count, word: word) {
                for offset in 0..<length {
                    text.words[hasFillers ? spoken[index + offset] : index + offset].traits.insert(.repaired)
                }
                index += length
                continue
            }
            let current = word(index)
            if current.traits.contains(.cutOff), isBegun(current, by: word(index + 1), in: text) {
                text.words[hasFillers ? spoken[index] : index].traits.insert(.repaired)
            }
            index += 1
        }
    }

    private func repetition(at index: Int, of count: Int, word: (Int) -> SpokenWord) -> Int? {
        for length in 1...Self.longestRepetition {
            guard index + 2 * length <= count else { return nil }
            // The first word decides nearly always.
            guard word(index).hash == word(index + length).hash else { continue }
            let isSame = (0..<length).allSatisfy { offset in
                let first = word(index + offset)
                return first.hash == word(index + length + offset).hash && !first.traits.contains(.punctuated)
            }
            guard isSame else { continue }
            if length == 1, doubled.contains(word(index).hash) || word(index).traits.contains(.spelled) { continue }
            return length
        }
        return nil
    }

    /// Whether a word that was broken off is the beginning of the next one.
    private func isBegun(_ part: SpokenWord, by whole: SpokenWord, in text: SpokenText) -> Bool {
        guard part.length <= whole.length else { return false }
        let first = text.folded[Int(part.start)..<Int(part.start + part.length)]
        let second = text.folded[Int(whole.start)..<Int(whole.start + part.length)]
        return first.elementsEqual(second)
    }
}
