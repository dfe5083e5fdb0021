// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// How close the sentences of an answer are to the wordings of key points: by words, and by meaning where there is a model.
struct Meanings: Sendable {
    /// How close some sentences and a key point are by meaning.
    struct Closeness: Sendable {
        /// The cosine of the vectors of the sentences and the closest wording.
        var cosine: Double
        /// How much of the closest wording's meaning the sentences have, word for word.
        var words: Double
        /// The same with words that other key points have too counting less.
        var ownWords: Double
        /// How much of the sentences' meaning the wording has.
        var back: Double
    }

    /// How close both are by the words that they have in common.
    let wording: WordingCosine
    /// What a model makes of the sentences and of each wording; nil without one.
    private let vectors: (said: [[Float]], wanted: [[[Float]]])?
    /// Each wording beside the sentences, by key point; nil without the model that the learned judge knows.
    private let comparisons: [[Comparison]]?

    /// A wording beside all sentences, word for word.
    private struct Comparison: Sendable {
        let wording: TokenStates
        /// What each of its tokens counts where words that other key points have too count less.
        let discount: [Double]
        /// For each sentence the cosine of the token that is closest to each of the wording's.
        private(set) var nearest: [[Float]] = []
        /// For each sentence how much of its meaning the wording has.
        private(set) var back: [Double] = []

        init(_ wording: TokenStates, frequency: [Int: Int]) {
            self.wording = wording
            discount = wording.ids.map { 1 / Double(max(1, frequency[$0] ?? 1)) }
        }

        mutating func add(_ sentence: TokenStates) {
            let pair = wording.nearest(sentence)
            nearest.append(pair.own)
            back.append(sentence.share(pair.other))
        }
    }

    init(of answer: ReadAnswer, _ keyPoints: [ReadKeyPoint], knowledge: WordKnowledge, language: String) {
        wording = WordingCosine(answer.terms, keyPoints)
        let texts = keyPoints.flatMap { $0.wordings.map(\.text) }
        // Where the model can't be used there is no similarity by meaning, and the words decide.
        guard !answer.sentences.isEmpty,
            let wanted = (try? knowledge.readings(of: texts, language: language)) ?? nil
        else {
            vectors = nil
            comparisons = nil
            return
        }
        var rest = wanted[...]
        let wordings = keyPoints.map { keyPoint in
            defer { rest = rest.dropFirst(keyPoint.wordings.count) }
            return Array(rest.prefix(keyPoint.wordings.count))
        }
        let isWordForWord = knowledge.embedder(for: language) == LearnedJudge.model
        var comparisons: [[Comparison]] = []
        if isWordForWord {
            var frequency: [Int: Int] = [:]
            for labels in wordings { for id in Set(labels.first?.states.ids ?? []) { frequency[id, default: 0] += 1 } }
            comparisons = wordings.map { $0.map { Comparison($0.states, frequency: frequency) } }
        }
        var said: [[Float]] = []
        for slice in SentenceReading.slices(of: answer.sentences) {
            let some = Array(answer.sentences[slice])
            guard let readings = (try? knowledge.readings(of: some, language: language)) ?? nil else { break }
            for reading in readings {
                said.append(reading.vector)
                for point in comparisons.indices {
                    for index in comparisons[point].indices { comparisons[point][index].add(reading.states) }
                }
            }
        }
        let isRead = said.count == answer.sentences.count
        vectors = isRead ? (said, wordings.map { $0.map(\.vector) }) : nil
        self.comparisons = isRead && isWordForWord ? comparisons : nil
    }

    /// The cosine of the vectors of some sentences and the closest wording of a key point; nil without a model.
    func cosine(_ sentences: Range<Int>, _ keyPoint: Int) -> Double? {
        guard let vectors, !vectors.wanted[keyPoint].isEmpty else { return nil }
        let mean = mean(of: sentences, vectors.said)
        return vectors.wanted[keyPoint].map { Self.cosine(mean, $0) }.max()
    }

    /// How close windows are to each key point, by their sentences; nil without the model that the learned judge knows.
    func closeness(_ windows: [Window]) -> [Range<Int>: [Closeness]]? {
        var result: [Range<Int>: [Closeness]] = [:]
        for window in windows {
            let all = wording.keyPoints.compactMap { closeness(window.sentences, $0) }
            guard all.count == wording.keyPoints.count else { return nil }
            result[window.sentences] = all
        }
        return result
    }

    /// How close some sentences are to a key point; nil without the model that the learned judge knows.
    private func closeness(_ sentences: Range<Int>, _ keyPoint: Int) -> Closeness? {
        guard let comparisons, let cosine = cosine(sentences, keyPoint) else { return nil }
        var closest = Closeness(cosine: cosine, words: -1, ownWords: -1, back: -1)
        for comparison in comparisons[keyPoint] {
            var nearest = comparison.nearest[sentences.lowerBound]
            for sentence in sentences.dropFirst() {
                for token in nearest.indices {
                    nearest[token] = max(nearest[token], comparison.nearest[sentence][token])
                }
            }
            closest.words = max(closest.words, comparison.wording.share(nearest))
            closest.ownWords = max(
                closest.ownWords, comparison.wording.share(nearest, discount: comparison.discount))
            let back = comparison.back[sentences].reduce(0, +) / Double(max(1, sentences.count))
            closest.back = max(closest.back, back)
        }
        return closest
    }

    private func mean(of sentences: Range<Int>, _ vectors: [[Float]]) -> [Float] {
        var mean = vectors[sentences.lowerBound]
        for index in sentences.dropFirst() {
            for place in mean.indices { mean[place] += vectors[index][place] }
        }
        return mean
    }

    static func cosine(_ first: [Float], _ second: [Float]) -> Double {
        guard first.count == second.count else { return 0 }
        var dot = 0.0
        var a = 0.0
        var b = 0.0
        for index in first.indices {
            dot += Double(first[index]) * Double(second[index])
            a += Double(first[index]) * Double(first[index])
            b += Double(second[index]) * Double(second[index])
        }
        return a > 0 && b > 0 ? dot / (a * b).squareRoot() : 0
    }
}

/// How close sentences are to wordings by the words that both have.
struct WordingCosine: Sendable {
    private let said: [[String]]
    private let wanted: [[[String]]]
    private let weights: TFIDF<String>

    /// The key points, as indices.
    var keyPoints: Range<Int> { wanted.indices }

    /// Takes the terms of sentences; the first wordings of all key points tell rare words from common ones.
    init(_ said: [[String]], _ keyPoints: [ReadKeyPoint]) {
        self.said = said
        wanted = keyPoints.map { $0.wordings.map(\.terms) }
        weights = TFIDF(bank: wanted.compactMap(\.first))
    }

    /// The TF-IDF cosine of some sentences and the closest wording of a key point.
    func cosine(_ sentences: Range<Int>, _ keyPoint: Int) -> Double? {
        let said = said[sentences].flatMap { $0 }
        return wanted[keyPoint].compactMap { weights.cosine(said, $0) }.max()
    }
}
