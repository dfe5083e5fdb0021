// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing
import TextEncoders

@testable import Analysis

/// The adapters that are shipped, from their files to entities and scores, beside PyTorch.
@Suite(.enabled(if: TextHeadGolden.base != nil, "scripts/bootstrap could not fetch the model"))
struct `Heads of the text encoder` {
    @Test func `find the entities that PyTorch finds, where it finds them, as surely`() throws {
        let tagger = EntityTagger(model: try TextHeadGolden.model("minilm-entities"))
        let encoder = try tagger.model.encoder()
        let golden = try TextHeadGolden.all()
        #expect(golden.count == 15 && golden.flatMap(\.entities).count > 50)
        for row in golden {
            let logits = try #require(encoder.tag([row.text]).first).logits
            try #require(logits.count == row.tagLogits.count)
            #expect(zip(logits, row.tagLogits).allSatisfy { abs($0 - $1) < 1e-3 })
            let text = ReadText(typed: row.text)
            let found = try #require(tagger.mentions(in: [row.text]).first)
            try #require(found.count == row.entities.count, "\(row.text.prefix(60))")
            for (mention, entity) in zip(found, row.entities) {
                #expect(text.entity(mention.kind, bytes: mention.bytes).span.characters == entity.characters)
                #expect(mention.kind.rawValue == entity.type && abs(mention.confidence - entity.confidence) < 1e-3)
            }
        }
    }

    @Test func `score the tone that PyTorch scores`() throws {
        let encoder = try TextHeadGolden.model("minilm-sentiment").encoder()
        let margin = try #require(AdapterDescription(folder: TextHeadGolden.adapter("minilm-sentiment"))?.neutralMargin)
        #expect(encoder.labels == ["negative", "neutral", "positive"])
        for row in try TextHeadGolden.all() {
            let logits = try #require(encoder.classify([row.text]).first)
            try #require(logits.count == row.sentimentLogits.count)
            #expect(zip(logits, row.sentimentLogits).allSatisfy { abs($0 - $1) < 1e-3 })
            let score = Polarity.score(
                negative: Double(logits[0]), neutral: Double(logits[1]), positive: Double(logits[2]), margin: margin)
            #expect(abs(score - row.score) < 1e-3, "\(row.text.prefix(60))")
        }
    }

    private static func reader(validated: Set<String>) throws -> AnswerReader {
        let margin = try #require(AdapterDescription(folder: TextHeadGolden.adapter("minilm-sentiment"))?.neutralMargin)
        let classifier = ToneClassifier(
            model: try TextHeadGolden.model("minilm-sentiment"), neutralMargin: margin, validatedLanguages: validated)
        return AnswerReader(
            analyzer: try Samples.analyzer.get(), taggers: .missing(""), tones: .ready([classifier]),
            drugs: .missing(""))
    }

    @Test(arguments: [false, true])
    func `find facts neutral, and feelings on their side, in talk that nothing was tuned to`(isSpoken: Bool) throws {
        let examples = try TextHeadGolden.frozenTones()
        try #require(examples.count == 200)
        let texts = examples.map { isSpoken ? Samples.unpunctuated($0.text) : $0.text }
        let margin = try #require(AdapterDescription(folder: TextHeadGolden.adapter("minilm-sentiment"))?.neutralMargin)
        let classifier = ToneClassifier(model: try TextHeadGolden.model("minilm-sentiment"), neutralMargin: margin)
        let labels = try classifier.scores(of: texts, .english).map { Domain.Tone.Label(score: $0).rawValue }
        var right = ["neutral": 0, "toned": 0]
        for (example, label) in zip(examples, labels) where example.label == label {
            right[label == "neutral" ? "neutral" : "toned", default: 0] += 1
        }
        #expect(right["neutral", default: 0] >= 108, "of 120")
        #expect(right["toned", default: 0] >= 72, "of 80")
    }

    @Test func `give a tone that says whether it can be relied on`() throws {
        let reader = try Self.reader(validated: ["en"])
        func tone(_ text: String, _ choice: LanguageChoice, _ reader: AnswerReader) -> Domain.Tone? {
            reader.findings(in: text, choice).tone
        }
        let kind = "Thank you so much, you have been so kind to my mother and I am very grateful."
        let sure = try #require(tone(kind, LanguageChoice(for: kind), reader))
        #expect(sure.label == .positive && sure.valid == .ok && sure.isValidated && sure.unit == .sentence)
        let short = try #require(tone("I hate this.", LanguageChoice(declared: "en"), reader))
        #expect(short.label == .negative && short.valid == .low && short.doubt == "There are only 3 words.")
        let german = "Die Patientin nimmt jeden Tag eine Tablette mit etwas Wasser, und das ist gut für sie."
        let wrong = reader.findings(in: german, LanguageChoice(for: german, declared: "en"))
        #expect(wrong.tone == nil && wrong.toneReason?.contains("another language (de)") == true)
        let mixed = kind + " " + german
        let both = try #require(tone(mixed, LanguageChoice(for: mixed, declared: "en"), reader))
        #expect(both.valid == .low && both.doubt?.contains("several languages") == true, "\(both)")
        let unknown = try #require(
            tone(kind, LanguageChoice(declared: "en"), try Self.reader(validated: [])))
        #expect(unknown.valid == .low && !unknown.isValidated && unknown.doubt?.contains("not been measured") == true)
        for choice in [LanguageChoice(for: german), LanguageChoice(declared: "de"), LanguageChoice(declared: nil)] {
            let findings = reader.findings(in: german, choice)
            let reason = findings.toneReason ?? ""
            #expect(findings.tone == nil)
            #expect(reason.contains("does not know this language") || reason.contains("is not known"), "\(reason)")
        }
    }

    @Test func `give each clause of an answer without marks its own tone, with its place`() throws {
        let text =
            "it was so lovely to see you again and your mother is such a kind lady but the computer is terrible "
            + "and I hate it so much and then the patient takes one tablet twice a day with water"
        let transcript = Samples.transcript(text)
        let tone = try #require(try Self.reader(validated: ["en"]).findings(in: transcript).tone)
        #expect(tone.unit == .clause && tone.sentences.count >= 3)
        #expect(tone.sentences.first?.label == .positive && tone.sentences.contains { $0.label == .negative })
        let words = transcript.words.map(\.text)
        for sentence in tone.sentences {
            let said = words[sentence.span.words].joined(separator: " ")
            #expect(String(text.dropFirst(sentence.span.characters.lowerBound).prefix(said.count)) == said)
        }
    }
}
