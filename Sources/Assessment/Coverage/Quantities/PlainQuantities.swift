// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Writes what an answer says for a model that knows no arithmetic: quantities that are the key point's stand there as the key
/// point's label has them, and those that it doesn't ask for are left out.
struct PlainQuantities {
    private let keyPoint: ReadKeyPoint
    private let label: [(quantity: Quantity, text: String)]
    private let labelWords: Set<String>

    init(_ keyPoint: ReadKeyPoint) {
        self.keyPoint = keyPoint
        label = keyPoint.labelQuantities
        labelWords = Set(AnswerText(keyPoint.wordings.first?.text ?? "", language: "en").tokens.map(\.word))
    }

    /// The text of a window.
    func text(of window: Window, in text: AnswerText) -> String {
        var changes: [(tokens: Range<Int>, text: String)] = []
        for (quantity, _) in window.quantities where !quantity.phrase.isEmpty {
            if let last = changes.last, last.tokens.upperBound > quantity.phrase.lowerBound { continue }
            let isOthers =
                !keyPoint.drugs.isEmpty
                && window.drug(of: quantity.tokens).map { !keyPoint.drugs.contains($0) } ?? false
            if !isOthers, let same = label.first(where: { quantity.meets($0.quantity, tolerance: 0) }) {
                changes.append((quantity.phrase, same.text))
            } else if isOthers || isUnasked(quantity, text) {
                changes.append((withoutPreposition(quantity.phrase, text, window.tokens), ""))
            }
        }
        return changes.isEmpty ? text.written(window.tokens) : text.written(window.tokens, changing: changes)
    }

    /// Whether the key point says nothing of the kind, not even in words.
    private func isUnasked(_ quantity: Quantity, _ text: AnswerText) -> Bool {
        guard quantity.high > 0 || isCode(quantity, text) else { return false }
        if keyPoint.numbers.contains(where: { $0.quantity.isComparable(with: quantity) })
            || keyPoint.excluded.contains(where: { $0.isComparable(with: quantity) })
        {
            return false
        }
        switch quantity.kind {
        case .time, .frequency: return labelWords.isDisjoint(with: Self.timeWords)
        // "The one patch" is what is spoken of.
        case .forms: return quantity.high > 1 && labelWords.isDisjoint(with: Self.amountWords.union([quantity.unit]))
        default: return labelWords.isDisjoint(with: Self.amountWords)
        }
    }

    private static let timeWords: Set<String> = [
        "every", "each", "day", "days", "daily", "night", "week", "weekly", "month", "monthly", "year", "hour", "hours",
        "hourly", "minute", "minutes", "always", "never", "often", "regular", "regularly", "immediately", "once",
        "soon",
        "sooner", "before", "after", "until", "long", "short", "early", "late", "later", "straight", "time", "times",
        "quickly", "slowly", "gradually", "suddenly", "while", "during", "lifelong", "now", "again",
    ]
    private static let amountWords: Set<String> = [
        "dose", "doses", "half", "double", "full", "large", "small", "low", "lower", "lowest", "high", "higher",
        "highest", "much", "more", "less", "most", "least", "little", "reduce", "increase", "raise", "all", "any",
    ]

    /// "000" is no nothing.
    private func isCode(_ quantity: Quantity, _ text: AnswerText) -> Bool {
        quantity.kind == .bare && text.written(quantity.tokens).utf8.count >= 3
    }

    private func withoutPreposition(_ phrase: Range<Int>, _ text: AnswerText, _ window: Range<Int>) -> Range<Int> {
        var start = phrase.lowerBound
        while start > window.lowerBound, Self.prepositions.contains(text.tokens[start - 1].word) { start -= 1 }
        return start..<phrase.upperBound
    }

    private static let prepositions: Set<String> = [
        "for", "within", "at", "on", "in", "about", "around", "roughly", "up", "to", "of", "by", "only", "just", "some",
    ]
}
