// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What the decoder is told before it writes: terms that may be said, then what was said before.
///
/// It can hold so many tokens only. The terms come first: as many as fit are kept, and the end of the text in what room
/// they leave. Every window is told the terms; the text is what stands before the first one.
struct DecoderPrompt: Sendable, Hashable {
    /// The terms that fit, as a list; empty for none.
    let terms: String
    /// The end of the text that fits beside them; empty for none.
    private(set) var previous = ""
    /// Terms and text; empty for none.
    var text: String { previous.isEmpty ? terms : Self.joined(terms, previous) }
    /// What did not fit, for people.
    private(set) var warnings: [String] = []

    /// Fits terms and text into the decoder's room.
    ///
    /// - Parameters:
    ///   - terms: The terms that may be said, the most important first.
    ///   - previous: What was said or written before.
    ///   - room: How many tokens there may be.
    ///   - count: How many tokens a text has.
    /// - Complexity: O(log(room)) texts are counted, each of at most `room` terms or words.
    init(terms: [String], previous: String, room: Int, count: (String) -> Int) {
        let kept = Self.greatest(min(terms.count, room)) { count(Self.list(terms.prefix($0))) <= room }
        let start = Self.list(terms.prefix(kept))
        self.terms = start
        if kept < terms.count {
            warnings.append(
                "The model has room for \(kept) of the \(terms.count) keywords; the others were not used.")
        }
        // A word has a token at least.
        let words = previous.split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty else { return }
        func joined(_ words: ArraySlice<Substring>) -> String { Self.joined(start, words.joined(separator: " ")) }
        if words.count <= room, count(Self.joined(start, previous)) <= room {
            self.previous = previous
            return
        }
        let last = Self.greatest(min(words.count, room)) { count(joined(words.suffix($0))) <= room }
        if last > 0 { self.previous = words.suffix(last).joined(separator: " ") }
        if last == words.count { return }
        warnings.append(
            last == 0
                ? "The model has no room for the prompt beside the keywords."
                : "The model has room for the last \(last) of the prompt's \(words.count) words.")
    }

    private static func list(_ terms: ArraySlice<String>) -> String { terms.joined(separator: ", ") }

    private static func joined(_ terms: String, _ previous: String) -> String {
        terms.isEmpty ? previous : "\(terms). \(previous)"
    }

    /// The greatest number up to a limit that something holds for, if it holds for all lesser ones.
    private static func greatest(_ limit: Int, _ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, max(0, limit))
        while low < high {
            let middle = (low + high + 1) / 2
            if holds(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
