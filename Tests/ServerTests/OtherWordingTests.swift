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

@Suite("Other words that may have been said, in the server")
struct OtherWordingTests {
    private static let keyPoints: JSONValue = [
        ["id": "warning", "label": "Ibuprofen is not suitable with warfarin", "critical": true],
        ["id": "dose", "label": "Give 15 mg of morphine"],
    ]

    private func holds(_ analysis: JSONValue) -> [String] {
        (analysis["score"]?["holds"]?.array ?? []).compactMap(\.string)
    }

    @Test func `a student who removes a contradiction has a marker listen`() async throws {
        let school = try await TestSchool()
        let server = school.server
        let question = try await school.ask(keyPoints: Self.keyPoints)
        let heard = "Ibuprofen is fine with warfarin. Give fifteen milligrams of morphine."
        let answer = try await school.say(heard, to: question, as: school.student)
        func analysis() async throws -> JSONValue {
            try await server.send(.get, "\(answer)/analysis", as: school.educator).json
        }
        #expect(holds(try await analysis()) == ["critical_contradicted"])
        var version = 1
        func edit(_ text: String, as token: String) async throws {
            let reply = try await server.send(
                .put, "\(answer)/transcript", as: token, headers: ["If-Match": "\"v\(version)\""],
                json: ["text": .string(text)])
            #expect(reply.status == 200, "\(reply.text)")
            version += 1
        }
        for text in [
            "Give fifteen milligrams of morphine.",
            "Ibuprofen is not fine with warfarin. Give fifteen milligrams of morphine.",
        ] {
            try await edit(text, as: school.student)
            let found = try await analysis()
            #expect(holds(found).contains("critical_corrected"), "\(text): \(found["score"] ?? .null)")
            #expect(found["score"]?["low"]?.double ?? 1 <= 0.3 && found["score"]?["release"] == "person")
            let other = found["keypoints"]?.array?.first?["other_wordings"]?.array?.first
            #expect(other?["source"] == "recognised" && other?["state"] == "contradicted")
            #expect(other?["instead"]?.string?.contains("Ibuprofen is fine with warfarin.") == true, "\(text)")
            #expect(other?["probability"]?.isNull == true && other?["start_s"]?.double ?? -1 >= 0)
        }
        // Put back, it is what it was.
        try await edit(heard, as: school.student)
        #expect(holds(try await analysis()) == ["critical_contradicted"])
        // Removed by a student and confirmed by somebody who marks; then removed by that person.
        try await edit("Give fifteen milligrams of morphine.", as: school.student)
        let confirmed = try await server.send(
            .post, "\(answer)/transcript/confirm", as: school.educator, headers: ["If-Match": "\"v\(version)\""],
            json: [:])
        #expect(confirmed.status == 200, "\(confirmed.text)")
        version += 1
        #expect(!holds(try await analysis()).contains("critical_corrected"))
        try await edit(heard, as: school.student)
        try await edit("Give fifteen milligrams of morphine.", as: school.educator)
        #expect(!holds(try await analysis()).contains("critical_corrected"))
        #expect(try await school.verified().allSatisfy { $0 == .same })
    }

    @Test func `what the recogniser considered too is kept, widens the score, and holds it where it is critical`()
        async throws
    {
        let school = try await TestSchool()
        let server = school.server
        let question = try await school.ask(keyPoints: Self.keyPoints)
        let list = HeardAlternatives(
            readings: [
                .init(probability: 0.2, changes: [.init(words: 2..<3, text: ["now"])]),
                .init(probability: 0.15, changes: [.init(words: 7..<8, text: ["fifty"])]),
            ])
        let answer = try await school.say(
            "Ibuprofen is not suitable with warfarin. Give fifteen milligrams of morphine.", to: question,
            as: school.student, alternatives: [list])
        let found = try await server.send(.get, "\(answer)/analysis", as: school.educator).json
        #expect(holds(found) == ["critical_alternative"])
        #expect(found["score"]?["point"] == 1 && found["score"]?["low"]?.double ?? 1 <= 0.5)
        let points = found["keypoints"]?.array ?? []
        let warning = points.first?["other_wordings"]?.array?.first
        #expect(warning?["source"] == "alternative" && warning?["probability"] == 0.2)
        #expect(
            warning?["instead"] == "Ibuprofen is now suitable with warfarin." && warning?["state"] == "contradicted")
        let dose = points.last?["other_wordings"]?.array?.first
        #expect(dose?["state"] == "contradicted" && dose?["start_word"] == 7 && dose?["end_word"] == 8)
        #expect(try await school.verified() == [.same])

        // Rescoring keeps what other words would change.
        let change: JSONValue = [
            "key_points": [["id": "warning", "weight": 3, "critical": false], ["id": "dose", "weight": 1]]
        ]
        let seen = try await server.send(.post, "\(question)/what_if", as: school.educator, json: change).json
        #expect(seen["held_before"] == 1, "\(seen)")
        let after = seen["items"]?.array?.first?["after"]
        #expect(after?["holds"]?.array?.isEmpty == true && after?["low"]?.double ?? 1 <= 0.75)

        let confirmed = try await server.send(
            .post, "\(answer)/transcript/confirm", as: school.educator, headers: ["If-Match": "\"v1\""], json: [:])
        #expect(confirmed.status == 200, "\(confirmed.text)")
        let listened = try await server.send(.get, "\(answer)/analysis", as: school.educator).json
        #expect(holds(listened).isEmpty && listened["score"]?["low"] == 1)
        #expect(try await school.verified().allSatisfy { $0 == .same })
    }

    /// "My child needs four drops", as espeak-ng says it in pink noise: Whisper writes that, and finds "three" half as probable.
    @Test func `a dose in noise is held with both numbers`() async throws {
        let school = try await TestSchool { $0.speech.model = SpeechModel.folder }
        let server = school.server
        let question = try await school.ask(
            keyPoints: [["id": "dose", "label": "My child needs four drops", "critical": true]])
        let accepted = try await server.upload(
            Array(try Data(contentsOf: URL(filePath: SpeechModel.clip("en-noisy")))),
            fields: [("question_id", String(question.split(separator: "/").last ?? ""))], as: school.student)
        try await server.finish(accepted, as: school.student)
        let answer = try #require(accepted.json["links"]?["self"]?.string)
        let found = try await server.send(.get, "\(answer)/analysis", as: school.educator).json
        let dose = try #require(found["keypoints"]?.array?.first)
        #expect(dose["state"] == "covered")
        #expect(holds(found).contains("critical_alternative"), "\(found["score"] ?? .null)")
        let other = try #require(dose["other_wordings"]?.array?.first)
        #expect(other["words"] == "My child needs four drops." && other["instead"] == "My child needs three drops.")
        #expect(other["state"] == "contradicted" && other["probability"]?.double ?? 0 > 0.2)
        #expect(found["score"]?["low"]?.double ?? 1 <= 0.3)
        #expect(try await school.verified() == [.same])
    }
}
