// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import Server

@Suite("What if key points counted otherwise")
struct WhatIfTests {
    private static let keyPoints: JSONValue = [
        ["id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin", "weight": 1],
        ["id": "paracetamol", "label": "Offer paracetamol", "weight": 1],
        ["id": "doctor", "label": "See a doctor after three days", "weight": 2, "essential": true],
    ]

    private let school: TestSchool
    private let question: String
    private let answers: [String]

    init() async throws {
        school = try await TestSchool()
        question = try await school.ask(keyPoints: Self.keyPoints)
        var answers: [String] = []
        for text in [
            "Ibuprofen is not suitable with warfarin. Offer paracetamol.",
            "Offer paracetamol. See a doctor after three days.",
            "I would not know what to say.",
        ] { answers.append(try await school.say(text, to: question, as: school.student)) }
        self.answers = answers
    }

    private func whatIf(_ change: JSONValue, as token: String? = nil) async throws -> TestServer.Reply {
        try await school.server.send(.post, "\(question)/what_if", as: token ?? school.educator, json: change)
    }

    private func apply(_ change: JSONObject, preview: JSONValue?, reason: String? = "r -.1") async throws
        -> TestServer.Reply
    {
        var body = change
        body["preview"] = preview ?? .null
        body["reason"] = .optional(reason)
        return try await school.server.send(.post, "\(question)/rescore", as: school.educator, json: .object(body))
    }

    private func score(_ answer: String) async throws -> Double? {
        try await school.server.send(.get, "\(answer)/analysis", as: school.educator).json["score"]?["point"]?.double
    }

    private static let retired: JSONObject = ["key_points": [["id": "doctor", "retired": true]]]

    @Test func `shows every score before and after, and changes nothing`() async throws {
        let seen = try await whatIf(.object(Self.retired))
        #expect(seen.status == 200, "\(seen.text)")
        let json = seen.json
        #expect(json["answers"] == 3 && json["changed"] == 3 && json["left_out"] == 0)
        #expect(json["now_pass"] == 1 && json["now_fail"] == 0 && json["pass_mark"]?.double == 0.5)
        #expect(json["held_before"] == 2 && json["held_after"] == 0 && json["bands_changed"] == 2)
        let first = json["items"]?.array?.first
        #expect(first?["response_id"]?.string.map { answers[0].hasSuffix($0) } == true, "the greatest change first")
        #expect(first?["before"]?["point"] == 0.49 && first?["before"]?["cap"] == 0.49, "\(json.text)")
        #expect(first?["before"]?["passes"] == false && first?["before"]?["release"] == "person")
        #expect(first?["after"]?["point"]?.double == 1 && first?["after"]?["band"] == 4)
        #expect(first?["after"]?["passes"] == true && first?["after"]?["release"] == "automatic")
        #expect(try await score(answers[0]) == 0.49)
        #expect(try await school.server.send(.get, question, as: school.educator).json["version"] == 1)
        #expect(try await whatIf(.object(Self.retired)).json == json, "the same question has the same answer")

        let lenient = try await whatIf(["partial_credit": 1, "pass_mark": 0.8]).json
        #expect(lenient["pass_mark"] == 0.8 && lenient["preview"] != json["preview"])
    }

    @Test func `applies what was seen as a new version, keeps the old scores, and comes out the same when recomputed`()
        async throws
    {
        let preview = try await whatIf(.object(Self.retired)).json["preview"]
        let silent = try await apply(Self.retired, preview: preview, reason: nil)
        #expect(silent.status == 422 && silent.text.contains("reason"))
        let blind = try await apply(Self.retired, preview: "0")
        #expect(blind.status == 409 && blind.code == "preview_changed")
        let applied = try await apply(Self.retired, preview: preview)
        #expect(applied.status == 201 && applied.json["version"] == 2, "\(applied.text)")
        #expect(try await apply(Self.retired, preview: preview).status == 422, "nothing would change any more")

        let analysis = try await school.server.send(.get, "\(answers[0])/analysis", as: school.educator).json
        #expect(analysis["score"]?["point"] == 1 && analysis["score"]?["holds"] == [], "\(analysis.text)")
        #expect(analysis["keypoints"]?.array?.last?["retired"] == true)
        #expect(analysis["keypoints"]?.array?.last?["state"] == "missing")
        #expect(analysis["feedback"]?.array?.contains { $0["key_point"] == "doctor" } == false)
        let history = try #require(analysis["score_history"]?.array)
        #expect(history.count == 1 && history[0]["point"] == 0.49 && history[0]["question_version"] == 1)
        #expect(history[0]["replaced_by"] == 2 && history[0]["reason"] == "r -.1")
        #expect(history[0]["author"]?["name"] == "teacher@school.example")
        let own = try await school.server.send(.get, "\(answers[0])/analysis", as: school.student).json
        #expect(own["score_history"]?.array?.first?["author"]?.isNull == true)

        let versions = try await school.server.send(.get, "\(question)/versions", as: school.educator).json["items"]
        #expect(versions?.array?.count == 2 && versions?.array?.last?["rescored"]?.isNull == true)
        #expect(versions?.array?.first?["rescored"]?["changed"] == 3)
        #expect(versions?.array?.first?["key_points"]?.array?.last?["retired"] == true)
        #expect(versions?.array?.last?["key_points"]?.array?.last?["retired"] == false)
        let audited = try await school.server.application.services.database.read { [question] in
            try $0.audit.list(object: "question/\(question.split(separator: "/").last ?? "")").items.map(\.action)
        }
        #expect(audited == ["question.rescore"])

        // An edit is scored as the others are now, and everything comes out the same once more.
        let edit = try await school.server.send(
            .put, "\(answers[2])/transcript", as: school.student, headers: ["If-Match": "\"v1\""],
            json: ["text": "Offer paracetamol."])
        #expect(edit.status == 200, "\(edit.text)")
        #expect(try await score(answers[2]) == 0.5)
        let outcomes = try await school.verified()
        #expect(outcomes == [.same, .same, .same, .same])
    }

    @Test func `a version that answers were rescored by stays as it is when the question is changed`() async throws {
        let applied = try await apply(
            Self.retired, preview: try await whatIf(.object(Self.retired)).json["preview"])
        #expect(applied.json["version"] == 2, "\(applied.text)")
        let asked = try await school.server.send(.get, question, as: school.educator).json
        var changed: JSONObject = ["key_points": Self.keyPoints]
        for name in ["title", "prompt"] { changed[name] = asked[name] }
        changed["expected_answer"] = "Something else altogether."
        let revised = try await school.server.send(
            .post, "\(question)/versions", as: school.educator, json: .object(changed))
        #expect(revised.json["version"] == 3, "\(revised.text)")
        let versions = try await school.server.send(.get, "\(question)/versions", as: school.educator).json["items"]
        #expect(versions?.array?.map { $0["rescored"]?.isNull } == [true, false, true])
        #expect(versions?.array?[1]["key_points"]?.array?.last?["retired"] == true)

        // A correction is scored by the version that was chosen for all, not by the newest.
        let edit = try await school.server.send(
            .put, "\(answers[2])/transcript", as: school.student, headers: ["If-Match": "\"v1\""],
            json: ["text": "Offer paracetamol."])
        #expect(edit.status == 200, "\(edit.text)")
        #expect(try await score(answers[2]) == 0.5)
        let outcomes = try await school.verified()
        #expect(outcomes == [.same, .same, .same, .same])
    }

    @Test func `is taken back like any other change, and both are told`() async throws {
        _ = try await apply(Self.retired, preview: try await whatIf(.object(Self.retired)).json["preview"])
        let back: JSONObject = ["key_points": [["id": "doctor", "retired": false]]]
        let applied = try await apply(back, preview: try await whatIf(.object(back)).json["preview"], reason: "back")
        #expect(applied.json["version"] == 3, "\(applied.text)")
        let analysis = try await school.server.send(.get, "\(answers[0])/analysis", as: school.educator).json
        #expect(analysis["score"]?["point"] == 0.49)
        #expect(analysis["score_history"]?.array?.map { $0["point"]?.double } == [1, 0.49])
        let added = try await school.say("Offer paracetamol.", to: question, as: school.student)
        #expect(try await score(added) == 0.25)
    }

    @Test func `refuses a change that was looked at before another answer came or another change was made`()
        async throws
    {
        let preview = try await whatIf(.object(Self.retired)).json["preview"]
        _ = try await school.say("Offer paracetamol.", to: question, as: school.student)
        #expect(try await apply(Self.retired, preview: preview).code == "preview_changed")
        let fresh = try await whatIf(.object(Self.retired)).json["preview"]
        let other: JSONObject = ["partial_credit": 0.25]
        #expect(try await apply(other, preview: fresh).code == "preview_changed")
    }

    @Test func `leaves answers alone that were assessed by other wordings`() async throws {
        var reworded = Self.keyPoints.array ?? []
        reworded[1] = ["id": "paracetamol", "label": "Recommend paracetamol 1 g", "weight": 1]
        let revised = try await school.server.send(
            .post, "\(question)/versions", as: school.educator,
            json: [
                "title": "Ibuprofen", "prompt": "May he?", "language": "en", "key_points": .array(reworded),
                "expected_answer": "No, he takes warfarin. Offer paracetamol.",
            ])
        #expect(revised.json["version"] == 2, "\(revised.text)")
        _ = try await school.say("Recommend one gram of paracetamol.", to: question, as: school.student)
        let seen = try await whatIf(.object(Self.retired)).json
        #expect(seen["answers"] == 1 && seen["left_out"] == 3, "\(seen.text)")
        _ = try await apply(Self.retired, preview: seen["preview"])
        #expect(try await score(answers[0]) == 0.49)
    }

    @Test func `keeps the machine's score from those who have not finished their mark`() async throws {
        let exam = try await school.ask("Exam", keyPoints: Self.keyPoints, isWithheld: true)
        _ = try await school.say("Offer paracetamol.", to: exam, as: school.student)
        let seen = try await school.server.send(
            .post, "\(exam)/what_if", as: school.educator, json: .object(Self.retired)
        ).json
        let item = seen["items"]?.array?.first
        #expect(seen["answers"] == 1 && item?["score_hidden"] == true, "\(seen.text)")
        #expect(item?["before"]?.isNull == true && item?["after"]?.isNull == true && item?["changed"]?.isNull == true)
    }

    @Test func `says what is wrong with a change, and is closed to students and strangers`() async throws {
        for (change, field) in [
            (["key_points": [["id": "nope", "weight": 2]]], "key_points[0].id"),
            (["key_points": [["id": "doctor", "weight": 0]]], "key_points[0].weight"),
            (["key_points": [["id": "doctor", "retired": 1]]], "key_points[0].retired"),
            (["partial_credit": 2], "partial_credit"), (["pass_mark": -1], "pass_mark"), ([:], "key_points"),
            (
                [
                    "key_points": [
                        ["id": "doctor", "retired": true], ["id": "paracetamol", "retired": true],
                        ["id": "no-ibuprofen", "retired": true],
                    ]
                ], "key_points"
            ),
        ] as [(JSONValue, String)] {
            let reply = try await whatIf(change)
            #expect(reply.status == 422, "\(reply.text)")
            #expect(reply.json["errors"]?.array?.first?["field"]?.string == field, "\(reply.text)")
        }
        #expect(try await whatIf(.object(Self.retired), as: school.student).status == 403)
        #expect(try await whatIf(.object(Self.retired), as: school.otherEducator).status == 404)
        let bare = try await school.server.send(
            .post, "/api/v1/questions/\(school.question)/what_if", as: school.educator, json: ["partial_credit": 0])
        #expect(bare.status == 409 && bare.code == "no_key_points")
    }
}
