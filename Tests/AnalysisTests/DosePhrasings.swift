// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation

/// Ways in which doses are said, with what is meant (Tests/Fixtures/analysis/doses.txt explains the notation).
struct DosePhrasing {
    var text: String
    /// The words of each dose and what they mean.
    var doses: [(words: String, notation: String, parts: Set<String>)]

    /// All of a table.
    static func all(_ table: String) throws -> [DosePhrasing] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/analysis/\(table).txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return lines.filter { !$0.hasPrefix("#") }.map { line in
            let halves = line.components(separatedBy: " => ")
            guard halves[1] != "none" else { return DosePhrasing(text: halves[0], doses: []) }
            return DosePhrasing(text: halves[0], doses: halves[1].components(separatedBy: " & ").map(dose))
        }
    }

    private static func dose(_ notation: String) -> (String, String, Set<String>) {
        let close = notation.lastIndex(of: "]") ?? notation.endIndex
        let words = String(notation[notation.index(after: notation.startIndex)..<close])
        let meaning = String(notation[notation.index(after: close)...]).trimmingCharacters(in: .whitespaces)
        return (words, meaning, parts(meaning))
    }

    /// The parts of a meaning, in no order.
    static func parts(_ meaning: String) -> Set<String> {
        Set(meaning.components(separatedBy: ";").map { $0.trimmingCharacters(in: .whitespaces) })
    }
}
