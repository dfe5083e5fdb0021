// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Breaks text into lines for a terminal.
enum TextWrapping {
    /// The lines of a text, broken between words; those after the first begin below its first word.
    ///
    /// - Parameters:
    ///   - width: The most characters of a line.
    ///   - first: What the first line begins with.
    static func lines(_ text: String, width: Int, first: String) -> [String] {
        let margin = String(repeating: " ", count: first.count)
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = margin
                isEmpty = true
            }
            line += isEmpty ? word : " " + word
            isEmpty = false
        }
        return lines + [line]
    }
}
