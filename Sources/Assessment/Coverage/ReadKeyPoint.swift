// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// A key point as it is looked for: its wordings read as statements, with what was left out derived from the label.
struct ReadKeyPoint: Sendable {
    /// One way of saying it.
    struct Wording: Sendable {
        /// The clauses with something in them.
        private(set) var clauses: [Clause]
        /// All items.
        private(set) var items: [Item]
        /// The text, for comparing meanings.
        var text: String
        /// The words of the text that it is compared by.
        var terms: [String]
        /// The groups of items that "or" joins, by where they begin in the label: one of each is enough to speak of it.
        var alternatives: [Int: Int] = [:]

        init(_ text: AnswerText, _ statements: [Statement], _ reader: StatementReader) {
            clauses = statements.flatMap(\.clauses).filter { !$0.items.isEmpty }
            items = clauses.flatMap(\.items)
            self.text = text.text
            terms = reader.terms(of: text.tokens[...])
        }

        /// Turns its statements round, but for conditions.
        mutating func turn() {
            for index in clauses.indices where !clauses[index].isCondition {
                clauses[index].sign *= -1
                for item in clauses[index].items.indices { clauses[index].items[item].sign *= -1 }
            }
            items = clauses.flatMap(\.items)
        }
    }

    /// A quantity that is asked for.
    struct Number: Sendable {
        var quantity: Quantity
        /// In base units.
        var tolerance: Double
        /// Whether an answer without it is not complete.
        var isRequired: Bool
    }

    /// The key point.
    var keyPoint: KeyPoint
    /// The label first, then the phrases.
    var wordings: [Wording]
    /// Groups of items of which one of each has to be named; empty when they are those of the wording.
    var concepts: [[Item]]
    /// Quantities that have to be right.
    var numbers: [Number]
    /// The quantities of the label as they are written there.
    var labelQuantities: [(quantity: Quantity, text: String)]
    /// Quantities that the label denies: "not every day".
    var excluded: [Quantity]
    /// Statements that contradict it.
    var forbidden: [Wording]
    /// The sign of its main clause: -1 where it denies or advises against.
    var sign: Int
    /// Whether it warns: of a risk, a sign of illness, something harmful.
    var isWarning: Bool
    /// The item that says what is done or what happens, where that can be told: an answer without it is not complete.
    var predicate: Item?
    /// Whether it names a drug or a family of drugs.
    var namesDrugs: Bool
    /// The drugs that it names.
    var drugs: Set<String>

    /// Reads a key point.
    ///
    /// - Parameter reader: Reads sentences in its language.
    init(_ keyPoint: KeyPoint, reader: StatementReader) {
        let text = AnswerText(keyPoint.label, language: reader.language)
        self.init(keyPoint, label: text, reader.statements(of: text), reader: reader)
    }

    /// Takes a key point whose label was read before.
    init(_ keyPoint: KeyPoint, label text: AnswerText, _ statements: [Statement], reader: StatementReader) {
        self.keyPoint = keyPoint
        var label = Wording(text, statements, reader)
        label.alternatives = Self.alternatives(in: statements, text)
        var sign = Self.mainSign(label)
        if let polarity = keyPoint.polarity {
            let wanted = polarity == .negate ? -1 : 1
            if sign != wanted {
                // The author says so: the label's words carry no negation that we know.
                label.turn()
                sign = wanted
            }
        }
        self.sign = sign
        func wording(_ phrase: String) -> Wording {
            let text = AnswerText(phrase, language: reader.language)
            return Wording(text, reader.statements(of: text), reader)
        }
        wordings = [label] + keyPoint.phrases.map(wording)
        concepts = keyPoint.concepts.map { group in
            group.flatMap { Self.items(naming: $0, reader) }
        }.filter { !$0.isEmpty }
        forbidden = keyPoint.forbidden.map(wording).filter { !$0.items.isEmpty }

        var derived: [Quantity] = []
        excluded = []
        for statement in statements {
            for quantity in statement.quantities {
                let isListed =
                    statement.clauses.count > 1 && (statement.clause(of: quantity.tokens.lowerBound)?.isDenied ?? false)
                if isListed, statement.quantities.contains(where: { $0.kind == quantity.kind && $0 != quantity }) {
                    excluded.append(quantity)
                } else {
                    derived.append(quantity)
                }
            }
        }
        labelQuantities = derived.map { ($0, text.written($0.phrase)) }
        numbers = []
        for number in keyPoint.numbers {
            guard var quantity = Self.quantity(of: number, reader) else { continue }
            // What the label says of it, a limit or an amount a day, holds where the number doesn't say otherwise.
            let same = derived.first { $0.isComparable(with: quantity) && $0.high == quantity.high }
            quantity.relation = number.relation ?? same?.relation ?? .equal
            if quantity.period == nil { quantity.period = same?.period }
            let scale = number.value == 0 ? 1 : abs(quantity.high / number.value)
            numbers.append(
                Number(
                    quantity: quantity, tolerance: abs(number.tolerance) * (quantity.kind == .frequency ? 1 : scale),
                    isRequired: true))
        }
        let kinds = Set(numbers.map(\.quantity.kind))
        for (index, quantity) in derived.enumerated() where !kinds.contains(quantity.kind) {
            // "Two 500 mg tablets" asks for a gram, however it is taken.
            let isContained = derived[..<index].contains { $0.tokens.overlaps(quantity.tokens) }
            numbers.append(
                Number(
                    quantity: quantity, tolerance: 0,
                    isRequired: kinds.isEmpty && !isContained && !quantity.isLoose))
        }
        namesDrugs = label.items.contains { $0.drug != nil || $0.family != nil }
        predicate = Self.predicate(of: label, text)
        isWarning = sign < 0 || text.tokens.contains { Self.warningStems.contains($0.stem) }
        drugs = Set(label.items.compactMap(\.drug)).union(concepts.flatMap { $0 }.compactMap(\.drug))
    }

    /// What is written as `{"value": 1, "unit": "g"}`, read as if it had been said.
    static func quantity(of number: KeyPoint.Number, _ reader: StatementReader) -> Quantity? {
        let unit = number.unit ?? ""
        var value = String(number.value)
        if value.hasSuffix(".0") { value.removeLast(2) }
        let text = AnswerText(value + " " + unit, language: reader.language)
        if let quantity = QuantityReader(text).quantities().first { return quantity }
        return Quantity(
            kind: .other, low: number.value, high: number.value, said: number.value...number.value, unit: unit,
            tokens: 0..<0, phrase: 0..<0)
    }

    /// Items that "or" joins: "ice or butter".
    private static func alternatives(in statements: [Statement], _ text: AnswerText) -> [Int: Int] {
        var groups: [Int: Int] = [:]
        let items = statements.flatMap(\.items).filter { !$0.isStop }
        for (first, second) in zip(items, items.dropFirst()) {
            let between = first.tokens.upperBound..<max(first.tokens.upperBound, second.tokens.lowerBound)
            guard between.contains(where: { ["or", "oder", "o", "ou"].contains(text.tokens[$0].word) }) else {
                continue
            }
            let group = groups[first.tokens.lowerBound] ?? first.tokens.lowerBound
            groups[first.tokens.lowerBound] = group
            groups[second.tokens.lowerBound] = group
        }
        return groups
    }

    private static func items(naming phrase: String, _ reader: StatementReader) -> [Item] {
        let text = AnswerText(phrase, language: reader.language)
        let items = reader.statements(of: text).flatMap(\.items)
        // "into the muscle" names one thing; each of its words alone does not.
        if items.count > 1 {
            return [
                Item(
                    stem: items.map(\.stem).joined(separator: " "),
                    drug: items.contains { $0.drug != nil } ? items[0].drug : nil, family: items[0].family,
                    isRespelled: items[0].isRespelled, sign: items[0].sign, weight: items[0].weight,
                    tokens: items[0].tokens, word: items[0].word, sound: items[0].sound, isKnown: items[0].isKnown)
            ]
        }
        if items.isEmpty {
            let stems = text.tokens.filter { $0.kind != .sign }.map(\.stem)
            guard !stems.isEmpty else { return [] }
            return [
                Item(
                    stem: stems.joined(separator: " "), sign: 1, weight: 1, tokens: 0..<0,
                    word: text.tokens.map(\.word).joined(separator: " "))
            ]
        }
        return items
    }

    private static func mainSign(_ wording: Wording) -> Int {
        let main = wording.clauses.first { !$0.isCondition } ?? wording.clauses.first
        guard let main else { return 1 }
        let content = main.items.filter { !$0.isStop }
        guard let first = content.max(by: { $0.weight < $1.weight }) else { return main.sign }
        return first.sign
    }

    /// The word that begins an instruction; else what follows an auxiliary; else what follows the first thing named.
    private static func predicate(of label: Wording, _ text: AnswerText) -> Item? {
        let items = (label.clauses.first { !$0.isCondition }?.items ?? []).filter {
            $0.weight >= 0.9 && !$0.isStop
        }
        guard let first = items.first, let start = text.tokens.firstIndex(where: { $0.kind == .word }) else {
            return nil
        }
        let isNaming = first.drug != nil || first.family != nil
        if first.tokens.lowerBound == start, !isNaming, items.count > 1, text.tokens[start].word.hasSuffix("s") == false
        {
            // "Carry a card": unless an auxiliary shows that it is a noun.
            let next = first.tokens.upperBound
            if next >= text.tokens.count || !auxiliaries.contains(text.tokens[next].word) { return first }
        }
        if let auxiliary = text.tokens.firstIndex(where: { auxiliaries.contains($0.word) }) {
            return items.first { $0.tokens.lowerBound > auxiliary && $0.drug == nil && $0.family == nil }
        }
        return items.dropFirst().first { $0.drug == nil && $0.family == nil }
    }

    private static let auxiliaries: Set<String> = [
        "can", "may", "must", "should", "is", "are", "does", "do", "will", "could", "might", "has",
    ]

    private static let warningStems: Set<String> = Set(
        [
            "risk", "cause", "reduce", "increase", "raise", "lower", "damage", "harm", "interact", "toxic", "fatal",
            "dangerous",
            "bleed", "worsen", "sign", "contraindicated", "report", "danger", "dangerous", "death", "overdose",
            "allergic",
            "severe", "serious", "side", "lead", "doctor", "urgent", "help",
        ].map { WordStem.of($0, language: "en") })
}
