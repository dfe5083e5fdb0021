// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The marks of one student over time, and which changes are more than noise.
///
/// Two marks of a student who has not changed differ by chance with the standard deviation SEM x sqrt 2; a difference
/// above z times that is called reliable (the reliable change index, Jacobson & Truax 1991).
public struct Progress: Sendable, Hashable {
    /// One mark with its band of noise.
    public struct Point: Sendable, Hashable {
        /// The mark; nil where there is none.
        public let mark: Double?
        /// The mark ± z SEM; nil without a mark or an SEM.
        public let band: ClosedRange<Double>?
        /// The mark less the one before it; nil for the first.
        public let change: Double?
        /// Whether that change is more than noise; nil where that can't be told.
        public let isReliableChange: Bool?
    }

    /// The marks in order.
    public let points: [Point]
    /// How many marks there are.
    public let n: Int
    /// The standard error of measurement that bands were made with; nil where it is not known.
    public let standardErrorOfMeasurement: Double?
    /// The last mark less the first.
    public let change: Statistic
    /// Whether that is more than noise; nil where it can't be told.
    public let isReliableChange: Bool?
    /// The slope of a line through all marks, in marks an attempt.
    public let slope: Statistic
    /// Whether the slope is more than noise: beyond z SEM / sqrt(the sum of the attempts' squared distances from their
    /// mean). It uses all marks, so that it can show what no single change shows.
    public let isReliableSlope: Bool?

    /// Follows one student's marks.
    ///
    /// - Parameters:
    ///   - marks: The marks in the order of time, on one scale; nil (and what is not finite) where an attempt has none.
    ///   - standardErrorOfMeasurement: Of such marks, such as ``ItemAnalysis/standardErrorOfMeasurement``; nil if it is
    ///     not known.
    ///   - z: How many standard errors noise reaches; 1.96 covers 95 %.
    public init(marks: [Double?], standardErrorOfMeasurement: Double?, z: Double = 1.959963984540054) {
        let z = z.isFinite ? abs(z) : 1.959963984540054
        let error = standardErrorOfMeasurement.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        func isReliable(_ change: Double, _ root: Double) -> Bool? { error.map { abs(change) > z * $0 * root } }
        var points: [Point] = []
        var attempts: [Double] = []
        var known: [Double] = []
        for (attempt, mark) in marks.enumerated() {
            guard let mark, mark.isFinite else {
                points.append(Point(mark: nil, band: nil, change: nil, isReliableChange: nil))
                continue
            }
            let change = known.last.map { mark - $0 }
            points.append(
                Point(
                    mark: mark, band: error.map { (mark - z * $0)...(mark + z * $0) }, change: change,
                    isReliableChange: change.flatMap { isReliable($0, 2.squareRoot()) }))
            attempts.append(Double(attempt))
            known.append(mark)
        }
        self.points = points
        n = known.count
        self.standardErrorOfMeasurement = error
        guard let first = known.first, let last = known.last, known.count > 1 else {
            let few = Statistic(na: "There are fewer than 2 marks.", n: known.count)
            change = few
            slope = few
            isReliableChange = nil
            isReliableSlope = nil
            return
        }
        change = Statistic(last - first, n: known.count, otherwise: "")
        isReliableChange = isReliable(last - first, 2.squareRoot())
        let moments = PairMoments(attempts, known, Array(known.indices))
        let rise = moments.sumXY / moments.sumXX
        slope = Statistic(rise, n: known.count, otherwise: "")
        isReliableSlope = isReliable(rise, 1 / moments.sumXX.squareRoot())
    }

    /// The standard error of measurement from the spread of marks and their reliability: sd x sqrt(1 - reliability).
    ///
    /// - Parameters:
    ///   - standardDeviation: Of the marks of a class.
    ///   - reliability: Such as Cronbach's alpha; below 0 it is taken as 0.
    /// - Returns: nil when one of them is no such number.
    public static func standardErrorOfMeasurement(standardDeviation: Double, reliability: Double) -> Double? {
        guard standardDeviation >= 0, standardDeviation.isFinite, reliability <= 1 else { return nil }
        return standardDeviation * (1 - max(0, reliability)).squareRoot()
    }
}
