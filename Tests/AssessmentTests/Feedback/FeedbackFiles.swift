// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import FoundationEssentials
import JSON

/// Files that feedback is tested with.
enum FeedbackFiles {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let cases: JSONValue? = json("Tests/Fixtures/feedback/cases.json")

    /// The message catalogues of the pages by language.
    static let catalogues: [String: JSONValue] = {
        var catalogues: [String: JSONValue] = [:]
        for language in ["en", "es"] { catalogues[language] = json("web/messages/\(language).json") }
        return catalogues
    }()

    private static func json(_ path: String) -> JSONValue? {
        guard let data = try? Data(contentsOf: root.appending(path: path)) else { return nil }
        return try? JSONValue(parsing: Array(data))
    }
}
