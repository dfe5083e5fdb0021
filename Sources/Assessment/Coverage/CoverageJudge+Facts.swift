// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension CoverageJudge {
    /// What became of the quantities that are asked for.
    struct NumberCheck {
        /// What is wrong; empty where nothing is.
        var wrong: Set<KeyPointResult.Flag> = []
        /// Whether one that is required was not named.
        var isMissing = false
        /// How many were right.
        var right = 0
        /// How many were named with another value.
        var rivals = 0
        /// How many there are.
        var asked = 0
        /// Whether another value is said beside the right one.
        var isInconsistent = false
    }

    /// Checks the quantities of a window.
    func numbers(_ keyPoint: ReadKeyPoint, _ window: Window, share: Double, _ others: Others) -> NumberCheck {
        var check = NumberCheck()
        let all = window.quantities.filter { quantity in
            // "not every day" names no frequency.
            window.clauses.isEmpty || window.clauses[min(quantity.clause, window.clauses.count - 1)].sign > 0
                || window.clauses[min(quantity.clause, window.clauses.count - 1)].isCondition || keyPoint.sign < 0
                || keyPoint.numbers.contains { quantity.quantity.meets($0.quantity, tolerance: $0.tolerance) }
        }
        for (quantity, _) in all where keyPoint.excluded.contains(where: { quantity.meets($0, tolerance: 0) }) {
            check.wrong.insert(.numberMismatch)
        }
        let regimens = Regimens(keyPoint, all)
        let said = all.filter { !regimens.isSettled($0.quantity) }
        let wanted = keyPoint.numbers
        check.asked = wanted.count
        for number in wanted {
            func isMet(_ said: (quantity: Quantity, clause: Int)) -> Bool {
                said.quantity.meets(number.quantity, tolerance: number.tolerance)
                    && !regimens.isOtherwise(said.quantity, for: number.quantity)
            }
            func isRival(_ rival: (quantity: Quantity, clause: Int)) -> Bool {
                rival.quantity.isComparable(with: number.quantity)
                    && !wanted.contains {
                        rival.quantity.meets($0.quantity, tolerance: $0.tolerance)
                            && !regimens.isOtherwise(rival.quantity, for: $0.quantity)
                    } && isAttached(rival.clause, keyPoint, window)
            }
            let met = said.filter(isMet)
            if !met.isEmpty {
                check.right += 1
                // "it doesn't have to be within 72 hours"
                let isDenied = met.allSatisfy { place in
                    guard window.clauses.indices.contains(place.clause) else { return false }
                    let clause = window.clauses[place.clause]
                    return clause.isDenied && clause.sign < 0 && !clause.isCondition
                }
                if isDenied, keyPoint.sign > 0,
                    keyPoint.wordings.first.map({ $0.clauses.allSatisfy { $0.sign > 0 } }) ?? true
                {
                    check.wrong.insert(.negated)
                }
                check.isInconsistent =
                    check.isInconsistent
                    || said.contains { rival in
                        isRival(rival) && !regimens.isFirst(rival.quantity)
                            && isSame(rival, as: met, keyPoint, window)
                            && !others.numbers.contains { rival.quantity.meets($0.quantity, tolerance: $0.tolerance) }
                    }
                continue
            }
            if regimens.isGiven(number.quantity) {
                check.right += 1
                continue
            }
            let rivals = said.filter { rival in
                isRival(rival)
                    && !(share < 0.9
                        && others.numbers.contains { rival.quantity.meets($0.quantity, tolerance: $0.tolerance) })
            }
            if let rival = rivals.first {
                check.rivals += 1
                let isUnit =
                    rival.quantity.said == number.quantity.said && !rival.quantity.isOpposed(to: number.quantity)
                    && rival.quantity.period == number.quantity.period
                check.wrong.insert(isUnit ? .unitMismatch : .numberMismatch)
                continue
            }
            // "2 mL" for "2 g": the number with a unit that measures something else.
            let isOtherUnit = said.contains { other in
                other.quantity.said == number.quantity.said && !other.quantity.isComparable(with: number.quantity)
                    && other.quantity.kind != .bare && !other.quantity.isPart(of: number.quantity)
                    && number.quantity.kind != .bare && number.quantity.said.upperBound > 1
                    && isAttached(other.clause, keyPoint, window)
                    && !wanted.contains { other.quantity.meets($0.quantity, tolerance: $0.tolerance) }
                    && !others.numbers.contains { other.quantity.meets($0.quantity, tolerance: $0.tolerance) }
            }
            if isOtherUnit { check.wrong.insert(.unitMismatch) } else if number.isRequired { check.isMissing = true }
        }
        return check
    }

    /// Whether a quantity beside the right one is said of the same, so that nobody can tell which of them was meant.
    private func isSame(
        _ rival: (quantity: Quantity, clause: Int), as met: [(quantity: Quantity, clause: Int)],
        _ keyPoint: ReadKeyPoint, _ window: Window
    ) -> Bool {
        guard rival.quantity.kind != .bare || rival.quantity.high > 2 else { return false }
        let tokens = rival.quantity.tokens
        if rival.quantity.kind.isDose, !keyPoint.drugs.isEmpty {
            return window.drug(of: tokens).map(keyPoint.drugs.contains) ?? true
        }
        // Of what is no dose, and where no drug is named, only what the same part of the sentence says, of nothing else.
        guard window.clauses.indices.contains(rival.clause), met.contains(where: { abs($0.clause - rival.clause) <= 1 })
        else { return false }
        let clause = window.clauses[rival.clause]
        let wanted = keyPoint.wordings.flatMap(\.items)
        return clause.items.allSatisfy { item in
            item.isStop || item.weight < 0.5
                || wanted.contains { Alignment.relation($0, item, thesaurus, isTolerant: false) != nil }
        }
    }

    /// Whether the quantities of a clause are the key point's: they are another drug's where another drug is named in the
    /// clause and none of its own.
    private func isAttached(_ clause: Int, _ keyPoint: ReadKeyPoint, _ window: Window) -> Bool {
        guard !keyPoint.drugs.isEmpty, window.clauses.indices.contains(clause) else { return true }
        var place = clause
        // The nearest clause before it that names a drug.
        while place > 0, !window.clauses[place].items.contains(where: { $0.drug != nil }) { place -= 1 }
        let named = Set(window.clauses[place].items.compactMap(\.drug))
        return named.isEmpty || !named.isDisjoint(with: keyPoint.drugs)
    }

    /// Whether what the key point says of each of two drugs is said of the other one: "beclometasone opens the airways and
    /// salbutamol calms the inflammation".
    func areDrugsCrossed(_ wording: ReadKeyPoint.Wording, _ window: Window) -> Bool {
        var owners: [(drug: Item, content: [Item])] = []
        for clause in wording.clauses where !clause.isCondition {
            let drugs = clause.items.filter { $0.drug != nil }
            let content = clause.items.filter { $0.drug == nil && $0.family == nil && !$0.isStop && $0.weight >= 0.9 }
            guard let drug = drugs.first, drugs.count == 1, !content.isEmpty else { continue }
            if owners.contains(where: { $0.drug.drug == drug.drug }) { return false }
            owners.append((drug, content))
        }
        guard owners.count == 2 else { return false }
        var own = [0, 0]
        var crossed = [0, 0]
        var current: Int?
        for clause in window.clauses where !clause.isQuestion && clause.sign > 0 {
            for item in clause.items {
                if let drug = item.drug {
                    current = owners.firstIndex { $0.drug.drug == drug }
                    continue
                }
                func isNamed(_ index: Int) -> Bool {
                    owners[index].content.contains {
                        Alignment.relation($0, item, thesaurus, isTolerant: isTolerant)?.relation == .same
                    }
                }
                guard let current else { continue }
                switch (isNamed(current), isNamed(1 - current)) {
                case (true, false): own[current] += 1
                case (false, true): crossed[current] += 1
                default: break
                }
            }
        }
        return own == [0, 0] && crossed[0] > 0 && crossed[1] > 0
    }

    /// Whether another drug stands where the key point's should: what is said of it otherwise is the key point's.
    func swappedDrug(
        _ keyPoint: ReadKeyPoint, _ wording: ReadKeyPoint.Wording, _ window: Window, _ match: Match,
        _ numbers: NumberCheck,
        _ others: Others
    ) -> Bool {
        let wanted = wording.items.filter { $0.drug != nil || $0.family != nil }
        guard !wanted.isEmpty else { return false }
        let isFound = { (item: Item) in
            match.pairs.contains { $0.wanted.tokens == item.tokens && $0.wanted.stem == item.stem }
        }
        let absent = wanted.filter { !isFound($0) }
        guard !absent.isEmpty, absent.count == wanted.count || absent.contains(where: { $0.tokens == wanted[0].tokens })
        else { return false }
        // A family with one of its members: "ibuprofen and other NSAIDs".
        let families = wanted.filter { isFound($0) && $0.drug == nil }.compactMap(\.family)
        if absent.contains(where: { item in
            item.drug.map { !Set(DrugNames.families(of: $0)).isDisjoint(with: families) } ?? false
        }) {
            return false
        }
        for clause in window.clauses where !clause.isQuestion {
            let strangers = clause.items.filter { item in
                guard let drug = item.drug, !item.isRespelled else { return false }
                return !keyPoint.drugs.contains(drug)
                    && !wanted.contains { Alignment.relation($0, item, thesaurus, isTolerant: false) != nil }
            }
            guard !strangers.isEmpty else { continue }
            let isOthers = strangers.contains { $0.drug.map(others.drugs.contains) ?? false }
            // What is left of the wording without the drugs that are absent.
            let left = wording.items.filter { item in
                !item.isStop && !absent.contains { $0.tokens == item.tokens } && item.weight >= 0.5
            }
            let leftWeight = left.reduce(0) { $0 + $1.weight } + Double(keyPoint.numbers.count)
            let leftNamed = left.filter(isFound).reduce(0) { $0 + $1.weight } + Double(numbers.right)
            let signs = strangers.contains { $0.sign == (wanted.first?.sign ?? 1) }
            guard signs else { continue }
            if leftWeight == 0 {
                // Nothing but the drug and the advice: only another short piece of advice can stand in its place.
                let isAdvice =
                    clause.isExplicit || clause.items.contains { $0.isStop }
                    || window.clauses.count == 1
                let own = clause.items.filter { !$0.isStop }.count
                if isAdvice, own <= 2, !isOthers, !clause.isCondition { return true }
                continue
            }
            let part = leftNamed / leftWeight
            if part >= (isOthers ? 0.85 : 0.6) { return true }
        }
        return false
    }
}
