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
        counts = Self.count(words[...], text)
    }

    /// The sentences, as ranges of ``words``, with what the formulas count in each.
    func sentences(in text: SpokenText) -> [(words: Range<Int>, counts: TextCounts)] {
        var sentences: [(words: Range<Int>, counts: TextCounts)] = []
        var start = 0
        for index in words.indices where words[index].traits.contains(.endsSentence) || index == words.count - 1 {
            sentences.append((start..<index + 1, Self.count(words[start...index], text)))
            start = index + 1
        }
        return sentences
    }

    private static func count(_ words: ArraySlice<SpokenWord>, _ text: SpokenText) -> TextCounts {
        var counts = TextCounts()
        var isFirst = true
        for word in words {
            let syllables = Int(word.syllables)
            counts.letters += Int(word.letters)
            counts.characters += Int(word.letters) + Int(word.digits)
            counts.syllables += syllables
            counts.monosyllables += syllables == 1 ? 1 : 0
            if syllables >= 3 {
                counts.polysyllables += 1
                if isComplex(word, isFirst: isFirst, text) { counts.complexWords += 1 }
            }
            counts.longWords += word.letters > 6 ? 1 : 0
            isFirst = word.traits.contains(.endsSentence)
            counts.sentences += isFirst ? 1 : 0
        }
        counts.words = words.count
        if !words.isEmpty, !isFirst { counts.sentences += 1 }
        return counts
    }

    /// Whether the fog index counts a word of three syllables or more (Gunning 1952).
    static func isComplex(_ word: SpokenWord, isFirst: Bool, _ text: SpokenText) -> Bool {
        // Inside a sentence a capital letter makes a name. Recognisers that write no capitals have no names left out.
        if word.traits.contains(.capitalised), !isFirst { return false }
        let isCompound = word.traits.contains(.compound)
        if !isCompound, word.syllables > 3 { return true }
        return text.folded.withUnsafeBufferPointer { folded in
            let bytes = UnsafeBufferPointer(rebasing: folded[Int(word.start)..<Int(word.start) + Int(word.length)])
            if isCompound {
                var hasComplexPart = false
                SyllableCounter.forEachPart(of: bytes) { part in
                    // Three syllables take four letters (area).
                    if part.count > 3, EnglishSyllableRules.syllables(part) >= 3 { hasComplexPart = true }
                }
                return hasComplexPart
            }
            return !EnglishSyllableRules(word: bytes).endsInInflectedSyllable
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
