// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
package import JSON
import Tokenizers

/// Times an encoder's vectors, tokenizer included, as the peers' script does: one batch of texts in a call.
///
/// ```swift
/// let benchmark = TextBenchmark(texts: TextBenchmark.texts(32, tokens: 32, for: encoder), repeats: 5)
/// print(benchmark.run(encoder).json.text)
/// ```
///
/// Blocks its caller like ``TextEncoder``.
package struct TextBenchmark: Sendable {
    /// The texts of the batch.
    package var texts: [String]
    /// How many timed rounds there are; one more goes before them.
    package var repeats: Int

    package init(texts: [String], repeats: Int) {
        precondition(!texts.isEmpty && repeats > 0)
        self.texts = texts
        self.repeats = repeats
    }

    /// What was measured.
    package struct Report: Sendable, JSONRepresentable {
        /// Seconds for each round's batch.
        package var batch: [Double] = []
        /// How many texts a batch has.
        package var texts: Int
        /// How many tokens a batch has, those of the template included.
        package var tokens: Int
        /// The vectors of the last round.
        package var vectors: [[Float]] = []
        /// The numbers that the encoder computes with.
        package var precision: String

        package var json: JSONValue {
            let sorted = batch.sorted()
            let median = sorted.isEmpty ? nil : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
            return [
                "precision": .string(precision), "texts": .integer(Int64(texts)), "tokens": .integer(Int64(tokens)),
                "batch_s_min": .optional(sorted.first), "batch_s_median": .optional(median),
                "texts_per_s": .optional(sorted.first.map { Double(texts) / $0 }),
            ]
        }
    }

    /// Made-up texts, no two alike, of so many tokens, those of the template included, or a few less.
    package static func texts(_ count: Int, tokens: Int, for encoder: TextEncoder) -> [String] {
        let words = [
            "take", "one", "with", "food", "every", "morning", "and", "call", "the", "doctor", "if", "it", "hurts",
        ]
        let template = encoder.tokenizer.template
        let room = min(tokens - template.before.count - template.after.count, encoder.longestWindow)
        return (0..<count).map { number in
            var text = words[number % words.count]
            for index in 1..<max(room, 2) {
                // Steps of different sizes give different texts.
                let longer = text + " " + words[(number + index * (1 + number / words.count)) % words.count]
                guard encoder.tokenizer.tokenize(longer).count <= room else { break }
                text = longer
            }
            return text
        }
    }

    /// Runs the rounds.
    package func run(_ encoder: TextEncoder) -> Report {
        let template = encoder.tokenizer.template
        let around = template.before.count + template.after.count
        var report = Report(
            texts: texts.count, tokens: texts.reduce(0) { $0 + encoder.tokenizer.tokenize($1).count + around },
            precision: encoder.precision.rawValue)
        for round in 0...repeats {
            let start = ContinuousClock.now
            report.vectors = encoder.embed(texts)
            let end = ContinuousClock.now
            if round > 0 { report.batch.append((end - start) / .seconds(1)) }
        }
        return report
    }
}
