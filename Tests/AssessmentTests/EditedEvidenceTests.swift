// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import Testing

@Suite("Evidence that was edited")
struct EditedEvidenceTests {
    private let keyPoint = KeyPoint(id: "k", label: "Ibuprofen is not suitable with warfarin", isCritical: true)

    private let recognised: Transcript = {
        let words = "i profen is not suitable with warfarin . i would ask about allergies .".split(separator: " ")
            .enumerated()
            .map { Word(text: String($0.element), start: 400 * $0.offset, end: 400 * $0.offset + 300, confidence: 0.9) }
        return Transcript(
            language: "en", languageProbability: nil,
            segments: [
                Segment(start: 0, end: 6_000, text: words.map(\.text).joined(separator: " "), words: words)
            ])
    }()

    private func assess(_ text: String) throws -> (KeyPointResult, AnswerScore) {
        let assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil)
        let assessment = assessor.assess(recognised.edited(to: text), keyPoints: [keyPoint])
        return (try #require(assessment.results.first), assessment.score)
    }

    @Test func `credit that rests on a person's words waits for somebody to listen`() throws {
        let (result, score) = try assess(
            "Ibuprofen is not suitable with warfarin. I would ask about allergies.")
        #expect(result.state == .covered && result.credit == 1)
        #expect(result.flags.contains(.edited))
        #expect(score.holds.contains(.edited))
        // The words were not heard by the recogniser, and have a time to listen to.
        #expect(result.evidence?.time?.lowerBound == 0)
    }

    @Test func `an edit elsewhere changes nothing`() throws {
        let before = recognised.text.replacing("i profen", with: "ibuprofen")
        let words = recognised.edited(to: before).words.map { word in
            var word = word
            word.kind = .word
            return word
        }
        let heard = Transcript(
            language: "en", languageProbability: nil,
            segments: [Segment(start: 0, end: 6_000, text: before, words: words)])
        let edited = heard.edited(to: before.replacing("allergies", with: "other medicines"))
        let assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil)
        let assessment = assessor.assess(edited, keyPoints: [keyPoint])
        #expect(assessment.results.first?.state == .covered)
        #expect(assessment.results.first?.flags.contains(.edited) == false)
        #expect(!assessment.score.holds.contains(.edited))
    }
}
