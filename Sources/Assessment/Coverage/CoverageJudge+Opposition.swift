// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What turns a statement round.
extension CoverageJudge {
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

    func opposition(
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
            let own = wanted.items.reduce(0) { $0 + ($1.isStop ? 0 : $1.weight) }
            let content = best.pairs.filter { !$0.wanted.isStop }
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
                    clause.items.count(where: { $0.weight >= 0.5 && !$0.isStop }) <= other.pairs.count
                else { continue }
                result.flags.insert(.negated)
                result.isPlain = true
            }
            let topic = best.clause.items.filter { !$0.isStop && $0.weight >= 0.5 }
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
                if pair.wanted.weight < 0.9, !pair.isOpposite, !pair.wanted.isStop { continue }
                let isStop = pair.wanted.isStop
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
                    !item.isStop
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
    func isOtherwiseMeant(_ pair: ClauseAlignment.Pair, _ wording: ReadKeyPoint.Wording) -> Bool {
        wording.items.contains { wanted in
            wanted.tokens != pair.wanted.tokens
                && Alignment.relation(wanted, pair.said, thesaurus, isTolerant: false)?.relation == .same
        }
    }

    /// Whether an item stands anywhere in the window as the key point has it.
    func isSaidRightly(_ wanted: Item, _ window: Window) -> Bool {
        window.items.contains { item in
            Alignment.relation(wanted, item, thesaurus, isTolerant: false)?.relation == .same
                && item.sign == wanted.sign
        }
    }

    /// The clause of the window that says most of a clause of the key point; where several do, the one whose words make its
    /// sign plain, and the last.
    func bestAlignment(of wanted: Clause, _ window: Window) -> ClauseAlignment? {
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
    func isSwapped(_ wanted: Item, _ said: Item, _ wording: ReadKeyPoint.Wording, _ window: Window) -> Bool {
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
    func alignment(of wanted: Clause, _ clause: Clause) -> ClauseAlignment? {
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
    func turnedDirections(
        _ wording: ReadKeyPoint.Wording, _ window: Window, _ match: Match, _ result: inout Opposition
    ) {
        guard match.share >= 0.6 else { return }
        for wanted in wording.items
        where wanted.weight < 0.5 && wanted.senses.contains(where: { $0.isDirectional }) {
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
}
