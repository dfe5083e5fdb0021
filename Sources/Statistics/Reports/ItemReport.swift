// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// What the items of an exam are worth, with their names.
public struct ItemReport: StatisticsReport, Hashable {
    /// A question, criterion or key point.
    public struct Item: Sendable, Hashable {
        /// Its identifier.
        public var id: String
        /// What people call it.
        public var label: String
        /// The highest possible mark.
        public var maximum: Double

        /// Names an item.
        public init(id: String, label: String, maximum: Double) {
            self.id = id
            self.label = label
            self.maximum = maximum
        }
    }

    /// The items in order.
    public let items: [Item]
    /// Their figures, in the same order.
    public let analysis: ItemAnalysis

    /// Analyses marks; see ``ItemAnalysis``.
    ///
    /// - Parameters:
    ///   - items: The items.
    ///   - marks: For each student the marks of all items, in the items' order.
    ///   - bootstrap: How intervals are made.
    public init(items: [Item], marks: [[Double?]], bootstrap: Bootstrap = Bootstrap()) {
        self.items = items
        analysis = ItemAnalysis(marks: marks, maxima: items.map(\.maximum), bootstrap: bootstrap)
    }

    private var exam: KeyedStatistics {
        [
            ("mean_total", analysis.meanTotal), ("sd_total", analysis.standardDeviation), ("alpha", analysis.alpha),
            ("sem", analysis.standardErrorOfMeasurement),
        ]
    }

    private static func statistics(_ item: ItemAnalysis.Item) -> KeyedStatistics {
        [
            ("facility", item.facility), ("sd", item.standardDeviation), ("discrimination", item.discrimination),
            ("upper_lower", item.upperLower), ("efficiency", item.discriminativeEfficiency),
            ("alpha_if_deleted", item.alphaIfDeleted),
        ]
    }

    /// `{students, complete, mean_total, sd_total, alpha, sem, items: [{id, label, maximum, missing, ..., flags}]}`.
    public var json: JSONValue {
        var object: JSONObject = [
            "students": .integer(Int64(analysis.students)), "complete": .integer(Int64(analysis.complete)),
        ]
        object.add(exam)
        object["items"] = .array(
            zip(items, analysis.items).map { item, figures in
                var object: JSONObject = [
                    "id": .string(item.id), "label": .string(item.label), "maximum": .optional(item.maximum),
                    "missing": .integer(Int64(figures.missing)),
                ]
                object.add(Self.statistics(figures))
                object["flags"] = .array(figures.flags.map { .string($0.rawValue) })
                return .object(object)
            })
        return .object(object)
    }

    /// `items`, one to a row, and `exam` with one row.
    public var tables: [Table] {
        let keys = analysis.items.first.map { Self.statistics($0).map(\.key) } ?? []
        var table = Table(
            name: "items", columns: ["id", "label", "maximum", "missing", "flags"] + keys.flatMap(Statistic.columns))
        for (item, figures) in zip(items, analysis.items) {
            let flags = figures.flags.map(\.rawValue).joined(separator: " ")
            table.append(
                [
                    .text(item.id), .text(item.label), .number(item.maximum), .integer(figures.missing), .text(flags),
                ] + Self.statistics(figures).flatMap(\.statistic.cells))
        }
        var whole = Table(
            name: "exam", columns: ["students", "complete"] + exam.map(\.key).flatMap(Statistic.columns))
        whole.append(
            [.integer(analysis.students), .integer(analysis.complete)] + exam.flatMap(\.statistic.cells))
        return [table, whole]
    }
}
