// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import Server

@Suite("Questions with several expected answers")
struct ExpectedAnswerTests {
    private static let first = "Avoid ibuprofen. Suggest paracetamol, at most four grams a day."
    private static let second = "Avoid ibuprofen. Give paracetamol 1 g every six hours."

    private let school: TestSchool

    init() async throws { school = try await TestSchool() }

    private func make(_ members: JSONObject) async throws -> TestServer.Reply {
        var body: JSONObject = [
            "course_id": .string(school.course), "title": "Pain", "prompt": "What may she take?", "language": "en",
        ]
        for member in members.members { body[member.key] = member.value }
        return try await school.server.send(.post, "/api/v1/questions", as: school.educator, json: .object(body))
    }

    private func path(_ reply: TestServer.Reply) throws -> String {
        "/api/v1/questions/\(try #require(reply.json["id"]?.string, "\(reply.text)"))"
    }

    @Test func `are given as a list, and as one text to programs that know one only`() async throws {
        let answers: JSONValue = [.string(Self.first), .string(Self.second)]
        let made = try await make(["expected_answers": answers])
        #expect(made.status == 201 && made.json["expected_answers"] == answers, "\(made.text)")
        let text = try #require(made.json["expected_answer"]?.string)
        let again = try await make(["expected_answer": .string(text)])
        #expect(again.json["expected_answers"] == answers)
        let old = try await make(["expected_answer": "Rest.\n\nDrink water."])
        #expect(old.json["expected_answers"] == ["Rest.", "Drink water."])
        let versions = try await school.server.send(.get, try path(made) + "/versions", as: school.educator)
        #expect(versions.json["items"]?.array?.first?["expected_answers"] == answers)
        let seen = try await school.server.send(.get, try path(made), as: school.student)
        #expect(seen.status == 200 && seen.json["expected_answers"] == nil && !seen.text.contains("four grams"))
    }

    @Test func `say what is wrong with them`() async throws {
        for (members, field) in [
            (["expected_answers": []], "expected_answers"), ([:], "expected_answer"),
            (["expected_answers": ["Rest.", "  "]], "expected_answers[1]"),
            (["expected_answers": ["Rest. ||| Walk."]], "expected_answers[0]"),
            (["expected_answers": "Rest."], "expected_answers"),
            (
                [
                    "expected_answers": ["Rest."],
                    "key_points": [["id": "a", "label": "Rest", "expected_answers": [2]]],
                ], "key_points[0].expected_answers"
            ),
        ] as [(JSONObject, String)] {
            let reply = try await make(members)
            #expect(reply.status == 400 || reply.status == 422)
            #expect(reply.text.contains("\"\(field)\""), "\(field): \(reply.text)")
        }
        let bad = try await make([
            "expected_answers": ["Rest."], "key_points": [["id": "a", "label": "Rest", "expected_answers": [0]]],
        ])
        #expect(bad.text.contains("must be the number of an expected answer"), "\(bad.text)")
    }

    @Test func `have key points proposed for each, and the best one counts, on the bench and in stored answers`()
        async throws
    {
        let answers: JSONValue = [.string(Self.first), .string(Self.second)]
        let proposed = try await school.server.send(
            .post, "/api/v1/key_points/propose", as: school.educator,
            json: ["expected_answers": answers, "language": "en"])
        let points = proposed.json["items"]?.array ?? []
        #expect(points.map { $0["expected_answers"] } == [[], [1], [2]], "\(proposed.text)")
        #expect(points.allSatisfy { $0["label"]?.string?.contains("|") == false })

        for keyPoints in [proposed.json["items"] ?? [], []] {
            let question = try path(try await make(["expected_answers": answers, "key_points": keyPoints]))
            for answer in [Self.first, Self.second] {
                let tried = try await school.server.send(
                    .post, "\(question)/try", as: school.educator, json: ["text": .string(answer)])
                #expect((tried.json["score"]?["point"]?.double ?? 0) > 0.999, "\(tried.text)")
                let stored = try await school.say(answer, to: question, as: school.student)
                let analysis = try await school.server.send(.get, "\(stored)/analysis", as: school.student)
                #expect(
                    analysis.json["score"]?["point"] == tried.json["score"]?["point"],
                    "\(analysis.json["score"]?.text ?? "") \(tried.json["score"]?.text ?? "")")
                // What another expected answer asks for is no advice to whoever followed this one.
                #expect(analysis.json["feedback"]?.array?.contains { $0["rule"] == "missing" } != true)
                let similarity = analysis.json["similarity"]?["rouge_l"]?.double
                #expect(similarity == 1, "\(analysis.json["similarity"]?.text ?? "")")
            }
        }
    }

    @Test func `may take credit for what is contradicted, and say what a correction gained`() async throws {
        let question = try path(
            try await make([
                "expected_answers": ["Avoid ibuprofen. Offer paracetamol."], "contradicted_credit": -0.5,
                "key_points": [
                    ["id": "no", "label": "Avoid ibuprofen"], ["id": "yes", "label": "Offer paracetamol"],
                ],
            ]))
        let read = try await school.server.send(.get, question, as: school.educator)
        #expect(read.json["contradicted_credit"]?.double == -0.5)
        let answer = try await school.say("Take ibuprofen. Offer paracetamol.", to: question, as: school.student)
        let analysis = try await school.server.send(.get, "\(answer)/analysis", as: school.student)
        #expect(analysis.json["score"]?["point"]?.double == 0.25, "\(analysis.text)")
        #expect(analysis.json["edit_gain"] == .null)
        _ = try await school.server.send(
            .put, "\(answer)/transcript", as: school.student, headers: ["If-Match": "\"v1\""],
            json: ["text": "Avoid ibuprofen. Offer paracetamol."])
        let after = try await school.server.send(.get, "\(answer)/analysis", as: school.student)
        #expect(after.json["edit_gain"]?.double == 0.75, "\(after.text)")
        let whatIf = try await school.server.send(
            .post, "\(question)/what_if", as: school.educator, json: ["contradicted_credit": 0])
        #expect(whatIf.status == 200, "\(whatIf.text)")
        let bad = try await make(["expected_answers": ["Rest."], "contradicted_credit": 0.5])
        #expect(bad.text.contains("contradicted_credit") && bad.status >= 400)
    }
}
