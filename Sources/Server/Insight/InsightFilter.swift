// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON
import Storage

/// Which answers a dashboard looks at: `question_id`, `from`, `to` and `group` of the query.
struct InsightFilter: Sendable {
    /// Only answers to this question.
    let question: Identifier<Question>?
    /// Only answers of students who count themselves to this group.
    let group: String?
    /// The first day.
    private let from: CalendarDay?
    /// The last day.
    private let to: CalendarDay?

    /// - Throws: ``HTTPError`` 422 for what is no id and no day, for days in the wrong order, and for days within a month
    ///   where a group is chosen.
    init(_ request: HTTPRequest) throws {
        question = try request.queryIdentifier("question_id")
        from = try Self.day("from", request)
        to = try Self.day("to", request)
        group = request.query["group"]
        if let from, let to, from.start > to.start {
            throw HTTPError.invalidField("to", "must not be before the first day")
        }
        // Two stretches of a few days' difference would tell what the few did who answered in between.
        if group != nil {
            if from?.beginsMonth == false {
                throw HTTPError.invalidField("from", "must be the first day of a month where a group is chosen")
            }
            if to?.endsMonth == false {
                throw HTTPError.invalidField("to", "must be the last day of a month where a group is chosen")
            }
        }
    }

    /// When answers were received; nil for all.
    var time: Range<Timestamp>? {
        guard from != nil || to != nil else { return nil }
        return (from?.start ?? Timestamp(milliseconds: 0))..<(to?.end ?? Timestamp(milliseconds: .max))
    }

    /// What was asked for, for the report.
    var context: JSONObject {
        [
            "question_id": .optional(question?.text), "from": .optional(from?.text), "to": .optional(to?.text),
            "group": .optional(group),
        ]
    }

    private static func day(_ name: String, _ request: HTTPRequest) throws -> CalendarDay? {
        guard let text = request.query[name] else { return nil }
        guard let day = CalendarDay(text) else {
            throw HTTPError.invalidField(name, "must be a day such as 2026-11-27")
        }
        return day
    }
}
