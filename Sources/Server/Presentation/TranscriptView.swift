// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// How transcripts look in JSON: times in seconds with three decimals.
enum TranscriptView {
    /// A version with its segments and words.
    ///
    /// - Parameter showsVocabulary: Whether to show the words that the recogniser was told: they give away what is expected.
    static func json(
        _ version: TranscriptVersion, latest: Int, authorName: String?, showsVocabulary: Bool = false
    ) -> JSONValue {
        var object: JSONObject = [
            "response_id": .string(version.response.text),
            "version": .integer(Int64(version.number)),
            "latest_version": .integer(Int64(latest)),
            "origin": .string(version.origin.rawValue),
            "author": author(version.author, name: authorName),
            "parent": .optional(version.parent),
            "edit_reason": .optional(version.editReason),
            "confirmed": .bool(version.isConfirmation),
            "engine": .optional(version.engine),
            "wer": .optional(version.wordErrorRate),
            "created_at": .string(version.createdAt.description),
        ]
        for member in members(version.transcript).members { object[member.key] = member.value }
        if showsVocabulary { object["vocabulary"] = .array(version.vocabulary.map(JSONValue.string)) }
        return .object(object)
    }

    /// What was said: `language`, `language_probability`, `languages`, `text` and `segments` with their words.
    static func members(_ transcript: Transcript) -> JSONObject {
        [
            "language": .optional(transcript.language),
            "language_probability": .optional(transcript.languageProbability.map(rounded)),
            "languages": .array(transcript.languages.map(language)),
            "text": .string(transcript.text),
            "segments": .array(transcript.segments.map(segment)),
        ]
    }

    /// Who wrote a version.
    static func author(_ id: Identifier<User>?, name: String?) -> JSONValue {
        guard let id else { return .null }
        return ["id": .string(id.text), "name": .string(name ?? "")]
    }

    /// One segment.
    static func segment(_ segment: Segment) -> JSONValue {
        [
            "start": seconds(segment.start),
            "end": seconds(segment.end),
            "text": .string(segment.text),
            "language": .optional(segment.language),
            "language_probability": .optional(segment.languageProbability.map(rounded)),
            "words": .array(segment.words.map(word)),
        ]
    }

    /// A language with its probability and its share of the speech.
    static func language(_ guess: LanguageGuess) -> JSONValue {
        [
            "language": .string(guess.language), "probability": .optional(guess.probability.map(rounded)),
            "share": .number(rounded(guess.share)),
        ]
    }

    /// Three decimals.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    private static func word(_ word: Word) -> JSONValue {
        [
            "word": .string(word.text),
            "start": seconds(word.start),
            "end": seconds(word.end),
            "confidence": .optional(word.confidence.map(rounded)),
            "kind": .string(word.kind.rawValue),
            "timing": .string(word.timing.rawValue),
            "confirmed": .bool(word.isConfirmed),
        ]
    }

    /// Milliseconds as a JSON number of seconds.
    static func seconds(_ milliseconds: Int) -> JSONValue { .number(Double(milliseconds) / 1000) }
}
