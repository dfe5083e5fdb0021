// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A pass mark from the performances that examiners judged to be on the border (the borderline regression method,
/// Kramer et al. 2003; Hejri et al. 2013): scores are regressed on global grades, and the cut is what is predicted for
/// the borderline grade.
public struct BorderlineRegression: Sendable, Hashable {
    /// Performances with a grade and a score.
    public let n: Int
    /// Performances without one of them.
    public let missing: Int
    /// The predicted score at the borderline grade.
    public let cut: Statistic
    /// How much the score rises from one grade to the next, also called inter-grade discrimination.
    public let slope: Statistic
    /// The predicted score at grade 0.
    public let intercept: Statistic
    /// The share of the scores' variance that the grades explain.
    public let determination: Statistic
    /// The root of the mean squared distance (/n) of scores from the line.
    public let rootMeanSquareError: Statistic
    /// Whether the borderline grade lies outside the grades that were given, so that the cut is an extrapolation.
    public let isExtrapolated: Bool

    /// Fits the line by least squares.
    ///
    /// - Parameters:
    ///   - grades: The examiners' global grades; nil (and what is not finite) where there is none.
    ///   - scores: The scores of the same performances, usually in per cent.
    ///   - borderline: The borderline grade.
    ///   - bootstrap: How intervals are made. Resamples are of performances.
    public init(grades: [Double?], scores: [Double?], borderline: Double, bootstrap: Bootstrap = Bootstrap()) {
        let (x, y) = completePairs(grades, scores)
        let count = x.count
        n = count
        missing = max(grades.count, scores.count) - count
        isExtrapolated = !(x.min().map { $0 <= borderline } ?? false && x.max().map { $0 >= borderline } ?? false)
        func statistics(_ indices: [Int]) -> [Double?] {
            let moments = PairMoments(x, y, indices)
            guard moments.sumXX > 0 else { return Array(repeating: nil, count: 5) }
            let slope = moments.sumXY / moments.sumXX
            let residual = max(0, moments.sumYY - slope * moments.sumXY)
            return [
                slope > 0 ? moments.meanY + slope * (borderline - moments.meanX) : nil, slope,
                moments.meanY - slope * moments.meanX,
                moments.sumYY > 0 ? moments.correlation.map { $0 * $0 } : nil,
                (residual / Double(indices.count)).squareRoot(),
            ]
        }
        let few = count < 3
        let values = few ? Array(repeating: nil, count: 5) : statistics(Array(0..<count))
        let intervals = few ? values.map { _ in nil } : bootstrap.intervals(of: 5, sampleSize: count, statistics)
        let noLine = few ? "There are fewer than 3 performances with grade and score." : "All grades are the same."
        func statistic(_ index: Int, _ reason: String) -> Statistic {
            Statistic(values[index], n: count, interval: intervals[index], otherwise: reason)
        }
        slope = statistic(1, noLine)
        cut = statistic(
            0, slope.value == nil ? noLine : "Scores don't rise with the grade: grades and scores disagree.")
        intercept = statistic(2, noLine)
        determination = statistic(3, slope.value == nil ? noLine : "All scores are the same.")
        rootMeanSquareError = statistic(4, noLine)
    }
}

/// A pass mark from judges who estimate, item by item, how many of a hundred borderline students would master it
/// (Angoff 1971).
public struct AngoffStandard: Sendable, Hashable {
    /// Each judge's own pass mark as a share of full marks; nil for a judge who left an item out.
    public let judges: [Double?]
    /// The judges' mean estimate of each item.
    public let items: [Statistic]
    /// The mean of the judges' pass marks, as a share of full marks.
    public let cut: Statistic
    /// The sample standard deviation of the judges' pass marks.
    public let standardDeviation: Statistic
    /// That / sqrt(judges): what the cut would vary by with other judges.
    public let standardError: Statistic

    /// Averages estimates.
    ///
    /// - Parameters:
    ///   - estimates: For each judge the estimates of all items, 0...1; nil (and what is outside) where there is none.
    ///   - weights: The items' full marks; all the same by default. Those not above 0 count nothing.
    ///   - bootstrap: How the interval of the cut is made. Resamples are of judges.
    public init(estimates: [[Double?]], weights: [Double]? = nil, bootstrap: Bootstrap = Bootstrap()) {
        let width = weights?.count ?? estimates.map(\.count).max() ?? 0
        let weights = (weights ?? Array(repeating: 1, count: width)).map { $0.isFinite ? max(0, $0) : 0 }
        let full = weights.reduce(0, +)
        let valid = estimates.map { row in
            (0..<width).map { item -> Double? in
                guard item < row.count, let estimate = row[item], (0...1).contains(estimate) else { return nil }
                return estimate
            }
        }
        judges = valid.map { row in
            let cells = row.compactMap { $0 }
            guard cells.count == width, full > 0 else { return nil }
            return zip(cells, weights).reduce(0) { $0 + $1.0 * $1.1 } / full
        }
        items = (0..<width).map { item in
            let own = valid.compactMap { $0[item] }
            return Statistic(own.isEmpty ? nil : Moments(own).mean, n: own.count, otherwise: "No judge rated it.")
        }
        let cuts = judges.compactMap { $0 }
        let moments = Moments(cuts)
        let interval = bootstrap.interval(sampleSize: cuts.count) { indices in
            indices.reduce(0) { $0 + cuts[$1] } / Double(indices.count)
        }
        cut = Statistic(
            cuts.isEmpty ? nil : moments.mean, n: cuts.count, interval: interval,
            otherwise: "No judge rated every item.")
        let few = "Fewer than 2 judges rated every item."
        standardDeviation = Statistic(moments.standardDeviation, n: cuts.count, otherwise: few)
        standardError = Statistic(
            moments.standardDeviation.map { $0 / Double(cuts.count).squareRoot() }, n: cuts.count, otherwise: few)
    }
}
