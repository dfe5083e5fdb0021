// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Whether the machine treats groups of students alike.
///
/// Groups are those that students put themselves into. No figure that rests on fewer than 20 students is given, neither
/// for a group nor for a part of it, and the figures of all together are those of the groups that are shown, so that
/// nothing about a small group can be found by subtraction.
public struct Fairness: Sendable, Hashable {
    /// What is known of one answer. What is not known is nil, and counts nowhere.
    public struct Answer: Sendable, Hashable {
        /// The group that the student declared.
        public var group: String
        /// The student, by any number that is the same for all of the student's answers.
        public var student: Int
        /// Errors of the recogniser's text against the corrected one.
        public var wordErrors: Int?
        /// The words of the corrected text.
        public var referenceWords: Int?
        /// The machine's mark.
        public var machineMark: Double?
        /// The person's mark.
        public var humanMark: Double?
        /// The coverage that the machine found, 0...1.
        public var machineCoverage: Double?
        /// The coverage that a person found, 0...1.
        public var humanCoverage: Double?
        /// Whether the machine's mark passes.
        public var machinePasses: Bool?
        /// Whether the person's mark passes.
        public var humanPasses: Bool?
        /// Whether the machine could not give a mark.
        public var isUnscorable: Bool?

        /// An answer of which nothing is known yet.
        public init(group: String, student: Int) {
            self.group = group
            self.student = student
        }
    }

    /// The figures of one group, or of all that are shown.
    public struct Group: Sendable, Hashable {
        /// The group's name; nil for all together.
        public let name: String?
        /// Students in it; nil where there are too few to say anything.
        public let students: Int?
        /// Answers of these; nil likewise.
        public let answers: Int?
        /// Errors / words of all answers together.
        public let wordErrorRate: Statistic
        /// (mean M - mean H) of the group / sd H of all that are shown, one yardstick for all groups.
        public let standardizedMeanDifference: Statistic
        /// The mean of machine's coverage - person's.
        public let coverageGap: Statistic
        /// The share of answers that pass with one of machine and person and fail with the other.
        public let passFlipRate: Statistic
        /// The share of answers without a mark from the machine.
        public let unscorableShare: Statistic

        /// Whether there are too few students to say anything.
        public var isSuppressed: Bool { students == nil }
    }

    /// The fewest students that figures are given for.
    public static let fewestStudents = 20

    /// The groups by name.
    public let groups: [Group]
    /// All groups that are shown, together.
    public let overall: Group

    /// Compares groups.
    ///
    /// - Parameters:
    ///   - answers: The answers of all students who declared a group.
    ///   - fewest: The fewest students that figures are given for; less than ``fewestStudents`` is not possible.
    ///   - bootstrap: How intervals are made. Resamples are of students, with all of their answers.
    public init(answers: [Answer], fewest: Int = Fairness.fewestStudents, bootstrap: Bootstrap = Bootstrap()) {
        let fewest = max(fewest, Self.fewestStudents)
        let groups = Dictionary(grouping: answers, by: \.group)
        let shown = inLargeGroups(answers, fewest)
        let marked = inLargeGroups(shown.filter { difference($0.machineMark, $0.humanMark) != nil }, fewest)
        let yardstick = Moments(marked.compactMap(\.humanMark)).standardDeviation ?? 0
        func figures(_ name: String?, _ answers: [Answer]) -> Group {
            GroupFigures(answers: answers, yardstick: yardstick, fewest: fewest, bootstrap: bootstrap).group(name)
        }
        self.groups = groups.keys.sorted().map { name in figures(name, groups[name] ?? []) }
        overall = figures(nil, shown)
    }
}

/// Whether answers are of enough students.
private func isLarge(_ answers: [Fairness.Answer], _ fewest: Int) -> Bool {
    Set(answers.lazy.map(\.student)).count >= fewest
}

/// The answers of the groups with enough students among these answers.
private func inLargeGroups(_ answers: [Fairness.Answer], _ fewest: Int) -> [Fairness.Answer] {
    let large = Dictionary(grouping: answers, by: \.group).mapValues { isLarge($0, fewest) }
    return answers.filter { large[$0.group] ?? false }
}

private func difference(_ machine: Double?, _ human: Double?) -> Double? {
    guard let machine, let human, machine.isFinite, human.isFinite else { return nil }
    return machine - human
}

/// The figures of some answers.
private struct GroupFigures {
    let answers: [Fairness.Answer]
    /// The standard deviation of the persons' marks.
    let yardstick: Double
    let fewest: Int
    let bootstrap: Bootstrap

    func group(_ name: String?) -> Fairness.Group {
        let isShown = isLarge(answers, fewest)
        let yardstick = yardstick
        return Fairness.Group(
            name: name, students: isShown ? Set(answers.lazy.map(\.student)).count : nil,
            answers: isShown ? answers.count : nil,
            wordErrorRate: ratio { answer in
                guard let errors = answer.wordErrors, let words = answer.referenceWords, errors >= 0, words > 0
                else { return nil }
                return (Double(errors), Double(words))
            },
            standardizedMeanDifference: ratio { answer in
                difference(answer.machineMark, answer.humanMark).map { ($0, yardstick) }
            },
            coverageGap: ratio { answer in
                difference(answer.machineCoverage, answer.humanCoverage).map { ($0, 1) }
            },
            passFlipRate: ratio { answer in
                guard let machine = answer.machinePasses, let human = answer.humanPasses else { return nil }
                return (machine == human ? 0 : 1, 1)
            },
            unscorableShare: ratio { answer in answer.isUnscorable.map { ($0 ? 1 : 0, 1) } })
    }

    /// The sum of numerators / the sum of denominators, over the answers that have them and whose group has enough of
    /// these.
    private func ratio(_ part: (Fairness.Answer) -> (Double, Double)?) -> Statistic {
        var places: [Int: Int] = [:]
        var sums: [(above: Double, below: Double)] = []
        for answer in inLargeGroups(answers.filter { part($0) != nil }, fewest) {
            guard let (above, below) = part(answer) else { continue }
            let place = places[answer.student] ?? sums.count
            if place == sums.count {
                places[answer.student] = place
                sums.append((0, 0))
            }
            sums[place].above += above
            sums[place].below += below
        }
        guard sums.count >= fewest else {
            return Statistic(na: "There are fewer than \(fewest) students, so nothing is shown.", n: 0)
        }
        func value(_ indices: [Int]) -> Double? {
            var above = 0.0
            var below = 0.0
            for index in indices {
                above += sums[index].above
                below += sums[index].below
            }
            return below > 0 ? above / below : nil
        }
        return Statistic(
            value(Array(sums.indices)), n: sums.count, interval: bootstrap.interval(sampleSize: sums.count, value),
            otherwise: "The persons' marks don't vary.")
    }
}
