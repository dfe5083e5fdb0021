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
}
