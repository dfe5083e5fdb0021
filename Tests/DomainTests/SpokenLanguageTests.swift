// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@Suite("Spoken languages")
struct SpokenLanguageTests {
    private func transcript(_ language: String?, _ heard: [String: Double?]) -> Transcript {
        Transcript(
            language: language,
            languages: heard.sorted { $0.key < $1.key }.map { LanguageGuess(language: $0.key, probability: $0.value) },
            segments: [])
    }

    @Test(arguments: [
        ("en", "en", true), ("en", "en-GB", true), ("EN-us", "en", true), ("en", "de", false), ("hr", "bs", true),
        ("nb", "no", true), ("hi", "ur", true), ("zh-TW", "yue", true), ("es", "pt", false), ("de", "nl", false),
    ])
    func `cover themselves and those that sound the same`(one: String, other: String, covers: Bool) {
        #expect(ExpectedLanguage(one).covers(other) == covers && ExpectedLanguage(other).covers(one) == covers)
    }

    @Test func `are others than those that may be spoken only beyond doubt`() {
        let english = [ExpectedLanguage("en")]
        let spanish = transcript("und", ["es": 0.97, "en": 0.01])
        #expect(spanish.languageInstead(of: english)?.language == "es")
        #expect(spanish.languageInstead(of: []) == nil, "any may be spoken")
        #expect(spanish.languageInstead(of: [ExpectedLanguage("fr"), ExpectedLanguage("es-MX")]) == nil)
        #expect(transcript("und", ["es": 0.7, "en": 0.01]).languageInstead(of: english) == nil, "a doubt")
        #expect(transcript("en", ["es": 0.97, "en": 0.9]).languageInstead(of: english) == nil, "most was recognised")
        #expect(transcript("und", ["es": nil]).languageInstead(of: english) == nil, "nobody measured it")
        #expect(transcript("und", ["sr": 0.97]).languageInstead(of: [ExpectedLanguage("hr")]) == nil)
    }
}
