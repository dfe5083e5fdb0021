// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Statistics
import TestRandom
import Testing

@Suite("Statistics: properties")
struct StatisticPropertyTests {
    private static let seeds: [UInt64] = Array(1...20)

    private func marks(_ n: Int, _ random: inout SplitMix) -> [Double?] {
        (0..<n).map { _ in random.chance(0.1) ? nil : Double(random.next(in: 0...5)) }
    }

    private func isClose(_ first: Double?, _ second: Double?) -> Bool {
        guard let first, let second else { return first == second }
        return abs(first - second) < 1e-9
    }

    @Test(arguments: seeds) func `two markers can be exchanged, and whole agreement is 1`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let first = marks(random.next(in: 3...60), &random)
        let second = marks(first.count, &random)
        let one = Agreement(machine: first, human: second, bootstrap: .none)
        let other = Agreement(machine: second, human: first, bootstrap: .none)
        #expect(isClose(one.kappa.value, other.kappa.value))
        #expect(isClose(one.quadraticWeightedKappa.value, other.quadraticWeightedKappa.value))
        #expect(isClose(one.spearman.value, other.spearman.value))
        #expect(one.exact == other.exact)
        #expect(one.n + one.missing == first.count)
        let same = Agreement(machine: first, human: first, bootstrap: .none)
        for statistic in [same.exact, same.kappa, same.quadraticWeightedKappa, same.pearson, same.spearman] {
            #expect(statistic.value.map { abs($0 - 1) < 1e-12 } ?? true)
        }
        #expect(same.standardizedMeanDifference.value ?? 0 == 0)
    }

    @Test(arguments: seeds) func `bounds hold and the value lies in its interval's neighbourhood`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let first = marks(random.next(in: 3...40), &random)
        let agreement = Agreement(
            machine: first, human: marks(first.count, &random), bootstrap: Bootstrap(resamples: 100, seed: seed))
        for statistic in [agreement.exact, agreement.adjacent] {
            #expect(statistic.value.map { (0...1).contains($0) } ?? true)
        }
        for statistic in [
            agreement.kappa, agreement.quadraticWeightedKappa, agreement.pearson, agreement.spearman,
        ] {
            #expect(statistic.value.map { (-1...1).contains($0) } ?? true)
            #expect(statistic.interval.map { $0.lowerBound >= -1 && $0.upperBound <= 1 } ?? true)
        }
    }

    @Test(arguments: seeds) func `correlations ignore the scale, ranks any rising function`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let x: [Double?] = (0..<30).map { _ in Double(random.normal()) }
        let y: [Double?] = x.map { $0.map { $0 + Double(random.normal()) } }
        let plain = Agreement(machine: x, human: y, bootstrap: .none)
        let scaled = Agreement(machine: x.map { $0.map { 1e6 + 3 * $0 } }, human: y, bootstrap: .none)
        let cubed = Agreement(machine: x.map { $0.map { $0 * $0 * $0 } }, human: y, bootstrap: .none)
        #expect(isClose(plain.pearson.value, scaled.pearson.value))
        #expect(plain.spearman.value == cubed.spearman.value)
    }

    @Test(arguments: seeds) func `alpha ignores the order of markers and answers`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var answers = (0..<15).map { _ in marks(4, &random) }
        for metric in Reliability.Metric.allCases {
            let before = Reliability.krippendorffAlpha(answers, metric: metric, bootstrap: .none)
            answers.shuffle(using: &random)
            answers = answers.map { $0.shuffled(using: &random) }
            let after = Reliability.krippendorffAlpha(answers, metric: metric, bootstrap: .none)
            #expect(isClose(before.value, after.value))
            #expect(after.value.map { $0 <= 1 } ?? true)
        }
    }

    @Test(arguments: seeds) func `items: the order of students does not matter, and efficiency is at most 1`(
        seed: UInt64
    ) {
        var random = SplitMix(seed: seed)
        var table = (0..<random.next(in: 3...40)).map { _ in marks(5, &random) }
        let maxima = [Double](repeating: 5, count: 5)
        let before = ItemAnalysis(marks: table, maxima: maxima, bootstrap: .none)
        table.shuffle(using: &random)
        let after = ItemAnalysis(marks: table, maxima: maxima, bootstrap: .none)
        #expect(isClose(before.alpha.value, after.alpha.value))
        for (first, second) in zip(before.items, after.items) {
            #expect(isClose(first.discrimination.value, second.discrimination.value))
            #expect(isClose(first.upperLower.value, second.upperLower.value))
            #expect(first.discriminativeEfficiency.value.map { $0 <= 1 } ?? true)
            #expect(first.facility.value.map { (0...1).contains($0) } ?? true)
            #expect(first.upperLower.value.map { (-1...1).contains($0) } ?? true)
        }
    }

    @Test func `the same seed gives the same interval, another seed another`() {
        let x: [Double?] = [1, 4, 2, 5, 3, 4, 1, 2]
        let y: [Double?] = [2, 4, 2, 4, 3, 5, 1, 1]
        func interval(_ seed: UInt64) -> ClosedRange<Double>? {
            Agreement(machine: x, human: y, bootstrap: Bootstrap(seed: seed)).pearson.interval
        }
        #expect(interval(1) == interval(1))
        #expect(interval(1) != interval(2))
    }

    @Test(arguments: seeds) func `intervals of means are those of drawing answer by answer`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        // Every answer has the first measure, some lack one of the others or both.
        let measures: [[Double?]] = (0..<40).map { _ in
            (0..<3).map { place in place > 0 && random.chance(0.3) ? nil : Double(random.normal()) }
        }
        // No multiple of eight, which are computed at once.
        let bootstrap = Bootstrap(resamples: 203, seed: seed)
        let cohort = CohortReport(
            answers: measures.map { .init(response: "r", student: "s", question: "q", score: nil, measures: $0) },
            students: [], questions: [], measures: ["a", "b", "c"], bootstrap: bootstrap
        ).cohort
        for (place, having) in [[0], [1, 2], [1, 2]].enumerated() {
            let units = measures.filter { measures in having.contains { measures[$0] != nil } }
            var draws = SplitMix(seed: seed)
            let means = (0..<bootstrap.resamples).map { _ in
                let drawn = units.compactMap { _ in
                    units[Int(draws.next().multipliedFullWidth(by: UInt64(units.count)).high)][place]
                }
                return drawn.reduce(0, +) / Double(drawn.count)
            }.sorted()
            let interval = try #require(cohort.measures[place].mean.interval)
            #expect(isClose(interval.lowerBound, quantile(0.025, of: means)))
            #expect(isClose(interval.upperBound, quantile(0.975, of: means)))
        }
    }

    private func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }

    @Test func `what is not defined says why and is never a number`() {
        let nothing = Agreement(machine: [nil, .nan, .infinity], human: [1, 2, 3])
        #expect(nothing.n == 0)
        #expect(nothing.kappa.valid == .na)
        #expect(nothing.kappa.reason == "No answer was marked by both.")
        let flat = Agreement(machine: [0.1, 0.1, 0.1, 0.1], human: [0.1, 0.1, 0.1, 0.1])
        #expect(flat.exact.value == 1)
        #expect(flat.kappa.value == nil)
        #expect(flat.quadraticWeightedKappa.value == nil)
        #expect(flat.pearson.value == nil)
        #expect(flat.standardizedMeanDifference.reason == "The person gave the same mark to every answer.")
        let huge = Agreement(machine: [1e308, -1e308, 1e308], human: [-1e308, 1e308, 1])
        for statistic in [huge.meanAbsoluteError, huge.quadraticWeightedKappa, huge.pearson, huge.spearman] {
            #expect(statistic.value.map(\.isFinite) ?? true)
        }
        #expect(huge.quadraticWeightedKappa.reason == "The numbers are too large to compute with.")
        #expect(Reliability.krippendorffAlpha([[1, nil], [nil, 2], []], metric: .nominal).value == nil)
        #expect(Reliability.krippendorffAlpha([[2, 2], [2, 2]], metric: .ordinal).valid == .na)
        #expect(Reliability.intraclassCorrelation([]).reason == "There are fewer than 2 markers.")
        #expect(Reliability.intraclassCorrelation([[1, 1], [1, 1], [1, nil]]).n == 2)
        #expect(Reliability.intraclassCorrelation([[0.1, 0.1], [0.1, 0.1], [0.1, 0.1]]).value == nil)
        #expect(ItemAnalysis(marks: [], maxima: []).alpha.valid == .na)
        let empty = ItemAnalysis(marks: [[], [1]], maxima: [0, 1])
        #expect(empty.items.map(\.facility.valid) == [.na, .na])
        #expect(empty.items[0].facility.reason == "The highest possible mark is not above 0.")
        #expect(BorderlineRegression(grades: [], scores: [1], borderline: 2).cut.valid == .na)
        let falling = BorderlineRegression(grades: [1, 2, 3], scores: [3, 2, 1], borderline: 2, bootstrap: .none)
        #expect(falling.slope.value == -1)
        #expect(falling.cut.reason == "Scores don't rise with the grade: grades and scores disagree.")
        #expect(BorderlineRegression(grades: [1, 2, 3], scores: [1, 2, 4], borderline: 9).isExtrapolated)
        let angoff = AngoffStandard(estimates: [[0.5, 0.7], [0.9, 1.5], []])
        #expect(angoff.judges == [0.6, nil, nil])
        #expect(angoff.standardDeviation.valid == .na)
        #expect(AngoffStandard(estimates: []).cut.reason == "No judge rated every item.")
    }

    @Test func `progress tells a change from noise`() {
        let progress = Progress(marks: [50, nil, 54, 70], standardErrorOfMeasurement: 4)
        #expect(progress.points.map(\.change) == [nil, nil, 4, 16])
        #expect(progress.points.map(\.isReliableChange) == [nil, nil, false, true])
        #expect(progress.isReliableChange == true)
        #expect(progress.change.valid == .low)
        let unknown = Progress(marks: [50, 70], standardErrorOfMeasurement: nil)
        #expect(unknown.isReliableChange == nil)
        #expect(unknown.points[0].band == nil)
        #expect(Progress(marks: [.nan], standardErrorOfMeasurement: .nan).change.valid == .na)
        #expect(Progress.standardErrorOfMeasurement(standardDeviation: 10, reliability: 0.84) == 4)
        #expect(Progress.standardErrorOfMeasurement(standardDeviation: 10, reliability: .nan) == nil)
    }

    @Test func `a small group can't be found by subtraction`() {
        func answers(_ group: String, _ students: Range<Int>, marked: Int) -> [Fairness.Answer] {
            students.enumerated().map { index, student in
                var answer = Fairness.Answer(group: group, student: student)
                answer.isUnscorable = false
                answer.humanMark = Double(student % 7)
                if index < marked { answer.machineMark = Double(student % 5) }
                return answer
            }
        }
        let some = answers("b", 30..<55, marked: 5)
        let full = answers("a", 0..<30, marked: 30)
        let alone = Fairness(answers: full, bootstrap: .none)
        let fairness = Fairness(answers: full + some + answers("c", 60..<79, marked: 19), fewest: 1, bootstrap: .none)
        #expect(fairness.groups.map(\.students) == [30, 25, nil])
        #expect(fairness.groups[1].standardizedMeanDifference.valid == .na)
        #expect(fairness.groups[2].unscorableShare.valid == .na)
        #expect(fairness.groups[2].answers == nil)
        #expect(fairness.overall.students == 55)
        #expect(fairness.overall.unscorableShare.n == 55)
        #expect(fairness.overall.standardizedMeanDifference == alone.overall.standardizedMeanDifference)
        // One student with many answers is still one.
        let one = Array(repeating: full[0], count: 40)
        #expect(Fairness(answers: one).groups[0].isSuppressed)
    }
}
