// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import JSON
import TestSupport
import Testing

@testable import Server

@Suite("Key points of questions")
struct KeyPointTests {
    private static let warning: JSONValue = [
        "id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin", "critical": true,
    ]

    private func make(_ school: TestSchool, _ keyPoints: JSONValue) async throws -> TestServer.Reply {
        try await school.server.send(
            .post, "/api/v1/questions", as: school.educator,
            json: [
                "course_id": .string(school.course), "title": "Ibuprofen", "prompt": "What do you say?",
                "expected_answer": "Ibuprofen is not suitable with warfarin. Offer paracetamol.", "language": "en",
                "key_points": keyPoints,
            ])
    }

    @Test func `are kept with the question, for its educators only`() async throws {
        let school = try await TestSchool()
        let made = try await make(school, [Self.warning])
        #expect(made.status == 201, "\(made.text)")
        let path = "/api/v1/questions/\(made.json["id"]?.string ?? "")"
        let read = try await school.server.send(.get, path, as: school.educator)
        #expect(read.json["key_points"]?.array?.first?["label"] == "Ibuprofen is not suitable with warfarin")
        #expect(read.json["key_points"]?.array?.first?["critical"] == true)
        let seen = try await school.server.send(.get, path, as: school.student)
        #expect(seen.status == 200 && seen.json["key_points"] == nil && seen.json["expected_answer"] == nil)
        let versions = try await school.server.send(.get, path + "/versions", as: school.educator)
        #expect(versions.json["items"]?.array?.first?["key_points"]?.array?.count == 1)
    }

    @Test func `say what is wrong with them`() async throws {
        let school = try await TestSchool()
        for (keyPoints, words) in [
            (["no"], "key_points[0] must be an object"), ([["id": "a"]], "key_points[0].label is missing"),
            ([Self.warning, Self.warning], "key_points[1].id is the id of another key point too"),
            (
                [["id": "a", "label": "b", "numbers": [["value": 5, "unit": "gramz"]]]],
                "key_points[0].numbers[0].unit is no unit that is known; did you mean grams?"
            ),
            (
                [["id": "a", "label": "b", "numbers": [["value": 5, "relation": "more"]]]],
                "key_points[0].numbers[0].relation must be "
            ),
            ([["id": "a", "label": "b", "weight": 0]], "key_points[0].weight must be a number above 0"),
        ] as [(JSONValue, String)] {
            let reply = try await make(school, keyPoints)
            #expect(reply.status == 400 || reply.status == 422)
            #expect(reply.text.contains(words), "\(reply.text)")
        }
    }

    @Test func `can be tried with a typed answer by educators, and by nobody else`() async throws {
        let school = try await TestSchool()
        let made = try await make(school, [Self.warning])
        let path = "/api/v1/questions/\(made.json["id"]?.string ?? "")/try"
        let tried = try await school.server.send(
            .post, path, as: school.educator, json: ["text": "Ibuprofen is fine with warfarin."])
        #expect(tried.json["keypoints"]?.array?.map { $0["state"] } == ["contradicted"])
        #expect(tried.json["score"]?["holds"] == ["critical_contradicted"] && tried.json["keypoints_source"] == "given")
        let other = try await school.server.send(
            .post, path, as: school.educator,
            json: ["text": "Offer paracetamol.", "key_points": [["id": "p", "label": "Offer paracetamol"]]])
        #expect(other.json["keypoints"]?.array?.map { $0["state"] } == ["covered"])
        #expect(try await school.server.send(.post, path, as: school.educator, json: [:]).status >= 400)
        let student = try await school.server.send(.post, path, as: school.student, json: ["text": "Yes."])
        #expect(student.status == 403)
    }

    @Test func `are proposed from an expected answer, a reason with what it is given for`() async throws {
        let school = try await TestSchool()
        let reply = try await school.server.send(
            .post, "/api/v1/key_points/propose", as: school.educator,
            json: [
                "expected_answer":
                    "Ibuprofen is not suitable because the patient takes warfarin. Offer paracetamol 1 g.",
                "language": "en",
            ])
        let items = reply.json["items"]?.array ?? []
        #expect(items.count == 2, "\(reply.text)")
        #expect(items.first?["label"] == "Ibuprofen is not suitable because the patient takes warfarin")
        #expect(items.first?["critical"] == true && items.first?["polarity"] == "negate")
        #expect(items.last?["numbers"]?.array?.first?["value"]?.double == 1)
    }
}
