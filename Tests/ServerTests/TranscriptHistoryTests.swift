// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import TestSupport
import Testing

@testable import Server

@Suite("The history of a transcript")
struct TranscriptHistoryTests {
    /// A public-domain reading of Jane Austen, from Debian's pocketsphinx-testdata.
    private static let recording =
        "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0880.wav"

    @Test func `keeps every version with author, reason, errors and times, to be compared and restored`() async throws {
        let school = try await TestSchool()
        let server = school.server
        let accepted = try await server.upload(
            Array(try Data(contentsOf: URL(fileURLWithPath: Self.recording))),
            fields: [("question_id", school.question), ("language", "en")], as: school.student)
        let path = try #require(accepted.json["links"]?["self"]?.string)
        try await server.finish(accepted, as: school.student)
        let heard = try await server.send(.get, "\(path)/transcript", as: school.student).json
        let text = try #require(heard["text"]?.string)
        let words = text.split(separator: " ").map(String.init)
        try #require(words.count >= 4)

        // One word in the middle is another one; the others stay.
        var changed = words
        changed[2] = "penicillin"
        let edit = try await server.send(
            .put, "\(path)/transcript", as: school.student, headers: ["If-Match": "\"v1\""],
            json: ["text": .string(changed.joined(separator: " ")), "reason": "I said penicillin"])
        #expect(edit.status == 200, "\(edit.text)")
        let before = Self.words(heard)
        let after = Self.words(edit.json)
        #expect(after.count == before.count)
        for index in after.indices {
            if index == 2 {
                #expect(after[index]["kind"] == "edited" && after[index]["timing"] == "interpolated")
                #expect(after[index]["confidence"]?.isNull == true)
                let start = after[index]["start"]?.double ?? -1
                #expect(start >= (before[1]["end"]?.double ?? 0) && start <= (before[3]["start"]?.double ?? 0))
            } else {
                #expect(after[index] == before[index])
            }
        }

        changed[0] = "Doctor"
        _ = try await server.send(
            .put, "\(path)/transcript", as: school.educator, headers: ["If-Match": "\"v2\""],
            json: ["text": .string(changed.joined(separator: " "))])
        let restored = try await server.send(
            .post, "\(path)/transcript/revert", as: school.educator, headers: ["If-Match": "\"v3\""],
            json: ["version": 2, "reason": "Escuchado otra vez"])
        #expect(Self.words(restored.json) == after)
        _ = try await server.send(
            .post, "\(path)/transcript/revert", as: school.educator, headers: ["If-Match": "\"v4\""],
            json: ["version": 1])

        let versions = try await server.send(.get, "\(path)/transcript/versions", as: school.student).json["items"]
        let items = (versions?.array ?? []).sorted { ($0["version"]?.integer ?? 0) < ($1["version"]?.integer ?? 0) }
        #expect(items.map { $0["origin"] } == ["asr", "human", "human", "human", "human"])
        #expect(
            items.map { $0["edit_reason"]?.string }
                == [nil, "I said penicillin", nil, "Escuchado otra vez", "restored version 1"])
        #expect(
            items.map { $0["author"]?["name"]?.string }
                == [
                    nil, "student@school.example", "teacher@school.example", "teacher@school.example",
                    "teacher@school.example",
                ])
        #expect(items.map { $0["parent"]?.integer } == [nil, 1, 2, 3, 4])
        // The error rate of the recogniser's version against each.
        let errors = items.map { $0["wer"]?.double }
        let one = 1 / Double(words.count)
        #expect(errors[0] == nil)
        for (index, expected) in [(1, one), (2, 2 * one), (3, one), (4, 0)] {
            #expect(abs((errors[index] ?? -1) - expected) < 1e-9, "version \(index + 1)")
        }

        // Any two are compared.
        for (from, to, differing) in [
            (1, 3, [words[0], words[2]]), (3, 1, ["Doctor", "penicillin"]), (2, 4, []), (5, 1, []),
        ] {
            let diff = try await server.send(
                .get, "\(path)/transcript/diff?from=\(from)&to=\(to)", as: school.educator
            ).json
            let gone = (diff["changes"]?.array ?? []).filter { $0["op"] != "equal" }.flatMap {
                $0["from_words"]?.array ?? []
            }
            #expect(gone.compactMap(\.string) == differing, "from \(from) to \(to)")
        }
    }

    private static func words(_ transcript: JSONValue) -> [JSONValue] {
        (transcript["segments"]?.array ?? []).flatMap { $0["words"]?.array ?? [] }
    }
}
