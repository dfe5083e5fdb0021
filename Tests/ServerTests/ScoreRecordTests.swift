// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import Server
@testable import Storage

/// What a score rests on, who may rely on it, and how it is checked later.
@Suite("What scores rest on")
struct ScoreRecordTests {
    private let school: TestSchool
    private let question: String

    init() async throws {
        school = try await TestSchool()
        question = try await school.ask(keyPoints: [
            ["id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin"],
            ["id": "paracetamol", "label": "Offer paracetamol"],
        ])
    }

    private static let good = "Ibuprofen is not suitable with warfarin. Offer paracetamol."

    private func score(_ answer: String, version: Int? = nil) async throws -> JSONValue {
        let query = version.map { "?version=\($0)" } ?? ""
        let analysis = try await school.server.send(.get, "\(answer)/analysis\(query)", as: school.educator)
        return try #require(analysis.json["score"], "\(analysis.text)")
    }

    private func edit(_ answer: String, seen: Int, _ text: String, as token: String) async throws -> JSONValue {
        let reply = try await school.server.send(
            .put, "\(answer)/transcript", as: token, headers: ["If-Match": "\"v\(seen)\""],
            json: ["text": .string(text)])
        #expect(reply.status == 200, "\(reply.text)")
        return try await score(answer)
    }

    private func post(_ answer: String, _ what: String, seen: Int, as token: String, _ body: JSONValue = [:])
        async throws
        -> TestServer.Reply
    {
        try await school.server.send(
            .post, "\(answer)/transcript/\(what)", as: token, headers: ["If-Match": "\"v\(seen)\""], json: body)
    }

    // MARK: Verification

    @Test func `an altered state or score is named whatever has happened to the question bank`() async throws {
        let answer = try await school.say(Self.good, to: question, as: school.student)
        _ = try await school.say("Offer paracetamol.", to: question, as: school.student)
        _ = try await school.ask("Another", keyPoints: [["id": "x", "label": "Something about warfarin"]])
        _ = try await school.server.send(
            .patch, "/api/v1/courses/\(school.course)", as: school.educator, json: ["tone": false])
        #expect(try await school.verified() == [.same, .same], "computed again by the question bank of that time")
        let services = school.server.application.services
        let id: Identifier<Response> = try #require(Identifier(answer.split(separator: "/").last ?? ""))
        func alter(_ change: @escaping @Sendable (inout AnalysisResult) -> Void) async throws
            -> [AnalysisVerification.Outcome]
        {
            let original = try await services.database.write { transaction in
                let original = try #require(try transaction.analyses.find(id, transcriptVersion: 1))
                var altered = original
                change(&altered)
                _ = try transaction.analyses.store(altered)
                return original
            }
            let outcomes = try await school.verified()
            try await services.database.write { _ = try $0.analyses.store(original) }
            return outcomes
        }
        let point = try await alter { $0.assessment?.score = AnswerScore(low: 0.5, point: 0.5, high: 1) }
        #expect(point == [.different(["score"]), .same])
        let state = try await alter { $0.assessment?.results[1].state = .missing }
        #expect(state == [.different(["states"]), .same])
        let holds = try await alter { $0.assessment?.score.holds = [.uncertain] }
        #expect(holds == [.different(["holds"]), .same])
        let similarity = try await alter { $0.assessment?.results[0].similarity.tfidfCosine = 0.123 }
        #expect(similarity == [.different(["similarities"]), .same])
        let flags = try await alter { $0.assessment?.results[0].flags = [.hedged] }
        #expect(flags == [.different(["evidence"]), .same])
        let cosine = try await alter { analysis in
            for index in analysis.measures.indices where analysis.measures[index].key == "tfidf_cosine" {
                analysis.measures[index].value = 0.123
            }
        }
        #expect(cosine == [.different(["measure tfidf_cosine"]), .same])
        let all = try await alter { analysis in
            analysis.assessment?.score = AnswerScore(low: 0, point: 0, high: 0, holds: [.noWords])
            analysis.assessment?.results[0].state = .contradicted
        }
        #expect(all == [.different(["states", "score", "holds"]), .same])
        #expect(try await school.verified() == [.same, .same])

        // Text and question are known by their digests.
        try await services.database.write {
            _ = try $0.run(
                "UPDATE transcript_version SET text = 'something else' WHERE response = ?1", id)
        }
        #expect(try await school.verified().first == .different(["transcript"]))
    }

    @Test func `names the text and the question that it was made from`() async throws {
        let answer = try await school.say("Offer paracetamol.", to: question, as: school.student)
        let analysis = try await school.server.send(.get, "\(answer)/analysis", as: school.student).json
        // printf 'Offer paracetamol.' | sha256sum
        #expect(
            analysis["text_sha256"] == "bbaa1b2a6c425a6d31609e30b1d9eda9a462e7363a3c92274191b0bd30acf53b")
        #expect(analysis["question_sha256"]?.string?.count == 64 && analysis["question_bank"] == 2)
    }

    // MARK: Words of the fallback recogniser

    @Test func `are held while one is left that nobody has confirmed`() async throws {
        let answer = try await school.say(
            "Ibuprofen is not suitable with warfarin. Offer paracetamol", to: question, as: school.student,
            engine: "pocketsphinx/en-us")
        #expect(try await score(answer)["holds"] == ["fallback_recogniser"])
        let dotted = try await edit(answer, seen: 1, Self.good, as: school.student)
        #expect(dotted["holds"] == ["fallback_recogniser"] && dotted["release"] == "person", "\(dotted.text)")
        let restored = try await post(answer, "revert", seen: 2, as: school.student, ["version": 1])
        #expect(restored.status == 200)
        #expect(try await score(answer)["holds"] == ["fallback_recogniser"])
        let marks = try await school.server.send(.get, "\(answer)/marks", as: school.student).json
        #expect(marks["grade"]?.isNull == true, "\(marks.text)")

        for token in [school.student, school.otherStudent, school.otherEducator] {
            #expect([403, 404].contains(try await post(answer, "confirm", seen: 3, as: token).status))
        }
        #expect(try await post(answer, "confirm", seen: 2, as: school.educator).status == 412)
        let confirmed = try await post(answer, "confirm", seen: 3, as: school.educator, ["reason": "Heard twice."])
        #expect(confirmed.status == 200 && confirmed.json["confirmed"] == true, "\(confirmed.text)")
        let free = try await score(answer)
        #expect(free["holds"] == [] && free["release"] == "automatic", "\(free.text)")
        let versions = try await school.server.send(.get, "\(answer)/transcript/versions", as: school.student).json
        let newest = versions["items"]?.array?.first
        #expect(newest?["confirmed"] == true && newest?["author"]?["name"] == "teacher@school.example")
        #expect(newest?["edit_reason"] == "Heard twice." && newest?["created_at"]?.string != nil)
        #expect(versions["items"]?.array?.last?["confirmed"] == false)

        // What the student changes after that is nobody's word but theirs, and going back is to what was not confirmed.
        let changed = try await edit(
            answer, seen: 4, "Ibuprofen is not suitable with warfarin, no. Offer paracetamol", as: school.student)
        #expect(changed["holds"]?.array?.contains("fallback_recogniser") == true, "\(changed.text)")
        _ = try await post(answer, "revert", seen: 5, as: school.educator, ["version": 1])
        #expect(try await score(answer)["holds"] == ["fallback_recogniser"])
        #expect(try await school.verified().allSatisfy { $0 == .same })
        let audited = try await school.server.application.services.database.read {
            try $0.audit.list(object: "response/\(answer.split(separator: "/").last ?? "")").items.map(\.action)
        }
        #expect(audited.contains("transcript.confirm"))
    }

    @Test func `an educator's own correction confirms the sentences that it changes`() async throws {
        let answer = try await school.say(
            "Ibuprofen is suitable with warfarin. Offer paracetamol.", to: question, as: school.student, confidence: 0.3
        )
        #expect(try await score(answer)["holds"]?.array?.isEmpty == false)
        let own = try await edit(answer, seen: 1, Self.good, as: school.student)
        #expect(own["holds"]?.array?.isEmpty == false, "\(own.text)")
        _ = try await post(answer, "revert", seen: 2, as: school.student, ["version": 1])
        _ = try await edit(answer, seen: 3, Self.good, as: school.educator)
        let analysis = try await school.server.send(.get, "\(answer)/analysis", as: school.educator).json
        #expect(analysis["keypoints"]?.array?.map { $0["state"] } == ["covered", "uncertain"], "\(analysis.text)")
        #expect(analysis["keypoints"]?.array?[0]["flags"] == [])
        #expect(analysis["keypoints"]?.array?[0]["confidence"] == 1)
        let words = try await school.server.send(.get, "\(answer)/transcript", as: school.student).json["segments"]?
            .array?.flatMap { $0["words"]?.array ?? [] }
        #expect(words?.map { $0["confirmed"] == true } == [true, true, true, true, true, true, false, false])
        #expect(words?[0]["confidence"] == 0.3, "what the recogniser said stays")
        #expect(try await school.verified().allSatisfy { $0 == .same })
    }

    // MARK: Release without a person

    @Test(arguments: [
        ([Measure("snr_db", 5, unit: "dB")], ["poor_recording"]),
        ([Measure("snr_db", 30, unit: "dB"), Measure("clip_pct", 4, unit: "%")], ["poor_recording"]),
        ([Measure("snr_db", 30, unit: "dB"), Measure("clip_pct", 0.1, unit: "%")], [String]()),
    ])
    func `needs a good recording, or somebody who has listened`(quality: [Measure], holds: [String]) async throws {
        let answer = try await school.say(Self.good, to: question, as: school.student, quality: quality)
        let found = try await score(answer)
        #expect(found["holds"] == .array(holds.map(JSONValue.string)), "\(found.text)")
        #expect(found["release"] == (holds.isEmpty ? "automatic" : "person"))
        #expect(try await post(answer, "confirm", seen: 1, as: school.educator).status == 200)
        #expect(try await score(answer)["holds"] == [])
        #expect(try await school.verified().allSatisfy { $0 == .same })
    }

    @Test func `needs both ends of the interval in one band`() async throws {
        // Half believed words may have been others: 0.835...1 lies in one band, 0.75...1 in two.
        let sure = try await score(try await school.say(Self.good, to: question, as: school.student, confidence: 0.7))
        #expect(sure["holds"] == [] && sure["release"] == "automatic", "\(sure.text)")
        let unsure = try await score(
            try await school.say(Self.good, to: question, as: school.student, confidence: 0.45))
        let (low, high) = (unsure["low"]?.double ?? 0, unsure["high"]?.double ?? 0)
        #expect(unsure["release"] == "person" && Grade.band(of: low) < Grade.band(of: high), "\(unsure.text)")
    }

    // MARK: Too short

    @Test func `a word that says nothing of what is expected is unscorable, and a person may say otherwise`()
        async throws
    {
        // The expected answer has six words.
        for (text, isTooShort) in [("No.", true), ("Um, no.", false), ("Ibuprofen.", false)] {
            let answer = try await school.say(text, to: question, as: school.student)
            let id: Identifier<Response> = try #require(Identifier(answer.split(separator: "/").last ?? ""))
            try await school.server.application.services.database.write { transaction in
                try transaction.responses.setState(id, to: .transcribed)
                try transaction.responses.setState(id, to: .failed, reason: "x", reasonCode: "internal")
            }
            let again = try await school.server.send(.post, "\(answer)/retry", as: school.student, json: [:])
            try await school.server.finish(again, as: school.student)
            let response = try await school.server.send(.get, answer, as: school.student).json
            #expect(response["status"] == (isTooShort ? "unscorable" : "analysed"), "\(text): \(response.text)")
            #expect(response["reason_code"] == (isTooShort ? "too_short" : .null))
            guard isTooShort else { continue }
            #expect(response["reason"]?.string?.contains("too few words") == true)
            #expect(try await post(answer, "confirm", seen: 1, as: school.educator).status == 200)
            let confirmed = try await school.server.send(.get, answer, as: school.student).json
            #expect(confirmed["status"] == "analysed" && confirmed["reason_code"] == .null)
        }
    }

    // MARK: What is refused

    @Test func `a wrong key point is named once`() async throws {
        let reply = try await school.server.send(
            .post, "\(question)/try", as: school.educator,
            json: ["text": "x", "key_points": [["id": "a", "label": "b", "weigth": 2]]])
        #expect(reply.json["detail"] == "key_points[0].weigth is unknown; did you mean weight?", "\(reply.text)")
    }

    @Test func `a body without an attribute leaves the groups, and a role is no part`() async throws {
        let server = school.server
        let chosen: JSONValue = ["attribute": "First language", "choices": ["English", "Another"]]
        #expect(try await server.send(.put, "/api/v1/groups", as: school.admin, json: chosen).status == 200)
        let empty = try await server.send(.put, "/api/v1/groups", as: school.admin, json: ["atribute": "x"])
        #expect(empty.status == 422 && empty.text.contains("attribute"), "\(empty.text)")
        #expect(try await server.send(.get, "/api/v1/groups", as: school.admin).json == chosen)
        let none = try await server.send(.put, "/api/v1/groups", as: school.admin, json: ["attribute": nil])
        #expect(none.status == 200 && none.json["attribute"]?.isNull == true)
        let member = try await server.send(
            .post, "/api/v1/courses/\(school.course)/members", as: school.educator,
            json: ["email": "other.teacher@school.example", "role": "educator"])
        #expect(member.status == 422 && member.text.contains("part"), "\(member.text)")
    }
}
