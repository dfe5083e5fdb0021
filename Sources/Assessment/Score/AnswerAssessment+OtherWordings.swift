// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAssessment {
    /// Widens the score's interval by what other words would earn, and holds it where they matter most.
    ///
    /// What the recogniser considered is drawn again and again, one text of each stretch with its probability, and all but the
    /// most extreme draws lie in the interval. What it wrote before somebody changed it lies in it as long as nobody has
    /// confirmed the change. The same assessment gives the same interval, always.
    mutating func considerOtherWordings(scoring: ScoringRules, unintelligible: Double) {
        func earned(_ outcomes: [OtherWording.Outcome]) -> AnswerScore {
            BestExpectedAnswer(
                keyPoints: keyPoints, results: merged(outcomes), scoring: scoring, unintelligible: unintelligible,
                isEmpty: score.holds.contains(.noWords)
            ).score
        }
        for wording in otherWordings where wording.source == .recognised {
            let other = earned(wording.outcomes)
            self.score.low = min(self.score.low, other.low)
            self.score.high = max(self.score.high, other.high)
            if wording.outcomes.contains(where: isCritical) { self.score.hold(for: .criticalCorrected) }
            if wording.outcomes.contains(where: isEarnedByRemoval) { self.score.hold(for: .edited) }
        }
        let alternatives = otherWordings.filter { $0.source == .alternative }
        if !alternatives.isEmpty {
            let draws = Self.draws(of: alternatives).map { earned($0.flatMap { alternatives[$0].outcomes }) }
            let (lows, highs) = (draws.map(\.low).sorted(), draws.map(\.high).sorted())
            self.score.low = min(self.score.low, lows[Self.extremes])
            self.score.high = max(self.score.high, highs[highs.count - 1 - Self.extremes])
        }
        if alternatives.contains(where: {
            $0.probability ?? 0 >= Self.leastDoubt && $0.outcomes.contains(where: isCritical)
        }) {
            self.score.hold(for: .criticalAlternative)
        }
    }

    /// How often the alternatives are drawn (KPI.md, section 7).
    private static let drawCount = 50
    /// How many draws lie outside of the interval on each side.
    private static let extremes = 1
    /// From which probability on an alternative makes somebody listen: one in twenty.
    private static let leastDoubt = 0.05

    /// Whether something else becomes of a critical key point.
    private func isCritical(_ outcome: OtherWording.Outcome) -> Bool {
        counts(outcome) && keyPoints[outcome.keyPoint].isCritical
    }

    private func counts(_ outcome: OtherWording.Outcome) -> Bool {
        keyPoints.indices.contains(outcome.keyPoint) && !keyPoints[outcome.keyPoint].isRetired
    }

    /// Whether a key point fares better than by the words that were heard, although the words that show it may all have been
    /// heard too: a contradiction or a doubt is gone.
    private func isEarnedByRemoval(_ outcome: OtherWording.Outcome) -> Bool {
        counts(outcome) && results[outcome.keyPoint].state.rank > outcome.state.rank
    }

    /// The results with what would become of some key points. Of several outcomes for one the worst counts, unless all are
    /// better than what there is.
    private func merged(_ outcomes: [OtherWording.Outcome]) -> [KeyPointResult] {
        var merged = results
        for (place, outcomes) in Dictionary(grouping: outcomes, by: \.keyPoint) where merged.indices.contains(place) {
            let states = outcomes.map(\.state).sorted { $0.rank < $1.rank }
            guard let worst = states.first, let best = states.last else { continue }
            merged[place].state = worst.rank < results[place].state.rank ? worst : best
        }
        return merged
    }

    /// Which alternatives are drawn each time: at most one of each stretch.
    private static func draws(of alternatives: [OtherWording]) -> [[Int]] {
        let stretches = Dictionary(grouping: alternatives.indices, by: { alternatives[$0].stretch })
            .sorted { $0.key < $1.key }.map(\.value)
        var state: UInt64 = 0
        return (0..<drawCount).map { _ in
            stretches.compactMap { places in
                var left = uniform(&state)
                return places.first { place in
                    left -= alternatives[place].probability ?? 0
                    return left < 0
                }
            }
        }
    }

    /// A number from 0 up to 1 (SplitMix64; Steele, Lea and Flood 2014): always the same sequence.
    private static func uniform(_ state: inout UInt64) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }
}

extension KeyPointResult.State {
    /// How good it is, from contradicted to covered.
    fileprivate var rank: Int {
        switch self {
        case .contradicted: 0
        case .uncertain: 1
        case .missing: 2
        case .partial: 3
        case .covered: 4
        }
    }
}
