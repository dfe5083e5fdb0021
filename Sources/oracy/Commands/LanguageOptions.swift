// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Recognition
import Server

/// The option of commands that find the spoken language.
enum LanguageOptions {
    static let expected = Option<String>(
        "languages", value: "LIST",
        help: "Which languages may be spoken, when it has to be found, such as en,de or en=3,de.", isRepeatable: true)

    /// The tag of a language that a person has typed: a tag in any case, or an English name.
    static func tag(_ text: String, option: String, command: String) throws(UsageError) -> String {
        if let tag = WhisperLanguage.tag(named: text) { return tag }
        let names = Array(WhisperLanguage.names.values.map { $0.prefix(1).uppercased() + $0.dropFirst() }).sorted()
        throw UsageError(
            message: "\(option) expects a language such as en or English, not \"\(text)\"."
                + SpellingSuggestion.hint(for: text, in: names), command: command)
    }

    /// What the option says: languages, each with a weight if it has one.
    static func expected(_ arguments: Arguments, command: String) throws(UsageError) -> [ExpectedLanguage] {
        var languages: [ExpectedLanguage] = []
        for item in arguments[all: expected].flatMap({ $0.split(separator: ",") }) {
            let parts = item.split(separator: "=", omittingEmptySubsequences: false)
            let tag = parts[0].filter { $0 != " " }
            let weight = parts.count == 1 ? 1 : Double(parts[1].filter { $0 != " " }) ?? .nan
            guard !tag.isEmpty, parts.count <= 2,
                (1 / ExpectedLanguage.greatestWeight...ExpectedLanguage.greatestWeight).contains(weight)
            else {
                throw UsageError(
                    message: "--languages takes languages such as en,de or en=3,de, not \"\(item)\".", command: command)
            }
            let language = try Self.tag(tag, option: "--languages", command: command)
            guard !languages.contains(where: { $0.language == language }) else {
                throw UsageError(message: "--languages names \(language) twice.", command: command)
            }
            languages.append(ExpectedLanguage(language, weight: weight))
        }
        return languages
    }
}
