// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// What a pass mark may rest on: performances on the border, and judges who imagine them.
public struct StandardReport: StatisticsReport, Hashable {
    /// One performance that a person rated as a whole and scored by criteria.
    public struct Performance: Sendable, Hashable {
        /// The score of the global rating's level.
        public var rating: Double
        /// The score, 0...1.
        public var score: Double

        /// Describes a performance.
        public init(rating: Double, score: Double) {
            self.rating = rating
            self.score = score
        }
    }

    /// What judges estimate.
    public struct Item: Sendable, Hashable {
        /// Its identifier.
        public var id: String
        /// What people call it.
        public var label: String
        /// How much it counts.
        public var weight: Double

        /// Describes an item.
        public init(id: String, label: String, weight: Double) {
            self.id = id
            self.label = label
            self.weight = weight
        }
    }

    /// The grade on the border; nil where ratings have no scale.
    public let borderline: Double?
    /// The performances.
    public let performances: [Performance]
    /// The pass mark that they make.
    public let regression: BorderlineRegression
    /// What judges estimate.
    public let items: [Item]
    /// The judges' names, in the order of ``AngoffStandard/judges``.
    public let judges: [String]
    /// The pass mark that they make.
    public let angoff: AngoffStandard

    /// Makes both pass marks.
    ///
    /// - Parameters:
    ///   - performances: Those with a global rating.
    ///   - borderline: The grade on the border; nil where ratings have no scale, and so there are no performances.
    ///   - items: What judges estimate.
    ///   - judges: Their names, each with estimates of the items in order, 0...1; nil where there is none.
    ///   - bootstrap: How intervals are made.
    public init(
        performances: [Performance], borderline: Double?, items: [Item],
        judges: [(name: String, estimates: [Double?])], bootstrap: Bootstrap? = nil
    ) {
        self.performances = performances
        self.borderline = borderline
        self.items = items
        self.judges = judges.map(\.name)
        let bootstrap = bootstrap ?? .sized(for: performances.count)
        regression = BorderlineRegression(
            grades: performances.map(\.rating), scores: performances.map(\.score), borderline: borderline ?? 0,
            bootstrap: bootstrap)
        angoff = AngoffStandard(
            estimates: judges.map(\.estimates), weights: items.map(\.weight), bootstrap: bootstrap)
    }

    private var regressionStatistics: KeyedStatistics {
        [
            ("cut", regression.cut), ("slope", regression.slope), ("intercept", regression.intercept),
            ("r2", regression.determination), ("rmse", regression.rootMeanSquareError),
        ]
    }

    private var angoffStatistics: KeyedStatistics {
        [("cut", angoff.cut), ("sd", angoff.standardDeviation), ("se", angoff.standardError)]
    }

    /// `{regression: {borderline, n, extrapolated, cut, slope, ..., performances: [{rating, score, count}]}, angoff: {cut,
    /// sd, se, judges: [{name, cut}], items: [{id, label, weight, estimate}]}}`.
    public var json: JSONValue {
        var line: JSONObject = [
            "borderline": .optional(borderline), "n": .integer(Int64(regression.n)),
            "extrapolated": .bool(regression.isExtrapolated),
        ]
        line.add(regressionStatistics)
        line["performances"] = .array(
            counted.map { performance, count in
                [
                    "rating": .number(performance.rating), "score": .number(performance.score),
                    "count": .integer(Int64(count)),
                ]
            })
        var judged = JSONObject()
        judged.add(angoffStatistics)
        judged["judges"] = .array(
            zip(judges, angoff.judges).map { ["name": .string($0), "cut": .optional($1)] })
        judged["items"] = .array(
            zip(items, angoff.items).map { item, estimate in
                [
                    "id": .string(item.id), "label": .string(item.label), "weight": .number(item.weight),
                    "estimate": estimate.json,
                ]
            })
        return ["regression": .object(line), "angoff": .object(judged)]
    }

    /// The performances, those that are the same as one, in the order of rating and score.
    private var counted: [(Performance, Int)] {
        Dictionary(performances.map { ($0, 1) }, uniquingKeysWith: +).sorted {
            ($0.key.rating, $0.key.score) < ($1.key.rating, $1.key.score)
        }.map { ($0.key, $0.value) }
    }

    /// `regression` and `angoff` with one row each, `performances`, `judges` and `items`.
    public var tables: [Table] {
        var line = Table(
            name: "regression",
            columns: ["borderline", "n", "extrapolated"] + regressionStatistics.map(\.key).flatMap(Statistic.columns))
        line.append(
            [.optional(borderline), .integer(regression.n), .flag(regression.isExtrapolated)]
                + regressionStatistics.flatMap(\.statistic.cells))
        var judged = Table(name: "angoff", columns: angoffStatistics.map(\.key).flatMap(Statistic.columns))
        judged.append(angoffStatistics.flatMap(\.statistic.cells))
        var points = Table(name: "performances", columns: ["rating", "score", "count"])
        for (performance, count) in counted {
            points.append([.number(performance.rating), .number(performance.score), .integer(count)])
        }
        var people = Table(name: "judges", columns: ["name", "cut"])
        for (name, cut) in zip(judges, angoff.judges) { people.append([.text(name), .optional(cut)]) }
        var estimated = Table(
            name: "items", columns: ["id", "label", "weight"] + Statistic.columns("estimate"))
        for (item, estimate) in zip(items, angoff.items) {
            estimated.append([.text(item.id), .text(item.label), .number(item.weight)] + estimate.cells)
        }
        return [line, judged, points, people, estimated]
    }
}
