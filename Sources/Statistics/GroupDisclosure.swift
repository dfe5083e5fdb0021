// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What may be shown of groups so that nobody can tell, by subtracting one figure from another, what few people did or
/// which group they belong to.
///
/// Answers lie in cells: those to one question in one month. Every selection is made of whole cells, and within each
/// - a group is shown only with enough students;
/// - those who are in none of the groups shown are none at all, or enough: else the smallest of these groups goes too;
/// - a group is not shown alone where everybody is in it, which would tell everybody's group.
///
/// So whatever is left when selections are subtracted is made of parts with enough people each (the threshold rule with
/// secondary suppression; Hundepool et al., "Statistical Disclosure Control", 2012, chapter 4).
enum GroupDisclosure {
    /// The place of one answer.
    struct Place {
        var cell: Int
        var student: Int
        /// The group; nil for somebody who is in none that could be shown.
        var group: Int?
    }

    /// The cells in which a group may be shown.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - answers: All answers, of everybody.
    ///   - fewest: How many students are enough.
    static func cells(showing group: Int, of answers: some Sequence<Place>, fewest: Int) -> Set<Int> {
        var students: [Int: [Int?: Set<Int>]] = [:]
        for answer in answers { students[answer.cell, default: [:]][answer.group, default: []].insert(answer.student) }
        return Set(students.filter { shown($0.value.mapValues(\.count), fewest).contains(group) }.keys)
    }

    /// The groups of a cell that may be shown, by how many students each has.
    static func shown(_ sizes: [Int?: Int], _ fewest: Int) -> Set<Int> {
        var shown: [(group: Int, students: Int)] = []
        var rest = 0
        for (group, students) in sizes {
            if let group, students >= fewest { shown.append((group, students)) } else { rest += students }
        }
        shown.sort { ($0.students, $0.group) > ($1.students, $1.group) }
        while rest > 0, rest < fewest, let smallest = shown.popLast() { rest += smallest.students }
        return rest == 0 && shown.count == 1 ? [] : Set(shown.map(\.group))
    }
}
