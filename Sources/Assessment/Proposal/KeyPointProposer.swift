// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// Proposes key points from an expected answer, for an educator to edit: one a statement, with its polarity and numbers.
///
/// Critical is what a mistake in would be dangerous: a dose, or a drug that is advised against. Essential is what the answer
/// begins with, which is what was asked for, and whatever says of itself that it has to be: "must", "always", "at once".
struct KeyPointProposer {
    let reader: StatementReader

    /// The most key points that are proposed.
    static let most = 30

    /// Words that begin the reason for what stands before.
    private static let reasons: Set<String> = ["because", "since", "as", "weil", "denn", "porque", "parce", "car"]

    /// The key points of one expected answer.
    func keyPoints(from expected: String) -> [KeyPoint] {
        let text = AnswerText(Self.withoutMarks(expected), language: reader.language)
        return keyPoints(from: text, reader.statements(of: text), written: expected)
    }

    /// The key points of an expected answer that was read before.
    ///
    /// - Parameter expected: The answer with the marks that it may carry.
    func keyPoints(from text: AnswerText, _ statements: [Statement], written expected: String) -> [KeyPoint] {
        var proposed: [KeyPoint] = []
        var subject = Subject()
        for statement in statements {
            for claim in claims(of: statement, text) where proposed.count < Self.most {
                let tokens = withoutConjunction(claim, text)
                let items = items(in: tokens, statement)
                var label = subject.named(in: trimmed(text.written(tokens)), tokens, statement, text)
                if tokens != claim { label = label.prefix(1).uppercased() + label.dropFirst() }
                subject.goOn(with: items)
                guard !label.isEmpty, !proposed.contains(where: { $0.label == label }) else { continue }
                proposed.append(keyPoint(label, tokens, statement, text, subject, proposed))
            }
        }
        if proposed.isEmpty, !trimmed(expected).isEmpty {
            proposed = [KeyPoint(id: "answer", label: trimmed(expected))]
        }
        if !proposed.isEmpty { proposed[0].isEssential = true }
        return proposed
    }

    /// The drug that is spoken of, by its name as it was last written.
    private struct Subject {
        private(set) var name: String?

        /// Two drugs in one statement leave open which of them the next one is about.
        mutating func goOn(with items: [Item]) {
            let drugs = items.filter { $0.drug != nil || $0.family != nil }
            guard let first = drugs.first else { return }
            name = drugs.allSatisfy { $0.word == first.word } ? first.word : nil
        }

        /// A label that names the drug, where the statement gives a quantity of one that was named before: "it must not
        /// exceed four grams a day".
        func named(in label: String, _ tokens: Range<Int>, _ statement: Statement, _ text: AnswerText) -> String {
            let items = statement.items.filter { tokens.overlaps($0.tokens) }
            let isDose = statement.quantities.contains {
                KeyPointProposer.doses.contains($0.kind) && tokens.contains($0.tokens.lowerBound)
            }
            guard let name, isDose, KeyPointProposer.isOnlyDose(items), let first = label.first else { return label }
            let capital = name.prefix(1).uppercased() + name.dropFirst()
            if ["it", "this", "that"].contains(text.tokens[tokens.lowerBound].word),
                let space = label.firstIndex(where: \.isWhitespace)
            {
                return capital + label[space...]
            }
            return "\(capital): \(first.lowercased())\(label.dropFirst())"
        }
    }

    /// Words that only tie a claim to the one before.
    private static let conjunctions: Set<String> = [
        "and", "but", "so", "then", "also", "und", "aber", "y", "e", "pero", "et", "mais",
    ]

    private func withoutConjunction(_ tokens: Range<Int>, _ text: AnswerText) -> Range<Int> {
        guard tokens.count > 2, Self.conjunctions.contains(text.tokens[tokens.lowerBound].word) else { return tokens }
        return tokens.dropFirst()
    }

    /// Whether nothing else is spoken of than how much is taken.
    fileprivate static func isOnlyDose(_ items: [Item]) -> Bool {
        items.allSatisfy { item in
            item.drug == nil && item.family == nil
                && (item.isStop || item.weight < 0.9 || isDoseWord(item.word))
        }
    }

    /// Whether a word says how much is taken, not of what.
    fileprivate static func isDoseWord(_ word: String) -> Bool {
        limitWords.contains(word) || doseStems.contains { word.hasPrefix($0) }
    }

    private static let limitWords: Set<String> = [
        "at", "most", "more", "least", "less", "not", "than", "over", "up", "max", "min", "day", "tag", "día", "jour",
    ]
    private static let doseStems = [
        "maxim", "minim", "dose", "dosa", "total", "limit", "exceed", "daily", "days", "take", "taking", "give",
        "giving",
        "repeat", "hour", "every", "single", "start", "upper", "höchst", "nehm", "nimm", "máxim", "toma", "prend",
    ]

    /// What a drug is given in.
    fileprivate static let doses: Set<Quantity.Kind> = [.mass, .volume, .activity, .amount, .forms]

    private func items(in tokens: Range<Int>, _ statement: Statement) -> [Item] {
        statement.clauses.filter { tokens.overlaps($0.tokens) }.flatMap(\.items)
    }

    /// The parts of a sentence that say something of their own: a clause with its conditions.
    private func claims(of statement: Statement, _ text: AnswerText) -> [Range<Int>] {
        var claims: [(tokens: Range<Int>, weight: Double, isOpen: Bool)] = []
        for clause in statement.clauses {
            let weight = clause.items.filter { !$0.isStop }.reduce(0) { $0 + $1.weight }
            let count = statement.quantities.count { clause.tokens.contains($0.tokens.lowerBound) }
            let total = weight + Double(count)
            let isReason = Self.reasons.contains(text.tokens[clause.tokens.lowerBound].word)
            // A quantity without a drug is one of the drug that was named before: "…, at most four grams a day".
            let isDose = statement.quantities.contains {
                clause.tokens.contains($0.tokens.lowerBound) && (Self.doses.contains($0.kind) || $0.kind == .frequency)
            }
            let goesOn =
                isDose && Self.isOnlyDose(clause.items)
                && claims.last.map { last in
                    items(in: last.tokens, statement).contains { $0.drug != nil || $0.family != nil }
                } ?? false
            // A condition belongs to what is done then, a reason to what it is given for, a fragment to what it goes on from.
            if let last = claims.last,
                clause.isCondition || isReason || total < 2 || last.isOpen || last.weight < 2 || goesOn
            {
                claims[claims.count - 1] = (
                    last.tokens.lowerBound..<clause.tokens.upperBound, last.weight + total,
                    last.isOpen && clause.isCondition
                )
            } else {
                claims.append((clause.tokens, total, clause.isCondition))
            }
        }
        return claims.filter { $0.weight >= 1 }.map(\.tokens)
    }

    private func keyPoint(
        _ label: String, _ tokens: Range<Int>, _ statement: Statement, _ text: AnswerText, _ subject: Subject,
        _ others: [KeyPoint]
    ) -> KeyPoint {
        let clauses = statement.clauses.filter { tokens.overlaps($0.tokens) }
        let items = clauses.flatMap(\.items)
        let main = clauses.first { !$0.isCondition } ?? clauses.first
        let quantities = statement.quantities.filter { tokens.contains($0.tokens.lowerBound) }
        let isNegative = (main?.items.first { !$0.isStop }?.sign ?? main?.sign ?? 1) < 0
        let isDose =
            quantities.contains { [.mass, .activity, .amount].contains($0.kind) }
            && (subject.name != nil || items.contains { $0.drug != nil })
        var keyPoint = KeyPoint(id: identity(label, items, others), label: label)
        keyPoint.isEssential = text.tokens[tokens.clamped(to: text.tokens.indices)].contains {
            Self.necessities.contains($0.word)
        }
        keyPoint.isCritical = isDose || isNegative && items.contains { $0.drug != nil || $0.family != nil }
        keyPoint.polarity = isNegative ? .negate : .affirm
        keyPoint.numbers = quantities.compactMap { quantity in
            guard var number = number(quantity, text) else { return nil }
            if Self.doses.contains(quantity.kind), let drug = subject.name { number.role = "dose of \(drug)" }
            return number
        }
        return keyPoint
    }

    /// Words that say of a statement that it has to be, in the languages whose negations are known.
    private static let necessities: Set<String> = [
        "must", "always", "never", "essential", "vital", "important", "immediately", "urgently", "mandatory", "muss",
        "müssen", "immer", "nie", "niemals", "sofort", "unbedingt", "wichtig", "debe", "siempre", "nunca",
        "inmediatamente", "importante", "doit", "toujours", "jamais", "immédiatement",
    ]

    /// A quantity as an educator would write it; nil for a bare number, and for one that would be read as another.
    private func number(_ quantity: Quantity, _ text: AnswerText) -> KeyPoint.Number? {
        guard quantity.kind != .bare else { return nil }
        var number = KeyPoint.Number(value: quantity.said.upperBound)
        if quantity.kind == .frequency {
            let isDaily = quantity.high >= 1
            number = KeyPoint.Number(
                value: isDaily ? quantity.high : 7 * quantity.high, unit: isDaily ? "times a day" : "times a week")
            number.value = (number.value * 1_000).rounded() / 1_000
        } else {
            let written = text.written(quantity.tokens)
            guard let unit = written.split(separator: " ").last?.drop(while: { !$0.isLetter && !"%°".contains($0) }),
                !unit.isEmpty
            else { return nil }
            number.unit = String(unit)
            if quantity.low > 0, quantity.low < quantity.high {
                // What lies within a range is right.
                let range = quantity.said
                number.value = (range.lowerBound + range.upperBound) / 2
                number.tolerance = (range.upperBound - range.lowerBound) / 2
            }
        }
        var most = quantity
        most.low = quantity.low > 0 && quantity.low < quantity.high ? quantity.low : quantity.high
        let read = ReadKeyPoint.quantity(of: number, reader)
        guard let read, read.isComparable(with: quantity) else { return nil }
        let isSame = abs(read.high - (most.low + most.high) / 2) <= 1e-3 * abs(most.high)
        return isSame ? number : nil
    }

    /// A name of up to three words that carry the statement, or else of its first ones.
    private func identity(_ label: String, _ items: [Item], _ others: [KeyPoint]) -> String {
        func plain(_ word: String) -> String { word.lowercased().filter { $0.isLetter || $0.isNumber } }
        let names = items.filter { item in
            !item.isStop && item.weight >= 0.9 && (item.drug != nil || !Self.limitWords.contains(item.word))
        }.map { plain($0.word) }
        let words = names.isEmpty ? label.split(whereSeparator: \.isWhitespace).map { plain(String($0)) } : names
        var seen = Set<String>()
        var name = words.filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(3).joined(separator: "-")
        if name.isEmpty { name = "point" }
        return Self.unique(name, among: others)
    }

    /// The name, with a number where another key point has it.
    static func unique(_ name: String, among others: [KeyPoint]) -> String {
        var unique = name
        var count = 2
        while others.contains(where: { $0.id == unique }) {
            unique = "\(name)-\(count)"
            count += 1
        }
        return unique
    }

    private func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let first = text.first, first.isWhitespace || ",;:.!?".contains(first) { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace || ",;:".contains(last) { text = text.dropLast() }
        return String(text)
    }

    /// Without the marks that model answers carry in brackets: "(0.25 P)", "(1 point)".
    static func withoutMarks(_ text: String) -> String {
        var result = ""
        var bracket = ""
        var isInside = false
        for character in text {
            if character == "(" {
                result += bracket
                bracket = "("
                isInside = true
            } else if isInside {
                bracket.append(character)
                if character == ")" {
                    let inner = bracket.dropFirst().dropLast().lowercased()
                    let isMark =
                        inner.first?.isNumber == true
                        && (inner.hasSuffix("p") || inner.hasSuffix("p.") || inner.contains("point")
                            || inner.contains("punkt") || inner.contains("mark"))
                    if !isMark { result += bracket }
                    bracket = ""
                    isInside = false
                }
            } else {
                result.append(character)
            }
        }
        return result + bracket
    }
}
