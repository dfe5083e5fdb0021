// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Domain
import Testing

@Suite("Assessor")
struct AssessorTests {
    private let assessor: Assessor

    init() throws { assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil) }

    private func result(
        _ text: String, _ label: String, language: String = "en", polarity: KeyPoint.Polarity? = nil,
        numbers: [KeyPoint.Number] = [], forbidden: [String] = []
    ) -> KeyPointResult? {
        let keyPoint = KeyPoint(id: "k", label: label, polarity: polarity, numbers: numbers, forbidden: forbidden)
        return assessor.assess(text, keyPoints: [keyPoint], language: language).results.first
    }

    @Test(arguments: [
        ("Give ten millimoles an hour.", "Give 10 mmol per hour", "Give a hundred millimoles an hour."),
        ("Dilute it to five milligrams per mil.", "Dilute to 5 mg per mL", "Dilute it to five milligrams per litre."),
        ("Run it at 600 milligrams an hour.", "Run it at 10 mg per minute", "Run it at ten milligrams an hour."),
        ("Use forty millie moles per leeter.", "Use 40 mmol per litre", "Use 400 millimoles in a litre."),
        ("Check the liver six-monthly.", "Check the liver every 6 months", "Check the liver six-weekly."),
        ("Check the liver twice a year.", "Check the liver every 6 months", "Check the liver twice a week."),
        ("Check it at one week and at four weeks.", "Check it at 1 and 4 weeks", "Check it at one and four months."),
        ("Take it 6 hourly.", "Take it every 6 hours", "Take it 16 hourly."),
    ])
    func `compares rates, concentrations and intervals`(_ right: String, _ label: String, _ wrong: String) {
        #expect(result(right, label)?.state == .covered, "\(String(describing: result(right, label)))")
        #expect(result(wrong, label)?.state == .contradicted, "\(String(describing: result(wrong, label)))")
    }

    @Test func `a time after an amount is no rate, and a rate without its time is no other unit`() {
        #expect(result("Take 5 mg an hour before food.", "Take 5 mg an hour before food")?.state == .covered)
        #expect(result("Run ten milligrams in.", "Run in 10 mg per minute")?.state != .contradicted)
    }

    @Test func `finds what is said of one drug where it is another's`() {
        let label = "Salbutamol relaxes airway muscle; beclometasone reduces inflammation"
        let crossed = "So the beclometasone relaxes the muscle in the airways and salbutamol reduces inflammation."
        #expect(result(crossed, label)?.state == .contradicted)
        let right = "So salbutamol relaxes the muscle in the airways and the beclometasone reduces inflammation."
        #expect(result(right, label)?.state == .covered || result(right, label)?.state == .partial)
        #expect(result("Don't bridge with Clexane.", "Do not bridge with heparin")?.state == .covered)
    }

    @Test(arguments: [
        ("Ibuprofen is not suitable with warfarin.", "Ibuprofen is not suitable with warfarin"),
        ("I'd avoid ibuprofen because she takes warfarin.", "Ibuprofen is not suitable with warfarin"),
        ("Don't hesitate to call an ambulance.", "Call an ambulance"),
        ("The dose is half a gram.", "The dose is 500 mg"),
        ("Give it every six hours.", "Give it four times a day"),
        ("call nine nine nine if the breathing gets slow", "Call 999 if the breathing becomes slow"),
        ("Keep the vaccines at 36 to 46 degrees Fahrenheit.", "Keep vaccines between 2 and 8 degrees Celsius"),
        ("Please carry on with the insulin when you are ill.", "Never stop insulin when you are ill"),
        ("It isn't unsafe to take paracetamol in pregnancy.", "Paracetamol is safe in pregnancy"),
    ])
    func `says the same in other words`(_ text: String, _ label: String) {
        let result = result(text, label)
        #expect(
            result?.state == .covered || result?.state == .partial, "\(text) | \(label): \(String(describing: result))")
    }

    @Test(arguments: [
        ("Ibuprofen is fine with warfarin.", "Ibuprofen is not suitable with warfarin", KeyPointResult.Flag.negated),
        ("Give five grams of paracetamol.", "Give paracetamol 500 mg", .numberMismatch),
        ("Give paracetamol 500 micrograms.", "Give paracetamol 500 mg", .unitMismatch),
        (
            "Keep the vaccines at 2 to 8 degrees Fahrenheit.", "Keep vaccines between 2 and 8 degrees Celsius",
            .unitMismatch
        ),
        ("Call one one one if the breathing gets slow", "Call 999 if the breathing becomes slow", .numberMismatch),
        (
            "the target INR is nought point two to nought point three", "The target INR is between 2 and 3",
            .numberMismatch
        ),
        ("Give naproxen 500 mg twice a day with food.", "Give ibuprofen 500 mg twice a day with food", .wrongDrug),
        ("Rinse your mouth before the inhaler.", "Rinse the mouth after the inhaler", .reversed),
        ("There is no interaction with carbamazepine.", "Carbamazepine reduces the effect", .calledSafe),
    ])
    func `tells a contradiction and says which`(_ text: String, _ label: String, _ flag: KeyPointResult.Flag) {
        let result = result(text, label)
        #expect(result?.state == .contradicted)
        #expect(result?.flags.contains(flag) == true, "\(String(describing: result?.flags))")
    }

    @Test func `a forbidden statement contradicts`() {
        let result = result(
            "Grapefruit is fine with that.", "Mention the fruit that interacts", forbidden: ["grapefruit is fine"])
        #expect(result?.state == .contradicted)
        #expect(result?.flags == [.forbiddenSaid])
    }

    @Test(arguments: [
        ("de", "Ibuprofen ist mit Warfarin nicht geeignet.", "Ibuprofen ist mit Warfarin geeignet."),
        ("es", "El ibuprofeno no es adecuado con warfarina.", "El ibuprofeno es adecuado con warfarina."),
        ("fr", "L'ibuprofène n'est pas adapté avec la warfarine.", "L'ibuprofène est adapté avec la warfarine."),
    ])
    func `knows negations of German, Spanish and French`(_ language: String, _ statement: String, _ denied: String) {
        #expect(result(statement, statement, language: language)?.state == .covered)
        #expect(result(denied, statement, language: language)?.state == .contradicted)
    }

    @Test func `checks nothing that it can't in a language without cues`() {
        let result = result("Ibuprofen is niet geschikt.", "Ibuprofen is niet geschikt", language: "nl")
        #expect(result?.state == .uncertain)
        #expect(result?.flags.contains(.languageUnsupported) == true)
    }

    @Test func `evidence counts characters and words of the text`() {
        let text = "Hello. Ibuprofen is not suitable with warfarin, so avoid it."
        let evidence = result(text, "Ibuprofen is not suitable with warfarin")?.evidence
        #expect(evidence?.span.characters.lowerBound == 7)
        #expect(evidence?.span.words.lowerBound == 1)
        #expect(evidence?.text.hasPrefix("Ibuprofen is not suitable with warfarin") == true)
    }

    @Test func `words that were heard badly leave it open, and widen the score`() {
        let words = "ibuprofen is not suitable with warfarin".split(separator: " ").enumerated().map { index, word in
            Word(text: String(word), start: index * 400, end: index * 400 + 300, confidence: 0.3)
        }
        let segment = Segment(start: 0, end: 2400, text: words.map(\.text).joined(separator: " "), words: words)
        let keyPoint = KeyPoint(id: "k", label: "Ibuprofen is not suitable with warfarin", isEssential: true)
        let assessment = assessor.assess(Transcript(language: "en", segments: [segment]), keyPoints: [keyPoint])
        #expect(assessment.results.first?.state == .uncertain)
        #expect(assessment.results.first?.evidence?.time == 0..<2300)
        #expect(assessment.score.low == 0 && assessment.score.high == 1)
        #expect(assessment.score.holds == [.criticalUncertain])
    }

    @Test func `speech that was not understood is not a missing answer`() {
        let segment = Segment(
            start: 0, end: 900, text: "thank you",
            words: [Word(text: "thank", start: 0, end: 300), Word(text: "you", start: 400, end: 900)])
        let assessment = assessor.assess(
            Transcript(language: "en", segments: [segment]), keyPoints: [KeyPoint(id: "k", label: "Call an ambulance")],
            unintelligible: 0.5)
        #expect(assessment.results.first?.state == .uncertain)
        #expect(assessment.score.holds.contains(.unintelligible))
    }

    @Test func `a contradicted critical point caps the score`() {
        let keyPoints = [
            KeyPoint(id: "a", label: "Ibuprofen is not suitable with warfarin", isCritical: true),
            KeyPoint(id: "b", label: "Offer paracetamol", weight: 9),
        ]
        let score = assessor.assess(
            "Ibuprofen is fine with warfarin. I would offer paracetamol.", keyPoints: keyPoints, language: "en"
        ).score
        #expect(score.cap == 0.3)
        #expect(score.point <= 0.3)
        #expect(score.holds.first == .criticalContradicted)
    }

    @Test func `proposes a key point a statement, with polarity and numbers`() {
        let proposals = assessor.proposals(
            from:
                "Ibuprofen is not suitable because it increases the risk of bleeding. Offer paracetamol 1 g four times a day.",
            language: "en")
        #expect(
            proposals.map(\.label) == [
                "Ibuprofen is not suitable because it increases the risk of bleeding",
                "Offer paracetamol 1 g four times a day",
            ])
        #expect(proposals.first?.polarity == .negate)
        #expect(proposals.first?.isCritical == true)
        #expect(proposals.last?.numbers.first?.value == 1)
        #expect(Set(proposals.map(\.id)).count == 2)
    }

    @Test func `takes words between commas for no answer, and a list of things to do for one`() {
        let keyPoints = [
            KeyPoint(id: "vet", label: "Twitching or fits: vet at once"),
            KeyPoint(id: "wash", label: "Wash off with washing-up liquid"),
        ]
        func states(_ text: String) -> [KeyPointResult.State] {
            assessor.assess(text, keyPoints: keyPoints, language: "en").results.map(\.state)
        }
        let words =
            "Cat, dog, permethrin, washing-up liquid, lukewarm, vet, twitching, fits, wash, kitten, one kilo, hoover."
        #expect(!states(words).contains { [.covered, .partial, .contradicted].contains($0) }, "\(states(words))")
        let steps =
            "Wash it off with washing-up liquid, dry the cat, keep it warm, watch it, call the vet at once for twitching or fits, "
            + "keep the dog away, hoover the house."
        #expect(!states(steps).contains { [.uncertain, .missing].contains($0) }, "\(states(steps))")
    }

    @Test func `survives any text`() {
        let keyPoint = KeyPoint(
            id: "k", label: "Take 1 g — not “every” day… (№ 5) 👩‍⚕️", numbers: [.init(value: 0, unit: "")])
        for text in [
            "", " ", "?", "500", "….", "not not not never no", "1/0 mg", "a\u{0301}\u{200D}",
            "one hundred thousand million million", "’s don’t",
        ] {
            for language in ["en", "de", "zh", "und"] {
                let assessment = assessor.assess(text, keyPoints: [keyPoint], language: language)
                #expect(assessment.results.count == 1)
                #expect(assessment.results.first?.state != .covered)
                _ = assessor.assess(text, expected: text, language: language)
            }
        }
    }
}
