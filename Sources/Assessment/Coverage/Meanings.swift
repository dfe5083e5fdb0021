// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// How close the sentences of an answer are to the wordings of key points: by words, and by meaning where there is a model.
struct Meanings: Sendable {
    private let terms: [[String]]
    private let wanted: [[[String]]]
    private let weights: TFIDF<String>
    private let vectors: [[Float]]?
    private let wantedVectors: [[[Float]]]?

    init(sentences: [String], keyPoints: [ReadKeyPoint], knowledge: WordKnowledge, language: String) {
        func terms(_ text: String) -> [String] {
            let cues = CueLexicon.of(language)
            let keeping: Set<String> = ["not", "no", "never", "without", "before", "after"]
            return AnswerText(text, language: language).tokens.filter {
                $0.kind != .sign && (keeping.contains($0.word) || !(cues?.functionWords.contains($0.word) ?? false))
            }.map { $0.kind == .number ? $0.word : $0.stem }
        }
        self.terms = sentences.map(terms)
        wanted = keyPoints.map { $0.wordings.map { terms($0.text) } }
        weights = TFIDF(bank: wanted.compactMap(\.first))
        var vectors: [[Float]]?
        var wantedVectors: [[[Float]]]?
        if !sentences.isEmpty, !keyPoints.isEmpty {
            // Where the model can't be used there is no similarity by meaning, and the words decide.
            vectors = try? knowledge.vectors(of: sentences, language: language)
            let wordings = keyPoints.flatMap { $0.wordings.map(\.text) }
            if vectors != nil, var rest = (try? knowledge.lastingVectors(of: wordings, language: language))?[...] {
                wantedVectors = keyPoints.map { keyPoint in
                    defer { rest = rest.dropFirst(keyPoint.wordings.count) }
                    return Array(rest.prefix(keyPoint.wordings.count))
                }
            }
        }
        self.vectors = vectors
        self.wantedVectors = wantedVectors
    }

    /// The cosine of the vectors of some sentences and the closest wording of a key point; nil without a model.
    func cosine(_ sentences: Range<Int>, _ keyPoint: Int) -> Double? {
        guard let vectors, let wanted = wantedVectors?[keyPoint], !wanted.isEmpty else { return nil }
        var mean = vectors[sentences.lowerBound]
        for index in sentences.dropFirst() {
            for place in mean.indices { mean[place] += vectors[index][place] }
        }
        return wanted.map { Self.cosine(mean, $0) }.max()
    }

    /// The TF-IDF cosine of some sentences and the closest wording of a key point.
    func wording(_ sentences: Range<Int>, _ keyPoint: Int) -> Double? {
        let said = terms[sentences].flatMap { $0 }
        return wanted[keyPoint].compactMap { weights.cosine(said, $0) }.max()
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
