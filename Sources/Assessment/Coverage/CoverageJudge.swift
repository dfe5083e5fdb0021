// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

extension CoverageJudge {
    /// What the other key points of a question ask for, so that what is said of them is not held against this one.
    struct Others: Sendable {
        var numbers: [ReadKeyPoint.Number] = []
        var drugs: Set<String> = []
    }

    /// Judges what a window says of a key point.
    ///
    /// - Parameter embedding: How close the window is to the key point by meaning; nil without a model.
    func verdict(
        of window: Window, on keyPoint: ReadKeyPoint, embedding: Double?, others: Others
    ) -> WindowVerdict {
        var best = WindowVerdict(
            state: .missing, flags: [], share: 0, evidence: nil, relevance: -1, embedding: embedding)
        for wording in keyPoint.wordings {
            let verdict = verdict(of: window, on: keyPoint, as: wording, embedding: embedding, others: others)
            if Self.isBetter(verdict, than: best) { best = verdict }
        }
        if best.state != .contradicted, let said = forbidden(in: window, keyPoint) {
            best.state = .contradicted
            best.flags = [.forbiddenSaid]
            best.signs.isForbiddenSaid = true
            best.share = max(best.share, 0.8)
            best.evidence = said
        }
        return best
    }

    /// Contradictions go before coverage: another wording that is met by other words does not undo one.
    private static func isBetter(_ verdict: WindowVerdict, than best: WindowVerdict) -> Bool {
        func rank(_ state: KeyPointResult.State) -> Int {
            switch state {
            case .contradicted: 4
            case .covered: 3
            case .partial: 2
            case .uncertain: 1
            case .missing: 0
            }
        }
        let (one, other) = (rank(verdict.state), rank(best.state))
        return one == other ? verdict.relevance > best.relevance : one > other
    }

    private func verdict(
        of window: Window, on keyPoint: ReadKeyPoint, as wording: ReadKeyPoint.Wording, embedding: Double?,
        others: Others
    ) -> WindowVerdict {
        let match = match(wording, window)
        let concepts = conceptShare(keyPoint, window)
        let numbers = numbers(keyPoint, window, share: max(match.share, concepts ?? 0), others)
        let share = self.share(match, concepts, numbers)
        var flags: Set<KeyPointResult.Flag> = match.isRespelled ? [.respelled] : []
        var verdict = WindowVerdict(
            state: .missing, flags: flags, share: share, evidence: match.evidence ?? window.tokens,
            relevance: share + 0.5 * max(0, embedding ?? 0), embedding: embedding)
        // A drug alone is spoken of in many ways: what is said of it has to be the key point's too.
        let restShare =
            match.rest + Double(keyPoint.numbers.count) < 0.9
            ? 1 : (match.rest * match.restShare + Double(numbers.right)) / (match.rest + Double(keyPoint.numbers.count))
        // One drug and the advice on it, which many sentences touch; unless they name the action too.
        verdict.isAboutDrugOnly =
            match.rest + Double(keyPoint.numbers.count) < 0.9 && !match.pairs.contains { $0.wanted.isStop }
            && !(keyPoint.drugs.count > 1 && match.share > 0.99)
        verdict.contentShare = match.rest < 0.9 ? 0 : match.restShare
        verdict.isWhole = match.rest + Double(numbers.right) >= 0.9 && restShare >= 0.85

        // What goes against it.
        let turned = opposition(wording, keyPoint, window, match)
        let isRelevant =
            max(share, match.topicShare, numberTopic(match, numbers, keyPoint, window)) >= limits.contradicted
            && (match.rest < 0.9 || max(restShare, match.restShare) >= 0.3)
            || turned.isCalledSafe || turned.isFocused && (restShare >= 0.3 || !keyPoint.namesDrugs)
        let swap =
            swappedDrug(keyPoint, wording, window, match, numbers, others) || areDrugsCrossed(wording, window)
        verdict.signs = SignEvidence(
            share: share, restShare: match.rest < 0.9 ? share : match.restShare, agreeing: turned.agreeing,
            conflicting: turned.conflicting, reversed: turned.reversed, clauseSign: turned.clauseSign,
            isExplicit: turned.isClauseExplicit, isPlain: turned.isPlain, isDoubtful: turned.isDoubtful,
            isFocused: turned.isFocused, isConfirmed: turned.isSignConfirmed, isSignOther: turned.isSignOther,
            isCalledSafe: turned.flags.contains(.calledSafe), numbersRight: numbers.right,
            numbersWrong: numbers.wrong.isEmpty ? 0 : max(1, numbers.rivals), numbersAsked: numbers.asked,
            isSwapped: swap, isHedged: match.isHedged)
        let main = window.clauses.filter { !$0.isQuestion && !$0.isCondition }
        verdict.signs.permits = main.contains {
            $0.sign > 0 && ($0.isPermitted || $0.isReassuring || $0.isIndifferent)
        }
        verdict.signs.denies = main.contains { $0.isDenied || $0.isAvoided }
        verdict.signs.isWarned = keyPoint.isWarning
        verdict.signs.isOtherName = isOtherName(wording, keyPoint, window)
        if swap { flags.insert(.wrongDrug) }
        if isRelevant {
            flags.formUnion(turned.flags)
            flags.formUnion(numbers.wrong)
        }
        if window.isWordList,
            swap || isRelevant && (turned.isPlain || !numbers.wrong.isEmpty || share >= limits.partial)
        {
            verdict.state = .uncertain
            verdict.flags = [.noSentence]
            return verdict
        }
        let isAgainst = swap || isRelevant && (turned.isPlain || !numbers.wrong.isEmpty)
        if isAgainst, window.sentences.count > 1, numbers.wrong.isEmpty || !isRelevant {
            verdict.state = .uncertain
            verdict.flags = flags
            return verdict
        }
        if isAgainst {
            verdict.state = .contradicted
            verdict.flags = flags
            verdict.relevance += 0.2
            return verdict
        }
        if isRelevant, turned.isDoubtful {
            verdict.state = .uncertain
            verdict.flags = flags
            return verdict
        }

        // What speaks for it.
        let meaning = embedding ?? 0
        var state = KeyPointResult.State.missing
        let isNamed = match.rest < 0.9 || match.restShare >= 0.5 || concepts == 1
        if isNamed, share >= limits.covered || share >= limits.coveredByMeaning && meaning >= limits.closeMeaning {
            state = .covered
        } else if match.rest < 0.9 || match.restShare > 0 || meaning >= limits.closeMeaning,
            share >= limits.partial || share >= limits.partialByMeaning && meaning >= limits.nearMeaning
        {
            state = .partial
        } else if meaning >= limits.meaningAlone || numbers.right > 0 && meaning >= limits.nearMeaning {
            state = .partial
            flags.insert(.byMeaning)
        }
        // All things are named, and what happens to them is not.
        if state == .covered, let predicate = keyPoint.predicate, concepts == nil,
            wording.text == keyPoint.keyPoint.label,
            !match.pairs.contains(where: { $0.wanted.tokens == predicate.tokens })
        {
            state = .partial
        }
        if state == .covered, numbers.isMissing {
            state = .partial
            flags.insert(.numberMissing)
        }
        // Close in meaning, and the sign is the other one: sentence vectors don't tell.
        if state != .missing, turned.isSignOther, !turned.isSignConfirmed {
            state = .uncertain
            flags.insert(.negated)
        }
        if state == .covered, keyPoint.sign < 0, !turned.isSignConfirmed { state = .partial }
        if state == .covered || state == .partial {
            if window.isWordList {
                state = .uncertain
                flags.insert(.noSentence)
            } else if match.isHedged {
                state = .uncertain
                flags.insert(.hedged)
            }
        }
        // Right and wrong beside each other: nobody can tell which was meant.
        if numbers.isInconsistent, state == .covered || state == .partial {
            state = .uncertain
            flags.formUnion([.inconsistent, .numberMismatch])
            verdict.evidence = window.tokens
        }
        verdict.state = state
        verdict.flags = flags
        return verdict
    }

    /// How much is named, quantities and the author's concepts included.
    private func share(_ match: Match, _ concepts: Double?, _ check: NumberCheck) -> Double {
        // Without content words the quantities are all there is.
        let words = match.total == 0 && check.asked > 0 ? Double(check.right) / Double(check.asked) : match.share
        return concepts.map { max($0, (words + $0) / 2) } ?? words
    }

    /// How much is spoken of, with quantities that have another value.
    private func numberTopic(_ match: Match, _ check: NumberCheck, _ keyPoint: ReadKeyPoint, _ window: Window) -> Double
    {
        guard match.total == 0 || match.restShare >= 0.3 || match.rest == 0,
            keyPoint.drugs.isEmpty || !keyPoint.drugs.isDisjoint(with: window.drugs)
        else { return 0 }
        let all = match.total + Double(check.asked)
        guard check.asked > 0, check.right + check.rivals > 0, all > 0 else { return 0 }
        return (match.total * match.share + Double(check.right + check.rivals)) / all
    }

    /// Whether the window speaks of another drug than the key point, or where a list of drugs knows neither, of another name: a
    /// word that is no ordinary one.
    private func isOtherName(_ wording: ReadKeyPoint.Wording, _ keyPoint: ReadKeyPoint, _ window: Window) -> Bool {
        if !keyPoint.drugs.isEmpty {
            return !window.drugs.isEmpty && window.drugs.isDisjoint(with: keyPoint.drugs)
        }
        guard knowledge.hasDictionary else { return false }
        func names(_ items: [Item]) -> Set<String> {
            Set(
                items.map(\.word).filter {
                    $0.utf8.count >= 6 && $0.allSatisfy(\.isLetter) && !knowledge.isOrdinary($0)
                })
        }
        let wanted = names(wording.items)
        guard !wanted.isEmpty else { return false }
        let said = names(window.items)
        return !said.isEmpty && said.isDisjoint(with: wanted)
    }

    // MARK: What is named

    struct Match {
        /// The part of the wording that is named, 0...1.
        var share: Double
        /// The same where one of what "or" joins is enough.
        var topicShare: Double
        /// What each item of the wording is in the window.
        var pairs: [(wanted: Item, said: Item, isOpposite: Bool)]
        /// The weight of all items.
        var total: Double
        /// How many content items the wording has, by weight, without drugs.
        var rest: Double
        /// The part of those that is named.
        var restShare: Double
        var isRespelled: Bool
        var isHedged: Bool
        var evidence: Range<Int>?
    }

    func match(_ wording: ReadKeyPoint.Wording, _ window: Window) -> Match {
        let said = window.items
        var pairs: [(wanted: Item, said: Item, isOpposite: Bool)] = []
        var named = 0.0
        var total = 0.0
        var skipped: [Int: (weight: Double, isNamed: Bool)] = [:]
        var rest = 0.0
        var restNamed = 0.0
        var isRespelled = false
        for wanted in wording.items {
            let isStop = wanted.isStop
            if !isStop {
                total += wanted.weight
                if wanted.drug == nil { rest += wanted.weight }
            }
            var found: (item: Item, relation: Item.Relation, respelled: Bool)?
            for item in said {
                guard let (relation, respelled) = Alignment.relation(wanted, item, thesaurus, isTolerant: isTolerant)
                else { continue }
                let isBetter =
                    found == nil || (found?.relation == .opposite && relation == .same)
                    || (found?.respelled == true && !respelled && relation == .same)
                if isBetter { found = (item, relation, respelled) }
            }
            if !isStop, let group = wording.alternatives[wanted.tokens.lowerBound] {
                skipped[group] = (
                    (skipped[group]?.weight ?? 0) + (found == nil ? wanted.weight : 0),
                    (skipped[group]?.isNamed ?? false) || found != nil
                )
            }
            if let found {
                pairs.append((wanted, found.item, found.relation == .opposite))
                isRespelled = isRespelled || found.respelled
                if !isStop {
                    named += wanted.weight
                    if wanted.drug == nil { restNamed += wanted.weight }
                }
            } else if isSplit(wanted, said) {
                isRespelled = true
                named += wanted.weight
                restNamed += wanted.weight
            } else if wanted.isPhrase {
                let parts = wanted.stem.split(separator: " ").map(String.init)
                let here = parts.filter(window.stems.contains)
                let part = wanted.weight * Double(here.count) / Double(parts.count)
                named += part
                if wanted.drug == nil { restNamed += part }
                if here.count == parts.count, let last = here.last, let item = said.first(where: { $0.stem == last }) {
                    pairs.append((wanted, item, false))
                }
            }
        }
        let places = pairs.filter { !$0.wanted.isStop }.map(\.said.tokens)
        var evidence: Range<Int>?
        if let first = places.map(\.lowerBound).min(), let last = places.map(\.upperBound).max() {
            let clauses = window.clauses.filter { $0.tokens.overlaps(first..<last) }
            evidence = (clauses.first?.tokens.lowerBound ?? first)..<max(last, clauses.last?.tokens.upperBound ?? last)
        }
        let hedged = window.clauses.contains { clause in
            clause.isHedged
        }
        let spare = skipped.values.filter(\.isNamed).reduce(0) { $0 + $1.weight }
        return Match(
            share: total == 0 ? 0 : named / total, topicShare: total - spare <= 0 ? 0 : named / (total - spare),
            pairs: pairs, total: total, rest: rest, restShare: rest == 0 ? 1 : restNamed / rest,
            isRespelled: isRespelled, isHedged: hedged, evidence: evidence)
    }

    /// "chicken pocks" for "chickenpox": two words that sound like the one that is looked for.
    private func isSplit(_ wanted: Item, _ said: [Item]) -> Bool {
        guard isTolerant, wanted.drug == nil, wanted.word.utf8.count >= 7, !wanted.isPhrase else {
            return false
        }
        let key = wanted.sound
        guard key.count >= 5 else { return false }
        let letters = wanted.word.utf8.count
        return zip(said, said.dropFirst()).contains { first, second in
            // Lengths rule most pairs out, at a hundredth of what a key costs.
            first.drug == nil && second.drug == nil
                && abs(first.word.utf8.count + second.word.utf8.count - letters) <= 4
                && PhoneticKey.of(first.word, second.word) == key
        }
    }

    /// The share of the author's concept groups that are named; nil where there are none.
    private func conceptShare(_ keyPoint: ReadKeyPoint, _ window: Window) -> Double? {
        guard !keyPoint.concepts.isEmpty else { return nil }
        let said = window.items
        let named = keyPoint.concepts.count { group in
            group.contains { wanted in
                if wanted.isPhrase && wanted.drug == nil {
                    return wanted.stem.split(separator: " ").allSatisfy { window.stems.contains(String($0)) }
                }
                return said.contains {
                    Alignment.relation(wanted, $0, thesaurus, isTolerant: isTolerant)?.relation == .same
                }
            }
        }
        return Double(named) / Double(keyPoint.concepts.count)
    }

    // MARK: Forbidden statements

    /// Where a forbidden statement is made.
    func forbidden(in window: Window, _ keyPoint: ReadKeyPoint) -> Range<Int>? {
        for wording in keyPoint.forbidden {
            let match = match(wording, window)
            guard match.share >= 0.8, let wanted = wording.clauses.first, let best = bestAlignment(of: wanted, window),
                !best.clause.isCondition, !best.clause.isQuestion, best.conflict == 0
            else { continue }
            // "ibuprofen is safe" is made only where it is called safe, not wherever ibuprofen is named.
            let isEvaluated = wanted.isPermitted || wanted.isReassuring || wanted.isUsed
            if isEvaluated, !(best.clause.isPermitted || best.clause.isReassuring || best.clause.isUsed) { continue }
            if wanted.isPermitted || wanted.isReassuring, !(best.clause.isPermitted || best.clause.isReassuring) {
                continue
            }
            return match.evidence ?? window.tokens
        }
        return nil
    }
}
