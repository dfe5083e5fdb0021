// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import Storage
import TestPrograms
import TestSupport
import Testing

@testable import Server

/// What a question gives beside its prompt, and the words that its recogniser is told.
@Suite("The material of a question")
struct QuestionMaterialTests {
    private static let facts: JSONValue = [
        ["id": "medicines", "label": "Which medicines does she take?", "text": "Warfarin, 3 mg in the evening."],
        ["label": "Any allergies?", "text": "None that she knows of."],
    ]

    /// Makes a question with a scenario, facts, key points and an expected answer, as educators do (journey 2).
    private func ask(_ school: TestSchool, _ more: JSONObject = [:]) async throws -> String {
        var body: JSONObject = [
            "course_id": .string(school.course), "title": "A sore back", "prompt": "What do you advise?",
            "scenario": "Mrs Ott, 70, asks for something for her back.", "facts": Self.facts, "language": "en",
            "expected_answers": ["Avoid ibuprofen, because she takes warfarin. Offer paracetamol."],
        ]
        for member in more.members { body[member.key] = member.value }
        let made = try await school.server.send(
            .post, "/api/v1/questions", as: school.educator, json: .object(body))
        return "/api/v1/questions/\(try #require(made.json["id"]?.string, "\(made.text)"))"
    }

    private func recording(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: SpeechModel.clip(name))))
    }

    @Test func `facts are told to a student who asks, one by one, and what was asked for is kept with the answer`()
        async throws
    {
        let school = try await TestSchool { $0.speech.model = SpeechModel.folder }
        let server = school.server
        let question = try await ask(school)
        let edited = try await server.send(.get, question, as: school.educator)
        #expect(edited.json["facts"]?.array?.map { $0["id"] } == ["medicines", "fact-2"], "\(edited.text)")
        #expect(edited.json["facts"]?.array?.last?["text"] == "None that she knows of.")

        func seen() async throws -> JSONValue { try await server.send(.get, question, as: school.student).json }
        let before = try await seen()
        #expect(before["scenario"] == "Mrs Ott, 70, asks for something for her back.")
        #expect(before["facts"]?.array?.map { $0["label"] } == ["Which medicines does she take?", "Any allergies?"])
        #expect(before["facts"]?.array?.allSatisfy { $0["text"]?.isNull == true } == true, "\(before.text)")
        #expect(!before.text.lowercased().contains("warfarin"))

        let asked = try await server.send(.post, "\(question)/facts/medicines/reveal", as: school.student)
        #expect(asked.json["text"] == "Warfarin, 3 mg in the evening.", "\(asked.text)")
        let again = try await server.send(.post, "\(question)/facts/medicines/reveal", as: school.student)
        #expect(again.json["asked_at"] == asked.json["asked_at"])
        let now = try await seen()
        #expect(now["facts"]?.array?.map { $0["text"]?.isNull } == [false, true])
        let missing = try await server.send(.post, "\(question)/facts/nothing/reveal", as: school.student)
        #expect(missing.status == 404)

        let id = String(question.split(separator: "/").last ?? "")
        let accepted = try await server.upload(
            try recording("en-02"), fields: [("question_id", id)], as: school.student)
        let answer = try #require(accepted.json["links"]?["self"]?.string, "\(accepted.text)")
        for token in [school.student, school.educator] {
            let kept = try await server.send(.get, answer, as: token)
            #expect(
                kept.json["facts_asked"]?.array?.map { $0["label"] } == ["Which medicines does she take?"],
                "\(kept.text)")
        }
        // The next attempt begins anew.
        #expect(try await seen()["facts"]?.array?.allSatisfy { $0["text"]?.isNull == true } == true)
    }

    @Test func `is refused where it is malformed`() async throws {
        let school = try await TestSchool()
        for (members, field) in [
            (["facts": [["label": "a"]]], "facts[0].text"),
            (
                ["facts": [["id": "a", "label": "a", "text": "b"], ["id": "a", "label": "c", "text": "d"]]],
                "facts[1].id"
            ),
            (["vocabulary": ["one two three four"]], "vocabulary[0]"), (["vocabulary": [1]], "vocabulary"),
            (["vocabulary": ["own": ["a b c d"]]], "vocabulary.own[0]"), (["scenario": 1], "scenario"),
        ] as [(JSONObject, String)] {
            var body: JSONObject = [
                "course_id": .string(school.course), "title": "t", "prompt": "p", "expected_answer": "e",
            ]
            for member in members.members { body[member.key] = member.value }
            let reply = try await school.server.send(
                .post, "/api/v1/questions", as: school.educator, json: .object(body))
            #expect(reply.status >= 400 && reply.text.contains("\"\(field)\""), "\(field): \(reply.text)")
        }
    }

    @Test func `words for the recogniser follow from the question, and are told to one that can be told`() async throws
    {
        let school = try await TestSchool { $0.speech.model = SpeechModel.folder }
        let question = try await ask(school, ["vocabulary": ["Mrs Ott", "lumbago"]])
        let read = try await school.server.send(.get, question, as: school.educator)
        let terms = read.json["vocabulary"]?["terms"]?.array?.compactMap(\.string) ?? []
        #expect(read.json["vocabulary"]?["own"] == ["Mrs Ott", "lumbago"])
        #expect(terms.prefix(5) == ["Mrs Ott", "lumbago", "ibuprofen", "warfarin", "paracetamol"], "\(read.text)")
        let seen = try await school.server.send(.get, question, as: school.student)
        #expect(seen.json["vocabulary"] == nil)

        let id = String(question.split(separator: "/").last ?? "")
        let accepted = try await school.server.upload(
            try recording("en-02"), fields: [("question_id", id)], as: school.student)
        try await school.server.finish(accepted, as: school.student)
        let answer = try #require(accepted.json["links"]?["transcript"]?.string, "\(accepted.text)")
        let transcript = try await school.server.send(.get, answer, as: school.educator)
        #expect(transcript.json["vocabulary"] == read.json["vocabulary"]?["terms"], "\(transcript.text)")
        #expect(transcript.json["text"]?.string?.lowercased().contains("six spoons") == true)
        // They give away what is expected.
        #expect(try await school.server.send(.get, answer, as: school.student).json["vocabulary"] == nil)

        let engines = try await school.server.send(.get, "/api/v1/engines", as: school.educator)
        #expect(
            engines.json["items"]?.array?.map { $0["takes_vocabulary"] } == [true, false], "\(engines.text)")
    }
}
