// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What key points earn by the expected answer that fits an answer best.
///
/// Key points that belong to all expected answers count in each; of the others only those of one and the same. Where all
/// belong to all, there is nothing to choose.
struct BestExpectedAnswer {
    /// The results with their credits; those of other expected answers are marked so and earn nothing.
    private(set) var results: [KeyPointResult]
    private(set) var score: AnswerScore

    /// - Parameters:
    ///   - keyPoints: What is expected.
    ///   - results: What became of each.
    ///   - scoring: What each state earns, and how many expected answers there are.
    ///   - unintelligible: The share of the speech that could not be understood.
    ///   - isEmpty: Whether there are no words at all.
    init(
        keyPoints: [KeyPoint], results: [KeyPointResult], scoring: ScoringRules, unintelligible: Double, isEmpty: Bool
    ) {
        let found = results.map { result in
            var result = result
            result.flags.removeAll { $0 == .otherAnswer }
            result.credit = scoring.credit(for: result.state)
            return result
        }
        func score(_ places: [Int]) -> AnswerScore {
            ScoreInterval(
                keyPoints: places.map { keyPoints[$0] }, results: places.map { found[$0] },
                unintelligible: unintelligible, isEmpty: isEmpty
            ).score
        }
        let named = keyPoints.flatMap(\.expectedAnswers)
        guard let last = named.max() else {
            self.results = found
            self.score = score(Array(found.indices))
            return
        }
        var best: (places: [Int], score: AnswerScore)?
        for number in 1...max(1, last, scoring.expectedAnswers) {
            let places = found.indices.filter { keyPoints[$0].belongs(to: number) }
            guard places.contains(where: { keyPoints[$0].countedWeight > 0 }) else { continue }
            let other = score(places)
            if let known = best?.score, (known.point, known.high) >= (other.point, other.high) { continue }
            best = (places, other)
        }
        let places = best?.places ?? Array(found.indices)
        self.results = found
        self.score = best?.score ?? score(places)
        let covering = places.filter { [.covered, .partial].contains(found[$0].state) }.compactMap {
            found[$0].evidence
        }
        for place in Set(found.indices).subtracting(places).sorted() {
            self.results[place].credit = 0
            self.results[place].flags.append(.otherAnswer)
            // What one expected answer says may be another dose, or another drug, than the next one's. But a danger that
            // stands in a sentence of its own has nothing to do with what is right.
            guard keyPoints[place].isCritical, !keyPoints[place].isRetired, found[place].state == .contradicted,
                let evidence = found[place].evidence,
                !covering.contains(where: { $0.span.words.overlaps(evidence.span.words) })
            else { continue }
            self.score.hold(for: .criticalUncertain)
        }
    }
}
