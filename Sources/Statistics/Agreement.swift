// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How far two markers, or the machine and a person, agree on the same answers.
///
/// Answers that one of the two has not marked are left out and counted in ``missing``. Formulas: RSMTool's, with the
/// quadratic weighted kappa for continuous marks, which equals the usual one for whole marks (docs/statistics.md).
public struct Agreement: Sendable, Hashable {
    /// Answers that both marked.
    public let n: Int
    /// Answers that only one of them, or neither, marked.
    public let missing: Int
    /// The share of answers with the same mark, 0...1. Round the machine's marks first.
    public let exact: Statistic
    /// The share of answers with marks at most one step apart, 0...1; includes the same marks.
    public let adjacent: Statistic
    /// The mean distance of the marks, in marks.
    public let meanAbsoluteError: Statistic
    /// Cohen's kappa (1960), with each mark a category.
    public let kappa: Statistic
    /// 2 Cov(M, H) / (Var M + Var H + (mean M - mean H)²), each with /n; -1...1.
    public let quadraticWeightedKappa: Statistic
    /// Pearson's r.
    public let pearson: Statistic
    /// Spearman's rho: Pearson's r of the ranks; marks that are the same share their mean rank.
    public let spearman: Statistic
    /// (mean M - mean H) / sd H, with sd's n - 1: above 0 where the machine, or the first marker, is the milder one.
    public let standardizedMeanDifference: Statistic

    /// Compares marks.
    ///
    /// - Parameters:
    ///   - machine: The marks of the machine, or of the first marker; nil (and what is not finite) where there is none.
    ///   - human: The marks of the person, or of the second marker, of the same answers in the same order.
    ///   - step: How far apart adjacent marks may be.
    ///   - bootstrap: How intervals are made.
    /// - Complexity: O(n log n); for each resample n random numbers, and O(pairs of marks that differ).
    public init(machine: [Double?], human: [Double?], step: Double = 1, bootstrap: Bootstrap = Bootstrap()) {
        let pairs = AgreementPairs(machine, human, step: step)
        n = pairs.tally.units.count
        missing = max(machine.count, human.count) - n
        let count = n
        guard count > 0 else {
            let none = Statistic(na: "No answer was marked by both.", n: 0)
            exact = none
            adjacent = none
            meanAbsoluteError = none
            kappa = none
            quadraticWeightedKappa = none
            pearson = none
            spearman = none
            standardizedMeanDifference = none
            return
        }
        let values = pairs.statistics(pairs.tally.counts)
        let intervals = bootstrap.intervals(of: values.count, pairs.tally, pairs.statistics)
        func statistic(_ index: Int, _ reason: String) -> Statistic {
            Statistic(values[index], n: count, interval: intervals[index], otherwise: reason)
        }
        let same = "All marks are the same, so that there is nothing to agree on."
        let flat = count < 3 ? "There are fewer than 3 answers." : "One of them gave the same mark to every answer."
        exact = statistic(0, same)
        adjacent = statistic(1, same)
        meanAbsoluteError = statistic(2, same)
        kappa = statistic(3, same)
        quadraticWeightedKappa = statistic(4, same)
        pearson = statistic(5, flat)
        spearman = statistic(6, flat)
        standardizedMeanDifference = statistic(
            7, count < 2 ? "There are fewer than 2 answers." : "The person gave the same mark to every answer.")
    }
}

/// The marks of the answers that both marked. Marks are mostly whole, so that few pairs differ: statistics are computed
/// from how often each occurs.
private struct AgreementPairs {
    struct Pair: Hashable {
        let machine: Double
        let human: Double
    }

    let tally: Tally<Pair>
    private let machine: [Double]
    private let human: [Double]
    private let step: Double
    private let machineRanks: DenseRanks
    private let humanRanks: DenseRanks
    /// The places of the machine's marks, and after them of the person's, among all marks.
    private let categories: DenseRanks

    init(_ machine: [Double?], _ human: [Double?], step: Double) {
        let pairs = completePairs(machine, human)
        tally = Tally(zip(pairs.0, pairs.1).map { Pair(machine: $0, human: $1) })
        self.machine = tally.kinds.map(\.machine)
        self.human = tally.kinds.map(\.human)
        self.step = step
        machineRanks = DenseRanks(self.machine)
        humanRanks = DenseRanks(self.human)
        categories = DenseRanks(self.machine + self.human)
    }

    /// The values in the order of ``Agreement``'s properties.
    func statistics(_ counts: [Int]) -> [Double?] {
        var same = 0
        var near = 0
        var distance = 0.0
        for (place, count) in counts.enumerated() {
            let difference = abs(machine[place] - human[place])
            if difference == 0 { same += count }
            if difference <= step { near += count }
            distance += Double(count) * difference
        }
        let moments = PairMoments(machine, human, counts: counts)
        let n = Double(moments.n)
        let shift = moments.meanX - moments.meanY
        let spread = (moments.sumXX + moments.sumYY) / n + shift * shift
        let deviation = moments.n > 1 ? (moments.sumYY / (n - 1)).squareRoot() : 0
        return [
            Double(same) / n, Double(near) / n, distance / n, kappa(counts, same: same, n: moments.n),
            spread == 0 ? nil : 2 * moments.sumXY / n / spread,
            moments.n < 3 ? nil : moments.correlation,
            moments.n < 3 ? nil : rankCorrelation(counts, n: moments.n),
            deviation == 0 ? nil : shift / deviation,
        ]
    }

    private func kappa(_ counts: [Int], same: Int, n: Int) -> Double? {
        var machineCounts = [Int](repeating: 0, count: categories.distinct)
        var humanCounts = machineCounts
        for (place, count) in counts.enumerated() {
            machineCounts[categories.places[place]] += count
            humanCounts[categories.places[machine.count + place]] += count
        }
        var chance = 0
        for (machine, human) in zip(machineCounts, humanCounts) { chance += machine * human }
        guard chance < n * n else { return nil }
        return (Double(same * n) - Double(chance)) / (Double(n * n) - Double(chance))
    }

    private func rankCorrelation(_ counts: [Int], n: Int) -> Double? {
        let machine = machineRanks.doubledMeanRanks(counts: counts)
        let human = humanRanks.doubledMeanRanks(counts: counts)
        let mean = Double(n + 1)
        var xx = 0.0
        var yy = 0.0
        var xy = 0.0
        for (place, count) in counts.enumerated() {
            let x = machine[machineRanks.places[place]] - mean
            let y = human[humanRanks.places[place]] - mean
            xx += Double(count) * (x * x)
            yy += Double(count) * (y * y)
            xy += Double(count) * (x * y)
        }
        guard xx > 0, yy > 0 else { return nil }
        return min(1, max(-1, xy / (xx.squareRoot() * yy.squareRoot())))
    }
}

/// The pairs of which both are there and finite.
func completePairs(_ first: [Double?], _ second: [Double?]) -> ([Double], [Double]) {
    var pairs: ([Double], [Double]) = ([], [])
    for (x, y) in zip(first, second) {
        guard let x, let y, x.isFinite, y.isFinite else { continue }
        pairs.0.append(x)
        pairs.1.append(y)
    }
    return pairs
}
