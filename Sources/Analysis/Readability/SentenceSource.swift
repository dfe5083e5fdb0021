// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Where the sentences of an answer come from. Readability is only as good as they are.
enum SentenceSource: Sendable {
    /// Punctuation that a person wrote.
    case human
    /// Punctuation that a model wrote.
    case model
    /// Long pauses between words.
    case pauses
    /// There is neither punctuation nor a pause: sentences can't be told.
    case none

    /// What it is, for the evidence of the sentence count.
    var note: String {
        switch self {
        case .human: "a person's punctuation"
        case .model: "the recogniser's punctuation"
        case .pauses: "a long pause"
        case .none: "the whole text"
        }
    }

    /// The longest mean sentence, in words, that punctuation or pauses are believed to be complete for.
    static let longestMeanSentence = 60
}

extension SpokenText {
    /// Sets the sentence ends where long silences are.
    ///
    /// - Parameters:
    ///   - gaps: The silence after each word of the transcript, in milliseconds, by position.
    ///   - shortest: The shortest silence that ends a sentence.
    ///   - words: The fewest words of a sentence.
    /// - Returns: Whether there is at least one such silence.
    mutating func markSentences(at gaps: [Int], shortest: Int, words minimum: Int) -> Bool {
        var last: Int?
        var length = 0
        var ends: [Int] = []
        for index in words.indices {
            words[index].traits.remove(.endsSentence)
            guard words[index].traits.isDisjoint(with: .pruned) else { continue }
            if let last {
                let silence = gaps[Int(words[last].position)..<Int(words[index].position)].max() ?? 0
                if silence >= shortest, length >= minimum {
                    ends.append(last)
                    length = 0
                }
            }
            last = index
            length += 1
        }
        // A short rest belongs to the sentence before it.
        if length < minimum, !ends.isEmpty { ends.removeLast() }
        for index in ends { words[index].traits.insert(.endsSentence) }
        return !ends.isEmpty
    }
}
