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
            match.rest + Double(keyPoint.numbers.count) < 0.9 && !match.pairs.contains { $0.wanted.stem == "#stop" }
            && !(keyPoint.drugs.count > 1 && match.share > 0.99)
        verdict.contentShare = match.rest < 0.9 ? 0 : match.restShare
        verdict.isWhole = match.rest + Double(numbers.right) >= 0.9 && restShare >= 0.85

        // What goes against it.
        let turned = opposition(wording, keyPoint, window, match)
        let isRelevant =
            max(share, match.topicShare, numberTopic(match, numbers, keyPoint, window)) >= limits.contradicted
            && (match.rest < 0.9 || max(restShare, match.restShare) >= 0.3)
            || turned.isCalledSafe || turned.isFocused && (restShare >= 0.3 || !keyPoint.namesDrugs)
        let swap = swappedDrug(keyPoint, wording, window, match, numbers, others)
        verdict.signs = SignEvidence(
            share: share, restShare: match.rest < 0.9 ? share : match.restShare, agreeing: turned.agreeing,
            conflicting: turned.conflicting, reversed: turned.reversed, clauseSign: turned.clauseSign,
            isExplicit: turned.isClauseExplicit, isPlain: turned.isPlain, isDoubtful: turned.isDoubtful,
            isFocused: turned.isFocused, isConfirmed: turned.isSignConfirmed, isSignOther: turned.isSignOther,
            isCalledSafe: turned.flags.contains(.calledSafe), numbersRight: numbers.right,
            numbersWrong: numbers.wrong.isEmpty ? 0 : max(1, numbers.rivals), numbersAsked: numbers.asked,
            isSwapped: swap, isHedged: match.isHedged)
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
        let stems = Set(said.flatMap { $0.stem.split(separator: " ").map(String.init) })
        for wanted in wording.items {
            let isStop = wanted.stem == "#stop"
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
            } else if wanted.stem.contains(" ") {
                let parts = wanted.stem.split(separator: " ").map(String.init)
                let here = parts.filter(stems.contains)
                let part = wanted.weight * Double(here.count) / Double(parts.count)
                named += part
                if wanted.drug == nil { restNamed += part }
                if here.count == parts.count, let last = here.last, let item = said.first(where: { $0.stem == last }) {
                    pairs.append((wanted, item, false))
                }
            }
        }
        let places = pairs.filter { $0.wanted.stem != "#stop" }.map(\.said.tokens)
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
        guard isTolerant, wanted.drug == nil, wanted.word.utf8.count >= 7, !wanted.stem.contains(" ") else {
            return false
        }
        let key = wanted.sound
        guard key.count >= 5 else { return false }
        let letters = wanted.word.utf8.count
        return zip(said, said.dropFirst()).contains { first, second in
            // Lengths rule most pairs out, at a hundredth of what a key costs.
            first.drug == nil && second.drug == nil
                && abs(first.word.utf8.count + second.word.utf8.count - letters) <= 4
                && PhoneticKey.of(first.word + second.word) == key
        }
    }

    /// The share of the author's concept groups that are named; nil where there are none.
    private func conceptShare(_ keyPoint: ReadKeyPoint, _ window: Window) -> Double? {
        guard !keyPoint.concepts.isEmpty else { return nil }
        let said = window.items
        let stems = Set(said.flatMap { $0.stem.split(separator: " ").map(String.init) })
        let named = keyPoint.concepts.count { group in
            group.contains { wanted in
                if wanted.stem.contains(" ") && wanted.drug == nil {
                    return wanted.stem.split(separator: " ").allSatisfy { stems.contains(String($0)) }
                }
                return said.contains {
                    Alignment.relation(wanted, $0, thesaurus, isTolerant: isTolerant)?.relation == .same
                }
            }
        }
        return Double(named) / Double(keyPoint.concepts.count)
    }

    // MARK: What is turned round

    struct Opposition {
        var flags: Set<KeyPointResult.Flag> = []
        /// Whether the opposite is said plainly.
        var isPlain = false
        /// Whether it may be the opposite.
        var isDoubtful = false
        /// Whether some item has the sign that the key point asks for.
        var isSignConfirmed = false
        /// Whether a clause speaks of nothing but what the statement is about, and denies it.
        var isFocused = false
        /// Whether what it warns of is called harmless.
        var isCalledSafe = false
        /// Whether the window's own sign is the other one.
        var isSignOther = false
        /// The weight of what agrees, of what has the other sign, and of opposites, in the clauses that say most.
        var agreeing = 0.0
        var conflicting = 0.0
        var reversed = 0.0
        /// The sign of the clause that says most.
        var clauseSign = 0
        var isClauseExplicit = false
    }

    private func opposition(
        _ wording: ReadKeyPoint.Wording, _ keyPoint: ReadKeyPoint, _ window: Window, _ match: Match
    ) -> Opposition {
        var result = Opposition()
        turnedDirections(wording, window, match, &result)
        for wanted in wording.clauses {
            guard let best = bestAlignment(of: wanted, window) else { continue }
            let isNeutral =
                best.clause.isCondition != wanted.isCondition || best.clause.isQuestion && !wanted.isCondition
            let isPivoted = best.pairs.contains { $0.isOpposite && $0.agrees && $0.wanted.weight >= 0.9 }
            if !isNeutral {
                result.agreeing += best.weight - best.conflict
                result.conflicting += best.conflict
                result.reversed += best.pairs.reduce(0) { $0 + ($1.isOpposite && !$1.agrees ? $1.wanted.weight : 0) }
                if result.clauseSign == 0 {
                    result.clauseSign = best.clause.sign
                    result.isClauseExplicit = best.clause.isExplicit
                }
            }
            if isNeutral {
                continue
            }
            // The drug that the statement is about comes first; of the others much else can be said.
            let head = wanted.isCondition ? nil : wanted.items.first { $0.drug != nil || $0.family != nil }
            // Where no drug is named, "it" is the one that the question is about.
            let hasHead =
                head.map { head in
                    match.pairs.contains { $0.wanted.tokens == head.tokens }
                        || !window.items.contains { $0.drug != nil || $0.family != nil }
                } ?? true
            let own = wanted.items.reduce(0) { $0 + ($1.stem == "#stop" ? 0 : $1.weight) }
            let content = best.pairs.filter { $0.wanted.stem != "#stop" }
            let named = content.reduce(0) { $0 + $1.wanted.weight }
            let first = wanted.items.first { $0.weight >= 0.9 }
            let isHeadElsewhere =
                first.map { first in
                    !best.pairs.contains { $0.wanted.tokens == first.tokens } && isSaidRightly(first, window)
                } ?? false
            for clause in window.clauses
            where clause.hasPronoun && (clause.isDenied || clause.isAvoided) && clause.tokens != best.clause.tokens {
                // "…, so there's no need to report it"
                guard let other = alignment(of: wanted, clause), other.conflict >= 0.9, other.conflict == other.weight,
                    !clause.isCondition, match.share >= limits.contradicted,
                    clause.items.count(where: { $0.weight >= 0.5 && $0.stem != "#stop" }) <= other.pairs.count
                else { continue }
                result.flags.insert(.negated)
                result.isPlain = true
            }
            let topic = best.clause.items.filter { $0.stem != "#stop" && $0.weight >= 0.5 }
            let isHeadNamed = best.pairs.contains { pair in
                pair.wanted.tokens == wording.items.first(where: { $0.weight >= 0.9 })?.tokens && !pair.agrees
            }
            let isAllAvoided =
                best.clause.isAvoided && content.count == topic.count && !content.isEmpty && match.share >= 0.3
            if isHeadNamed || isAllAvoided && content.allSatisfy({ !$0.agrees }),
                best.clause.isDenied || best.clause.isAvoided, !best.clause.isCondition,
                Double(content.count) >= 0.75 * Double(topic.count)
            {
                result.isFocused = true
            }
            for pair in best.pairs {
                if pair.agrees {
                    if pair.wanted.sign == keyPoint.sign { result.isSignConfirmed = true }
                    continue
                }
                // "hang on to the bag" for "don't throw it away": the verb has turned it round already.
                if isPivoted || best.isPivotedElsewhere, !pair.isOpposite { continue }
                if best.clause.isAside, !pair.isOpposite, pair.wanted.sign < 0 { continue }
                // The right word with the right sign somewhere else in the window settles a before or an after.
                if pair.isOpposite,
                    isSaidRightly(pair.wanted, window) || isOtherwiseMeant(pair, wording)
                        || isSwapped(pair.wanted, pair.said, wording, window)
                {
                    continue
                }
                if wanted.isCondition, !pair.isOpposite, named < 0.6 * own || best.conflict < named { continue }
                if pair.wanted.weight < 0.9, !pair.isOpposite, pair.wanted.stem != "#stop" { continue }
                let isStop = pair.wanted.stem == "#stop"
                if best.agreesElsewhere && !best.clause.isExplicit || isHeadElsewhere { continue }
                // "don't take scissors to the patch" denies another thing than "change the patch" asks for.
                if !pair.isOpposite, !isAllAvoided, match.share <= 0.5, let first,
                    wording.alternatives[first.tokens.lowerBound] == nil,
                    !match.pairs.contains(where: { $0.wanted.tokens == first.tokens }),
                    match.topicShare <= 0.5
                {
                    continue
                }
                if isStop, !pair.isOpposite, content.contains(where: \.agrees), !best.clause.isDenied { continue }
                let flag: KeyPointResult.Flag = pair.isOpposite && !isStop ? .reversed : .negated
                result.flags.insert(flag)
                let isToPositive = pair.wanted.sign * (pair.isOpposite ? -1 : 1) < 0
                if pair.isOpposite, pair.wanted.weight >= 1, match.share >= 0.3, named >= 0.6 * own {
                    result.isFocused = true
                }
                let isExplicit =
                    pair.isOpposite || !isToPositive || best.clause.isUsed || best.clause.isPermitted
                    || best.clause.isReassuring
                    || best.clause.isContinued || best.clause.isDenied || best.clause.isAvoided || named >= 0.6 * own
                // Another clause says it plainly, and this one only by a verb such as "have".
                let isWeak =
                    best.agreesElsewhere && isToPositive && !pair.isOpposite && !best.clause.isPermitted
                    && !best.clause.isReassuring
                    && !best.clause.isContinued
                if isExplicit, hasHead, !isWeak { result.isPlain = true } else { result.isDoubtful = true }
            }
        }
        // "…, not vitamin K": what the statement is about is set aside.
        for clause in window.clauses where clause.isContrast && match.share >= limits.contradicted {
            let denied = wording.items.filter { wanted in
                wanted.weight >= 1 && wanted.sign > 0 && !isSaidRightly(wanted, window)
                    && clause.items.contains {
                        $0.sign < 0 && Alignment.relation(wanted, $0, thesaurus, isTolerant: false)?.relation == .same
                    }
            }
            guard !denied.isEmpty else { continue }
            result.flags.insert(.negated)
            result.isPlain = true
        }
        // "It makes no difference whether you do": what is asked for is left to choice.
        if keyPoint.sign > 0, match.share >= 0.3 {
            for clause in window.clauses where clause.isIndifferent && !clause.isCondition && !clause.isQuestion {
                let said =
                    clause.isEcho
                    || wording.clauses.contains { wanted in
                        !wanted.isCondition && (alignment(of: wanted, clause)?.weight ?? 0) >= 0.9
                    }
                if said {
                    result.flags.insert(.negated)
                    result.isPlain = true
                }
            }
        }
        // "There's no interaction": what is warned of is called safe.
        if keyPoint.isWarning {
            for clause in window.clauses
            where clause.isReassuring || clause.isPermitted && clause.sign > 0 && keyPoint.sign < 0 {
                guard !clause.isQuestion, !clause.isCondition else { continue }
                let touched = clause.items.contains { item in
                    item.stem != "#stop"
                        && wording.items.contains { wanted in
                            wanted.weight >= 0.9
                                && Alignment.relation(wanted, item, thesaurus, isTolerant: false)?.relation == .same
                        }
                }
                if touched, !(clause.sign < 0 && keyPoint.sign < 0) {
                    result.flags.insert(.calledSafe)
                    if clause.isReassuring, match.share >= 0.3 { result.isCalledSafe = true }
                    result.isPlain = true
                }
            }
        }
        let main = window.clauses.filter { !$0.isCondition && !$0.isQuestion }
        let isDenying = main.contains { $0.sign < 0 || $0.items.contains { $0.sign < 0 } }
        result.isSignOther = keyPoint.sign > 0 ? !main.isEmpty && main.allSatisfy { $0.sign < 0 } : !isDenying
        return result
    }

    /// "lay her flat" where flat is asked for beside raised legs: it is no opposite then.
    private func isOtherwiseMeant(_ pair: ClauseAlignment.Pair, _ wording: ReadKeyPoint.Wording) -> Bool {
        wording.items.contains { wanted in
            wanted.tokens != pair.wanted.tokens
                && Alignment.relation(wanted, pair.said, thesaurus, isTolerant: false)?.relation == .same
        }
    }

    /// Whether an item stands anywhere in the window as the key point has it.
    private func isSaidRightly(_ wanted: Item, _ window: Window) -> Bool {
        window.items.contains { item in
            Alignment.relation(wanted, item, thesaurus, isTolerant: false)?.relation == .same
                && item.sign == wanted.sign
        }
    }

    /// The clause of the window that says most of a clause of the key point; where several do, the one whose words make its
    /// sign plain, and the last.
    private func bestAlignment(of wanted: Clause, _ window: Window) -> ClauseAlignment? {
        let head = wanted.items.first { $0.weight >= 0.9 && $0.drug == nil && $0.family == nil }
        var best: ClauseAlignment?
        var bestScore = -Double.infinity
        var agreeing: Range<Int>?
        var isPivoted = false
        for clause in window.clauses where !clause.items.isEmpty {
            guard let alignment = alignment(of: wanted, clause) else { continue }
            if alignment.pairs.contains(where: { $0.isOpposite && $0.agrees && $0.wanted.weight >= 0.9 }) {
                isPivoted = true
            }
            if clause.isExplicit, alignment.conflict == 0, alignment.weight >= 0.9, !clause.isCondition {
                agreeing = clause.tokens
            }
            var score = alignment.weight + (clause.isExplicit ? 0.05 : 0)
            // What the statement does comes first, and what it does it to later.
            if let head, alignment.pairs.contains(where: { $0.wanted.tokens == head.tokens }) { score += 1 }
            if clause.isAside { score *= 0.5 }
            // What is only said as a condition counts where nothing else says any of it.
            if clause.isCondition != wanted.isCondition { score -= 10 }
            if score >= bestScore {
                best = alignment
                bestScore = score
            }
        }
        if let agreeing, let tokens = best?.clause.tokens, agreeing != tokens { best?.agreesElsewhere = true }
        if isPivoted { best?.isPivotedElsewhere = true }
        return best
    }

    /// "A before B" is "B after A".
    private func isSwapped(_ wanted: Item, _ said: Item, _ wording: ReadKeyPoint.Wording, _ window: Window) -> Bool {
        let items = wording.items.filter { $0.weight >= 0.9 }
        let before = items.filter { $0.tokens.upperBound <= wanted.tokens.lowerBound }
        let after = items.filter { $0.tokens.lowerBound >= wanted.tokens.upperBound }
        guard let left = before.last(where: { $0.drug != nil }) ?? before.last,
            let right = after.first(where: { $0.drug != nil }) ?? after.first
        else { return false }
        func place(_ item: Item) -> Int? {
            window.items.first { Alignment.relation(item, $0, thesaurus, isTolerant: false)?.relation == .same }?.tokens
                .lowerBound
        }
        guard let first = place(left), let second = place(right) else { return false }
        return first > said.tokens.lowerBound && second < said.tokens.lowerBound
    }

    /// What a clause has of a clause of the key point; nil where it has nothing.
    private func alignment(of wanted: Clause, _ clause: Clause) -> ClauseAlignment? {
        var pairs: [ClauseAlignment.Pair] = []
        for item in wanted.items {
            var found: (said: Item, isOpposite: Bool)?
            for said in clause.items {
                guard let (relation, _) = Alignment.relation(item, said, thesaurus, isTolerant: isTolerant) else {
                    continue
                }
                // "flat" beside "legs raised" is asked for itself, and no opposite of raised.
                let isOwn =
                    relation == .opposite
                    && wanted.items.contains {
                        $0.tokens != item.tokens
                            && Alignment.relation($0, said, thesaurus, isTolerant: false)?.relation == .same
                    }
                if isOwn { continue }
                if found == nil || found?.isOpposite == true && relation == .same {
                    found = (said, relation == .opposite)
                }
            }
            if let found {
                let sign = found.isOpposite ? -found.said.sign : found.said.sign
                pairs.append(
                    .init(wanted: item, said: found.said, isOpposite: found.isOpposite, agrees: sign == item.sign))
            }
        }
        return pairs.isEmpty ? nil : ClauseAlignment(pairs: pairs, clause: clause)
    }

    /// Words that give a direction count in the whole window: "before you use it, not after".
    private func turnedDirections(
        _ wording: ReadKeyPoint.Wording, _ window: Window, _ match: Match, _ result: inout Opposition
    ) {
        guard match.share >= 0.6 else { return }
        for wanted in wording.items
        where wanted.weight < 0.5 && wanted.senses.contains(where: { thesaurus.directional.contains($0.group) }) {
            var isRight = false
            var isWrong = false
            for item in window.items {
                guard let (relation, _) = Alignment.relation(wanted, item, thesaurus, isTolerant: false) else {
                    continue
                }
                switch relation {
                case .same: if item.sign == wanted.sign || wanted.sign < 0 { isRight = true } else { isWrong = true }
                case .opposite: if item.sign > 0, !isSwapped(wanted, item, wording, window) { isWrong = true }
                }
            }
            if isWrong, !isRight {
                result.flags.insert(.reversed)
                result.isPlain = true
            }
        }
    }

    // MARK: Forbidden statements

    /// Where a forbidden statement is made.
    private func forbidden(in window: Window, _ keyPoint: ReadKeyPoint) -> Range<Int>? {
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
