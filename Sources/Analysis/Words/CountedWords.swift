// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The words that readability, vocabulary and similarity are measured on: those of a text without fillers, false
/// starts and immediate repetitions.
struct CountedWords {
    /// The words; those that end a sentence are marked.
    let words: [SpokenWord]
    /// What the readability formulas count.
    let counts: TextCounts

    /// Leaves out what is pruned, and counts. Syllables must have been counted before.
    init(_ text: SpokenText) {
        if text.words.contains(where: { !$0.traits.isDisjoint(with: .pruned) }) {
            var kept: [SpokenWord] = []
            kept.reserveCapacity(text.words.count)
            for word in text.words {
                if word.traits.isDisjoint(with: .pruned) {
                    kept.append(word)
                } else if word.traits.contains(.endsSentence), let last = kept.indices.last {
                    kept[last].traits.insert(.endsSentence)
                }
            }
            words = kept
        } else {
            words = text.words
        }
        counts = Self.count(words, text)
    }

    private static func count(_ words: [SpokenWord], _ text: SpokenText) -> TextCounts {
        var counts = TextCounts()
        var isFirst = true
        for word in words {
            let syllables = Int(word.syllables)
            counts.letters += Int(word.letters)
            counts.characters += Int(word.letters) + Int(word.digits)
            counts.syllables += syllables
            if syllables == 1 { counts.monosyllables += 1 }
            if syllables >= 3 {
                counts.polysyllables += 1
                if isComplex(word, isFirst: isFirst, text) { counts.complexWords += 1 }
            }
            if word.letters > 6 { counts.longWords += 1 }
            isFirst = word.traits.contains(.endsSentence)
            if isFirst { counts.sentences += 1 }
        }
        counts.words = words.count
        if !words.isEmpty, !isFirst { counts.sentences += 1 }
        return counts
    }

    /// Whether the fog index counts a word of three syllables or more (Gunning 1952).
    static func isComplex(_ word: SpokenWord, isFirst: Bool, _ text: SpokenText) -> Bool {
        // Inside a sentence a capital letter makes a name. Recognisers that write no capitals have no names left out.
        if word.traits.contains(.capitalised), !isFirst { return false }
        return text.folded.withUnsafeBufferPointer { folded in
            let bytes = UnsafeBufferPointer(rebasing: folded[Int(word.start)..<Int(word.start) + Int(word.length)])
            if word.traits.contains(.compound) {
                return bytes.split(separator: 0x2D).contains {
                    EnglishSyllableRules.syllables(UnsafeBufferPointer(rebasing: $0)) >= 3
                }
            }
            return word.syllables > 3 || !EnglishSyllableRules(word: bytes).endsInInflectedSyllable
        }
    }
}

extension EnglishSyllableRules {
    /// Whether the word ends in -es, -ed or -ing spoken as a syllable of its own.
    fileprivate var endsInInflectedSyllable: Bool {
        if ends("ing") || ends("ted") || ends("ded") { return true }
        return ["ses", "xes", "zes", "ces", "ges", "ches", "shes"].contains { ends($0) }
    }
}
