// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// How far markers, and the machine among them, agree: pair by pair and all together, criterion by criterion.
public struct AgreementReport: StatisticsReport, Hashable {
    /// The marks of one marker.
    public struct Marker: Sendable, Hashable {
        /// What people call the marker.
        public var name: String
        /// The marks of all answers, in the same order for every marker; nil where the marker gave none.
        public var marks: [Double?]

        /// Names a marker.
        public init(name: String, marks: [Double?]) {
            self.name = name
            self.marks = marks
        }
    }

    /// What was marked, and by whom.
    public struct Criterion: Sendable, Hashable {
        /// What people call it.
        public var name: String
        /// The machine; nil where it gives no marks.
        public var machine: Marker?
        /// The people who mark.
        public var markers: [Marker]

        /// Names a criterion.
        public init(name: String, machine: Marker? = nil, markers: [Marker]) {
            self.name = name
            self.machine = machine
            self.markers = markers
        }
    }

    /// Two markers on one criterion.
    public struct Pair: Sendable, Hashable {
        /// The criterion's name.
        public let criterion: String
        /// The marker who counts as M: the machine, or the earlier one.
        public let first: String
        /// The marker who counts as H.
        public let second: String
        /// How far they agree.
        public let agreement: Agreement

        var statistics: KeyedStatistics {
            [
                ("exact", agreement.exact), ("adjacent", agreement.adjacent), ("mae", agreement.meanAbsoluteError),
                ("kappa", agreement.kappa), ("qwk", agreement.quadraticWeightedKappa), ("pearson", agreement.pearson),
                ("spearman", agreement.spearman), ("smd", agreement.standardizedMeanDifference),
            ]
        }
    }

    /// All people who mark on one criterion.
    public struct Group: Sendable, Hashable {
        /// The criterion's name.
        public let criterion: String
        /// How many markers there are.
        public let markers: Int
        /// Krippendorff's alpha of names.
        public let nominalAlpha: Statistic
        /// Krippendorff's alpha of ranks.
        public let ordinalAlpha: Statistic
        /// Krippendorff's alpha of distances.
        public let intervalAlpha: Statistic
        /// ICC(2,1).
        public let intraclassCorrelation: Statistic

        var statistics: KeyedStatistics {
            [
                ("alpha_nominal", nominalAlpha), ("alpha_ordinal", ordinalAlpha), ("alpha_interval", intervalAlpha),
                ("icc", intraclassCorrelation),
            ]
        }
    }

    /// Every two markers who marked at least one answer both, criterion by criterion.
    public let pairs: [Pair]
    /// All people who mark, without the machine, criterion by criterion.
    public let groups: [Group]

    /// Compares markers.
    ///
    /// - Parameters:
    ///   - criteria: The marks.
    ///   - bootstrap: How intervals are made.
    /// - Complexity: Each pair of markers takes a bootstrap of its own.
    public init(criteria: [Criterion], bootstrap: Bootstrap = Bootstrap()) {
        pairs = criteria.flatMap { criterion -> [Pair] in
            let markers = (criterion.machine.map { [$0] } ?? []) + criterion.markers
            return markers.indices.flatMap { first in
                markers[(first + 1)...].compactMap { second in
                    let marker = markers[first]
                    let agreement = Agreement(machine: marker.marks, human: second.marks, bootstrap: bootstrap)
                    guard agreement.n > 0 else { return nil }
                    return Pair(
                        criterion: criterion.name, first: marker.name, second: second.name, agreement: agreement)
                }
            }
        }
        groups = criteria.map { criterion in
            let markers = criterion.markers.map(\.marks)
            let marks = (0..<(markers.map(\.count).max() ?? 0)).compactMap { answer -> [Double?]? in
                func mark(_ marks: [Double?]) -> Double? { answer < marks.count ? marks[answer] : nil }
                // Most answers have one marker, of which there is nothing to tell.
                guard markers.count < 2 || markers.count(where: { mark($0) != nil }) > 1 else { return nil }
                return markers.map(mark)
            }
            let alphas = Reliability.krippendorffAlphas(
                marks, metrics: [.nominal, .ordinal, .interval], bootstrap: bootstrap)
            return Group(
                criterion: criterion.name, markers: criterion.markers.count, nominalAlpha: alphas[0],
                ordinalAlpha: alphas[1], intervalAlpha: alphas[2],
                intraclassCorrelation: Reliability.intraclassCorrelation(
                    marks, markers: markers.count, bootstrap: bootstrap))
        }
    }

    /// `{pairs: [{criterion, first, second, n, missing, exact, ...}], groups: [{criterion, markers, alpha_nominal, ...}]}`.
    public var json: JSONValue {
        [
            "pairs": .array(
                pairs.map { pair in
                    var object: JSONObject = [
                        "criterion": .string(pair.criterion), "first": .string(pair.first),
                        "second": .string(pair.second), "n": .integer(Int64(pair.agreement.n)),
                        "missing": .integer(Int64(pair.agreement.missing)),
                    ]
                    object.add(pair.statistics)
                    return .object(object)
                }),
            "groups": .array(
                groups.map { group in
                    var object: JSONObject = [
                        "criterion": .string(group.criterion), "markers": .integer(Int64(group.markers)),
                    ]
                    object.add(group.statistics)
                    return .object(object)
                }),
        ]
    }

    /// `pairs` and `groups`.
    public var tables: [Table] {
        var pairTable = Table(
            name: "pairs",
            columns: ["criterion", "first", "second", "n", "missing"]
                + (pairs.first?.statistics.map(\.key) ?? []).flatMap(Statistic.columns))
        for pair in pairs {
            pairTable.append(
                [
                    .text(pair.criterion), .text(pair.first), .text(pair.second), .integer(pair.agreement.n),
                    .integer(pair.agreement.missing),
                ] + pair.statistics.flatMap(\.statistic.cells))
        }
        var groupTable = Table(
            name: "groups",
            columns: ["criterion", "markers"]
                + (groups.first?.statistics.map(\.key) ?? []).flatMap(Statistic.columns))
        for group in groups {
            groupTable.append(
                [.text(group.criterion), .integer(group.markers)] + group.statistics.flatMap(\.statistic.cells))
        }
        return [pairTable, groupTable]
    }
}
