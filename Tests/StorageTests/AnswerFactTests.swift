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
        let found = try AnswerFactCoding.keyPoints(
            "c,1.0,,,4:dosex,0.0,400,1100,8:a,1:\nbém,0.0,,,0:u,0.3,7,,2:ü")
        #expect(
            found == [
                InsightOutcome(keyPoint: "dose", state: .covered, credit: 1),
                InsightOutcome(keyPoint: "a,1:\nbé", state: .contradicted, credit: 0, time: 400..<1_100),
                InsightOutcome(keyPoint: "", state: .missing, credit: 0),
                InsightOutcome(keyPoint: "ü", state: .uncertain, credit: 0.3),
            ])
        #expect(try AnswerFactCoding.keyPoints("").isEmpty)
        #expect(
            try AnswerFactCoding.keyPoints("p,0.35,9,3,1:k")
                == [InsightOutcome(keyPoint: "k", state: .partial, credit: 0.35)])
    }

    @Test(arguments: [
        "c", "c,", "c,1.0,", "c,1.0,,", "c,1.0,,,", "c,1.0,,,4", "c,1.0,,,:", "c,1.0,,,5:dose", "z,1.0,,,4:dose",
        "c,1.0,-1,,4:dose", "c,1.0,1.5,,4:dose", "c,1.0,,,4:dose ", "c,1.0,99999999999999999999,,4:dose",
        "c,1.0,,,99999999999999999999:dose", "c;1.0,,,4:dose", "c,,,,4:dose", "c,x,,,4:dose", "c,inf,,,4:dose",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: StorageError.self) { try AnswerFactCoding.keyPoints(text) }
    }

    @Test(arguments: TestDatabase.all)
    func `what a key point earns comes back to the last bit`(_ driver: TestDatabase) async throws {
        var random = SplitMix(seed: 3)
        let credits =
            [0, 0.5, 1, 0.35, 0.1 + 0.2, 1.0 / 3, .leastNonzeroMagnitude, 0.1.nextUp]
            + (0..<200).map { _ in Double.random(in: 0...1, using: &random) }
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction in
                try room.insert(into: transaction)
                let response = try room.answer(transaction, to: room.question)
                _ = try transaction.transcripts.append(.sample(response, "one two"), after: 0)
                let points = credits.indices.map { KeyPoint(id: "k\($0)", label: "Point \($0)") }
                _ = try transaction.analyses.store(
                    AnalysisResult(
                        id: Identifier(at: noon), response: response.id, transcriptVersion: 1,
                        questionVersion: room.question.current.id, engine: "test", measures: [],
                        assessment: AnswerAssessment(
                            keyPoints: points,
                            results: zip(points, credits).map {
                                KeyPointResult(id: $0.id, state: .partial, credit: $1)
                            }, score: AnswerScore(low: 0, point: 0, high: 0)), createdAt: noon))
                let answers = try transaction.insight.answers(
                    InsightScope(course: room.course.id), viewer: room.educator.id, readsKeyPoints: true)
                let found = Dictionary(answers[0].keyPoints.map { ($0.keyPoint, $0.credit) }) { $1 }
                for (index, credit) in credits.enumerated() { #expect(found["k\(index)"] == credit, "\(credit)") }
            }
        }
    }

    @Test func `no text makes it trap`() {
        var random = SplitMix(seed: 11)
        let pieces = ["c", "x", ",", ":", "4", "400", "1.0", "dose", "é", "\u{0}", "9223372036854775807"]
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
