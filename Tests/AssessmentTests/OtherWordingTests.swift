// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import Testing

@Suite("What other words would earn")
struct OtherWordingTests {
    private let assessor: Assessor

    init() throws { assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil) }

    private let dose = KeyPoint(id: "dose", label: "Give 15 mg of morphine", isCritical: true)
    private let warning = KeyPoint(id: "warning", label: "Ibuprofen is not suitable with warfarin", isCritical: true)

    private static func transcript(_ text: String) -> Transcript {
        let words = text.split(separator: " ").enumerated().map {
            Word(text: String($0.element), start: 400 * $0.offset, end: 400 * $0.offset + 300, confidence: 0.95)
        }
        return Transcript(
            language: "en", segments: [Segment(start: 0, end: 400 * words.count, text: text, words: words)])
    }

    private func assess(
        _ transcript: Transcript, recognised: Transcript? = nil, _ keyPoints: [KeyPoint],
        _ alternatives: [(probability: Double, words: Range<Int>, text: [String])] = []
    ) throws -> AnswerAssessment {
        let list = HeardAlternatives(
            readings: alternatives.map {
                .init(probability: $0.probability, changes: [.init(words: $0.words, text: $0.text)])
            })
        let variants = TranscriptVariant.variants(
            of: transcript, recognised: recognised ?? transcript, alternatives: alternatives.isEmpty ? [] : [list])
        return try #require(
            assessor.assessment(of: transcript, orElse: variants, keyPoints: keyPoints, expected: ""))
    }

    @Test func `a dose that may have been another one holds the score, and widens it`() throws {
        let transcript = Self.transcript("Give fifteen milligrams of morphine.")
        let plain = try assess(transcript, [dose])
        #expect(plain.score.holds.isEmpty && plain.score.low == 1 && plain.otherWordings.isEmpty)
        let found = try assess(transcript, [dose], [(0.2, 1..<2, ["fifty"])])
        #expect(found.results == plain.results && found.score.point == 1)
        #expect(found.score.holds == [.criticalAlternative])
        #expect(found.score.low == 0 && found.score.high == 1)
        let wording = try #require(found.otherWordings.first)
        #expect(wording.source == .alternative && wording.probability == 0.2)
        let outcome = try #require(wording.outcomes.first)
        #expect(outcome.keyPoint == 0 && outcome.state == .contradicted)
        #expect(outcome.words == "Give fifteen milligrams of morphine.")
        #expect(outcome.instead == "Give fifty milligrams of morphine." && outcome.place == 1..<2)
        #expect(outcome.time == 400..<700)
        #expect(try assess(transcript, [dose], [(0.2, 1..<2, ["fifty"])]) == found)
    }

    @Test func `what the recogniser hardly considered changes nothing`() throws {
        let transcript = Self.transcript("Give fifteen milligrams of morphine.")
        let found = try assess(transcript, [dose], [(0.011, 1..<2, ["fifty"])])
        #expect(found.score.holds.isEmpty && found.otherWordings.count == 1)
        #expect(found.score.low == 1)
        #expect(try assess(transcript, [dose], [(0.3, 0..<1, ["Offer"])]).otherWordings.isEmpty)
    }

    @Test func `can and can't are told apart`() throws {
        let key = KeyPoint(id: "k", label: "He can't take ibuprofen with warfarin", isCritical: true)
        let transcript = Self.transcript("He can't take ibuprofen with warfarin.")
        let found = try assess(transcript, [key], [(0.3, 1..<2, ["can"])])
        #expect(found.results[0].state == .covered)
        #expect(found.score.holds == [.criticalAlternative] && found.score.low == 0)
        // And the other way round: the danger stays a danger.
        let other = try assess(
            Self.transcript("He can take ibuprofen with warfarin."), [key], [(0.3, 1..<2, ["can't"])])
        #expect(other.results[0].state == .contradicted)
        #expect(other.score.holds == [.criticalContradicted, .criticalAlternative] && other.score.high == 1)
    }

    @Test func `a point that is not critical widens the score without a hold of its own`() throws {
        var plain = dose
        plain.isCritical = false
        let found = try assess(
            Self.transcript("Give fifteen milligrams of morphine."), [plain], [(0.2, 1..<2, ["fifty"])])
        #expect(found.score.holds.isEmpty && found.score.low == 0 && found.score.high == 1)
    }

    @Test(arguments: [
        ("It is hot today.", "deleting"),
        ("Ibuprofen is not fine with warfarin. It is hot today.", "adding a negation"),
        ("Ibuprofen is. Fine with warfarin. It is hot today.", "splitting"), ("", "deleting all"),
        ("Paracetamol is fine with warfarin. It is hot today.", "another drug"),
    ])
    func `a correction that removes a contradiction waits for somebody to listen`(_ text: String, _ trick: String)
        throws
    {
        let heard = Self.transcript("Ibuprofen is fine with warfarin. It is hot today.")
        #expect(try assess(heard, [warning]).score.holds == [.criticalContradicted])
        let edited = heard.edited(to: text, duration: 4_000)
        let found = try assess(edited, recognised: heard, [warning])
        if found.results[0].state == .contradicted {
            #expect(found.score.holds.contains(.criticalContradicted), "\(trick)")
        } else {
            #expect(found.score.holds.contains(.criticalCorrected), "\(trick)")
            let wording = try #require(found.otherWordings.first)
            #expect(wording.source == .recognised && wording.outcomes[0].state == .contradicted)
            #expect(wording.outcomes[0].instead.contains("fine with warfarin"), "\(wording)")
        }
        #expect(found.score.low == 0)
        // Where no word is left, there is none to confirm.
        if !text.isEmpty {
            #expect(
                !(try assess(edited.confirmed, recognised: heard, [warning])).score.holds.contains(.criticalCorrected))
        }
        // Putting it back asks nobody.
        let restored = edited.edited(to: heard.text, duration: 4_000)
        #expect(!(try assess(restored, recognised: heard, [warning])).score.holds.contains(.criticalCorrected))
    }

    @Test func `a number that is put right by hand, and a hedge that is taken out, wait too`() throws {
        let heard = Self.transcript("Give fifty milligrams of morphine.")
        let corrected = try assess(
            heard.edited(to: "Give fifteen milligrams of morphine."), recognised: heard, [dose])
        #expect(corrected.results[0].state == .covered)
        #expect(corrected.score.holds == [.criticalCorrected, .edited])
        #expect(corrected.score.low == 0 && corrected.score.high == 1)

        var plain = warning
        plain.isCritical = false
        let unsure = Self.transcript("I'm not sure whether ibuprofen is not suitable with warfarin.")
        try #require(try assess(unsure, [plain]).results[0].state == .uncertain)
        let sure = try assess(
            unsure.edited(to: "Ibuprofen is not suitable with warfarin."), recognised: unsure, [plain])
        #expect(sure.results[0].state == .covered && sure.score.holds == [.edited])
    }

    @Test func `an edit of something else asks nobody`() throws {
        let heard = Self.transcript("Ibuprofen is not suitable with warfarin. It is hot to day.")
        let found = try assess(
            heard.edited(to: "Ibuprofen is not suitable with warfarin. It is hot today."), recognised: heard, [warning])
        #expect(found.score.holds.isEmpty && found.otherWordings.isEmpty)
    }

    @Test func `in a long answer too what matters is found`() throws {
        let filler = String(repeating: "I would also ask how he sleeps and eats. ", count: 25)
        let transcript = Self.transcript(filler + "Give fifteen milligrams of morphine. " + filler)
        let place = 9 * 25 + 1
        let found = try assess(
            transcript, [dose, warning],
            [(0.2, place..<(place + 1), ["fifty"]), (0.1, 4..<5, ["know"]), (0.1, 0..<0, ["so"])])
        #expect(found.score.holds == [.criticalAlternative] && found.otherWordings.count == 1)
        #expect(found.otherWordings.first?.outcomes.first?.place == place..<(place + 1))
    }

    @Test func `rescoring gives to the last bit what assessing anew gives`() throws {
        let transcript = Self.transcript(
            "Give fifteen milligrams of morphine. Ibuprofen is not suitable with warfarin.")
        let list = HeardAlternatives(
            readings: [
                .init(probability: 0.2, changes: [.init(words: 1..<2, text: ["fifty"])]),
                .init(probability: 0.15, changes: [.init(words: 7..<8, text: ["now"])]),
            ])
        let variants = TranscriptVariant.variants(of: transcript, recognised: transcript, alternatives: [list])
        let before = try #require(
            assessor.assessment(of: transcript, orElse: variants, keyPoints: [dose, warning], expected: ""))
        for (weight, isCritical, isRetired) in [(2.0, true, false), (1, false, false), (3, true, true)] {
            var changed = [dose, warning]
            changed[0].weight = weight
            changed[1].isCritical = isCritical
            changed[0].isRetired = isRetired
            let rescored = assessor.rescored(
                before, of: transcript, orElse: variants, keyPoints: changed, scoring: ScoringRules(),
                isSameEngine: true)
            #expect(
                rescored
                    == assessor.assessment(of: transcript, orElse: variants, keyPoints: changed, expected: ""))
        }
    }
}
