// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A sentence as it was written, without fillers and repetitions: what a text encoder reads.
struct WrittenSentence {
    /// The words with their punctuation, a space between each.
    var text = ""
    /// How many words there are.
    var wordCount = 0
    /// Where the words are in the transcript; of a typed text, those that stand between white space.
    var words: Range<Int>
    /// Where the words are among those that the scan has found.
    var scanned = 0..<0

    /// The sentences of words that a scan has found and marked.
    ///
    /// - Parameters:
    ///   - pieces: The words as they were written.
    ///   - text: What was found in them.
    static func sentences(of pieces: [String], _ text: SpokenText) -> [WrittenSentence] {
        var sentences: [WrittenSentence] = []
        var current: WrittenSentence?
        var index = 0
        while index < text.words.count {
            let position = Int(text.words[index].position)
            let first = index
            var isKept = false
            var isLast = false
            while index < text.words.count, Int(text.words[index].position) == position {
                let traits = text.words[index].traits
                if traits.isDisjoint(with: .pruned) { isKept = true }
                if traits.contains(.endsSentence) { isLast = true }
                index += 1
            }
            if isKept, pieces.indices.contains(position) {
                var sentence =
                    current ?? WrittenSentence(words: position..<position, scanned: first..<first)
                if !sentence.text.isEmpty { sentence.text += " " }
                sentence.text += pieces[position]
                sentence.wordCount += 1
                sentence.words = sentence.words.lowerBound..<position + 1
                sentence.scanned = sentence.scanned.lowerBound..<index
                current = sentence
            }
            if isLast, let sentence = current {
                sentences.append(sentence)
                current = nil
            }
        }
        if let current { sentences.append(current) }
        return sentences
    }
}
