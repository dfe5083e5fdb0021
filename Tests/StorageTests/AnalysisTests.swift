// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Storage

extension AnalysisResult {
    static func sample(
        _ response: Response, version: Int, engine: String = "analysis/1", similarity: Double = 0.5
    ) -> AnalysisResult {
        AnalysisResult(
            id: Identifier(at: noon), response: response.id, transcriptVersion: version,
            questionVersion: response.questionVersion, engine: engine,
            measures: [
                Measure(
                    "tfidf_cosine", similarity, unit: "1", low: "few words",
                    basis: [.init("shared_words", 2), .init("closest_pair", 0.25)],
                    evidence: [Evidence(words: 0..<2), Evidence(words: 3..<3, note: "a \"pause\" of 2 s")]),
                Measure("wpm", unit: "wpm", na: "no times"),
            ],
            findings: TextFindings(
                entities: [
                    Entity(
                        kind: .dose, span: TextSpan(characters: 3..<9, words: 1..<3), text: "500 mg",
                        normalized: "0.5 g"),
                    Entity(
                        kind: .drug, span: TextSpan(characters: 10..<17, words: 3..<4), text: "warfrin",
                        normalized: "warfarin", confidence: 1, isRespelled: true),
                ], entitiesReason: "No model.",
                tone: Tone(
                    score: -0.5, sentences: [.init(span: TextSpan(characters: 0..<17, words: 0..<4), score: 0)],
                    unit: .clause, model: "tone@1", isValidated: false, doubt: "There are only 4 words.")),
            createdAt: noon)
    }
}

@Suite struct AnalysisTests {
    @Test(arguments: TestDatabase.all)
    func `an analysis comes back as it was stored, and a repeated one takes its place`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: room.question)
                _ = try transaction.transcripts.append(.sample(answer, "a b c d"), after: 0)
                var sample = AnalysisResult.sample(answer, version: 1)
                sample.assessment = AnswerAssessment(
                    keyPoints: [
                        KeyPoint(
                            id: "k", label: "l",
                            numbers: [.init(value: 4, unit: "g", role: "a dose", relation: .atMost), .init(value: 0.1)])
                    ], results: [KeyPointResult(id: "k", state: .covered, credit: 1)],
                    score: AnswerScore(low: 0, point: 1, high: 1, holds: [.criticalAlternative, .criticalCorrected]),
                    otherWordings: [
                        OtherWording(
                            source: .alternative, stretch: 3, probability: 0.1,
                            outcomes: [
                                .init(
                                    keyPoint: 0, state: .contradicted, words: "can", instead: "can't", place: 1..<2,
                                    time: 100..<200)
                            ]), OtherWording(source: .recognised, outcomes: []),
                    ])
                let first = try transaction.analyses.store(sample)
                #expect(first.assessment == sample.assessment)
                #expect(try transaction.analyses.find(answer.id, transcriptVersion: 1) == first)
                var again = AnalysisResult.sample(answer, version: 1, similarity: 0.75)
                again.measures.removeLast()
                again.findings = TextFindings(entitiesReason: "too long", toneReason: "too long")
                let second = try transaction.analyses.store(again)
                #expect(second.id == first.id)
                #expect(second.measures == again.measures)
                #expect(try transaction.analyses.find(answer.id, transcriptVersion: 1) == second)
                #expect(try transaction.analyses.find(answer.id, transcriptVersion: 2) == nil)
                let count: Int? = try transaction.run("SELECT count(*) FROM analysis").first?.single()
                #expect(count == 1)
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `lists read single values from the newest transcript's analysis`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let (answer, bare) = (
                    try room.answer(transaction, to: room.question), try room.answer(transaction, to: room.question)
                )
                _ = try transaction.transcripts.append(.sample(answer, "a"), after: 0)
                _ = try transaction.transcripts.append(.sample(answer, "b", by: room.student), after: 1)
                _ = try transaction.analyses.store(.sample(answer, version: 2, similarity: 0.75))
                _ = try transaction.analyses.store(.sample(answer, version: 1, similarity: 0.25))
                let values = try transaction.analyses.values(
                    of: ["tfidf_cosine", "wpm", "unknown"], for: [answer.id, bare.id])
                #expect(values == [answer.id: ["tfidf_cosine": 0.75]])
            }
        }
    }

    @Test(arguments: TestDatabase.all)
    func `an analysis of no transcript is refused, and so is a value that contradicts its validity`(
        _ driver: TestDatabase
    ) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            let answer = try await database.write { transaction in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: nil)
                _ = try transaction.transcripts.append(.sample(answer, "a"), after: 0)
                return answer
            }
            let dangling = try await code {
                try await database.write { _ = try $0.analyses.store(.sample(answer, version: 7)) }
            }
            #expect(dangling == .constraint)
            var broken = AnalysisResult.sample(answer, version: 1)
            broken.measures = [Measure("wpm", .nan, unit: "wpm")]
            let notANumber = broken
            let contradiction = try await code {
                try await database.write { _ = try $0.analyses.store(notANumber) }
            }
            #expect(contradiction == .constraint)
            #expect(try await database.read { try $0.analyses.find(answer.id, transcriptVersion: 1) } == nil)
        }
    }

    @Test(arguments: TestDatabase.all)
    func `the quality of the audio comes back as it was stored`(_ driver: TestDatabase) async throws {
        try await driver.use { database async throws in
            let room = Classroom()
            try await database.write { transaction throws in
                try room.insert(into: transaction)
                let answer = try room.answer(transaction, to: nil)
                #expect(try transaction.responses.audioQuality(of: answer.id) == nil)
                let measures = AnalysisResult.sample(answer, version: 1).measures
                try transaction.responses.setAudioQuality([], of: answer.id, at: noon)
                try transaction.responses.setAudioQuality(measures, of: answer.id, at: noon)
                #expect(try transaction.responses.audioQuality(of: answer.id) == measures)
            }
        }
    }
}
