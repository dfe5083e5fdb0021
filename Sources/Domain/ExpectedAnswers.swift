// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Several expected answers in one text: apart by an empty line or `|||`.
///
/// In this form they are stored, compared and given to programs that know one expected answer only.
public enum ExpectedAnswers {
    /// The most expected answers of a question.
    public static let most = 12
    /// What stands between two in a text.
    public static let separator = "|||"

    /// The expected answers in a text, at most ``most``.
    public static func split(_ text: String) -> [String] {
        var parts: [Substring] = []
        var start = text.startIndex
        var bars = 0
        var breaks = 0
        for index in text.indices {
            let character = text[index]
            bars = character == "|" ? bars + 1 : 0
            if character.isNewline { breaks += 1 } else if !character.isWhitespace { breaks = 0 }
            guard bars == 3 || breaks == 2 else { continue }
            let end = text.index(after: index)
            parts.append(text[start..<end].dropLast(bars == 3 ? 3 : 1))
            start = end
            bars = 0
            breaks = 0
        }
        parts.append(text[start...])
        return parts.map(trimmed).filter { !$0.isEmpty }.prefix(most).map { $0 }
    }

    /// One text that ``split(_:)`` takes apart again. Empty lines within an answer are left out.
    public static func joined(_ answers: [String]) -> String {
        answers.map { answer in
            answer.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }.joined(separator: "\n")
        }.joined(separator: "\n\(separator)\n")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}
