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

    private let terms: [[String]]
    private let wanted: [[[String]]]
    private let weights: TFIDF<String>
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
        let nearest: [[Float]]
        /// For each sentence how much of its meaning the wording has.
        let back: [Double]

        init(_ wording: TokenStates, frequency: [Int: Int], sentences: [TokenStates]) {
            self.wording = wording
            discount = wording.ids.map { 1 / Double(max(1, frequency[$0] ?? 1)) }
            let pairs = sentences.map { ($0, wording.nearest($0)) }
            nearest = pairs.map(\.1.own)
            back = pairs.map { $0.share($1.other) }
        }
    }

    /// - Parameter isWordForWord: Whether ``closeness(_:_:)`` will be asked for, which costs a second reading.
    init(
        sentences: [String], keyPoints: [ReadKeyPoint], knowledge: WordKnowledge, language: String,
        isWordForWord: Bool
    ) {
        let cues = CueLexicon.of(language)
        func terms(_ text: String) -> [String] {
            let keeping: Set<String> = ["not", "no", "never", "without", "before", "after"]
            return AnswerText(text, language: language).tokens.filter {
                $0.kind != .sign && (keeping.contains($0.word) || !(cues?.functionWords.contains($0.word) ?? false))
            }.map { $0.kind == .number ? $0.word : $0.stem }
        }
        self.terms = sentences.map(terms)
        wanted = keyPoints.map { $0.wordings.map { terms($0.text) } }
        weights = TFIDF(bank: wanted.compactMap(\.first))
        // Where the model can't be used there is no similarity by meaning, and the words decide.
        guard !sentences.isEmpty, !keyPoints.isEmpty,
            let said = try? knowledge.vectors(of: sentences, language: language)
        else {
            vectors = nil
            comparisons = nil
            return
        }
        let texts = keyPoints.flatMap { $0.wordings.map(\.text) }
        var rest = ((try? knowledge.lastingVectors(of: texts, language: language)) ?? [])[...]
        vectors = (
            said,
            keyPoints.map { keyPoint in
                defer { rest = rest.dropFirst(keyPoint.wordings.count) }
                return Array(rest.prefix(keyPoint.wordings.count))
            }
        )
        func read(_ texts: [String]) -> [TokenStates]? {
            (try? knowledge.states(of: texts, language: language, model: LearnedJudge.model)) ?? nil
        }
        guard isWordForWord, var unread = read(texts)?[...], let said = read(sentences) else {
            comparisons = nil
            return
        }
        let wordings = keyPoints.map { keyPoint in
            defer { unread = unread.dropFirst(keyPoint.wordings.count) }
            return Array(unread.prefix(keyPoint.wordings.count))
        }
        var frequency: [Int: Int] = [:]
        for labels in wordings { for id in Set(labels.first?.ids ?? []) { frequency[id, default: 0] += 1 } }
        comparisons = wordings.map { $0.map { Comparison($0, frequency: frequency, sentences: said) } }
    }

    /// The cosine of the vectors of some sentences and the closest wording of a key point; nil without a model.
    func cosine(_ sentences: Range<Int>, _ keyPoint: Int) -> Double? {
        guard let vectors, !vectors.wanted[keyPoint].isEmpty else { return nil }
        let mean = mean(of: sentences, vectors.said)
        return vectors.wanted[keyPoint].map { Self.cosine(mean, $0) }.max()
    }

    /// How close some sentences are to a key point; nil without the model that the learned judge knows.
    func closeness(_ sentences: Range<Int>, _ keyPoint: Int) -> Closeness? {
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

    /// The TF-IDF cosine of some sentences and the closest wording of a key point.
    func wording(_ sentences: Range<Int>, _ keyPoint: Int) -> Double? {
        let said = terms[sentences].flatMap { $0 }
        return wanted[keyPoint].compactMap { weights.cosine(said, $0) }.max()
    }

    private func mean(of sentences: Range<Int>, _ vectors: [[Float]]) -> [Float] {
        var mean = vectors[sentences.lowerBound]
        for index in sentences.dropFirst() {
            for place in mean.indices { mean[place] += vectors[index][place] }
        }
        return mean
    }

    private static func cosine(_ first: [Float], _ second: [Float]) -> Double {
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
