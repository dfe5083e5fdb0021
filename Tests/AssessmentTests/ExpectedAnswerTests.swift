// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import Testing

@testable import Assessment

@Suite("Several expected answers, and what is proposed from them")
struct ExpectedAnswerTests {
    private let assessor: Assessor

    init() throws { assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil) }

    private static let first = "Avoid ibuprofen. Suggest paracetamol, at most four grams a day."
    private static let second = "Give paracetamol 1 g every six hours. Avoid ibuprofen."

    private func proposals(_ answers: String...) -> [KeyPoint] {
        assessor.proposals(from: ExpectedAnswers.joined(answers), language: "en")
    }

    private func transcript(_ text: String) -> Transcript {
        let words = text.split(separator: " ").enumerated().map { index, word in
            Word(text: String(word), start: 400 * index, end: 400 * index + 300, confidence: 0.95)
        }
        return Transcript(
            language: "en", segments: [Segment(start: 0, end: 400 * words.count, text: text, words: words)])
    }

    @Test func `stand apart by an empty line or bars, and are put together again`() {
        #expect(ExpectedAnswers.split(" One. \n\n Two.|||Three. ||| ") == ["One.", "Two.", "Three."])
        #expect(ExpectedAnswers.split("One.\nStill one.") == ["One.\nStill one."])
        #expect(ExpectedAnswers.split(" \n ") == [])
        let answers = ["One.\nStill one.", "Two | three.", "Four."]
        #expect(ExpectedAnswers.split(ExpectedAnswers.joined(answers)) == answers)
        #expect(ExpectedAnswers.split(ExpectedAnswers.joined(["One.\n \nTwo."])) == ["One.\nTwo."])
        #expect(ExpectedAnswers.split(String(repeating: "a|||", count: 50)).count == ExpectedAnswers.most)
    }

    @Test func `have key points of their own, and share what all of them say`() {
        let points = proposals(Self.first, Self.second)
        #expect(points.allSatisfy { !$0.label.contains("|") })
        #expect(points.map(\.expectedAnswers) == [[], [1], [2]], "\(points.map { ($0.label, $0.expectedAnswers) })")
        #expect(points[0].label == "Avoid ibuprofen" && points[0].phrases.isEmpty)
        #expect(Set(points.map(\.id)).count == 3)
        let three = proposals("Rest. Drink water.", "Drink water.", "Drink water. Rest.")
        #expect(three.map(\.expectedAnswers) == [[1, 3], []], "\(three.map(\.label))")
    }

    @Test(arguments: [first, second])
    func `earn everything when they are spoken back, with key points and without`(_ answer: String) throws {
        let expected = ExpectedAnswers.joined([Self.first, Self.second])
        let points = assessor.proposals(from: expected, language: "en")
        let scoring = ScoringRules(expectedAnswers: 2)
        let typed = assessor.assess(answer, keyPoints: points, scoring: scoring, language: "en")
        #expect(typed.score.point == 1 && typed.score.holds.isEmpty, "\(typed)")
        let spoken = assessor.assess(transcript(answer), keyPoints: points, scoring: scoring)
        #expect(spoken.score.point == 1)
        let others = zip(points, typed.results).filter { !$0.0.expectedAnswers.isEmpty }
        #expect(others.count { $0.1.flags.contains(.otherAnswer) && $0.1.credit == 0 } == 1)
        let bare = try #require(assessor.assessment(of: answer, keyPoints: nil, expected: expected, language: "en"))
        #expect(bare.score.point > 0.999 && bare.isProposed)
    }

    @Test(arguments: ["Suggest paracetamol.", "Ibuprofen is fine, give paracetamol 1 g every six hours.", "Rest."])
    func `are held against an answer in one way, typed or spoken`(_ answer: String) throws {
        let expected = ExpectedAnswers.joined([Self.first, Self.second])
        let typed = try #require(assessor.assessment(of: answer, keyPoints: nil, expected: expected, language: "en"))
        let spoken = try #require(assessor.assessment(of: transcript(answer), keyPoints: [], expected: expected))
        #expect(typed.score.point == spoken.score.point && typed.keyPoints == spoken.keyPoints)
        #expect(typed.results.map(\.state) == spoken.results.map(\.state))
    }

    @Test func `leave a danger to a person that another of them warns of`() {
        let points = [
            KeyPoint(id: "a", label: "Give paracetamol 1 g every six hours", expectedAnswers: [1]),
            KeyPoint(
                id: "b", label: "Avoid ibuprofen with warfarin", isCritical: true, expectedAnswers: [2]),
        ]
        let said = "Give paracetamol 1 g every six hours."
        let scoring = ScoringRules(expectedAnswers: 2)
        let safe = assessor.assess(said, keyPoints: points, scoring: scoring, language: "en").score
        #expect(safe.point == 1 && safe.holds.isEmpty)
        let unsafe = assessor.assess(
            said + " Ibuprofen is fine with warfarin.", keyPoints: points, scoring: scoring, language: "en"
        ).score
        #expect(unsafe.holds == [.criticalUncertain], "\(unsafe)")
    }

    @Test func `count what they share where one of them has nothing else`() {
        let points = [
            KeyPoint(id: "shared", label: "Drink water"),
            KeyPoint(id: "own", label: "Rest in bed", expectedAnswers: [1]),
        ]
        func score(_ count: Int) -> Double {
            assessor.assess(
                "Drink water.", keyPoints: points, scoring: ScoringRules(expectedAnswers: count), language: "en"
            ).score.point
        }
        #expect(score(1) == 0.5 && score(2) == 1)
    }

    // MARK: Proposals

    @Test func `are proposed with the drug that a dose is of, with every quantity, and a name that says what it is`() {
        let points = proposals("Suggest paracetamol, at most four grams a day.")
        #expect(points.map(\.label) == ["Suggest paracetamol, at most four grams a day"])
        #expect(["suggest-paracetamol", "paracetamol"].contains(points.first?.id))
        #expect(points.first?.numbers.map(\.value) == [4] && points.first?.numbers.first?.role == "dose of paracetamol")
        #expect(points.first?.isCritical == true)
        let dose = proposals("Paracetamol 1 g every six hours for 3 days.")
        #expect(dose.count == 1 && dose[0].numbers.map(\.value) == [1, 4, 3], "\(dose)")
        #expect(dose.first?.numbers.map(\.unit) == ["g", "times a day", "days"])
        let range = proposals("Give morphine 5 to 10 mg.")
        #expect(range.first?.numbers.first?.value == 7.5 && range.first?.numbers.first?.tolerance == 2.5)
        let apart = proposals("Give paracetamol for the pain. It must not exceed four grams a day.")
        #expect(apart.last?.label == "Paracetamol must not exceed four grams a day", "\(apart.map(\.label))")
        let sugar = proposals("Give paracetamol for the pain. Offer 15 g of fast sugar.")
        #expect(sugar.last?.label == "Offer 15 g of fast sugar")
    }

    @Test func `are proposed without the word that only ties them to the one before`() {
        let points = proposals("Stop the ibuprofen today, and refer her to the doctor. But continue the bisoprolol.")
        #expect(
            points.map(\.label) == ["Stop the ibuprofen today", "Refer her to the doctor", "Continue the bisoprolol"])
    }

    @Test func `are proposed essential where the answer begins, and where it says so`() {
        let points = proposals("Ask about allergies. Offer tea. Always check the pulse. Note the result.")
        #expect(points.map(\.isEssential) == [true, false, true, false])
    }
}
