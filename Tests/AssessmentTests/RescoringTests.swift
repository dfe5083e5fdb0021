// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import TestRandom
import Testing

@Suite("Rescoring by what key points count")
struct RescoringTests {
    private let assessor: Assessor

    init() throws { assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil) }

    private static func transcript(_ text: String, _ generator: inout SplitMix) -> Transcript {
        var start = 0
        let words = text.split(separator: " ").map { word in
            let length = Int.random(in: 100...600, using: &generator)
            defer { start += length + 50 }
            return Word(
                text: String(word), start: start, end: start + length,
                confidence: Double.random(in: 0.1...1, using: &generator))
        }
        return Transcript(language: "en", segments: [Segment(start: 0, end: start, text: text, words: words)])
    }

    private static func changed(_ keyPoint: KeyPoint, _ generator: inout SplitMix) -> KeyPoint {
        var changed = keyPoint
        changed.weight = Double(Int.random(in: 1...40, using: &generator)) / 10
        changed.isEssential = Bool.random(using: &generator)
        changed.isCritical = Bool.random(using: &generator)
        changed.isRetired = Int.random(in: 0..<4, using: &generator) == 0
        return changed
    }

    @Test func `gives to the last bit what assessing anew gives`() throws {
        let set = try AdversarialSet()
        var generator = SplitMix(seed: 5)
        var changes = 0
        for answer in set.answers.shuffled(using: &generator).prefix(80) {
            let keyPoints = set.keyPoints[answer.question] ?? []
            let transcript = Self.transcript(answer.text, &generator)
            let before = try #require(assessor.assessment(of: transcript, keyPoints: keyPoints, expected: ""))
            let after = keyPoints.map { Self.changed($0, &generator) }
            let partial = Double(Int.random(in: 0...10, using: &generator)) / 10
            let anew = assessor.assessment(
                of: transcript, keyPoints: after, scoring: ScoringRules(partialCredit: partial), expected: "")
            let rescored = assessor.rescored(
                before, of: transcript, keyPoints: after, scoring: ScoringRules(partialCredit: partial),
                isSameEngine: true)
            #expect(rescored == anew, "\(answer.id)")
            changes += rescored?.score == before.score ? 0 : 1
        }
        #expect(changes > 40)
    }

    @Test func `keeps what a retired key point is found to be, and counts nothing for it`() throws {
        var keyPoints = [
            KeyPoint(id: "a", label: "Offer paracetamol"),
            KeyPoint(id: "b", label: "See a doctor after three days", weight: 3, isEssential: true),
        ]
        var generator = SplitMix(seed: 1)
        let transcript = Self.transcript("Offer paracetamol today.", &generator)
        let before = assessor.assess(transcript, keyPoints: keyPoints)
        #expect(before.score.point == 0.25 && before.score.holds.contains(.essentialMissing))
        keyPoints[1].isRetired = true
        let after = try #require(
            assessor.rescored(
                before, of: transcript, keyPoints: keyPoints, scoring: ScoringRules(), isSameEngine: false))
        #expect(after.results == before.results && after.score.point == 1)
        #expect(!after.score.holds.contains(.essentialMissing) && after.score.cap == nil)
    }

    @Test func `refuses other wordings and proposed key points, and reads nothing again that another engine read`()
        throws
    {
        let warning = KeyPoint(id: "a", label: "Ibuprofen is not suitable with warfarin")
        var generator = SplitMix(seed: 2)
        let transcript = Self.transcript("Ibuprofen is fine with warfarin.", &generator)
        func rescored(_ found: AnswerAssessment, _ keyPoint: KeyPoint, isSame: Bool = true) -> AnswerAssessment? {
            assessor.rescored(
                found, of: transcript, keyPoints: [keyPoint], scoring: ScoringRules(), isSameEngine: isSame)
        }
        let found = assessor.assess(transcript, keyPoints: [warning])
        var other = warning
        other.phrases = ["no ibuprofen"]
        #expect(rescored(found, other) == nil)
        var critical = warning
        critical.isCritical = true
        #expect(rescored(found, critical)?.score.holds.contains(.criticalContradicted) == true)
        #expect(rescored(found, critical, isSame: false) == nil)
        var heavy = warning
        heavy.weight = 2
        #expect(rescored(found, heavy, isSame: false) != nil)
        var proposed = found
        proposed.isProposed = true
        #expect(rescored(proposed, heavy) == nil)
        var held = found
        held.score.hold(for: .fallbackRecogniser)
        #expect(rescored(held, heavy)?.score.holds.contains(.fallbackRecogniser) == true)
    }
}
