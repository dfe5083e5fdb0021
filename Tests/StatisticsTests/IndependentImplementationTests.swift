// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON
import Statistics
import Testing

@Suite("Statistics: agreement with independent implementations to 1e-9")
struct IndependentImplementationTests {
    private let bootstrap = Bootstrap(resamples: 200, seed: 42)

    /// Whether a value is the expected one, or both are missing.
    private func isSame(_ value: Double?, _ expected: JSONValue?) -> Bool {
        guard let value, let expected = expected?.double else { return value == nil && expected?.double == nil }
        return abs(value - expected) <= 1e-9 * max(1, abs(expected))
    }

    private func isSame(_ interval: ClosedRange<Double>?, _ expected: JSONValue?) -> Bool {
        guard let interval, let expected = expected?.array else { return interval == nil && expected?.array == nil }
        return isSame(interval.lowerBound, expected[0]) && isSame(interval.upperBound, expected[1])
    }

    @Test func `has cases`() {
        for kind in ["agreement", "reliability", "items", "borderline", "angoff", "progress"] {
            #expect(GoldenStatistics.cases(kind).count >= 2)
        }
    }

    @Test(arguments: GoldenStatistics.cases("agreement").indices) func `two markers`(index: Int) {
        let example = GoldenStatistics.cases("agreement")[index]
        let intervals = example["intervals"]
        let agreement = Agreement(
            machine: example["machine"]?.cells ?? [], human: example["human"]?.cells ?? [],
            bootstrap: intervals == nil ? .none : bootstrap)
        let statistics = [
            ("exact", agreement.exact), ("adjacent", agreement.adjacent), ("mae", agreement.meanAbsoluteError),
            ("kappa", agreement.kappa), ("qwk", agreement.quadraticWeightedKappa), ("pearson", agreement.pearson),
            ("spearman", agreement.spearman), ("smd", agreement.standardizedMeanDifference),
        ]
        for (name, statistic) in statistics {
            #expect(isSame(statistic.value, example["values"]?[name]), "\(name)")
            if let intervals { #expect(isSame(statistic.interval, intervals[name]), "\(name)") }
        }
    }

    @Test(arguments: GoldenStatistics.cases("reliability").indices) func `several markers`(index: Int) {
        let example = GoldenStatistics.cases("reliability")[index]
        let answers = example["answers"]?.rows ?? []
        let intervals = example["intervals"]?.object
        for metric in Reliability.Metric.allCases {
            let alpha = Reliability.krippendorffAlpha(
                answers, metric: metric, bootstrap: intervals == nil ? .none : bootstrap)
            #expect(isSame(alpha.value, example["alpha"]?[metric.rawValue]), "\(metric)")
            if let intervals { #expect(isSame(alpha.interval, intervals[metric.rawValue]), "\(metric)") }
        }
        if let expected = example["icc"] {
            #expect(isSame(Reliability.intraclassCorrelation(answers, bootstrap: .none).value, expected))
        }
    }

    @Test(arguments: GoldenStatistics.cases("items").indices) func `items`(index: Int) {
        let example = GoldenStatistics.cases("items")[index]
        let intervals = example["alpha_interval"]
        let analysis = ItemAnalysis(
            marks: example["marks"]?.rows ?? [], maxima: example["maxima"]?.cells.compactMap { $0 } ?? [],
            bootstrap: intervals == nil ? .none : bootstrap)
        #expect(isSame(analysis.alpha.value, example["alpha"]))
        #expect(isSame(analysis.standardErrorOfMeasurement.value, example["sem"]))
        #expect(isSame(analysis.meanTotal.value, example["mean"]))
        #expect(Int64(analysis.complete) == example["complete"]?.integer)
        if let intervals { #expect(isSame(analysis.alpha.interval, intervals)) }
        for (item, expected) in zip(analysis.items, example["items"]?.array ?? []) {
            #expect(isSame(item.facility.value, expected["facility"]))
            #expect(isSame(item.standardDeviation.value, expected["sd"]))
            #expect(isSame(item.discrimination.value, expected["discrimination"]))
            #expect(isSame(item.upperLower.value, expected["upper_lower"]))
            #expect(isSame(item.discriminativeEfficiency.value, expected["efficiency"]))
            #expect(isSame(item.alphaIfDeleted.value, expected["alpha_if_deleted"]))
            if intervals != nil {
                #expect(isSame(item.facility.interval, expected["facility_interval"]))
                #expect(isSame(item.discrimination.interval, expected["discrimination_interval"]))
            }
        }
    }

    @Test(arguments: GoldenStatistics.cases("borderline").indices) func `borderline regression`(index: Int) {
        let example = GoldenStatistics.cases("borderline")[index]
        let standard = BorderlineRegression(
            grades: example["grades"]?.cells ?? [], scores: example["scores"]?.cells ?? [], borderline: 2,
            bootstrap: bootstrap)
        #expect(isSame(standard.cut.value, example["cut"]))
        #expect(isSame(standard.cut.interval, example["cut_interval"]))
        #expect(isSame(standard.slope.value, example["slope"]))
        #expect(isSame(standard.intercept.value, example["intercept"]))
        #expect(isSame(standard.determination.value, example["r2"]))
        #expect(isSame(standard.rootMeanSquareError.value, example["rmse"]))
    }

    @Test(arguments: GoldenStatistics.cases("angoff").indices) func `Angoff's method`(index: Int) {
        let example = GoldenStatistics.cases("angoff")[index]
        let standard = AngoffStandard(
            estimates: example["estimates"]?.rows ?? [], weights: example["weights"]?.cells.compactMap { $0 },
            bootstrap: bootstrap)
        #expect(isSame(standard.cut.value, example["cut"]))
        #expect(isSame(standard.cut.interval, example["cut_interval"]))
        #expect(isSame(standard.standardDeviation.value, example["sd"]))
        #expect(isSame(standard.standardError.value, example["se"]))
        for (item, expected) in zip(standard.items, example["items"]?.array ?? []) {
            #expect(isSame(item.value, expected))
        }
    }

    @Test func `fairness`() throws {
        let example = try #require(GoldenStatistics.all["fairness"])
        let answers = (example["answers"]?.array ?? []).map { row in
            var answer = Fairness.Answer(group: row["group"]?.string ?? "", student: Int(row["student"]?.integer ?? 0))
            answer.wordErrors = row["errors"]?.integer.map { Int($0) }
            answer.referenceWords = row["words"]?.integer.map { Int($0) }
            answer.machineMark = row["machine"]?.double
            answer.humanMark = row["human"]?.double
            answer.machineCoverage = row["machine_coverage"]?.double
            answer.humanCoverage = row["human_coverage"]?.double
            answer.machinePasses = row["passes"]?.bool
            answer.humanPasses = answer.humanMark.map { $0 >= 5 }
            answer.isUnscorable = row["unscorable"]?.bool
            return answer
        }
        let fairness = Fairness(answers: answers, bootstrap: bootstrap)
        #expect(fairness.groups.map(\.name) == ["a", "b", "c"])
        #expect(fairness.groups.map(\.isSuppressed) == [false, false, true])
        for (group, name) in [(fairness.groups[0], "a"), (fairness.groups[1], "b"), (fairness.overall, "overall")] {
            let statistics = [
                ("wer", group.wordErrorRate), ("smd", group.standardizedMeanDifference), ("gap", group.coverageGap),
                ("flip", group.passFlipRate), ("unscorable", group.unscorableShare),
            ]
            for (key, statistic) in statistics {
                let expected = example[name]?[key]
                #expect(isSame(statistic.value, expected?["value"]), "\(name) \(key)")
                #expect(isSame(statistic.interval, expected?["interval"]), "\(name) \(key)")
                #expect(Int64(statistic.n) == expected?["n"]?.integer ?? 0, "\(name) \(key)")
            }
        }
    }

    @Test(arguments: GoldenStatistics.cases("progress").indices) func `progress`(index: Int) throws {
        let example = GoldenStatistics.cases("progress")[index]
        let progress = Progress(
            marks: example["marks"]?.cells ?? [], standardErrorOfMeasurement: example["sem"]?.double)
        #expect(isSame(progress.slope.value, example["slope"]))
        #expect(isSame(progress.change.value, example["change"]))
        let slope = try #require(progress.slope.value)
        let slopeError = try #require(example["slope_error"]?.double)
        #expect(progress.isReliableSlope == (abs(slope) > 1.96 * slopeError))
        let change = try #require(progress.change.value)
        let changeError = try #require(example["change_error"]?.double)
        #expect(progress.isReliableChange == (abs(change) > 1.96 * changeError))
    }
}
