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

    private let fillers: HashIndex
    /// The length of the longest filler, in bytes: longer words need no look-up.
    private let longestFiller: UInt32
    private let doubled: HashIndex
    /// Whether there is a list of filled pauses for the language.
    let knowsFillers: Bool

    /// The longest run of words that is recognised when it is said twice.
    private static let longestRepetition = 4

    /// Prepares the lists of a language.
    init(language: TextLanguage) {
        let list = Self.fillers[language.code]
        knowsFillers = list != nil
        fillers = HashIndex(of: list ?? [])
        longestFiller = UInt32(list?.map(\.utf8.count).max() ?? 0)
        doubled = HashIndex(of: language == .english ? EnglishLexicon.doubled : [])
    }

    /// Marks the words of a text.
    func mark(_ text: inout SpokenText) {
        var hasFillers = false
        if knowsFillers {
            text.words.withUnsafeMutableBufferPointer { words in
                for index in words.indices
                where words[index].length <= longestFiller && fillers.contains(words[index].hash) {
                    words[index].traits.insert(.filler)
                    hasFillers = true
                }
            }
        }
        // Fillers between two words don't matter for repetitions.
        let folded = text.folded
        guard hasFillers else {
            text.words.withUnsafeMutableBufferPointer { markRepairs($0, folded) }
            return
        }
        let places = text.words.indices.filter { !text.words[$0].traits.contains(.filler) }
        var spoken = places.map { text.words[$0] }
        spoken.withUnsafeMutableBufferPointer { markRepairs($0, folded) }
        for (place, word) in zip(places, spoken) { text.words[place].traits = word.traits }
    }

    /// Of a run that is said twice directly, without a mark between, the first is the repair.
    private func markRepairs(_ words: UnsafeMutableBufferPointer<SpokenWord>, _ folded: [UInt8]) {
        var index = 0
        while index + 1 < words.count {
            if let length = repetition(words, at: index) {
                for offset in 0..<length { words[index + offset].traits.insert(.repaired) }
                index += length
                continue
            }
            if words[index].traits.contains(.cutOff), isBegun(words[index], by: words[index + 1], folded) {
                words[index].traits.insert(.repaired)
            }
            index += 1
        }
    }

    /// The length of the shortest run of words at an index that comes twice.
    @inline(__always)
    private func repetition(_ words: UnsafeMutableBufferPointer<SpokenWord>, at index: Int) -> Int? {
        let first = words[index].hash
        if index &+ Self.longestRepetition < words.count, words[index &+ 1].hash != first,
            words[index &+ 2].hash != first, words[index &+ 3].hash != first, words[index &+ 4].hash != first
        {
            return nil  // The first word decides nearly always.
        }
        let longest = min(Self.longestRepetition, (words.count &- index) / 2)
        var length = 1
        while length <= longest {
            if words[index &+ length].hash == first, isRepetition(words, at: index, length) { return length }
            length &+= 1
        }
        return nil
    }

    private func isRepetition(_ words: UnsafeMutableBufferPointer<SpokenWord>, at index: Int, _ length: Int) -> Bool {
        var isOnPurpose = true
        for offset in 0..<length {
            let word = words[index + offset]
            if word.hash != words[index + length + offset].hash || word.traits.contains(.punctuated) { return false }
            if !doubled.contains(word.hash), !word.traits.contains(.spelled), word.digits == 0 { isOnPurpose = false }
        }
        return !isOnPurpose
    }

    /// Whether a word that was broken off is the beginning of the next one.
    private func isBegun(_ part: SpokenWord, by whole: SpokenWord, _ folded: [UInt8]) -> Bool {
        guard part.length <= whole.length else { return false }
        let first = folded[Int(part.start)..<Int(part.start + part.length)]
        let second = folded[Int(whole.start)..<Int(whole.start + part.length)]
        return first.elementsEqual(second)
    }
}
