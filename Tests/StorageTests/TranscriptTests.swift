// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Storage

@Suite struct TranscriptTests {
    @Test(arguments: TestDatabase.all)
    func `any transcript comes back as it was stored`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let answer = try await database.write { transaction in
                try room.insert(into: transaction)
                return try room.answer(transaction, to: nil)
            }
            for seed in UInt64(1)...40 {
                var generator = SplitMix(seed: seed)
                var version = TranscriptVersion.sample(answer, "")
                version.id = Identifier(at: noon)
                version.transcript = .random(using: &generator)
                version.editReason = Bool.random(using: &generator) ? "misheard \"Coumadin\"" : nil
                version.alternatives = [
                    HeardAlternatives(
                        readings: [
                            .init(
                                probability: Double.random(in: 0.01...1, using: &generator),
                                changes: [.init(words: 0..<0, text: ["a \"b\""]), .init(words: 2..<4, text: [])])
                        ])
                ]
                let drawn = version
                let stored = try await database.write { transaction in
                    let latest = try transaction.transcripts.latestNumber(of: answer.id)
                    return try transaction.transcripts.append(drawn, after: latest)
                }
                let found = try await database.read { try $0.transcripts.find(answer.id) }
                #expect(found?.version == stored, "seed \(seed)")
                #expect(found?.latestNumber == stored.number)
                version.number = stored.number
                #expect(stored == version)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `an edit of a version that is no longer the newest is a conflict`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let answer = try await database.write { transaction in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: nil)
                _ = try transaction.transcripts.append(.sample(answer, "one"), after: 0)
                _ = try transaction.transcripts.append(.sample(answer, "two", by: room.student), after: 1)
                return answer
            }
            let stale = try await code {
                try await database.write {
                    _ = try $0.transcripts.append(.sample(answer, "three", by: room.educator), after: 1)
                }
            }
            #expect(stale == .conflict)
            let recognisedAgain = try await code {
                try await database.write { _ = try $0.transcripts.append(.sample(answer, "again"), after: 2) }
            }
            #expect(recognisedAgain == .conflict)
            try await database.read { transaction throws in
                let list = try transaction.transcripts.list(of: answer.id)
                #expect(list.map(\.number) == [2, 1])
                #expect(list.map(\.authorName) == ["student", nil])
                #expect(list.map(\.wordErrorRate) == [0.25, nil])
                #expect(list.map(\.wordCount) == [1, 1])
                #expect(try transaction.transcripts.find(answer.id, number: 1)?.version.transcript.text == "one")
                #expect(try transaction.transcripts.find(answer.id, number: 3) == nil)
                #expect(try transaction.transcripts.latestRecognised(answer.id)?.number == 1)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `of many who edit the same version at once, one succeeds`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let answer = try await database.write { transaction in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: nil)
                _ = try transaction.transcripts.append(.sample(answer, "one"), after: 0)
                return answer
            }
            let outcomes = await withTaskGroup(of: StorageError.Code?.self) { group in
                for index in 0..<16 {
                    group.addTask {
                        try? await code {
                            try await database.write {
                                _ = try $0.transcripts.append(
                                    .sample(answer, "edit \(index)", by: room.student), after: 1)
                            }
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == nil }.count == 1)
            #expect(outcomes.filter { $0 == .conflict }.count == 15)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `a transcript of a response without one is not found`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let found = try await database.read { transaction in
                (
                    try transaction.transcripts.find(Identifier(at: noon)),
                    try transaction.transcripts.latestRecognised(Identifier(at: noon))
                )
            }
            #expect(found.0 == nil && found.1 == nil)
        }
    }
}

extension Transcript {
    /// Any transcript: odd characters, no words, overlapping times, every kind and timing.
    static func random(using generator: inout SplitMix) -> Transcript {
        let pieces = ["word", "naïve", "\"quoted\"", "\\", "日本語", "\u{0}", "🎙️", "", "tab\there", "\u{2028}"]
        func text() -> String { pieces.randomElement(using: &generator) ?? "" }
        let segments = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            Segment(
                start: .random(in: 0...900_000, using: &generator), end: .random(in: 0...900_000, using: &generator),
                text: "\(text()) \(text())",
                words: (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                    Word(
                        text: text(), start: .random(in: -5...900_000, using: &generator),
                        end: .random(in: 0...900_000, using: &generator),
                        confidence: Bool.random(using: &generator) ? nil : .random(in: 0...1, using: &generator),
                        kind: Word.Kind.allCases.randomElement(using: &generator) ?? .word,
                        timing: Word.Timing.allCases.randomElement(using: &generator) ?? .recognised)
                }, language: Bool.random(using: &generator) ? "de" : nil)
        }
        return Transcript(
            language: Bool.random(using: &generator) ? "en-AU" : nil,
            languageProbability: Bool.random(using: &generator) ? 0.125 : nil,
            languages: Bool.random(using: &generator)
                ? [.init(language: "en", probability: 0.9, share: 1), .init(language: "und", probability: nil)] : [],
            segments: segments.map { segment in
                var segment = segment
                if segment.language != nil, Bool.random(using: &generator) { segment.languageProbability = 0.25 }
                return segment
            })
    }
}
