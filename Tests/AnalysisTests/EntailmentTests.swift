// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing
import TextEncoders

@testable import Analysis

/// The adapter for pairs of texts that is shipped, beside PyTorch (training/entailment/export.py wrote the golden logits).
@Suite(.enabled(if: TextHeadGolden.base != nil, "scripts/bootstrap could not fetch the model"))
struct `Model of entailment` {
    /// The models whose bases are there.
    static let names = ["minilm-entailment"] + (TextHeadGolden.mpnet == nil ? [] : ["mpnet-entailment"])

    @Test(arguments: names) func `has the logits that PyTorch has, also of empty and of long texts`(_ name: String)
        throws
    {
        let encoder = try TextHeadGolden.model(name).encoder()
        let golden = try TextHeadGolden.pairs(String(name.prefix { $0 != "-" }))
        #expect(golden.count == 10)
        let logits = encoder.classify(pairs: golden.map(\.pair))
        for (logits, row) in zip(logits, golden) {
            #expect(
                logits.count == 3 && zip(logits, row.logits).allSatisfy { abs($0 - $1) < 2e-3 },
                "\(row.pair) \(logits) \(row.logits)")
        }
        #expect(encoder.classify(["No pair."]) == [[]])
    }

    @Test(
        arguments: names,
        [
            ("Do not crush the tablets", "Swallow them whole and never crush them.", "entailment"),
            ("Do not crush the tablets", "Grind them up and stir them into some yoghurt.", "contradiction"),
            ("Do not crush the tablets", "The tablets are taken twice a day.", "neutral"),
            ("Metals conduct electricity", "metals don't let any electricity through", "contradiction"),
        ])
    func `tells who makes a statement from who makes the opposite one and from who speaks of something else`(
        _ name: String, _ row: (statement: String, speech: String, outcome: String)
    ) throws {
        let classifier = EntailmentClassifier(model: try TextHeadGolden.model(name))
        let (statement, speech, outcome) = row
        let opinion = try #require(classifier.opinions(of: [.init(statement, speech)]).first)
        let outcomes = [
            "neutral": opinion.neutral, "entailment": opinion.entailed, "contradiction": opinion.contradicted,
        ]
        #expect(outcomes[outcome] ?? 0 > 0.5, "\(opinion)")
        #expect(abs(opinion.neutral + opinion.entailed + opinion.contradicted - 1) < 1e-9)
    }

    @Test(arguments: names)
    func `scores a pair the same, to the last bit, whatever it is scored together with`(_ name: String) throws {
        let base = try #require(name.hasPrefix("mpnet") ? TextHeadGolden.mpnet : TextHeadGolden.base)
        let encoder = try TextEncoder(.init(folder: base, adapter: TextHeadGolden.adapter(name)))
        let words = "Take the tablets with food or a glass of milk but never crush them before breakfast".split(
            separator: " ")
        // Lengths from nothing to more than a window, not in order.
        let pairs = (0..<40).map { number in
            func text(_ count: Int) -> String {
                (0..<count).map { String(words[($0 * 7 + number) % words.count]) }.joined(separator: " ")
            }
            return TextEncoder.TextPair(text(number * 3 % 17), text(number * 11 % 37 + (number % 13 == 0 ? 120 : 0)))
        }
        let together = encoder.classify(pairs: pairs)
        for (pair, logits) in zip(pairs, together) { #expect(encoder.classify(pairs: [pair]) == [logits]) }
        for start in stride(from: 0, to: pairs.count, by: 7) {
            let range = start..<min(pairs.count, start + 7)
            #expect(encoder.classify(pairs: Array(pairs[range])) == Array(together[range]))
        }
    }

    @Test func `keeps pairs apart whose texts are cut at another place`() throws {
        let classifier = EntailmentClassifier(model: try TextHeadGolden.model("minilm-entailment"))
        let pairs = [TextEncoder.TextPair("Avoid alcohol", ". Drink beer"), .init("Avoid alcohol. Drink", " beer")]
        let together = try classifier.opinions(of: pairs + pairs)
        #expect(together[0] != together[1] && together[0] == together[2] && together[1] == together[3])
    }

    @Test func `refuses a model that is not for pairs`() throws {
        let other = EntailmentClassifier(model: try TextHeadGolden.model("minilm-sentiment"))
        #expect(throws: TextEncoderError.self) { try other.opinions(of: [.init("Avoid alcohol", "Drink beer.")]) }
    }
}
