// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// The stored forms of languages: expected ones are `[language, weight]`, heard ones `[language, probability, share]`.
enum LanguageCoding {
    static func document(_ languages: [ExpectedLanguage]) -> JSONValue {
        .array(languages.map { [.string($0.language), .number($0.weight)] })
    }

    static func document(_ languages: [LanguageGuess]) -> JSONValue {
        .array(languages.map { [.string($0.language), .optional($0.probability), .number($0.share)] })
    }

    static func expected(_ document: JSONValue) throws -> [ExpectedLanguage] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let parts = element.array, parts.count == 2, let language = parts[0].string,
                let weight = parts[1].double
            else { throw malformed }
            return ExpectedLanguage(language, weight: weight)
        }
    }

    static func heard(_ document: JSONValue) throws -> [LanguageGuess] {
        guard let elements = document.array else { throw malformed }
        return try elements.map { element in
            guard let parts = element.array, parts.count == 3, let language = parts[0].string,
                parts[1].isNull || parts[1].double != nil, let share = parts[2].double
            else { throw malformed }
            return LanguageGuess(language: language, probability: parts[1].double, share: share)
        }
    }

    private static var malformed: StorageError {
        StorageError(.decoding, "stored languages are not of the expected form")
    }
}
