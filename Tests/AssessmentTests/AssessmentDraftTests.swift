// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc
import Testing
import TextEncoders

@testable import Analysis
@testable import Assessment

@Suite("Drafts of assessments")
struct AssessmentDraftTests {
    private static let answers = [
        "Ibuprofen is fine with warfarin. Take it with food. Ask your doctor, um, first.", "",
        "She must not take ibuprofen because of the bleeding risk. I'd give paracetamol 1 g four times a day!",
        "Take it with food. Take it with food.",
    ]
    private static let expected =
        "Ibuprofen is not suitable with warfarin. Give paracetamol 1 g up to four times a day.|||Refer her to the doctor."

    private static func assessor(_ analyzer: AnswerAnalyzer) -> Assessor { Assessor(analyzer: analyzer, drugs: nil) }

    private static func analyzer(_ folder: String) throws -> AnswerAnalyzer {
        try AnswerAnalyzer(embedders: [
            SentenceEmbedder(
                model: LazyTextEncoder(name: LearnedJudge.model, digest: "0123456789abcdef", languages: ["en"]) {
                    () throws(TextEncoderError) in try TextEncoder(.init(folder: folder))
                })
        ])
    }

    private static let encoder =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/encoders/bert"

    @Test(arguments: [true, false])
    func `give the same results, to the last bit, read together or one by one`(isProposed: Bool) throws {
        let keyPoints =
            isProposed
            ? nil
            : [
                KeyPoint(id: "a", label: "Ibuprofen is not suitable with warfarin", phrases: ["No ibuprofen"]),
                KeyPoint(id: "b", label: "Take it with food"),
            ]
        func draft(_ assessor: Assessor, _ answer: String) throws -> AssessmentDraft {
            try #require(assessor.draft(of: answer, keyPoints: keyPoints, expected: Self.expected, language: "en"))
        }
        let analyzer = try Self.analyzer(Self.encoder)
        let assessor = Self.assessor(analyzer)
        let drafts = try Self.answers.map { try draft(assessor, $0) }
        let together = assessor.using(analyzer.prepared(for: drafts.map(\.texts)))
        for (answer, draft) in zip(Self.answers, drafts) {
            let alone = Self.assessor(try Self.analyzer(Self.encoder))
            let wanted = try #require(
                alone.assessment(of: answer, keyPoints: keyPoints, expected: Self.expected, language: "en"))
            #expect(together.assessment(draft) == wanted)
            #expect(together.assessment(draft) == assessor.assessment(draft))
            #expect(wanted.isProposed == isProposed)
        }
    }

    /// The models that are shipped, in the numbers that this processor is best at; nothing is remembered from one to the next.
    private static func judging() throws -> Assessor {
        let (base, adapter) = (base, repository + "/weights/minilm-entailment")
        let classifier = EntailmentClassifier(
            model: LazyTextEncoder(name: "minilm-entailment", digest: "fedcba9876543210", languages: ["en"]) {
                () throws(TextEncoderError) in try TextEncoder(.init(folder: base, adapter: adapter))
            })
        return Assessor(analyzer: try analyzer(base), drugs: nil, entailment: [classifier])
    }

    private static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    private static let base = repository + "/.models/all-MiniLM-L6-v2"

    @Test(.enabled(if: access(base + "/model.safetensors", R_OK) == 0, "scripts/bootstrap could not fetch the model"))
    func `have the same opinions of the model of entailment, to the last bit, asked together or one by one`() throws {
        let keyPoints = [
            KeyPoint(id: "a", label: "Ibuprofen is not suitable with warfarin", phrases: ["No ibuprofen"]),
            KeyPoint(id: "b", label: "Take it with food"), KeyPoint(id: "c", label: "See a doctor before you take it"),
        ]
        func drafts(_ assessor: Assessor) throws -> [AssessmentDraft] {
            try Self.answers.flatMap { answer in
                try [(keyPoints, "en"), (nil, "en"), (keyPoints, "de")].map { keyPoints, language in
                    try #require(
                        assessor.draft(
                            of: answer, keyPoints: keyPoints, expected: Self.expected, language: language))
                }
            }
        }
        let assessor = try Self.judging()
        let together = try drafts(assessor)
        let assessments = assessor.assessments(together)
        #expect(assessments.count == 12)
        #expect(assessments.map { $0.judgeReason != nil } == together.map { $0.language == "de" })
        for index in together.indices {
            let alone = try Self.judging()
            #expect(alone.assessment(try drafts(alone)[index]) == assessments[index])
        }
        // The opinions matter: by the rules alone some answers come out differently.
        let rules = try drafts(Self.assessor(try Self.analyzer(Self.base)))
        #expect(Self.assessor(try Self.analyzer(Self.base)).assessments(rules) != assessments)
    }

    @Test func `name every text that the model will be asked for`() throws {
        let analyzer = try Self.analyzer(Self.encoder)
        let assessor = Self.assessor(analyzer)
        for answer in Self.answers {
            for keyPoints in [nil, [KeyPoint(id: "b", label: "Take it with food", phrases: ["With a meal"])]] {
                let draft = try #require(
                    assessor.draft(of: answer, keyPoints: keyPoints, expected: Self.expected, language: "en"))
                // Without a folder nothing but what is at hand can be had.
                let known = analyzer.prepared(for: [draft.texts]).known
                var broken = try Self.analyzer("/nowhere")
                broken.known = known
                #expect(assessor.using(broken).assessment(draft) == assessor.assessment(draft))
            }
        }
    }

    @Test func `need key points or an expected answer`() throws {
        let assessor = Self.assessor(try AnswerAnalyzer())
        #expect(assessor.draft(of: "Take it.", keyPoints: nil, expected: nil, language: "en") == nil)
        #expect(assessor.draft(of: "Take it.", keyPoints: [], expected: nil, language: "en") == nil)
    }

    @Test func `join letters that a recogniser wrote apart, in their sentence`() {
        let text = AnswerText("The i n r is high. A b c d. Of a b. x y z w", language: "en")
        #expect(text.tokens.map(\.word) == ["the", "inr", "is", "high", ".", "abcd", ".", "of", "a", "b", ".", "xyzw"])
        #expect(text.sentences == [0..<5, 5..<7, 7..<11, 11..<12])
        #expect(text.stems == text.tokens.map(\.stem))
        #expect(text.sentences.prefix(3).map(text.written) == ["The i n r is high.", "A b c d.", "Of a b."])
    }

    @Test func `read so many sentences of an answer, and no more`() throws {
        let assessor = Self.assessor(try AnswerAnalyzer())
        let text = String(repeating: "Go. ", count: 20_100)
        let draft = try #require(
            assessor.draft(of: text, keyPoints: [KeyPoint(id: "a", label: "Take it")], expected: nil, language: "en"))
        #expect(draft.answer.sentences.count == ReadAnswer.mostSentences)
    }
}
