// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import Testing

@testable import Assessment

@Suite("Quantities of key points and answers")
struct QuantityPairTests {
    private let assessor: Assessor

    init() throws { assessor = Assessor(analyzer: try AnswerAnalyzer(), drugs: nil) }

    private func result(_ text: String, _ label: String, numbers: [KeyPoint.Number] = []) -> KeyPointResult? {
        let keyPoint = KeyPoint(id: "k", label: label, isCritical: true, numbers: numbers)
        return assessor.assess(text, keyPoints: [keyPoint], language: "en").results.first
    }

    /// Without models, as `oracy` decides everywhere; docs/assessment.md has the figures with them.
    @Test(arguments: ["pairs", "unseen"])
    func `equal quantities are right however they are written, others are wrong, both are left to a person`(
        _ name: String
    ) throws {
        for line in try fixtureLines("quantities/\(name).tsv") {
            let fields = line.split(separator: "\t").map(String.init)
            let (kind, label, answer) = (fields[1], fields[2], fields[3])
            let result = result(answer, label)
            let state = result?.state
            switch kind {
            case "equal": #expect(state == .covered || state == .partial, "\(label) <- \(answer)")
            case "unequal": #expect(state == .contradicted, "\(label) <- \(answer)")
            default:
                #expect(state == .uncertain && result?.flags.contains(.inconsistent) == true, "\(label) <- \(answer)")
            }
        }
    }

    @Test func `a number may say itself that it is a limit`() {
        let atLeast = KeyPoint.Number(value: 20, unit: "minutes", relation: .atLeast)
        #expect(result("Cool the burn for half an hour.", "Cool the burn", numbers: [atLeast])?.state == .covered)
        #expect(result("Cool the burn for 20 minutes.", "Cool the burn", numbers: [atLeast])?.state == .covered)
        #expect(result("Cool the burn for 10 minutes.", "Cool the burn", numbers: [atLeast])?.state == .contradicted)
        let exact = KeyPoint.Number(value: 20, unit: "minutes")
        #expect(result("Cool the burn for half an hour.", "Cool the burn", numbers: [exact])?.state == .contradicted)
    }

    @Test func `an answer in another language is left to a person`() {
        let german = "Sie sollten auf keinen Fall Ibuprofen nehmen, weil das die Gefahr einer Blutung erhöht."
        let assessment = assessor.assess(
            german, keyPoints: [KeyPoint(id: "k", label: "Do not take ibuprofen", isCritical: true)], language: "en")
        #expect(assessment.results.first?.state == .uncertain)
        #expect(assessment.results.first?.flags == [.languageUnsupported])
        #expect(assessment.score.holds.contains(.languageUnsupported))
    }

    @Test(arguments: [
        (
            "Paracetamol 1 g every six hours", "Take 1000 mg of paracetamol four times a day.",
            "Take 1 g of paracetamol every six hours."
        ),
        (
            "Paracetamol 1 g every six hours", "Take 10 g of paracetamol every six hours.",
            "Take 10 g of paracetamol every six hours."
        ),
        ("Boil it at least one minute", "Boil it for no less than 60 seconds.", "Boil it for at least one minute."),
        ("Wash your hands", "Wash your hands for 20 seconds.", "Wash your hands."),
        ("Call an ambulance", "Call an ambulance within 10 minutes.", "Call an ambulance."),
    ])
    func `models see quantities as the key point writes them`(_ label: String, _ answer: String, _ plain: String) {
        let reader = StatementReader(knowledge: assessor.knowledge, language: "en")
        let text = AnswerText(answer, language: "en")
        let window = Window(0..<1, of: reader.statements(of: text))
        let keyPoint = ReadKeyPoint(KeyPoint(id: "k", label: label), reader: reader)
        let written = PlainQuantities(keyPoint).text(of: window, in: text)
        #expect(written.split(separator: " ").joined(separator: " ").replacing(" .", with: ".") == plain)
    }

    @Test(arguments: [
        ("gramz", false), ("mg", true), ("times a day", true), ("mg/kg", true), ("°C", true), ("hours", true),
        ("tablets", true), ("km/h", true), ("mmol/L", true), ("%", true), ("edges", false),
    ])
    func `knows units`(_ unit: String, _ isKnown: Bool) {
        #expect(MeasurementUnits.isKnown(unit) == isKnown)
    }

    @Test(
        arguments: [
            ("take for hundred milli grams three thymes a day", [400.0, 3]), ("one puff every for hours", [1, 4]),
            ("take to tablets every ate ours", [2, 8]), ("give it wants a day", [1]),
            ("twenny milligrams, no more than tree times a day", [20, 3]), ("six ours apart", [6]),
        ])
    func `numbers that were heard as other words are numbers`(_ text: String, _ expected: [Double]) {
        let found = QuantityReader(AnswerText(text, language: "en")).quantities()
        #expect(found.map(\.said.upperBound) == expected && !found.contains { $0.kind == .bare }, "\(found)")
    }

    @Test(
        arguments: [
            ("Paracetamol 180 mg (7.5 mL)", "Paracetamol one and a half five-mil spoons."),
            ("Paracetamol every 4 to 6 hours", "Paracetamol with four to six hours in between."),
            ("Paracetamol at most 4 doses in 24 hours", "Paracetamol four times a day tops."),
            ("Paracetamol at most 4 doses in 24 hours", "Paracetamol up to four times in twenty-four hours."),
            ("Take 400 mg three times a day", "It's one 400 tablet three times a day."),
            ("Take simvastatin 40 mg at night", "Simvastatin, 40 mg at night, when the liver makes its cholesterol."),
        ])
    func `doses in everyday words are not taken for other ones`(_ label: String, _ answer: String) {
        let result = result(answer, label)
        let wrong: [KeyPointResult.Flag] = [.numberMismatch, .unitMismatch, .wrongDrug]
        #expect(
            result?.state != .contradicted && !wrong.contains { result?.flags.contains($0) ?? true },
            "\(result?.flags ?? [])")
    }

    @Test(
        arguments: [
            "wait for hundreds of years", "he ate it and won", "the leaflet is free", "it is for hours on end",
            "one of our patients",
            "go to tablets later", "a weak heart", "she wants a drink", "too many times",
            "from fifty to hundred milligrams",
        ])
    func `words that sound like numbers stay words where they make sense`(_ text: String) {
        let tokens = AnswerText(text, language: "en").source
        #expect(MisheardNumbers.corrected(tokens).map(\.kind) == tokens.map(\.kind))
    }
}
