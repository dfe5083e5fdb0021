// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import Server

@Suite("Templates of feedback")
struct FeedbackTemplateTests {
    private let school: TestSchool

    init() async throws { school = try await TestSchool() }

    private func put(_ templates: JSONValue, _ language: String = "en", as token: String? = nil) async throws
        -> TestServer.Reply
    {
        try await school.server.send(
            .put, "/api/v1/feedback_templates/\(language)", as: token ?? school.admin,
            json: ["templates": templates])
    }

    private func texts(_ language: String) async throws -> [String] {
        let reply = try await school.server.send(
            .post, "/api/v1/analyze", as: school.educator, headers: ["Accept-Language": language],
            json: ["text": "I do not know.", "key_points": [["id": "a", "label": "Offer paracetamol"]]])
        return reply.json["feedback"]?.array?.compactMap { $0["text"]?.string } ?? []
    }

    @Test func `are put in the school's words by an administrator, and used at once`() async throws {
        let before = try await texts("en")
        let reply = try await put(["missing": "Nächstes Mal: {key_point}!"])
        #expect(reply.status == 200, "\(reply.text)")
        #expect(try await texts("en").contains("Nächstes Mal: Offer paracetamol!"))
        #expect(try await texts("es").contains { $0.hasPrefix("Nächstes Mal") } == false)
        let read = try await school.server.send(.get, "/api/v1/feedback_templates/en", as: school.admin)
        let rule = read.json["items"]?.array?.first { $0["rule"] == "missing" }
        #expect(rule?["own"] == "Nächstes Mal: {key_point}!" && rule?["placeholders"] == ["key_point"])
        #expect(rule?["standard"]?.string?.contains("{key_point}") == true, "\(read.text)")
        let audit = try await school.server.application.services.database.read { try $0.audit.list() }
        #expect(audit.items.contains { $0.action == "feedback_templates.set" && $0.object == "feedback_templates/en" })
        #expect(try await put(["missing": .null]).status == 200)
        #expect(try await texts("en") == before)
    }

    @Test func `are refused with the place of what is wrong`() async throws {
        for (templates, words) in [
            (["missing": "Say {nothing}."], "{nothing}"), (["missed": "Say it."], "missed"),
            (["missing": 3], "missing"),
            (["missing": " "], "missing"), ([1], "templates"),
        ] as [(JSONValue, String)] {
            let reply = try await put(templates)
            #expect(reply.status == 422 || reply.status == 400, "\(reply.text)")
            #expect(reply.text.contains(words), "\(reply.text)")
        }
        #expect(try await put([:], "x").status == 404)
        #expect(try await put([:], as: school.educator).status == 403)
        let read = try await school.server.send(.get, "/api/v1/feedback_templates/de", as: school.admin)
        #expect(read.json["items"]?.array?.allSatisfy { $0["own"]?.isNull == true } == true)
    }
}
