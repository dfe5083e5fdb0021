// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Makes words stand out on a terminal that shows it.
struct TextStyle: Sendable {
    /// Whether escape sequences are written.
    let isEnabled: Bool

    /// Leaves text as it is.
    static let plain = TextStyle(isEnabled: false)

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func cyan(_ text: String) -> String { wrap(text, "36") }

    private func wrap(_ text: String, _ code: String) -> String { isEnabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

    /// How many columns a text fills, without its escape sequences.
    static func width(of text: some StringProtocol) -> Int {
        var count = 0
        var isEscaped = false
        for character in text {
            if character == "\u{1B}" { isEscaped = true } else if !isEscaped { count += 1 }
            if isEscaped, character == "m" { isEscaped = false }
        }
        return count
    }
}
