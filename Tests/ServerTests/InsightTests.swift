// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON
import Statistics
import Storage
import TestSupport
import Testing

@testable import Server

/// The figures of a course, each through the whole server.
@Suite("Insight")
struct InsightRouteTests {
    @Test func `a score that is held for a person is none of the machine's in figures`() async throws {
        let room = try await Classroom()
        for index in 0..<5 { try await room.answer(index, point: 0.8) }
        let held = try await room.answer(5, point: 0, holds: [.fallbackRecogniser])
        let dashboard = try await room.get("dashboard").json
        #expect(dashboard["held"] == 1 && dashboard["hidden"] == 0, "\(dashboard.text)")
        #expect(dashboard["score"]?["n"] == 5 && !dashboard.text.contains("low_score"), "\(dashboard.text)")
        try await room.mark(held, levels: ["content": 3, "tone": 3], rating: 3)
        #expect(try await room.get("dashboard").json["held"] == 0, "a person has marked it")
        let agreement = try await room.get("agreement").json
        #expect(!agreement.text.contains("\"mae\":2") && !agreement.text.contains("\"mae\":4"), "\(agreement.text)")
        let list = try await room.get("answers").json["items"]?.array ?? []
        let item = list.first { $0["response"]?.string == held.text }
        #expect(item?["score"] == 1 && item?["source"] == "marker")
        let institution = try await room.send(.get, "/api/v1/institution/report", as: room.school.admin)
        #expect(institution.json["courses"]?.array?.first?["machine_score_n"] == 5, "\(institution.text)")

        // A person has to look at these two as well, but the machine is sure of them.
        try await room.answer(6, point: 0.3, holds: [.criticalContradicted, .essentialMissing])
        let grave = try await room.get("dashboard").json
        #expect(grave["held"] == 0 && grave.text.contains("low_score"), "\(grave.text)")
        let after = try await room.send(.get, "/api/v1/institution/report", as: room.school.admin)
        #expect(after.json["courses"]?.array?.first?["machine_score_n"] == 6, "\(after.text)")
    }

    @Test func `shows a class with what it missed, and the moments that show it`() async throws {
        let room = try await Classroom()
        for index in 0..<6 {
            try await room.answer(
                index, point: [0.1, 0.3, 0.5, 0.7, 0.9, 0.9][index],
                points: ["dose": index < 4 ? .contradicted : .covered, "when": index == 0 ? .missing : .covered])
        }
        let dashboard = try await room.get("dashboard")
        #expect(dashboard.status == 200, "\(dashboard.text)")
        let json = dashboard.json
        #expect(json["answers"]?.integer == 6 && json["hidden"]?.integer == 0)
        #expect(json["histogram"] == [0, 1, 0, 1, 0, 1, 0, 1, 0, 2])
        #expect(json["measures"]?["sentiment"]?["n"]?.integer == 6)
        #expect(json["measures"]?["flesch_re"]?["mean"]?["value"]?.double == 62.5)
        #expect(json["measures"]?["entities_drug"]?["max"]?.double == 1)
        let point = try #require(json["key_points"]?.array?.first)
        #expect(point["id"]?.string == "dose" && point["missed"]?["n"]?.integer == 6)
        #expect(point["counts"]?["contradicted"]?.integer == 4)
        let example = try #require(point["examples"]?.array?.first)
        #expect(example["state"]?.string == "contradicted")
        #expect(example["start"]?.integer == 400 && example["end"]?.integer == 1_100, "\(example.text)")
        let heard = try await room.send(
            .get, "/api/v1/responses/\(example["response"]?.string ?? "")", as: room.school.educator)
        #expect(heard.status == 200)

        // Who needs a look comes first, and those who have not answered are among them.
        let students = try #require(json["students"]?.array)
        let low = try #require(students.first { $0["name"]?.string == "Student 0" })
        #expect(low["flags"] == ["low_score"] && low["scores"]?[room.question]?.double == 0.1)
        #expect(students.last?["flags"] == [])
        #expect(students.contains { $0["flags"] == ["no_answers"] })
        let question = try #require(json["questions"]?.array?.first { $0["id"]?.string == room.question })
        #expect(question["flags"] == ["missed_key_point"] && question["answers"]?.integer == 6)

        let one = try await room.get("dashboard?question_id=\(room.question)")
        #expect(one.json["questions"]?.array?.count == 1)
        #expect(try await room.get("dashboard?question_id=\(Identifier<Question>())").status == 422)
    }

    @Test func `gives every table as CSV with exactly the numbers of the JSON`() async throws {
        let room = try await Classroom()
        for index in 0..<8 {
            let answer = try await room.answer(
                index, point: Double(index) / 7,
                points: ["dose": index % 2 == 0 ? .covered : .missing, "when": .partial])
            try await room.mark(answer, levels: ["content": index % 4, "tone": (index + 1) % 4], rating: index % 4)
        }
        _ = try await room.send(
            .put, "/api/v1/questions/\(room.question)/standard/estimates", as: room.school.educator,
            json: ["estimates": ["dose": 0.6, "when": 0.8]])
        try await room.declareGroups()
        let student = room.student(0)
        let reports: [(String, [String])] = [
            (
                "courses/\(room.course)/dashboard",
                ["students", "questions", "key_points", "examples", "distributions", "histogram"]
            ),
            ("courses/\(room.course)/answers", ["answers"]),
            ("courses/\(room.course)/items", ["items", "exam"]),
            ("courses/\(room.course)/agreement", ["pairs", "groups"]),
            ("courses/\(room.course)/fairness", ["groups"]),
            ("courses/\(room.course)/students/\(student)/progress", ["attempts", "progress"]),
            ("questions/\(room.question)/standard", ["regression", "angoff", "performances", "judges", "items"]),
        ]
        for (path, tables) in reports {
            let json = try await room.send(.get, "/api/v1/\(path)", as: room.school.educator)
            #expect(json.status == 200, "\(path): \(json.text)")
            #expect(json.headers["Content-Type"] == "application/json")
            var numbers: [String: Int] = [:]
            Self.count(json.json, &numbers)
            for table in tables {
                let csv = try await room.send(
                    .get, "/api/v1/\(path)?format=csv&table=\(table)", as: room.school.educator)
                #expect(csv.status == 200 && csv.headers["Content-Type"]?.hasPrefix("text/csv") == true, "\(path)")
                #expect(csv.headers["Content-Disposition"]?.contains("-\(table).csv") == true)
                // The edges of a histogram's bars are said by their order in the JSON.
                if table == "histogram" { continue }
                let cells = csv.text.split(separator: "\r\n").dropFirst().flatMap { $0.split(separator: ",") }
                for cell in cells {
                    guard let value = Double(cell) else { continue }
                    #expect(numbers[String(value), default: 0] > 0, "\(path) \(table): \(cell)")
                }
            }
            let named = try await room.send(.get, "/api/v1/\(path).csv", as: room.school.educator)
            let accepted = try await room.send(
                .get, "/api/v1/\(path)", as: room.school.educator, headers: ["Accept": "text/csv"])
            let asked = try await room.send(.get, "/api/v1/\(path)?format=csv", as: room.school.educator)
            #expect(named.body == asked.body && accepted.body == asked.body && !asked.body.isEmpty, "\(path)")
            #expect(
                try await room.send(.get, "/api/v1/\(path)?format=csv&table=nope", as: room.school.educator).status
                    == 422)
            #expect(try await room.send(.get, "/api/v1/\(path)?format=pdf", as: room.school.educator).status == 422)
        }
        for name in ["report", "fairness"] {
            let json = try await room.send(.get, "/api/v1/institution/\(name)", as: room.school.admin)
            let csv = try await room.send(.get, "/api/v1/institution/\(name).csv", as: room.school.admin)
            #expect(json.status == 200 && csv.status == 200, "\(json.text)")
            var numbers: [String: Int] = [:]
            Self.count(json.json, &numbers)
            for cell in csv.text.split(separator: "\r\n").dropFirst().flatMap({ $0.split(separator: ",") }) {
                if let value = Double(cell) { #expect(numbers[String(value), default: 0] > 0, "\(name): \(cell)") }
            }
        }
    }

    private static func count(_ value: JSONValue, _ numbers: inout [String: Int]) {
        if let number = value.double { numbers[String(number), default: 0] += 1 }
        for element in value.array ?? [] { count(element, &numbers) }
        for member in value.object?.members ?? [] { count(member.value, &numbers) }
    }

    @Test func `is closed to students, and does not exist for educators of other courses`() async throws {
        let room = try await Classroom()
        try await room.answer(0, point: 0.5)
        let student = room.student(0)
        let (school, course) = (room.school, room.course)
        var paths = ["dashboard", "answers", "items", "agreement", "fairness", "students/\(student)/progress"]
            .map { "/api/v1/courses/\(course)/\($0)" }
        paths.append("/api/v1/questions/\(room.question)/standard")
        for path in paths {
            for suffix in ["", ".csv", "?format=csv"] {
                let foreign = try await room.send(.get, path + suffix, as: school.otherEducator)
                #expect(foreign.status == 404, "\(path + suffix): \(foreign.text)")
                #expect(try await room.send(.get, path + suffix, as: school.otherStudent).status == 404)
                #expect(try await room.send(.get, path + suffix, as: school.student).status == 403, "\(path + suffix)")
                #expect(try await room.send(.get, path + suffix, as: nil).status == 401)
            }
        }
        let estimates: JSONValue = ["estimates": ["dose": 0.5]]
        let passMark: JSONValue = ["score": 0.5]
        for (method, path, body) in [
            (HTTPMethod.put, "standard/estimates", estimates), (.put, "pass_mark", passMark),
            (.delete, "pass_mark", passMark),
        ] {
            let path = "/api/v1/questions/\(room.question)/\(path)"
            #expect(try await room.send(method, path, as: school.otherEducator, json: body).status == 404)
            #expect(try await room.send(method, path, as: school.student, json: body).status == 403)
        }
        for path in ["institution/report", "institution/fairness", "institution/report.csv"] {
            #expect(try await room.send(.get, "/api/v1/\(path)", as: school.educator).status == 403)
        }
        // Somebody who was never in the course has no progress there, though they exist.
        let me = try await room.send(.get, "/api/v1/me", as: school.otherStudent).json
        let stranger = try #require(me["id"]?.string)
        #expect(try await room.get("students/\(stranger)/progress").status == 404)
        #expect(try await room.get("students/\(student)/progress").status == 200)
        #expect(try await room.get("students/nonsense/progress").status == 404)
    }

    @Test func `keeps what the machine found from a marker whose own mark is not final`() async throws {
        let room = try await Classroom(isWithheld: true)
        let answer = try await room.answer(0, point: 0.7, points: ["dose": .contradicted])
        let before = try await room.get("dashboard")
        #expect(before.json["hidden"]?.integer == 1 && before.json["score"]?["n"]?.integer == 0)
        #expect(before.json["key_points"]?.array?.allSatisfy { $0["missed"]?["n"]?.integer == 0 } == true)
        #expect(before.json["measures"]?["flesch_re"]?["n"]?.integer == 1, "what is no part of a mark is shown")
        let list = try await room.get("answers")
        #expect(list.json["items"]?.array?.first?["score"]?.isNull == true && !list.text.contains("0.7"))
        #expect(!(try await room.get("items")).text.contains("0.7"), "nor does a figure over one answer tell")
        try await room.mark(answer, levels: ["content": 2, "tone": 2], rating: 2)
        let after = try await room.get("dashboard")
        #expect(after.json["hidden"]?.integer == 0 && after.json["score"]?["n"]?.integer == 1)
        #expect(after.json["key_points"]?.array?.first?["missed"]?["value"]?.double == 1)

    }

    @Test func `keeps a student's figures of a withheld answer from them until it is released`() async throws {
        let room = try await Classroom(isWithheld: true)
        let answer = try await room.answer(owner: room.ownStudent(), point: 0.7)
        try await room.mark(answer, levels: ["content": 2, "tone": 2], rating: 2)
        func marks(_ query: String) async throws -> [Double?] {
            let reply = try await room.send(.get, "/api/v1/me/progress\(query)", as: room.school.student)
            return try #require(reply.json["attempts"]?.array).map { $0["mark"]?.double }
        }
        #expect(try await marks("") == [nil])
        #expect(try await marks("?measure=flesch_re") == [nil])
        let release = try await room.send(
            .post, "/api/v1/responses/\(answer)/release", as: room.school.educator, json: [:])
        #expect(release.status == 200, "\(release.text)")
        #expect(try await marks("?measure=flesch_re") == [65])
        #expect(try await marks("").first.flatMap { $0 } != nil)
    }

    @Test func `lists answers page by page, and all of them in a file`() async throws {
        let room = try await Classroom()
        for index in 0..<5 { try await room.answer(index, point: 0.5) }
        var seen: [String] = []
        var after = ""
        repeat {
            let page = try await room.get("answers?limit=2\(after)")
            seen += page.json["items"]?.array?.compactMap { $0["response"]?.string } ?? []
            after = page.json["next"]?.string.map { "&after=\($0)" } ?? ""
        } while !after.isEmpty
        #expect(seen.count == 5 && seen == seen.sorted(by: >) && Set(seen).count == 5)
        #expect(try await room.get("answers.csv").text.split(separator: "\r\n").count == 6)
        #expect(try await room.get("answers.csv?limit=2").text.split(separator: "\r\n").count == 3)
    }

    @Test func `analyses questions, key points and criteria, and counts one attempt of each student`() async throws {
        let room = try await Classroom()
        for index in 0..<10 {
            let answer = try await room.answer(
                index, point: Double(index) / 9,
                points: ["dose": index >= 5 ? .covered : .missing, "when": index >= 3 ? .covered : .uncertain])
            try await room.mark(answer, levels: ["content": index % 4, "tone": index % 4], rating: index % 4)
        }
        // A second attempt that is worse.
        try await room.answer(9, point: 0, points: ["dose": .missing, "when": .covered])
        let points = try await room.get("items?question_id=\(room.question)").json
        #expect(points["by"]?.string == "key_points" && points["students"]?.integer == 10, "\(points.text)")
        #expect(points["items"]?.array?[0]["facility"]?["value"]?.double == 0.5)
        #expect(points["items"]?.array?[1]["missing"]?.integer == 3, "what can't be told is missing")
        let last = try await room.get("items?question_id=\(room.question)&attempt=last").json
        #expect(last["items"]?.array?[0]["facility"]?["value"]?.double == 0.4)
        let criteria = try await room.get("items?question_id=\(room.question)&by=criteria").json
        #expect(criteria["items"]?.array?.map { $0["label"]?.string } == ["Content", "Tone"])
        #expect(criteria["alpha"]?["value"]?.double.map { abs($0 - 1) < 1e-9 } == true)
        let questions = try await room.get("items").json
        #expect(questions["items"]?.array?.count == 2 && questions["by"]?.string == "questions")
        #expect(try await room.get("items?by=criteria").status == 422)
        #expect(try await room.get("items?by=colour").status == 422)
        let bare = try await room.get("items?by=criteria&question_id=\(room.school.question)")
        #expect(bare.status == 409 && bare.code == "no_rubric")
    }

    @Test func `tells how far machine and markers agree, criterion by criterion`() async throws {
        let room = try await Classroom()
        for index in 0..<6 {
            let answer = try await room.answer(index, point: [0.1, 0.3, 0.5, 0.7, 0.9, 0.5][index])
            try await room.mark(answer, levels: ["content": index % 4, "tone": index % 4], rating: index % 4)
            try await room.mark(
                answer, levels: ["content": index % 4, "tone": 3], rating: index % 4, by: room.colleague)
        }
        let report = try await room.get("agreement").json
        let pairs = try #require(report["pairs"]?.array)
        func pair(_ criterion: String, _ first: String, _ second: String) -> JSONValue? {
            pairs.first {
                $0["criterion"]?.string == criterion && $0["first"]?.string == first && $0["second"]?.string == second
            }
        }
        let (one, other) = ("teacher@school.example", "Colleague")
        #expect(pair("score", "machine", one)?["n"]?.integer == 6, "\(report.text)")
        #expect(pair("score", "machine", one)?["qwk"]?["valid"]?.string == "low", "n is below 30")
        #expect(pair("Content", one, other)?["exact"]?["value"]?.double == 1)
        let tone = pair("Tone", one, other)?["exact"]
        #expect(tone?["value"]?.double.map { abs($0 - 1.0 / 6) < 1e-12 } == true && tone?["low"]?.double != nil)
        let groups = try #require(report["groups"]?.array)
        let content = try #require(groups.first { $0["criterion"]?.string == "Content" })
        #expect(content["markers"]?.integer == 2 && content["alpha_ordinal"]?["value"]?.double == 1)
        #expect(content["alpha_ordinal"]?["n"]?.integer == 6)
        // Tone differs by 2 levels or more somewhere: those answers have no grade yet.
        let grade = try #require(pair("grade", "machine", "people"))
        #expect((grade["n"]?.integer ?? 6) < 6 && grade["missing"]?.integer ?? 0 > 0)
    }

    @Test func `finds pass marks by the border and by judges, and keeps the one that is chosen`() async throws {
        let room = try await Classroom()
        for index in 0..<8 {
            let answer = try await room.answer(index, point: 0.5)
            try await room.mark(answer, levels: ["content": index % 4, "tone": index % 4], rating: index % 4)
        }
        let path = "/api/v1/questions/\(room.question)/standard"
        let partial: JSONValue = ["dose": 0.8]
        let full: JSONValue = ["dose": 0.4, "when": 0.6]
        for (token, estimates) in [(room.school.educator, full), (room.school.admin, partial)] {
            let stored = try await room.send(.put, "\(path)/estimates", as: token, json: ["estimates": estimates])
            #expect(stored.status == 200 && stored.json["my_estimates"] == estimates, "\(stored.text)")
        }
        let report = try await room.send(.get, path, as: room.school.educator).json
        let line = try #require(report["regression"])
        #expect(line["borderline"]?.double == 1 && line["extrapolated"]?.bool == false)
        #expect(line["cut"]?["value"]?.double.map { abs($0 - 1.0 / 3) < 1e-9 } == true, "\(line.text)")
        #expect(line["r2"]?["value"]?.double.map { abs($0 - 1) < 1e-9 } == true)
        #expect(report["angoff"]?["judges"]?.array?.count == 2)
        // Weights 2 and 1: (0.8 + 0.6) / 3; the other judge left an item out.
        #expect(report["angoff"]?["cut"]?["value"]?.double.map { abs($0 - 1.4 / 3) < 1e-9 } == true)
        #expect(report["pass_mark"]?.isNull == true && report["my_estimates"]?["when"]?.double == 0.6)
        let other = try await room.send(.get, "\(path)?borderline=2", as: room.school.educator).json
        #expect(other["regression"]?["cut"]?["value"]?.double.map { abs($0 - 2.0 / 3) < 1e-9 } == true)

        let mark = "/api/v1/questions/\(room.question)/pass_mark"
        for wrong in [["score": 1.5], ["score": "x"], [:], ["score": 0.5, "method": "dice"]] as [JSONValue] {
            #expect(try await room.send(.put, mark, as: room.school.educator, json: wrong).status == 422)
        }
        let set = try await room.send(
            .put, mark, as: room.school.educator, json: ["score": 0.6, "method": "borderline_regression"])
        #expect(set.status == 200 && set.json["method"]?.string == "borderline_regression")
        #expect(try await room.send(.get, path, as: room.school.admin).json["pass_mark"]?["score"]?.double == 0.6)
        #expect(try await room.send(.delete, mark, as: room.school.educator).status == 204)
        #expect(try await room.send(.get, path, as: room.school.admin).json["pass_mark"]?.isNull == true)
        for wrong in [["estimates": ["nope": 0.5]], ["estimates": ["dose": 2]], ["estimates": 1]] as [JSONValue] {
            let reply = try await room.send(.put, "\(path)/estimates", as: room.school.educator, json: wrong)
            #expect(reply.status == 422, "\(reply.text)")
        }
        #expect(try await room.send(.get, "\(path)?borderline=x", as: room.school.educator).status == 422)
    }

    @Test func `says nothing about a group of fewer than twenty students`() async throws {
        let room = try await Classroom(students: 40)
        #expect(try await room.get("fairness").code == "no_groups")
        for wrong in [["attribute": "x", "choices": ["one"]], ["attribute": "x", "choices": ["a", "a"]]] as [JSONValue]
        {
            #expect(try await room.send(.put, "/api/v1/groups", as: room.school.admin, json: wrong).status == 422)
        }
        #expect(try await room.send(.put, "/api/v1/groups", as: room.school.educator, json: [:]).status == 403)
        try await room.declareGroups()
        _ = try await room.send(
            .put, "/api/v1/questions/\(room.question)/pass_mark", as: room.school.educator, json: ["score": 0.6])
        for index in 0..<40 {
            let answer = try await room.answer(index, point: index % 2 == 0 ? 0.9 : 0.3, corrected: index % 4 == 0)
            try await room.mark(answer, levels: ["content": 3, "tone": index % 3], rating: 3)
        }
        // 21 students of one group, 19 of the other.
        for index in 0..<40 { try await room.declare(index, index < 21 ? "English" : "Another") }
        for (path, token) in [
            ("/api/v1/courses/\(room.course)/fairness", room.school.educator),
            ("/api/v1/institution/fairness", room.school.admin),
        ] {
            let report = try await room.send(.get, path, as: token)
            #expect(report.status == 200 && report.json["attribute"]?.string == "First language", "\(report.text)")
            let groups = try #require(report.json["groups"]?.array)
            let small = try #require(groups.first { $0["name"]?.string == "Another" })
            #expect(small["suppressed"]?.bool == true && small["students"]?.isNull == true)
            for key in ["wer", "smd", "coverage_gap", "pass_flip", "unscorable"] {
                #expect(small[key]?["value"]?.isNull == true && small[key]?["n"]?.integer == 0, "\(key)")
            }
            let large = try #require(groups.first { $0["name"]?.string == "English" })
            #expect(large["students"]?.integer == 21 && large["suppressed"]?.bool == false)
            #expect(large["pass_flip"]?["n"]?.integer == 21 && large["unscorable"]?["value"]?.double == 0)
            // Only 6 of its students have a corrected transcript.
            #expect(large["wer"]?["value"]?.isNull == true, "a part of a group is a small group too")
            #expect(report.json["overall"]?["students"]?.integer == 21)
            let lines = try await room.send(.get, "\(path).csv", as: token).text.split(separator: "\r\n")
            #expect(lines.contains { $0.hasPrefix("First language,Another,,,true,,,,0,na,") })
        }
        // A name that is no longer offered is no declaration.
        for index in 0..<40 { try await room.declare(index, "Martian") }
        #expect(try await room.get("fairness").json["groups"] == [])
    }

    @Test func `lets people declare a group that nobody else sees`() async throws {
        let room = try await Classroom()
        let student = room.school.student
        #expect(
            try await room.send(.get, "/api/v1/groups", as: student).json == ["attribute": nil, "choices": []])
        let early = try await room.send(.patch, "/api/v1/me", as: student, json: ["group": "English"])
        #expect(early.status == 422, "nobody is asked")
        try await room.declareGroups()
        #expect(
            try await room.send(.get, "/api/v1/groups", as: student).json["choices"] == ["English", "Another"])
        #expect(try await room.send(.patch, "/api/v1/me", as: student, json: ["group": "Martian"]).status == 422)
        let declared = try await room.send(.patch, "/api/v1/me", as: student, json: ["group": "English"])
        #expect(declared.json["group"]?.string == "English")
        #expect(try await room.send(.get, "/api/v1/me", as: student).json["group"]?.string == "English")
        for path in ["/api/v1/users", "/api/v1/courses/\(room.course)/members"] {
            #expect(!(try await room.send(.get, path, as: room.school.admin)).text.contains("English"), "\(path)")
        }
        let named = try await room.send(.patch, "/api/v1/me", as: student, json: ["name": "Sam"])
        #expect(named.json["group"]?.string == "English", "what is not sent stays")
        let none = try await room.send(.patch, "/api/v1/me", as: student, json: ["group": nil])
        #expect(none.json["group"]?.isNull == true)
    }

    @Test func `shows a student their own way with bands of noise, and an educator that of the course's students`()
        async throws
    {
        let room = try await Classroom(students: 12)
        for index in 0..<12 {
            try await room.answer(
                index, point: Double(index) / 11,
                points: ["dose": index >= 6 ? .covered : .missing, "when": index >= 4 ? .covered : .missing])
        }
        let own = try await room.ownStudent()
        for point in [0.2, 0.5, 0.9] { try await room.answer(owner: own, point: point) }
        let mine = try await room.send(.get, "/api/v1/me/progress?course_id=\(room.course)", as: room.school.student)
        let attempts = try #require(mine.json["attempts"]?.array)
        #expect(attempts.map { $0["mark"]?.double } == [0.2, 0.5, 0.9], "\(mine.text)")
        let error = try #require(mine.json["sem"]?.double)
        #expect(
            error > 0 && attempts[0]["high"]?.double.map { abs($0 - 0.2 - 1.959963984540054 * error) < 1e-9 } == true)
        #expect(mine.json["change"]?["value"]?.double.map { abs($0 - 0.7) < 1e-12 } == true)
        let theirs = try await room.get("students/\(own)/progress")
        #expect(theirs.json["attempts"]?.array?.count == 3 && theirs.json["name"]?.string == "student@school.example")
        let reading = try await room.get("students/\(own)/progress?measure=flesch_re").json
        #expect(reading["attempts"]?.array?[0]["mark"]?.double == 60 && reading["sem"]?.isNull == true)
        #expect(try await room.get("students/\(own)/progress?measure=entities_drug").json["n"] == nil)
        #expect(try await room.get("students/\(own)/progress?measure=wit").status == 422)
        // Nobody's answers but one's own.
        let other = try await room.send(.get, "/api/v1/me/progress", as: room.school.otherStudent)
        #expect(other.json["attempts"] == [])
    }

    @Test func `reports on the whole institution to its administrators`() async throws {
        let room = try await Classroom()
        for index in 0..<4 {
            let answer = try await room.answer(index, point: Double(index) / 4, corrected: index == 0)
            if index < 3 { try await room.mark(answer, levels: ["content": 3, "tone": 3], rating: 3) }
        }
        // What an educator tries in the own course does not count.
        let me = try await room.send(.get, "/api/v1/me", as: room.school.educator).json["id"]?.string ?? ""
        try await room.answer(owner: try #require(Identifier(me)), point: 0)
        _ = try await room.send(.post, "/api/v1/courses", as: room.school.otherEducator, json: ["name": "Empty"])
        let report = try await room.send(.get, "/api/v1/institution/report", as: room.school.admin).json
        let courses = try #require(report["courses"]?.array)
        #expect(courses.count == 2, "\(report.text)")
        let first = try #require(courses.first { $0["id"]?.string == room.course })
        #expect(first["answers"]?.integer == 4 && first["answering_students"]?.integer == 4)
        #expect(first["marked"]?.integer == 3 && first["grade"]?.double == 1 && first["grade_n"]?.integer == 3)
        #expect(first["machine_score"]?.double == 0.375 && first["machine_score_n"]?.integer == 4)
        #expect(first["sentiment_n"]?.integer == 4 && first["entities"]?.double == 1)
        #expect(first["wer_n"]?.integer == 1 && first["flesch_re_n"]?.integer == 4)
        #expect(first["exact"]?["n"]?.integer == 3)
        let empty = try #require(courses.first { $0["name"]?.string == "Empty" })
        #expect(empty["answers"]?.integer == 0 && empty["grade"]?.isNull == true)
        #expect(report["total"]?["answers"]?.integer == 4 && report["total"]?["name"]?.isNull == true)
    }
}
