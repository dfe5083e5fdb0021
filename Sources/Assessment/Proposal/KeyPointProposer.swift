// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// Proposes key points from an expected answer, for an educator to edit: one a statement, with its polarity and numbers, and
/// critical where a mistake would be dangerous: a dose, or something that is advised against.
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
        for statement in statements {
            for tokens in claims(of: statement, text) where proposed.count < Self.most {
                let label = trimmed(text.written(tokens))
                guard !label.isEmpty, !proposed.contains(where: { $0.label == label }) else { continue }
                proposed.append(keyPoint(label, tokens, statement, text, proposed))
            }
        }
        if proposed.isEmpty, !trimmed(expected).isEmpty {
            proposed = [KeyPoint(id: "answer", label: trimmed(expected))]
        }
        return proposed
    }

    /// The parts of a sentence that say something of their own: a clause with its conditions.
    private func claims(of statement: Statement, _ text: AnswerText) -> [Range<Int>] {
        var claims: [(tokens: Range<Int>, weight: Double, isOpen: Bool)] = []
        for clause in statement.clauses {
            let weight = clause.items.filter { !$0.isStop }.reduce(0) { $0 + $1.weight }
            let count = statement.quantities.count { clause.tokens.contains($0.tokens.lowerBound) }
            let total = weight + Double(count)
            let isReason = Self.reasons.contains(text.tokens[clause.tokens.lowerBound].word)
            // A condition belongs to what is done then, a reason to what it is given for, a fragment to what it goes on from.
            if let last = claims.last, clause.isCondition || isReason || total < 2 || last.isOpen || last.weight < 2 {
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
        _ label: String, _ tokens: Range<Int>, _ statement: Statement, _ text: AnswerText, _ others: [KeyPoint]
    ) -> KeyPoint {
        let clauses = statement.clauses.filter { tokens.overlaps($0.tokens) }
        let items = clauses.flatMap(\.items)
        let main = clauses.first { !$0.isCondition } ?? clauses.first
        let quantities = statement.quantities.filter { tokens.contains($0.tokens.lowerBound) }
        let isNegative = (main?.items.first { !$0.isStop }?.sign ?? main?.sign ?? 1) < 0
        let isDose =
            quantities.contains { [.mass, .activity, .amount].contains($0.kind) } && items.contains { $0.drug != nil }
        var keyPoint = KeyPoint(id: identity(items, others), label: label)
        keyPoint.isCritical = isDose || isNegative && items.contains { $0.drug != nil || $0.family != nil }
        keyPoint.polarity = isNegative ? .negate : .affirm
        keyPoint.numbers = quantities.compactMap { quantity in
            guard quantity.kind != .bare, quantity.low == quantity.high, quantity.kind != .frequency else { return nil }
            let written = text.written(quantity.tokens)
            guard let unit = written.split(separator: " ").last.map(String.init), unit.contains(where: \.isLetter)
            else { return nil }
            return KeyPoint.Number(value: quantity.said.upperBound, unit: String(unit.drop { !$0.isLetter }))
        }
        return keyPoint
    }

    private func identity(_ items: [Item], _ others: [KeyPoint]) -> String {
        let words = items.filter { !$0.isStop && $0.weight >= 0.9 }.prefix(3).map {
            $0.word.filter { $0.isLetter || $0.isNumber }
        }
        var name = words.filter { !$0.isEmpty }.joined(separator: "-")
        if name.isEmpty { name = "point" }
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
