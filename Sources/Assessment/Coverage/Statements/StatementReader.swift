// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// Reads sentences: cuts them into clauses, finds what each speaks of, and with which sign.
///
/// Negation is parity: every word that denies or advises against turns round what it reaches, so "don't stop" is a yes and
/// "it's not unsafe" too. What it reaches is the clause for most words, what follows in the clause for "no" and "without".
struct StatementReader: Sendable {
    let knowledge: WordKnowledge
    let language: String
    let cues: CueLexicon
    let thesaurus: Thesaurus

    /// A reader for a language (primary subtag); without cues nothing is taken for a negation.
    init(knowledge: WordKnowledge, language: String) {
        self.knowledge = knowledge
        self.language = language
        cues =
            CueLexicon.of(language)
            ?? CueLexicon(language: language, cues: [], functionWords: [], verbs: [], pronouns: [])
        thesaurus = Thesaurus.of(language)
    }

    /// Whether negations are known in the language.
    static func knows(_ language: String) -> Bool { CueLexicon.of(language) != nil }

    /// The sentences of a text.
    func statements(of text: AnswerText) -> [Statement] {
        let quantities = QuantityReader(text).quantities()
        let drugs = drugMentions(in: text)
        var statements: [Statement] = []
        var next = 0
        for sentence in text.sentences {
            var own: [Quantity] = []
            while next < quantities.count, quantities[next].tokens.lowerBound < sentence.upperBound {
                if quantities[next].tokens.lowerBound >= sentence.lowerBound { own.append(quantities[next]) }
                next += 1
            }
            var statement = Statement(tokens: sentence, clauses: [], quantities: own)
            statement.clauses = clauses(of: sentence, text, own, drugs)
            statement.isWordList = isWordList(sentence, text, own)
            if let last = statements.last, let echo = statement.clauses.first, echo.isEcho, echo.items.isEmpty,
                let before = last.clauses.last(where: { !$0.items.isEmpty })
            {
                statement.clauses[0].items = Self.echoed(before, by: echo)
                if let place = last.clauses.lastIndex(where: { !$0.items.isEmpty }) {
                    settle(&statements[statements.count - 1].clauses[place], by: echo, text)
                }
            }
            statements.append(statement)
        }
        return statements
    }

    /// The words by which some tokens of a text are compared: those that carry content or turn a statement round.
    func terms(of tokens: ArraySlice<AnswerText.Token>) -> [String] {
        tokens.compactMap { token in
            guard token.kind != .sign, Self.turns.contains(token.word) || !cues.functionWords.contains(token.word)
            else {
                return nil
            }
            return token.kind == .number ? token.word : token.stem
        }
    }

    private static let turns: Set<String> = ["not", "no", "never", "without", "before", "after"]

    // MARK: Clauses

    func clauses(
        of sentence: Range<Int>, _ text: AnswerText, _ quantities: [Quantity], _ drugs: [Int: DrugName]
    ) -> [Clause] {
        var clauses: [Clause] = []
        var numbers: [Int: Int] = [:]
        for quantity in quantities where !quantity.tokens.isEmpty {
            numbers[quantity.tokens.lowerBound] = max(
                quantity.tokens.upperBound, numbers[quantity.tokens.lowerBound] ?? 0)
            // "no less than" says nothing but the limit.
            if quantity.phrase.lowerBound < quantity.tokens.lowerBound,
                ["no", "not", "at", "minimum", "maximum"].contains(text.tokens[quantity.phrase.lowerBound].word)
            {
                numbers[quantity.phrase.lowerBound] = quantity.tokens.upperBound
            }
        }
        let isQuestion = sentence.last.map { text.tokens[$0].word == "?" } ?? false
        for (range, isCondition, afterComma) in ranges(of: sentence, text, numbers) {
            var clause = read(range, text, numbers, drugs)
            clause.isCondition = clause.isCondition || isCondition
            clause.isQuestion = isQuestion
            // "must not take aspirin, ibuprofen or naproxen": what a list goes on with has the sign of its beginning.
            if afterComma, !clause.isExplicit, !clause.isCondition, clause.items.count <= 4, !clause.items.isEmpty,
                let last = clauses.last,
                last.sign < 0, last.isDenied || last.isAvoided, !hasSubject(range, text), !last.isCondition,
                isList(range, text)
            {
                clause.sign = -1
                for index in clause.items.indices { clause.items[index].sign *= -1 }
            }
            // "measles, mumps and rubella": what only goes on with a list belongs to its clause.
            if afterComma, !clause.isExplicit, !clause.isCondition, let last = clauses.last, !last.isCondition,
                !last.items.isEmpty,
                !hasSubject(range, text), range.count <= 4 || range.count <= 6 && isList(range, text)
            {
                let sign = last.items.last { !$0.isStop }?.sign ?? last.sign
                clauses[clauses.count - 1].items += clause.items.map { item in
                    var item = item
                    item.sign = sign
                    return item
                }
                clauses[clauses.count - 1].tokens = last.tokens.lowerBound..<range.upperBound
                continue
            }
            if clause.isEcho, clause.items.isEmpty, let place = clauses.lastIndex(where: { !$0.items.isEmpty }) {
                clause.items = Self.echoed(clauses[place], by: clause)
                settle(&clauses[place], by: clause, text)
            }
            clauses.append(clause)
        }
        return clauses
    }

    /// "…, that's fine": what was spoken of before, with the sign of what is said of it.
    static func echoed(_ before: Clause, by clause: Clause) -> [Item] {
        before.items.map { item in
            var item = item
            item.sign = clause.sign
            return item
        }
    }

    /// "Cranberry juice? I'd steer clear of that": what is only named stands as what is said of it next.
    private func settle(_ named: inout Clause, by echo: Clause, _ text: AnswerText) {
        guard !named.isExplicit, !named.isCondition, !hasSubject(named.tokens, text),
            !named.tokens.contains(where: { Self.auxiliaries.contains(text.tokens[$0].word) })
        else { return }
        named.sign = echo.sign
        named.items = Self.echoed(named, by: echo)
    }

    func isList(_ range: Range<Int>, _ text: AnswerText) -> Bool {
        range.contains { ["or", "nor"].contains(text.tokens[$0].word) } || range.count <= 3
    }

    func hasSubject(_ range: Range<Int>, _ text: AnswerText) -> Bool {
        range.contains { place in
            if cues.verbs.contains(text.tokens[place].stem) { return true }
            guard cues.pronouns.contains(text.tokens[place].word) else { return false }
            // "within two hours of it" has no subject in it.
            return language != "en" || place + 1 < range.upperBound && place <= range.lowerBound + 1
                || place + 1 < range.upperBound && isVerbal(text.tokens[place + 1])
        }
    }

    // MARK: One clause

    func read(
        _ range: Range<Int>, _ text: AnswerText, _ numbers: [Int: Int], _ drugs: [Int: DrugName]
    ) -> Clause {
        var clause = Clause(tokens: range)
        let stems = text.stems
        var negatedFrom: [Int] = []
        var briefly: [Int] = []
        var parity = 1
        var stops: [(Int, Range<Int>, Bool)] = []
        var hasPronoun = false
        var index = range.lowerBound
        var consumed = Set<Int>()
        while index < range.upperBound {
            if let end = numbers[index] {
                index = max(end, index + 1)
                continue
            }
            let token = text.tokens[index]
            if ["it", "that", "this", "them", "so", "both", "one"].contains(token.word) { hasPronoun = true }
            if ["it", "that", "this", "them"].contains(token.word), index > range.lowerBound + 1 {
                clause.hasPronoun = true
            }
            if let drug = drugs[index] {
                // "nor" in a misheard name denies nothing.
                index = max(drug.end, index + 1)
                continue
            }
            if token.word == "not" || token.word == "no" || token.word == "without" || token.word == "nothing",
                let phrase = thesaurus.senses(at: index, in: stems).map(\.end).max(), phrase > index + 1,
                phrase <= range.upperBound,
                cues.cue(at: index, in: stems).map({ $0.end < phrase }) ?? true
            {
                // "not opened" is one word in other words.
                index = phrase
                continue
            }
            if token.word == "not", language == "en", index + 1 < range.upperBound,
                text.tokens[index + 1].word.hasSuffix("ing"),
                index == range.lowerBound || !Self.beings.contains(text.tokens[index - 1].word)
            {
                // "not eating, you still need it"
                clause.isDenied = true
                briefly.append(index + 1)
                index += 1
                continue
            }
            if let end = farApart(at: index, range, text) {
                clause.isAvoided = true
                parity = -parity
                consumed.insert(index)
                index = end
                continue
            }
            if let tail = partedIdiom(at: index, range, stems) {
                clause.isAvoided = true
                stops.append((parity, index..<(index + 1), false))
                parity = -parity
                consumed.insert(index)
                for place in tail { consumed.insert(place) }
                index += 1
                continue
            }
            if let (cue, particle) = parted(at: index, range, text), cue == .avoid {
                clause.isAvoided = true
                stops.append((parity, index..<(index + 1), false))
                parity = -parity
                consumed.insert(index)
                consumed.insert(particle)
                index += 1
                continue
            }
            guard let (cue, end) = cues.cue(at: index, in: stems), end <= range.upperBound, drugs[index] == nil else {
                index += 1
                continue
            }
            switch cue {
            case .negator:
                if isLimit(after: end, range, text, numbers) { break }
                clause.isDenied = true
                parity = -parity
            case .negatorAfter:
                clause.isDenied = true
                negatedFrom.append(end)
            case .neglect:
                // Only "don't forget" says to do it; who forgets is spoken of.
                if clause.isDenied || token.word == "unless" { parity = -parity }
            case .avoid:
                if isSubject(index, range, text) {
                    index = end
                    continue
                }
                clause.isAvoided = true
                stops.append((parity, index..<end, false))
                parity = -parity
            case .proceed:
                clause.isContinued = true
                stops.append((parity, index..<end, true))
            case .use: clause.isUsed = true
            case .permit: clause.isPermitted = true
            case .reassure: clause.isReassuring = true
            case .indifferent:
                clause.isIndifferent = true
                clause.isReassuring = true
            case .unsafe:
                clause.isUnsafe = true
                parity = -parity
            case .hedge: clause.isHedged = true
            case .condition: if index == range.lowerBound { clause.isCondition = true }
            case .neutral, .boundary: break
            }
            if cue != .use || end > index + 1 || !Self.contentVerbs.contains(token.stem) {
                for place in index..<end { consumed.insert(place) }
            }
            if [.neutral, .reassure, .indifferent, .hedge, .negator].contains(cue) {
                index = end
            } else {
                index = max(index + 1, end)
            }
        }
        clause.sign = parity
        // "do not stop without asking": with the asking it is allowed, so neither half is denied for good.
        if clause.isDenied, parity < 0 || !stops.isEmpty, let without = negatedFrom.first,
            range.contains(where: { text.tokens[$0].word == "without" && $0 < without }),
            range.contains(where: { ["not", "never"].contains(text.tokens[$0].word) })
        {
            clause.isConditional = true
        }
        let isConditional = clause.isConditional
        clause.items = items(in: range, text, numbers, drugs, consumed) { token in
            // "do not stop without asking": asking is what is wanted.
            if isConditional, let without = negatedFrom.last, token >= without { return 1 }
            var sign = parity
            for start in negatedFrom where token >= start && token < start + 7 { sign = -sign }
            for start in briefly where token == start { sign = -sign }
            return sign
        }
        for (sign, tokens, isProceeding) in stops {
            // What stands before the word that ends it has not been turned round by it.
            let own = clause.isDenied ? denied(before: tokens.lowerBound, range, text, stems) : 1
            _ = sign
            clause.items.append(Item(stopping: isProceeding, sign: own, tokens: tokens))
        }
        // "popping them lets germs in" speaks of doing it, and asks nobody to.
        if language == "en", let first = range.first(where: { !cues.functionWords.contains(text.tokens[$0].word) }),
            first <= range.lowerBound + 1,
            text.tokens[first].word.hasSuffix("ing"), text.tokens[first].word.utf8.count > 5, drugs[first] == nil,
            !clause.isDenied, !clause.isAvoided, !clause.isContinued,
            !clause.isPermitted, !clause.isReassuring
        {
            clause.isAside = true
        }
        clause.isContrast = clause.isDenied && text.tokens[range.lowerBound].word == "not" && !hasSubject(range, text)
        clause.isEcho = clause.isExplicit && hasPronoun && !clause.items.contains { !$0.isStop }
        return clause
    }

    /// "don't go over 2 grams", "never more than four": a limit, which denies nothing.
    func isLimit(after index: Int, _ range: Range<Int>, _ text: AnswerText, _ numbers: [Int: Int]) -> Bool {
        for place in index..<max(index, min(range.upperBound, index + 6))
        where Self.limits.contains(text.tokens[place].word) {
            for number in (place + 1)..<max(place + 1, min(range.upperBound, place + 4)) where numbers[number] != nil {
                return true
            }
        }
        return false
    }

    static let limits: Set<String> = [
        "more", "over", "exceed", "exceeding", "above", "beyond", "longer", "less", "later",
    ]

    // MARK: Lists of words

    /// Whether a sentence is words without grammar: a long run of words that carry content and nothing that holds them
    /// together, or many short pieces between commas of which hardly any says what is done.
    func isWordList(_ sentence: Range<Int>, _ text: AnswerText, _ quantities: [Quantity]) -> Bool {
        guard CueLexicon.of(language) != nil else { return false }
        if language == "en", isEnumeration(sentence, text) { return true }
        var words = 0
        var small = 0
        var run = 0
        var longest = 0
        for index in sentence {
            let token = text.tokens[index]
            guard token.kind == .word else {
                run = 0
                continue
            }
            // "four times a day" is said in sentences and in lists alike.
            if quantities.contains(where: { $0.tokens.contains(index) }) { continue }
            words += 1
            if cues.functionWords.contains(token.word) {
                small += 1
                run = 0
            } else {
                run += 1
                longest = max(longest, run)
            }
        }
        return words >= 6 && longest >= 5 && Double(small) < 0.25 * Double(words)
    }

    /// "Minibag, fifty mil, ten minutes, warm compress, azoles, nerves, laxative".
    private func isEnumeration(_ sentence: Range<Int>, _ text: AnswerText) -> Bool {
        let pieces = text.tokens[sentence].split { $0.kind == .sign && [",", ";", "."].contains($0.word) }
        guard pieces.count >= Self.leastEnumerated else { return false }
        let spoken = pieces.count { piece in
            piece.count > 4 || Self.actions.contains(piece.first?.word ?? "")
                || piece.contains { $0.kind == .word && cues.functionWords.contains($0.word) && $0.word != "and" }
        }
        return Double(spoken) <= 0.3 * Double(pieces.count)
    }

    private static let leastEnumerated = 7

    /// Words that tell somebody to do something.
    private static let actions: Set<String> = [
        "add", "advise", "apply", "arrange", "ask", "assess", "avoid", "begin", "bring", "call", "change", "check",
        "clean",
        "contact", "continue", "cover", "cut", "dilute", "discard", "discuss", "do", "document", "drink", "eat",
        "educate", "explain",
        "finish", "flush", "follow", "give", "halve", "hold", "inform", "inject", "keep", "lie", "make", "measure",
        "monitor", "never",
        "offer", "phone", "place", "prescribe", "press", "put", "raise", "record", "reduce", "refer", "remove",
        "repeat", "report",
        "rest", "review", "ring", "rinse", "rotate", "see", "send", "shake", "sit", "start", "stay", "stop", "store",
        "swallow",
        "switch", "take", "talk", "tell", "test", "throw", "titrate", "treat", "turn", "use", "wait", "warn", "wash",
        "watch", "wear",
        "withhold", "write",
    ]
}
