// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// Whether groups of students are treated alike, with what the groups are by.
public struct FairnessReport: StatisticsReport, Hashable {
    /// What students declared, such as `first language`.
    public let attribute: String
    /// The figures.
    public let fairness: Fairness

    /// Compares groups; see ``Fairness``.
    public init(
        attribute: String, answers: [Fairness.Answer], fewest: Int = Fairness.fewestStudents,
        bootstrap: Bootstrap = Bootstrap()
    ) {
        self.attribute = attribute
        fairness = Fairness(answers: answers, fewest: fewest, bootstrap: bootstrap)
    }

    private static func statistics(_ group: Fairness.Group) -> KeyedStatistics {
        [
            ("wer", group.wordErrorRate), ("smd", group.standardizedMeanDifference),
            ("coverage_gap", group.coverageGap), ("pass_flip", group.passFlipRate),
            ("unscorable", group.unscorableShare),
        ]
    }

    private static func json(_ group: Fairness.Group) -> JSONValue {
        var object: JSONObject = [
            "name": .optional(group.name), "students": .optional(group.students), "answers": .optional(group.answers),
            "suppressed": .bool(group.isSuppressed),
        ]
        object.add(statistics(group))
        return .object(object)
    }

    /// `{attribute, overall, groups: [{name, students, answers, suppressed, wer, smd, ...}]}`.
    public var json: JSONValue {
        [
            "attribute": .string(attribute), "overall": Self.json(fairness.overall),
            "groups": .array(fairness.groups.map(Self.json)),
        ]
    }

    /// `groups`, with all that are shown together in the last row, whose group is empty.
    public var tables: [Table] {
        let keys = Self.statistics(fairness.overall).map(\.key)
        var table = Table(
            name: "groups",
            columns: ["attribute", "group", "students", "answers", "suppressed"] + keys.flatMap(Statistic.columns))
        for group in fairness.groups + [fairness.overall] {
            table.append(
                [
                    .text(attribute), .optional(group.name), .optional(group.students), .optional(group.answers),
                    .flag(group.isSuppressed),
                ] + Self.statistics(group).flatMap(\.statistic.cells))
        }
        return [table]
    }
}
