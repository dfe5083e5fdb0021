// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import Server

/// What an educator does, from the expected answer to the released grade.
@Suite("An educator")
struct EducatorJourneyTests {
    private let school: TestSchool
    /// The token of another educator of the course.
    private let colleague: String

    init() async throws {
        school = try await TestSchool()
        let server = school.server
        let email = "other.teacher@school.example"
        _ = try await server.send(
            .post, "/api/v1/courses/\(school.course)/members", as: school.educator,
            json: ["email": .string(email), "part": "educator"])
        colleague = school.otherEducator
    }

    private func send(
        _ method: HTTPMethod, _ path: String, as token: String? = nil, _ json: JSONValue? = nil,
        headers: HTTPHeaders = HTTPHeaders()
    ) async throws -> TestServer.Reply {
        let token = token ?? school.educator
        guard let json else { return try await school.server.send(method, path, as: token, headers: headers) }
        return try await school.server.send(method, path, as: token, headers: headers, json: json)
    }

    // MARK: Questions

    private static let expected = """
        Ibuprofen is not suitable because she takes warfarin. Offer paracetamol 500 mg instead. She must not take more than \
        4 g a day. Ask about allergies. See a doctor if the pain lasts longer than three days.
        """

    private static let keyPoints: JSONValue = [
        [
            "id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin", "essential": true,
            "critical": true,
        ],
        ["id": "paracetamol", "label": "Offer paracetamol", "essential": true],
        [
            "id": "dose", "label": "Take paracetamol 500 mg",
            "numbers": [["value": 500, "unit": "mg", "role": "paracetamol"]],
        ],
        ["id": "allergies", "label": "Ask about allergies"],
        ["id": "doctor", "label": "See a doctor if the pain lasts longer than three days"],
        ["id": "bleeding", "label": "Warfarin with ibuprofen raises the risk of bleeding"],
        ["id": "other", "label": "Ask which other medicines she takes"],
        ["id": "food", "label": "Take it with food"],
    ]

    @Test func `has key points proposed, edits them, and tries five answers on them`() async throws {
        let proposed = try await send(
            .post, "/api/v1/key_points/propose", ["expected_answer": .string(Self.expected), "language": "en"])
        let drafts = proposed.json["items"]?.array ?? []
        #expect(drafts.count >= 4, "\(proposed.text)")
        #expect(drafts.contains { $0["numbers"]?.array?.contains { $0["value"]?.double == 500 } == true })

        let question = try await school.ask(keyPoints: Self.keyPoints)
        #expect(try await send(.get, question).json["key_points"]?.array?.count == 8)
        func states(_ text: String, _ keyPoints: JSONValue? = nil) async throws -> [String: String] {
            var body: JSONObject = ["text": .string(text)]
            if let keyPoints { body["key_points"] = keyPoints }
            let tried = try await send(.post, "\(question)/try", .object(body))
            var states: [String: String] = [:]
            for result in tried.json["keypoints"]?.array ?? [] {
                states[result["id"]?.string ?? ""] = result["state"]?.string
            }
            #expect(states.count == 8, "\(tried.text)")
            return states
        }
        let good = try await states(
            "Ibuprofen is not suitable with warfarin. I would offer paracetamol, 500 mg. Ask about allergies.")
        for id in ["no-ibuprofen", "paracetamol", "dose", "allergies"] { #expect(good[id] == "covered", "\(id)") }
        let paraphrase = try await states("I'd avoid ibuprofen because she takes warfarin.")
        #expect(["covered", "partial"].contains(paraphrase["no-ibuprofen"]), "\(paraphrase)")
        #expect(try await states("Ibuprofen is fine with warfarin.")["no-ibuprofen"] == "contradicted")
        #expect(try await states("Take paracetamol 5 g.")["dose"] == "contradicted")
        let elsewhere = try await states("I went to the cinema with my sister on Sunday.")
        #expect(Set(elsewhere.values) == ["missing"], "\(elsewhere)")

        // Another way of saying it is added and works at once.
        let brand = "Give her a tablet of Panadol."
        var edited = Self.keyPoints.array ?? []
        edited[1] = [
            "id": "paracetamol", "label": "Offer paracetamol", "phrases": ["Give her a tablet of Panadol"],
            "essential": true,
        ]
        #expect(try await states(brand, .array(edited))["paracetamol"] == "covered")
        #expect(try await send(.post, "\(question)/try", as: school.student, ["text": "x"]).status == 403)
    }

    // MARK: Marking

    private static let rubric: JSONObject = {
        let levels: JSONValue = .array((0...3).map { ["score": .integer($0), "label": .string("level \($0)")] })
        return [
            "title": "Counselling",
            "criteria": .array(
                ["content", "structure", "language", "safety"].map {
                    ["id": .string($0), "label": .string($0), "weight": $0 == "content" ? 2 : 1, "levels": levels]
                }),
            "global_scale": levels,
        ]
    }()

    /// An examination question with the rubric.
    private func exam(second share: Double = 0) async throws -> String {
        let question = try await school.ask(keyPoints: Self.keyPoints, isWithheld: true)
        var body = Self.rubric
        body["course_id"] = .string(school.course)
        let made = try await send(.post, "/api/v1/rubrics", .object(body))
        let chosen = try await send(
            .put, "\(question)/rubric", ["rubric_id": made.json["id"] ?? .null, "second_marker_share": .number(share)])
        #expect(chosen.json["rubric"]?["criteria"]?.array?.count == 4, "\(chosen.text)")
        return question
    }

    /// Marks with the same level everywhere, but for some.
    private func mark(
        _ answer: String, as token: String? = nil, level: Int64, but other: [String: Int64] = [:],
        seen: String = "\"m0\"", reason: String? = nil
    ) async throws -> TestServer.Reply {
        var levels = JSONObject()
        for id in ["content", "structure", "language", "safety"] { levels[id] = .integer(other[id] ?? level) }
        return try await send(
            .put, "\(answer)/marks/me", as: token,
            [
                "state": "final", "levels": .object(levels), "global_rating": .integer(level),
                "reason": .optional(reason),
            ], headers: ["If-Match": seen])
    }

    private func queue(_ state: String, as token: String? = nil) async throws -> [String] {
        let page = try await send(.get, "/api/v1/marking/queue?course=\(school.course)&state=\(state)", as: token)
        return page.json["items"]?.array?.compactMap { $0["response_id"]?.string } ?? []
    }

    private func id(_ answer: String) -> String { String(answer.split(separator: "/").last ?? "") }

    @Test func `marks where the machine doubts most first, and sees what it found when their own mark is final`()
        async throws
    {
        let question = try await exam()
        let sure = try await school.say(
            "Ibuprofen is not suitable with warfarin. Offer paracetamol.", to: question, as: school.student)
        let faint = try await school.say(
            "Ibuprofen is not suitable with warfarin. Offer paracetamol.", to: question, as: school.student,
            confidence: 0.3)
        let unsafe = try await school.say(
            "Ibuprofen is fine with warfarin.", to: question, as: school.student)
        let order = try await queue("unmarked")
        #expect(order.first == id(faint) || order.first == id(unsafe))
        #expect(order.last == id(sure) && order.count == 3, "\(order)")
        let hidden = try await send(.get, "\(unsafe)/analysis").json
        #expect(hidden["score_hidden"] == true && hidden["score"]?.isNull == true && hidden["keypoints"] == [])
        let marked = try await mark(unsafe, level: 0)
        #expect(marked.status == 200, "\(marked.text)")
        let seen = try await send(.get, "\(unsafe)/analysis").json
        #expect(seen["score"]?["holds"]?.array?.contains("critical_contradicted") == true)
        #expect(try await queue("unmarked").count == 2)
    }

    @Test func `gives a reason to override, which is written down`() async throws {
        let question = try await exam()
        let answer = try await school.say("I would not know.", to: question, as: school.student)
        let silent = try await mark(answer, level: 3)
        // Final, so that the machine's score may be told; then it is asked why they differ.
        #expect(silent.status == 200 && silent.json["reason_wanted"] == true, "\(silent.text)")
        #expect(try await send(.post, "\(answer)/release", [:]).code == "reason_wanted")
        let said = try await mark(answer, level: 3, seen: "\"m1\"", reason: "It was all in the gestures.")
        #expect(said.status == 200 && said.json["reason_wanted"] == false, "\(said.text)")
        let changed = try await mark(answer, level: 3, but: ["content": 1], seen: "\"m2\"")
        #expect(changed.status == 422, "\(changed.text)")
        let reasoned = try await mark(answer, level: 3, but: ["content": 1], seen: "\"m2\"", reason: "Heard again.")
        #expect(reasoned.status == 200)
        let object = "response/\(id(answer))"
        let audited = try await school.server.application.services.database.read {
            try $0.audit.list(object: object).items.map(\.action)
        }
        #expect(audited == ["mark.override", "mark.override", "mark.override"], "\(audited)")
    }

    @Test func `agrees on a mark where a second marker differs by two levels, and releases it`() async throws {
        let question = try await exam(second: 1)
        let answer = try await school.say(
            "Ibuprofen is not suitable with warfarin. Offer paracetamol.", to: question, as: school.student)
        #expect(try await mark(answer, level: 2, reason: "The reason is there.").status == 200)
        #expect(try await queue("second", as: colleague) == [id(answer)])
        let early = try await send(.post, "/api/v1/courses/\(school.course)/release", [:])
        #expect(early.json["released"] == 0 && early.json["awaiting_second"] == 1, "\(early.text)")
        let blind = try await send(.get, "\(answer)/marks", as: colleague).json
        #expect(blind["others"]?.isNull == true && blind["machine"]?.isNull == true)
        #expect(
            try await mark(answer, as: colleague, level: 2, but: ["safety": 0], reason: "No warning.").status == 200)
        #expect(try await queue("moderation") == [id(answer)])
        let marks = try await send(.get, "\(answer)/marks").json
        #expect(marks["moderation"]?["criteria"] == ["safety"], "\(marks.text)")
        let agreed = try await send(
            .post, "\(answer)/marks/agree",
            [
                "levels": ["content": 2, "structure": 2, "language": 2, "safety": 1], "global_rating": 2,
                "reason": "We listened together.",
            ])
        #expect(agreed.status == 201, "\(agreed.text)")
        let released = try await send(.post, "/api/v1/courses/\(school.course)/release", [:])
        #expect(released.json["released"] == 1, "\(released.text)")
        let grade = try await send(.get, "\(answer)/marks", as: school.student).json["grade"]
        #expect(grade?["source"] == "agreed" && grade?["score"]?.double == 0.6, "\(grade?.text ?? "")")
    }

    /// Hands in answers to the exam and marks each: one gets the same level everywhere from both educators, but for a
    /// criterion where the other one is milder by one.
    private func markTogether(_ levels: [Int64], _ question: String) async throws {
        for level in levels {
            let answer = try await school.say(
                level > 1 ? "Ibuprofen is not suitable with warfarin. Offer paracetamol." : "I would not know.",
                to: question, as: school.student)
            #expect(try await mark(answer, level: level, reason: "As heard.").status == 200)
            let other = try await mark(
                answer, as: colleague, level: level, but: ["safety": min(3, level + 1)], reason: "As heard.")
            #expect(other.status == 200, "\(other.text)")
        }
    }

    @Test func `reads how far machine and markers agree, by criterion and marker`() async throws {
        let question = try await exam()
        try await markTogether([0, 1, 2, 3, 2, 0], question)
        let path = "/api/v1/courses/\(school.course)/agreement"
        let report = try await send(.get, path).json
        let pairs = try #require(report["pairs"]?.array)
        let (mine, theirs) = ("teacher@school.example", "other.teacher@school.example")
        func pair(_ criterion: String, _ names: Set<String>) -> JSONValue? {
            pairs.first {
                $0["criterion"]?.string == criterion
                    && Set([$0["first"]?.string ?? "", $0["second"]?.string ?? ""]) == names
            }
        }
        // Per criterion: the same everywhere but in safety, each with n and an interval.
        for criterion in ["content", "structure", "language"] {
            let qwk = try #require(pair(criterion, [mine, theirs])?["qwk"], "\(criterion): \(report.text)")
            #expect(qwk["value"]?.double == 1 && qwk["n"]?.integer == 6, "\(qwk.text)")
        }
        let safety = try #require(pair("safety", [mine, theirs]))
        // Only the best answer got the same.
        #expect(safety["exact"]?["value"]?.double.map { abs($0 - 1.0 / 6) < 1e-12 } == true, "\(safety.text)")
        for key in ["kappa", "qwk"] {
            let statistic = try #require(safety[key])
            let (low, value, high) = (statistic["low"]?.double, statistic["value"]?.double, statistic["high"]?.double)
            #expect(low ?? 1 <= value ?? 0 && value ?? 1 <= high ?? 0, "\(key): \(statistic.text)")
            #expect(statistic["valid"] == "low", "six answers say little")
        }
        // Per marker: each against the machine.
        for name in [mine, theirs] { #expect(pair("score", ["machine", name])?["n"]?.integer == 6) }
        #expect(
            report["groups"]?.array?.first { $0["criterion"] == "content" }?["alpha_ordinal"]?["value"]?.double == 1)
        let file = try await send(.get, "\(path).csv").text.split(separator: "\r\n")
        #expect(file.count == pairs.count + 1)
        #expect(try await send(.get, path, as: school.student).status == 403)
    }

    @Test func `sets the pass mark by borderline regression`() async throws {
        let question = try await exam()
        try await markTogether([0, 1, 2, 3], question)
        let standard = try await send(.get, "\(question)/standard").json
        let line = try #require(standard["regression"], "\(standard.text)")
        // Ratings 0, 1, 2, 3 with two scores each: k/3, and a fifteenth more, but for the best.
        let (cut, determination) = (line["cut"], line["r2"])
        #expect(line["borderline"]?.double == 1, "the second lowest level")
        #expect(cut?["n"]?.integer == 8 && determination?["n"]?.integer == 8, "\(line.text)")
        let value = try #require(cut?["value"]?.double)
        // Least squares by hand: the mean score is .525, the slope .97 / 3, the ratings' mean 1.5.
        #expect(abs(value - (0.525 - 0.97 / 3 * 0.5)) < 1e-12, "\(line.text)")
        #expect(determination?["value"]?.double.map { $0 > 0.98 && $0 < 1 } == true, "\(line.text)")
        let chosen = try await send(
            .put, "\(question)/pass_mark", ["score": .number(value), "method": "borderline_regression"])
        #expect(chosen.status == 200, "\(chosen.text)")
        let kept = try await send(.get, "\(question)/standard", as: colleague).json["pass_mark"]
        #expect(kept?["score"]?.double == value && kept?["method"] == "borderline_regression")
        let audited = try await school.server.application.services.database.read {
            try $0.audit.list(object: "question/\(question.split(separator: "/").last ?? "")").items.map(\.action)
        }
        #expect(audited.contains("standard.set"), "\(audited)")
    }

    @Test func `retires a key point that its own answers speak against, after seeing what that changes`() async throws {
        let question = try await school.ask(keyPoints: Self.keyPoints)
        let texts = [
            "Ibuprofen is not suitable with warfarin. Offer paracetamol. Ask about allergies.",
            "Ibuprofen is not suitable with warfarin. Offer paracetamol, 500 mg.",
            "Offer paracetamol. Take it with food.", "Take it with food.", "Take it with food. Ask about allergies.",
        ]
        var answers: [String] = []
        for text in texts { answers.append(try await school.say(text, to: question, as: school.student)) }
        // Where the weak said it, there is something to listen to.
        for answer in answers[2...] {
            let food = try await send(.get, "\(answer)/analysis").json["keypoints"]?.array?.last
            #expect(food?["state"] == "covered" && food?["evidence"]?["start_s"] != nil, "\(food?.text ?? "")")
        }
        let change: JSONObject = ["key_points": [["id": "food", "retired": true]], "pass_mark": 0.4]
        let seen = try await send(.post, "\(question)/what_if", .object(change)).json
        #expect(seen["answers"] == 5 && seen["changed"]?.integer == 5, "\(seen.text)")
        let before = try await send(.get, "\(answers[3])/analysis").json["score"]?["point"]
        var order = change
        order["preview"] = seen["preview"]
        order["reason"] = "p .6, r -.1"
        let applied = try await send(.post, "\(question)/rescore", .object(order))
        #expect(applied.status == 201 && applied.json["version"] == 2, "\(applied.text)")
        for (index, item) in (seen["items"]?.array ?? []).enumerated() {
            let analysis = try await send(.get, "/api/v1/responses/\(item["response_id"]?.string ?? "")/analysis").json
            #expect(analysis["score"]?["point"] == item["after"]?["point"], "item \(index)")
            #expect(analysis["score_history"]?.array?.first?["point"] == item["before"]?["point"], "item \(index)")
        }
        let last = try await send(.get, "\(answers[3])/analysis").json
        #expect(last["score_history"]?.array?.first?["point"] == before && last["score"]?["point"]?.double == 0)
        #expect(try await send(.get, "\(question)/versions").json["items"]?.array?.count == 2)
    }
}
