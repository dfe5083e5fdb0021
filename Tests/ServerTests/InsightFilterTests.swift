// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Storage
import TestSupport
import Testing

@testable import Server

/// Dashboards of some answers only: by days, and by a group that people declare.
@Suite("Insight by days and groups")
struct InsightFilterTests {
    private static func day(_ offset: Int = 0) throws -> String {
        let now = WallClock.system.now()
        return try #require(CalendarDay(Timestamp(milliseconds: now.milliseconds + Int64(offset) * 86_400_000))).text
    }

    @Test func `looks at the answers of some days, in figures, lists and files`() async throws {
        let room = try await Classroom()
        for index in 0..<4 { try await room.answer(index, point: 0.5, points: ["dose": .missing]) }
        // Should midnight come, yesterday's answers are looked for too.
        let (before, today, after) = (try Self.day(-1), try Self.day(), try Self.day(1))
        let days: [(String, Int)] = [
            ("from=\(before)&to=\(after)", 4), ("from=\(before)", 4), ("to=\(after)", 4),
            ("from=\(try Self.day(2))", 0), ("to=\(try Self.day(-2))", 0), ("from=1970-01-01&to=9999-12-31", 4),
        ]
        for (query, count) in days {
            let dashboard = try await room.get("dashboard?\(query)")
            #expect(dashboard.status == 200 && dashboard.json["answers"]?.integer == Int64(count), "\(query)")
            #expect(dashboard.json["key_points"]?.array?[0]["missed"]?["n"]?.integer == Int64(count), "\(query)")
            #expect(try await room.get("answers?\(query)").json["items"]?.array?.count == count, "\(query)")
            let lines = try await room.get("answers.csv?\(query)").text.split(separator: "\r\n").count
            #expect(lines == count + 1, "\(query)")
            let distribution = try await room.get("dashboard.csv?table=histogram&\(query)").text
            #expect(distribution.contains("0.5,0.6,\(count)"), "\(query)")
        }
        let asked = try await room.get("dashboard?from=\(today)&question_id=\(room.question)").json
        #expect(asked["from"]?.string == today && asked["to"]?.isNull == true && asked["group"]?.isNull == true)
        for wrong in ["from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01", "from="] {
            #expect(try await room.get("dashboard?\(wrong)").status == 422, "\(wrong)")
            #expect(try await room.get("answers?\(wrong)").status == 422, "\(wrong)")
        }
    }

    @Test func `shows a group of twenty and more by means, and nobody in it`() async throws {
        let room = try await Classroom(students: 41)
        #expect(try await room.get("dashboard?group=English").code == "no_groups")
        try await room.declareGroups()
        #expect(try await room.get("dashboard?group=Martian").status == 422)
        for index in 0..<41 {
            try await room.answer(
                index, point: index < 20 ? 0.75 : 0.25, points: ["dose": index % 2 == 0 ? .missing : .covered])
            try await room.declare(index, index < 20 ? "English" : "Another")
        }
        let group = try await room.get("dashboard?group=English")
        #expect(group.status == 200 && group.json["answers"]?.integer == 20, "\(group.text)")
        #expect(group.json["measures"]?["score"]?["mean"]?["value"]?.double == 0.75)
        let point = try #require(group.json["key_points"]?.array?.first { $0["id"]?.string == "dose" })
        #expect(point["missed"]?["value"]?.double == 0.5)
        for index in 0..<41 { #expect(!group.text.contains(room.student(index).text)) }
        #expect(!group.text.contains("Student"))
        for table in ["distributions", "questions", "key_points"] {
            let file = try await room.get("dashboard.csv?group=English&table=\(table)")
            #expect(file.status == 200 && file.text.contains("\r\nEnglish,"), "\(table): \(file.text)")
        }
        #expect(try await room.get("dashboard?group=English&format=csv&table=students").status == 422)
        #expect(try await room.get("answers?group=English").status == 422, "a list would show who is in it")

        // Days only by whole months, so that nobody's answer lies between two selections.
        let today = try Self.day()
        let month = today.prefix(8)
        let last = try #require((28...31).reversed().lazy.compactMap { CalendarDay("\(month)\($0)") }.first)
        let whole = try await room.get("dashboard?group=English&from=\(month)01&to=\(last.text)")
        #expect(whole.json["answers"]?.integer == 20, "\(whole.text)")
        #expect(try await room.get("dashboard?group=English&from=\(month)02").status == 422)
        #expect(try await room.get("dashboard?group=English&to=\(month)15").status == 422)

        // One who leaves a group of twenty takes all of its figures along, and those of the others too.
        try await room.declare(0, "Another")
        for name in ["English", "Another"] {
            let report = try await room.get("dashboard?group=\(name)")
            #expect(report.json["answers"]?.integer == 0 && report.json["questions"] == [], "\(report.text)")
            #expect(report.json["measures"]?["score"]?["mean"]?["value"]?.isNull == true)
        }
        let everybody = try await room.get("dashboard")
        #expect(everybody.json["answers"]?.integer == 41)
    }
}
