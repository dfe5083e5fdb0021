// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import HTTP
import JSON
import TestPrograms
import TestSupport
import Testing

@testable import Server

@Suite("Feedback on texts")
struct FeedbackTests {
    private let body: JSONValue = [
        "text": "Ibuprofen is fine with warfarin. Take paracetamol.", "language": "en",
        "key_points": [
            [
                "id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin", "critical": true,
                "essential": true,
            ],
            ["id": "paracetamol", "label": "Take paracetamol"],
            ["id": "doctor", "label": "See a doctor if it lasts longer than three days"],
        ],
    ]

    private func feedback(_ school: TestSchool, _ language: String?) async throws -> [JSONValue] {
        var headers = HTTPHeaders()
        if let language { headers.set("Accept-Language", language) }
        let reply = try await school.server.send(
            .post, "/api/v1/analyze", as: school.educator, headers: headers, json: body)
        #expect(reply.status == 200, "\(reply.text)")
        return reply.json["feedback"]?.array ?? []
    }

    @Test func `warns before it praises, in the reader's language, with the words that show it`() async throws {
        let school = try await TestSchool()
        let items = try await feedback(school, nil)
        #expect(items.map { $0["rule"]?.string } == ["critical_contradicted", "covered", "missing"])
        #expect(items.map { $0["kind"]?.string } == ["next_step", "strength", "next_step"])
        #expect(items.map { $0["key_point"]?.string } == ["no-ibuprofen", "paracetamol", "doctor"])
        #expect(items[0]["text"]?.string?.hasPrefix("This could harm a patient.") == true)
        #expect(items[0]["parameters"]?["key_point"] == "Ibuprofen is not suitable with warfarin")
        #expect(items[0]["evidence"]?.array?.first?["text"]?.string?.contains("fine with warfarin") == true)
        #expect(items[2]["evidence"]?.array?.isEmpty == true)
        let spanish = try await feedback(school, "es-MX,es;q=0.9,en;q=0.8")
        #expect(spanish.map { $0["rule"] } == items.map { $0["rule"] })
        #expect(spanish[0]["text"]?.string?.hasPrefix("Esto podría dañar a un paciente.") == true)
        for other in ["fi", "*", ", ;"] { #expect(try await feedback(school, other) == items) }
    }

    @Test func `without key points nothing is told`() async throws {
        let school = try await TestSchool()
        let reply = try await school.server.send(
            .post, "/api/v1/analyze", as: school.educator, json: ["text": "Take paracetamol.", "language": "en"])
        #expect(reply.json["feedback"]?.array?.isEmpty == true)
    }

    @Test func `a school words it, and a fault in its file stops the start`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("templates.json")
        func write(_ text: String) throws { try folder.write(text, to: "templates.json") }
        try write(#"{"en": {"missing": "Also mention: {key_point}"}}"#)
        let school = try await TestSchool { $0.feedbackTemplates = path }
        let items = try await feedback(school, nil)
        #expect(items.last?["text"] == "Also mention: See a doctor if it lasts longer than three days")

        try write(#"{"en": {"missing": "Also mention: {point}"}}"#)
        let fault = await #expect(throws: ConfigurationError.self) {
            _ = try await TestServer { $0.feedbackTemplates = path }
        }
        #expect(fault?.description.contains("no placeholder {point}") == true)
        #expect(fault?.description.contains(path) == true)
        try FileManager.default.removeItem(atPath: path)
        let missing = await #expect(throws: ConfigurationError.self) {
            _ = try await TestServer { $0.feedbackTemplates = path }
        }
        #expect(missing?.description.contains("no such file") == true)
    }
}
