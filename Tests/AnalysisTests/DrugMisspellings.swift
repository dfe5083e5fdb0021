// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation

/// How recognisers and students write drugs' names (Tests/Fixtures/analysis/drug_misspellings.txt).
enum DrugMisspellings {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    /// The list of names, where scripts/bootstrap could fetch it.
    static let names: String? = {
        let file = root.appending(path: ".models/drug-names.tsv").standardizedFileURL.path
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }()

    /// What is written, and the international name; nil where no drug is meant.
    static func all() throws -> [(written: String, drug: String?)] {
        let file = root.appending(path: "Tests/Fixtures/analysis/drug_misspellings.txt")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            let halves = $0.components(separatedBy: " => ")
            return (halves[0].lowercased(), halves[1] == "none" ? nil : halves[1])
        }
    }
}
