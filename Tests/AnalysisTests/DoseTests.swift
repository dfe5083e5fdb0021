// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Analysis

@Suite struct `Doses` {
    @Test(arguments: [("doses", 343), ("doses_clinic", 215)])
    func `Every phrasing is read as it is meant, to the letter`(table: String, count: Int) throws {
        let phrasings = try DosePhrasing.all(table)
        var wrong: [String] = []
        for phrasing in phrasings {
            let found = DosePhrasing.doses(in: phrasing.text)
            let agrees =
                found.count == phrasing.doses.count
                && zip(found, phrasing.doses).allSatisfy { found, meant in
                    phrasing.text[found.range] == meant.words && DosePhrasing.parts(found.dose.notation) == meant.parts
                }
            if !agrees {
                wrong.append("\(phrasing.text)\n  \(found.map { "[\(phrasing.text[$0.range])] \($0.dose.notation)" })")
            }
        }
        #expect(phrasings.count >= count)
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    }

    @Test(arguments: ["doses", "doses_clinic"])
    func `What is written of a dose means that dose`(table: String) throws {
        for phrasing in try DosePhrasing.all(table) {
            for notation in phrasing.doses.map(\.notation) {
                #expect(
                    Dose(notation: notation).map { DosePhrasing.parts($0.notation) } == DosePhrasing.parts(notation))
            }
            for found in DosePhrasing.doses(in: phrasing.text) {
                #expect(Dose(notation: found.dose.notation)?.notation == found.dose.notation)
            }
        }
    }

    @Test func `Words of doses in any order are read without a crash, and what is found lies in the text in order`() {
        let words = [
            "two", "5", "0", "1,000", "2.5", "half", "a", "and", "hundred", "thousand", "twenty", "-", "point", "one",
            "mg",
            "milligrams", "mL", "tablets", "x", "/", "kg", "per", "day", "hour", "every", "to", "or", "between", "up",
            "maximum", "of", "no", "more", "than", "twice", "daily", "in", "24", "hours", "for", "weeks", "take", "prn",
            "as", "needed", "single", "dose", "divided", "doses", "by", "mouth", "IV", "%", "cream", ".", ",", "(", ")",
            "the", "course", "q", "6", "hourly", "½", "p.r.n.", "é", "👩‍⚕️", "\u{301}", "from", "don't", "exceed",
        ]
        var generator = SplitMix(seed: 11)
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0..<40, using: &generator))
                .map { _ in words[Int.random(in: words.indices, using: &generator)] }
                .joined(separator: Bool.random(using: &generator) ? " " : "")
            var end = text.startIndex
            for dose in DoseGrammar.doses(in: text) {
                #expect(dose.range.lowerBound >= end && !dose.range.isEmpty)
                #expect(Dose(notation: dose.dose.notation) != nil, "\(text): \(dose.dose.notation)")
                end = dose.range.upperBound
            }
        }
    }

    @Test(arguments: [
        "give 1 500 mg", "5/10 mg", "5,10 mg", "1,2,3 mg", "5.000 units", "1.000 mg", "5 mg/cm2", "48 mmol/mol",
        "500 mg/125 mg", "twenty twenty five milligrams", "ten fifteen milligrams", "less than 4 g a day",
        "more than 4 g a day is dangerous", "1234567890123456789 mg", "5-10-15 mg",
    ])
    func `What may be read in two ways, or is not understood, is no dose`(text: String) {
        #expect(DosePhrasing.doses(in: text).map(\.dose.notation) == [])
    }

    @Test(arguments: [
        ("two to three hundred milligrams", "0.2..0.3 g"), ("ten to twenty thousand units", "10000..20000 IU"),
        ("five hundred to a thousand mg", "0.5..1 g"), ("one point two five million units", "1250000 IU"),
        ("2 1/2 tablets", "2.5 tablet"), ("2½ tablets", "2.5 tablet"), ("3 x 10^6 units", "3000000 IU"),
        ("1.5 × 10⁹ units", "1500000000 IU"), ("10 000,5 mg", "10.0005 g"), ("0,500 mg", "0.0005 g"),
        ("1 1/2 mg", "0.0015 g"),
    ])
    func `Figures and ranges mean what they say`(text: String, meaning: String) {
        #expect(DosePhrasing.doses(in: text).map(\.dose.notation) == [meaning])
    }

    @Test(arguments: [
        ("increase from 5 mg to 10 mg", ["0.005 g", "0.01 g"]),
        ("5 mg to 10 mg", ["0.005..0.01 g"]),
        ("0.5 g", ["0.5 g"]),
        ("five hundred milligrams", ["0.5 g"]),
    ])
    func `A change of dose is two doses, and equal amounts are equal`(text: String, doses: [String]) {
        let found = DoseGrammar.doses(in: text).map(\.dose.notation)
        #expect(found == doses)
    }
}

extension DosePhrasing {
    /// What the grammar reads, with the drugs of the tables known.
    static func doses(in text: String) -> [DoseMention] {
        let tokens = SpokenToken.tokens(of: text)
        return DoseGrammar.doses(
            in: tokens, drugs: tokens.filter { $0.word.map(drugs.contains) ?? false }.map(\.range))
    }

    private static let drugs: Set<String> = [
        "paracetamol", "ibuprofen", "metformin", "amoxicillin", "ramipril", "heparin", "warfarin", "prednisolone",
        "digoxin", "codeine", "furosemide", "levothyroxine", "aspirin", "vancomycin", "methotrexate", "adrenaline",
    ]
}
