// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

@testable import Analysis

/// Answers and helpers that several suites use.
enum Samples {
    /// The analyzer under test, with the installed dictionary.
    static let analyzer = Result { try AnswerAnalyzer() }

    /// One answer of a pharmacy student, punctuated: 103 words in 8 sentences.
    static let pharmacy = """
        So first I would ask about allergies and other medicines. The patient takes warfarin every day, and that \
        changes my advice. I would not recommend ibuprofen, because it may cause bleeding in the stomach. \
        Instead I would offer paracetamol for the pain. She can take one gram up to four times a day. She should not \
        take more than that, and she should look for paracetamol in other products. If the pain goes on for more \
        than three days, she should see her doctor. I would also ask her to come back at once if she notices any \
        bruises or dark stools.
        """

    /// A transcript of a text: each word takes 300 ms, and the given silence follows it.
    static func transcript(
        _ text: String, language: String? = "en", gap: (String) -> Int = { _ in 50 }
    ) -> Transcript {
        var time = 400
        let words = text.split(separator: " ").map { part -> Word in
            let word = Word(text: String(part), start: time, end: time + 300, confidence: 0.9)
            time += 300 + gap(String(part))
            return word
        }
        return Transcript(
            language: language,
            segments: [Segment(start: 0, end: time, text: words.map(\.text).joined(separator: " "), words: words)])
    }

    /// A text as most recognisers write it: lower case, no marks.
    static func unpunctuated(_ text: String) -> String {
        String(text.lowercased().filter { !".,;:!?".contains($0) })
    }
}

extension [Measure] {
    /// The measure with a key.
    subscript(key: String) -> Measure? { first { $0.key == key } }
}
