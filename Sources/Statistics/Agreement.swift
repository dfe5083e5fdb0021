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
    /// - Complexity: O(n log n), and O(n) for each resample.
    public init(machine: [Double?], human: [Double?], step: Double = 1, bootstrap: Bootstrap = Bootstrap()) {
        let pairs = AgreementPairs(machine, human, step: step)
        n = pairs.machine.count
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
        let values = pairs.statistics(Array(0..<count))
        let intervals = bootstrap.intervals(of: values.count, sampleSize: count, pairs.statistics)
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

/// The marks of the answers that both marked.
private struct AgreementPairs {
    let machine: [Double]
    let human: [Double]
    let step: Double
    private let machineRanks: DenseRanks
    private let humanRanks: DenseRanks
    /// The places of the machine's marks, and after them of the person's, among all marks.
    private let categories: DenseRanks

    init(_ machine: [Double?], _ human: [Double?], step: Double) {
        let pairs = completePairs(machine, human)
        self.machine = pairs.0
        self.human = pairs.1
        self.step = step
        machineRanks = DenseRanks(pairs.0)
        humanRanks = DenseRanks(pairs.1)
        categories = DenseRanks(pairs.0 + pairs.1)
    }

    /// The values in the order of ``Agreement``'s properties.
    func statistics(_ indices: [Int]) -> [Double?] {
        let n = Double(indices.count)
        var same = 0
        var near = 0
        var distance = 0.0
        for index in indices {
            let difference = abs(machine[index] - human[index])
            if difference == 0 { same += 1 }
            if difference <= step { near += 1 }
            distance += difference
        }
        let moments = PairMoments(machine, human, indices)
        let shift = moments.meanX - moments.meanY
        let spread = (moments.sumXX + moments.sumYY) / n + shift * shift
        let deviation = moments.n > 1 ? (moments.sumYY / (n - 1)).squareRoot() : 0
        return [
            Double(same) / n, Double(near) / n, distance / n, kappa(indices, same: same),
            spread == 0 ? nil : 2 * moments.sumXY / n / spread,
            indices.count < 3 ? nil : moments.correlation,
            indices.count < 3 ? nil : rankCorrelation(indices),
            deviation == 0 ? nil : shift / deviation,
        ]
    }

    private func kappa(_ indices: [Int], same: Int) -> Double? {
        var machineCounts = [Int](repeating: 0, count: categories.distinct)
        var humanCounts = machineCounts
        for index in indices {
            machineCounts[categories.places[index]] += 1
            humanCounts[categories.places[machine.count + index]] += 1
        }
        let n = indices.count
        var chance = 0
        for (machine, human) in zip(machineCounts, humanCounts) { chance += machine * human }
        guard chance < n * n else { return nil }
        return (Double(same * n) - Double(chance)) / (Double(n * n) - Double(chance))
    }

    private func rankCorrelation(_ indices: [Int]) -> Double? {
        let machine = machineRanks.doubledMeanRanks(indices)
        let human = humanRanks.doubledMeanRanks(indices)
        let mean = Double(indices.count + 1)
        var xx = 0.0
        var yy = 0.0
        var xy = 0.0
        for index in indices {
            let x = machine[machineRanks.places[index]] - mean
            let y = human[humanRanks.places[index]] - mean
            xx += x * x
            yy += y * y
            xy += x * y
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
