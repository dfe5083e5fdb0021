// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc

/// The texts that a recogniser considered for one stretch of speech: the one that was written, then the others, the most
/// probable first.
///
/// ```swift
/// for (hypothesis, probability) in zip(list.hypotheses, list.probabilities) { print(hypothesis.text, probability) }
/// ```
public struct NBestList: Sendable, Hashable {
    /// A text.
    public struct Hypothesis: Sendable, Hashable {
        /// What it says.
        public var text: String
        /// Its words with their punctuation, as the transcript's are cut.
        public var words: [String]
        /// The natural logarithm of the probability that the model gives to the whole text, its timestamps and its end.
        public var logProbability: Double

        /// Creates a hypothesis.
        public init(text: String, words: [String], logProbability: Double) {
            self.text = text
            self.words = words
            self.logProbability = logProbability
        }
    }

    /// Another word in the place of one that was written.
    public struct WordAlternative: Sendable, Hashable {
        /// The word; empty where nothing is said instead.
        public var word: String
        /// The probability of the hypotheses that say so among those of the list, 0...1.
        public var probability: Double

        /// Creates an alternative.
        public init(word: String, probability: Double) {
            self.word = word
            self.probability = probability
        }
    }

    /// The segments of the transcript that were written for this stretch.
    public var segments: Range<Int>
    /// What was written, then the other texts, the most probable first. Never empty.
    public var hypotheses: [Hypothesis]

    /// Creates a list.
    public init(segments: Range<Int>, hypotheses: [Hypothesis]) {
        self.segments = segments
        self.hypotheses = hypotheses
    }

    /// How probable each hypothesis is if one of the list is right, 0...1.
    public var probabilities: [Double] {
        let greatest = hypotheses.map(\.logProbability).max() ?? 0
        let weights = hypotheses.map { exp($0.logProbability - greatest) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// What the other hypotheses have in the place of each word that was written, the most probable first.
    ///
    /// Words are the same when they differ in case and punctuation only. What a hypothesis says in addition, between two
    /// words, is in nobody's place.
    public var wordAlternatives: [[WordAlternative]] {
        guard let written = hypotheses.first else { return [] }
        let reference = written.words.map(Self.key)
        var found = reference.map { _ in [String: WordAlternative]() }
        for (hypothesis, probability) in zip(hypotheses, probabilities).dropFirst() {
            let keys = hypothesis.words.map(Self.key)
            for run in WordAlignment(reference: reference, hypothesis: keys).runs
            where run.operation == .substitute || run.operation == .delete {
                for (offset, place) in run.reference.enumerated() {
                    let index = run.operation == .substitute ? run.hypothesis.lowerBound + offset : nil
                    let key = index.map { keys[$0] } ?? ""
                    let word = index.map { hypothesis.words[$0] } ?? ""
                    found[place][key, default: WordAlternative(word: word, probability: 0)].probability += probability
                }
            }
        }
        return found.map { words in
            words.values.sorted {
                $0.probability == $1.probability ? $0.word < $1.word : $0.probability > $1.probability
            }
        }
    }

    private static func key(_ word: String) -> String { TextNormalization.words(of: word).joined(separator: " ") }
}
