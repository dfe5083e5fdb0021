// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Storage

/// What reports read of each answer.
@Suite struct AnswerFactTests {
    @Test func `every kind of entity has a figure of its own`() {
        let keys = Set(InsightRepository.figureKeys)
        #expect(keys.count == InsightRepository.figureKeys.count)
        for kind in Entity.Kind.allCases { #expect(keys.contains(kind.figureKey), "\(kind)") }
    }

    @Test func `key points are read with whatever id they have`() throws {
        let found = try AnswerFactCoding.keyPoints("c,,,4:dosex,400,1100,7:a,1:\nbém,,,0:u,7,,2:ü")
        #expect(
            found == [
                InsightOutcome(keyPoint: "dose", state: .covered),
                InsightOutcome(keyPoint: "a,1:\nbé", state: .contradicted, time: 400..<1_100),
                InsightOutcome(keyPoint: "", state: .missing), InsightOutcome(keyPoint: "ü", state: .uncertain),
            ])
        #expect(try AnswerFactCoding.keyPoints("").isEmpty)
        #expect(try AnswerFactCoding.keyPoints("p,9,3,1:k") == [InsightOutcome(keyPoint: "k", state: .partial)])
    }

    @Test(arguments: [
        "c", "c,", "c,,", "c,,,", "c,,,4", "c,,,:", "c,,,5:dose", "z,,,4:dose", "c,-1,,4:dose", "c,1.5,,4:dose",
        "c,,,4:dose ",
        "c,99999999999999999999,,4:dose", "c,,,99999999999999999999:dose", "c;,,4:dose",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: StorageError.self) { try AnswerFactCoding.keyPoints(text) }
    }

    @Test func `no text makes it trap`() {
        var random = SplitMix(seed: 11)
        let pieces = ["c", "x", ",", ":", "4", "400", "dose", "é", "\u{0}", "9223372036854775807"]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            _ = try? AnswerFactCoding.keyPoints(text)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `facts follow what happens to an answer, and go with it`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction in
                func answers(_ transaction: Transaction) throws -> [InsightAnswer] {
                    try transaction.insight.answers(
                        InsightScope(course: room.course.id), viewer: room.educator.id, figures: ["word_count"])
                }
                try room.insert(into: transaction)
                let response = try room.answer(transaction, to: room.question)
                try room.answer(transaction, to: nil)
                #expect(
                    try answers(transaction).map(\.state) == [.uploaded], "an answer to no question is in no course")
                _ = try transaction.transcripts.append(.sample(response, "one two"), after: 0)
                _ = try transaction.transcripts.append(.sample(response, "one too", by: room.educator), after: 1)
                #expect(try transaction.insight.corrections(InsightScope(course: room.course.id)).map(\.words) == [2])
                try transaction.responses.setState(response.id, to: .transcribed)
                let measured = AnalysisResult(
                    id: Identifier(at: noon), response: response.id, transcriptVersion: 2,
                    questionVersion: room.question.current.id, engine: "test",
                    measures: [Measure("word_count", 2, unit: "1")], createdAt: noon)
                _ = try transaction.analyses.store(measured)
                try transaction.responses.setState(response.id, to: .analysed)
                #expect(try answers(transaction).map(\.state) == [.analysed])
                #expect(try answers(transaction).map(\.figures) == [[2]])
                _ = try transaction.responses.delete(response.id)
                #expect(try answers(transaction).isEmpty)
            }
        }
    }
}
