// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// The option of commands that find the spoken language.
enum LanguageOptions {
    static let expected = Option<String>(
        "languages", value: "LIST",
        help: "Which languages may be spoken, when it has to be found, such as en,de or en=3,de.", isRepeatable: true)

    /// What the option says: languages, each with a weight if it has one.
    static func expected(_ arguments: Arguments, command: String) throws(UsageError) -> [ExpectedLanguage] {
        var languages: [ExpectedLanguage] = []
        for item in arguments[all: expected].flatMap({ $0.split(separator: ",") }) {
            let parts = item.split(separator: "=", omittingEmptySubsequences: false)
            let tag = parts[0].filter { $0 != " " }
            let weight = parts.count == 1 ? 1 : Double(parts[1].filter { $0 != " " }) ?? .nan
            guard (2...35).contains(tag.count), parts.count <= 2,
                tag.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }),
                (1 / ExpectedLanguage.greatestWeight...ExpectedLanguage.greatestWeight).contains(weight)
            else {
                throw UsageError(
                    message: "--languages takes languages such as en,de or en=3,de, not \"\(item)\".", command: command)
            }
            guard !languages.contains(where: { $0.language == tag }) else {
                throw UsageError(message: "--languages names \(tag) twice.", command: command)
            }
            languages.append(ExpectedLanguage(tag, weight: weight))
        }
        return languages
    }
}
