// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What the marks of a class say about the items (questions, criteria or key points) of an exam.
///
/// A missing cell is an item that a student was not asked, or that could not be marked; one that the student left out
/// is a 0, and the caller's to fill in. Missing cells are never guessed: an item's facility rests on the students
/// who have a mark for it, and everything that needs a total on the students who have a mark for every item.
public struct ItemAnalysis: Sendable, Hashable {
    /// What calls for a look at an item. Thresholds: docs/statistics.md.
    public enum Flag: String, Sendable, Hashable, CaseIterable {
        /// Students who do well elsewhere do worse here.
        case negativeDiscrimination = "negative_discrimination"
        /// The item hardly tells students apart (discrimination below 0.2).
        case weakDiscrimination = "weak_discrimination"
        /// Nearly everybody has full marks (facility 0.95 or more).
        case veryEasy = "very_easy"
        /// Nearly nobody has a mark (facility 0.05 or less).
        case veryHard = "very_hard"
    }

    /// One item's figures.
    public struct Item: Sendable, Hashable {
        /// Students without a mark for it.
        public let missing: Int
        /// Mean mark / highest possible mark, 0...1 (called difficulty elsewhere).
        public let facility: Statistic
        /// The sample standard deviation of its marks.
        public let standardDeviation: Statistic
        /// Pearson's r of its marks with the total of the other items (corrected item-total correlation).
        public let discrimination: Statistic
        /// Mean mark of the upper 27 % of students less that of the lower 27 % (Kelley 1939), / highest possible mark.
        /// Students who share a total at the border share the places there.
        public let upperLower: Statistic
        /// The covariance of its marks with the total of the others / what it would be were both sorted alike: at most 1.
        /// Moodle shows it times 100.
        public let discriminativeEfficiency: Statistic
        /// Cronbach's alpha of the other items.
        public let alphaIfDeleted: Statistic
        /// What calls for a look.
        public let flags: [Flag]
    }

    /// The items in order.
    public let items: [Item]
    /// Students with a row.
    public let students: Int
    /// Students with a mark for every item.
    public let complete: Int
    /// The mean total of the students with a mark for every item.
    public let meanTotal: Statistic
    /// The sample standard deviation of those totals.
    public let standardDeviation: Statistic
    /// Cronbach's alpha (1951): k / (k - 1) (1 - sum of the items' variances / variance of the total).
    public let alpha: Statistic
    /// The standard deviation of the total x sqrt(1 - alpha), with an alpha below 0 taken as 0: what a student's total
    /// varies by without the student having changed.
    public let standardErrorOfMeasurement: Statistic

    /// Analyses marks.
    ///
    /// - Parameters:
    ///   - marks: For each student the marks of all items in order; nil (and what is not finite) where there is none.
    ///   - maxima: The highest possible mark of each item; one for each item.
    ///   - bootstrap: How the intervals of facility, discrimination and alpha are made. Resamples are of students.
    /// - Complexity: O(students x items), and as much for each resample.
    public init(marks: [[Double?]], maxima: [Double], bootstrap: Bootstrap = Bootstrap()) {
        let table = MarkTable(completeRows(marks, width: maxima.count), width: maxima.count)
        students = marks.count
        complete = table.students
        let everyone = Array(0..<table.students)
        let noTotal =
            table.students < 2
            ? "Fewer than 2 students have a mark for every item." : "Every student has the same total."

        let count = maxima.count
        let values = table.students > 1 ? table.statistics(everyone) : Array(repeating: nil, count: count + 1)
        let intervals = bootstrap.intervals(of: count + 1, sampleSize: table.students, table.statistics)
        let totals = Moments(table.totals)
        meanTotal = Statistic(table.students > 0 ? totals.mean : nil, n: table.students, otherwise: noTotal)
        standardDeviation = Statistic(totals.standardDeviation, n: table.students, otherwise: noTotal)
        alpha = Statistic(
            values[count], n: table.students, interval: intervals[count],
            otherwise: count < 2 ? "There are fewer than 2 items." : noTotal)
        let unreliable = values[count].map { (1 - max(0, $0)).squareRoot() }
        standardErrorOfMeasurement = Statistic(
            unreliable.flatMap { unreliable in totals.standardDeviation.map { $0 * unreliable } }, n: table.students,
            otherwise: alpha.reason ?? noTotal)

        items = maxima.indices.map { item in
            let own = marks.compactMap { item < $0.count ? $0[item] : nil }.filter(\.isFinite)
            let maximum = maxima[item]
            let few = table.students < 3
            let flat = "Every student has the same mark here, or the same total elsewhere."
            let noRest = "Fewer than 3 students have a mark for every item."
            let discrimination = Statistic(
                few ? nil : values[item], n: table.students, interval: few ? nil : intervals[item],
                otherwise: count < 2 ? "There are fewer than 2 items." : few ? noRest : flat)
            let facility = Self.facility(own, maximum, bootstrap)
            return Item(
                missing: marks.count - own.count, facility: facility,
                standardDeviation: Statistic(
                    Moments(own).standardDeviation, n: own.count, otherwise: "Fewer than 2 students have a mark."),
                discrimination: discrimination,
                upperLower: Statistic(
                    few || !(maximum > 0) ? nil : table.upperLower(item).map { $0 / maximum }, n: table.students,
                    otherwise: !(maximum > 0) ? Self.noMaximum : few ? noRest : noTotal),
                discriminativeEfficiency: Statistic(
                    few || count < 2 ? nil : table.discriminativeEfficiency(item), n: table.students,
                    otherwise: count < 2 ? "There are fewer than 2 items." : few ? noRest : flat),
                alphaIfDeleted: Statistic(
                    few ? nil : table.alpha(everyone, without: item), n: table.students,
                    otherwise: count < 3 ? "There are fewer than 3 items." : few ? noRest : noTotal),
                flags: Self.flags(facility: facility.value, discrimination: discrimination.value))
        }
    }

    private static let noMaximum = "The highest possible mark is not above 0."

    private static func facility(_ marks: [Double], _ maximum: Double, _ bootstrap: Bootstrap) -> Statistic {
        guard maximum > 0 else { return Statistic(na: noMaximum, n: marks.count) }
        guard !marks.isEmpty else { return Statistic(na: "No student has a mark.", n: 0) }
        let interval = bootstrap.interval(sampleSize: marks.count) { indices in
            indices.reduce(0) { $0 + marks[$1] } / Double(indices.count) / maximum
        }
        return Statistic(
            marks.reduce(0, +) / Double(marks.count) / maximum, n: marks.count, interval: interval, otherwise: "")
    }

    private static func flags(facility: Double?, discrimination: Double?) -> [Flag] {
        var flags: [Flag] = []
        if let discrimination {
            if discrimination < 0 {
                flags.append(.negativeDiscrimination)
            } else if discrimination < 0.2 {
                flags.append(.weakDiscrimination)
            }
        }
        if let facility {
            if facility >= 0.95 { flags.append(.veryEasy) }
            if facility <= 0.05 { flags.append(.veryHard) }
        }
        return flags
    }
}
