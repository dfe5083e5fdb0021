// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Analysis

@Suite struct `Entities` {
    static let reader = Result {
        let analyzer = try Samples.analyzer.get()
        let drugs = try `Drugs`.vocabulary.get()
        return AnswerReader(
            analyzer: analyzer, taggers: .missing("No model of entities is installed."),
            tones: .missing("No model of tone is installed."), drugs: .ready(drugs))
    }

    @Test func `Doses, drugs, quantities and dates are found in one text, with their characters and words`() throws {
        let text = "“Señora”, take 400 mg of ibuprofen three times a day. She is 72 years old. Come on the 3rd of May."
        let findings = try Self.reader.get().findings(in: text, LanguageChoice(declared: "en"))
        let scalars = Array(text.unicodeScalars)
        let pieces = text.split(separator: " ")
        for entity in findings.entities {
            var found = String.UnicodeScalarView()
            found.append(contentsOf: scalars[entity.span.characters])
            #expect(String(found) == entity.text)
            #expect(pieces[entity.span.words].joined(separator: " ").contains(entity.text))
        }
        #expect(
            findings.entities.map { "\($0.kind.rawValue) \($0.text) = \($0.normalized ?? "")" } == [
                "DOSE 400 mg of ibuprofen three times a day = 0.4 g; 3/d", "DRUG ibuprofen = ibuprofen",
                "QUANTITY 72 years old = 72 a", "DATE the 3rd of May = --05-03",
            ])
        #expect(findings.entitiesReason == "No model of entities is installed.")
        #expect(findings.tone == nil && findings.toneReason == "No model of tone is installed.")
    }

    @Test func `A transcript's entities lie at its words`() throws {
        let transcript = Samples.transcript("take war farin five milligrams once a day")
        let entities = try Self.reader.get().findings(in: transcript).entities
        #expect(entities.map { "\($0.kind.rawValue) \($0.span.words)" } == ["DRUG 1..<3", "DOSE 3..<8"])
        #expect(entities.first?.isRespelled == true)
    }

    @Test(arguments: ["de", nil, "xx"] as [String?])
    func `Grammars and names are English, and are not tried on other languages`(language: String?) throws {
        let findings = try Self.reader.get().findings(
            in: "take 400 mg of warfarin", LanguageChoice(declared: language))
        #expect(findings.entities.isEmpty)
    }

    @Test(arguments: ["", " \n ", "\u{0}", "😀😀", "\u{301}\u{301}", String(repeating: "mg ", count: 2_000)])
    func `Any text is read without a crash`(text: String) throws {
        #expect(try Self.reader.get().findings(in: text, LanguageChoice(declared: "en")).entities.isEmpty)
    }

    @Test func `Of entities that overlap, doses go before names and names before what a model believes`() {
        func entity(_ kind: Entity.Kind, _ characters: Range<Int>, _ confidence: Double? = nil) -> Entity {
            Entity(
                kind: kind, span: TextSpan(characters: characters, words: 0..<1), text: "", confidence: confidence)
        }
        let resolved = EntityOverlap.resolved([
            entity(.person, 5..<10, 0.9), entity(.drug, 4..<8), entity(.condition, 20..<30, 0.6),
            entity(.place, 25..<28, 0.8), entity(.dose, 40..<60), entity(.drug, 45..<50), entity(.quantity, 40..<44),
        ])
        #expect(resolved.map(\.kind) == [.drug, .place, .dose, .drug])
    }

    @Test func `A drug of the list is as long as the model has it, unless another is in it`() {
        func drug(_ characters: Range<Int>, _ name: String? = nil) -> Entity {
            Entity(
                kind: .drug, span: TextSpan(characters: characters, words: 0..<1), text: "\(characters)",
                normalized: name, confidence: name == nil ? 0.9 : nil)
        }
        let resolved = EntityOverlap.resolved([
            drug(0..<7, "insulin"), drug(0..<16), drug(20..<28, "warfarin"), drug(29..<36, "aspirin"), drug(20..<36),
            drug(40..<49, "ibuprofen"), drug(42..<49), drug(60..<70),
        ])
        #expect(resolved.map(\.text) == ["0..<16", "20..<28", "29..<36", "40..<49", "60..<70"])
        #expect(resolved.map(\.normalized) == ["insulin", "warfarin", "aspirin", "ibuprofen", nil])
    }

    @Test func `Characters are counted through texts of any script, long ones too`() throws {
        let piece = "Señora Ω 病人 👩‍⚕️ takes 400 mg of ibuprofen three times a day. "
        let text = String(repeating: piece, count: 60)
        let scalars = Array(text.unicodeScalars)
        let entities = try Self.reader.get().findings(in: text, LanguageChoice(declared: "en")).entities
        #expect(entities.count == 120)
        for entity in entities {
            var found = String.UnicodeScalarView()
            found.append(contentsOf: scalars[entity.span.characters])
            #expect(String(found) == entity.text)
        }
    }
}

@Suite struct `Labels of pieces` {
    static let names = ["O", "B-DRUG", "I-DRUG", "B-PLACE", "I-PLACE"]

    @Test func `The best path that can be is found, as trying all paths finds it`() throws {
        let tags = try #require(EntityTags(labels: Self.names))
        var generator = SplitMix(seed: 5)
        for _ in 0..<200 {
            let pieces = Int.random(in: 1...5, using: &generator)
            let continues = (0..<pieces).map { $0 > 0 && Int.random(in: 0..<3, using: &generator) == 0 }
            let logits = (0..<pieces * 5).map { _ in Float.random(in: -2...2, using: &generator) }
            let found = tags.spans(logits: logits, continues: continues)
            #expect(found.map { "\($0.kind) \($0.pieces)" } == Self.bestByTrying(logits, continues))
            for span in found { #expect(span.confidence > 0 && span.confidence <= 1) }
        }
    }

    /// The spans of the path with the highest sum of scores among all that are allowed.
    static func bestByTrying(_ logits: [Float], _ continues: [Bool]) -> [String] {
        var best: (score: Float, path: [Int])?
        func extend(_ path: [Int], _ score: Float) {
            guard path.count < continues.count else {
                if best.map({ score > $0.score }) ?? true { best = (score, path) }
                return
            }
            let piece = path.count
            for label in 0..<5 {
                let name = names[label]
                let before = path.last.map { names[$0] } ?? "O"
                if name.hasPrefix("I-"), before.dropFirst(2) != name.dropFirst(2) || before == "O" { continue }
                if continues[piece], name.hasPrefix("B-") || (name == "O" && before != "O") { continue }
                extend(path + [label], score + logits[piece * 5 + label])
            }
        }
        extend([], 0)
        var spans: [(String, Int, Int)] = []
        for (piece, label) in (best?.path ?? []).enumerated() {
            let name = names[label]
            if name.hasPrefix("B-") { spans.append((String(name.dropFirst(2)), piece, piece + 1)) }
            if name.hasPrefix("I-") { spans[spans.count - 1].2 = piece + 1 }
        }
        return spans.map { "\($0.0) \($0.1..<$0.2)" }
    }

    @Test func `Where a class has no beginning, what is inside begins it`() throws {
        // CoNLL-2003 in IOB1, as xlm-roberta-large-finetuned-conll03-english has it.
        let tags = try #require(EntityTags(labels: ["B-LOC", "I-LOC", "I-PER", "O"]))
        func spans(_ path: [Int], _ continues: [Bool]) -> [String] {
            let logits = path.flatMap { label in (0..<4).map { $0 == label ? Float(5) : 0 } }
            return tags.spans(logits: logits, continues: continues).map { "\($0.kind) \($0.pieces)" }
        }
        let words = [Bool](repeating: false, count: 6)
        #expect(spans([3, 2, 2, 3, 1, 0], words) == ["PER 1..<3", "LOC 4..<5", "LOC 5..<6"])
        #expect(spans([2, 1, 1, 3, 3, 3], words) == ["PER 0..<1", "LOC 1..<3"])
        // A word is one thing: what goes on with it begins nothing.
        #expect(spans([3, 2, 2, 3, 3, 3], [false, false, true, false, false, false]) == ["PER 1..<3"])
    }

    @Test(arguments: [["B-X"], ["O", "X"], ["O", "B-"], []] as [[String]])
    func `Labels of another form are refused`(labels: [String]) {
        #expect(EntityTags(labels: labels) == nil)
    }

    @Test func `Scores of another number than pieces give nothing`() throws {
        let tags = try #require(EntityTags(labels: Self.names))
        #expect(tags.spans(logits: [1, 2], continues: [false]) == [])
        #expect(tags.spans(logits: [], continues: []) == [])
    }
}

@Suite struct `Tone` {
    @Test(arguments: [
        (0.0, 0.0, 0.0, 0.3, 0.0), (0, -50, 50, 0.3, 1), (50, -50, 0, 0.3, -1), (0, 0, 0.001, 0.3, 0.00006),
        (0, -50, 0.6190392084, 0.3, 0.05),
    ])
    func `The score is neutral up to the margin, and rises to one`(
        negative: Double, neutral: Double, positive: Double, margin: Double, score: Double
    ) {
        let found = Polarity.score(negative: negative, neutral: neutral, positive: positive, margin: margin)
        #expect(abs(found - score) < 1e-4)
    }

    @Test(arguments: [
        (["negative", "neutral", "positive"], [0, 1, 2]), (["Positive", "Neutral", "Negative"], [2, 1, 0]),
        (["LABEL_0", "LABEL_1", "LABEL_2"], [0, 1, 2]), (["NEG", "NEU", "POS"], [0, 1, 2]),
        (["NEGATIVE", "POSITIVE"], [0, 1]),
    ])
    func `The labels of a model are found by their names`(names: [String], places: [Int]) throws {
        let labels = try #require(PolarityLabels(names))
        #expect([labels.negative, labels.neutral, labels.positive].compactMap(\.self) == places)
    }

    @Test(
        arguments: [["LABEL_0", "LABEL_1"], ["1 star", "2 stars"], ["negative", "mixed", "positive"], []] as [[String]])
    func `Labels that mean something else are refused`(names: [String]) { #expect(PolarityLabels(names) == nil) }

    @Test(arguments: [
        "Yeah.", "OK", "um okay right", "Thank you for asking!", "Hello, good morning, how are you today?",
        "Mm-hmm, I see.",
        "Yes, that\u{2019}s right.", "No, I don't think so.", "okay thank you doctor",
    ])
    func `Small talk is known`(sentence: String) { #expect(SmallTalk.isAll(of: sentence)) }

    @Test(arguments: [
        "", "…", "doctor", "Great!", "Thank you, that was very kind.", "Sorry, I hate this.", "Yes, ibuprofen.",
        "no no no it hurts", String(repeating: "yes ", count: 60),
    ])
    func `What says more is not small talk`(sentence: String) { #expect(!SmallTalk.isAll(of: sentence)) }

    @Test func `Clinical words are taken out, and sentences without them are left alone`() {
        #expect(ClinicalTerms.replaced(in: "She has severe pain.") == "She has clinical finding.")
        #expect(ClinicalTerms.replaced(in: "I am happy to help.") == nil)
        #expect(ClinicalTerms.replaced(in: "") == nil)
    }
}
