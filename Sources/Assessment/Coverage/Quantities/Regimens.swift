// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// The amounts of a window beside those of a key point, as what they come to in a day.
struct Regimens {
    private let said: [(quantity: Quantity, clause: Int)]
    /// What the key point's amounts come to in a day.
    private let totals: [(kind: Quantity.Kind, unit: String, value: Double)]
    /// Whether it asks for an amount a day and not for doses.
    private let isDaily: Bool

    init(_ keyPoint: ReadKeyPoint, _ said: [(quantity: Quantity, clause: Int)]) {
        self.said = said
        let wanted = keyPoint.numbers.map(\.quantity)
        let often = wanted.first { $0.kind == .frequency && !$0.isLoose && $0.low == $0.high }
        totals = wanted.compactMap { quantity in
            guard quantity.kind.isDose else { return nil }
            if let period = quantity.period { return (quantity.kind, quantity.unit, quantity.high / period) }
            guard let often, quantity.low == quantity.high, quantity.relation == .equal else { return nil }
            return (quantity.kind, quantity.unit, quantity.high * often.high)
        }
        isDaily = often == nil && wanted.contains { $0.period != nil }
    }

    private func total(_ quantity: Quantity) -> Double? {
        totals.first { $0.kind == quantity.kind }?.value
    }

    /// How often an amount is taken: what is said next of it, before another amount.
    private func frequency(of quantity: Quantity) -> Quantity? {
        guard let place = said.firstIndex(where: { $0.quantity == quantity }) else { return nil }
        for (next, clause) in said[(place + 1)...] {
            if next.kind == .frequency { return clause - said[place].clause <= 1 ? next : nil }
            if next.kind.isDose, !next.tokens.overlaps(quantity.tokens) { return nil }
        }
        return nil
    }

    private func isEqual(_ first: Double, _ second: Double) -> Bool { abs(first - second) <= 1e-6 * max(first, second) }

    /// Whether an amount is for a day, or the most that is allowed, and just what the key point's doses come to: it is neither
    /// right nor wrong then.
    private func isSameTotal(_ quantity: Quantity) -> Bool {
        guard quantity.kind.isDose, let total = total(quantity) else { return false }
        if let period = quantity.period { return isEqual(quantity.high / period, total) }
        return quantity.relation == .atMost && isEqual(quantity.high, total)
    }

    /// Whether what is said is not to be held against the key point.
    func isSettled(_ quantity: Quantity) -> Bool {
        if isDaily {
            // "1 g every six hours" is 4 g a day.
            if quantity.kind.isDose, quantity.period == nil, let often = frequency(of: quantity),
                let total = total(quantity), often.high > 1, isEqual(quantity.high * often.high, total)
            {
                return true
            }
            if quantity.kind == .frequency {
                return said.contains {
                    $0.quantity.kind.isDose && frequency(of: $0.quantity) == quantity
                        && isSettled($0.quantity)
                }
            }
            return false
        }
        if quantity.kind == .frequency, quantity.isLoose {
            return said.contains { $0.quantity.period != nil && isSameTotal($0.quantity) }
        }
        return isSameTotal(quantity)
    }

    /// Whether a frequency or a dose of the key point follows from what is said of the whole day: "75 mg a day" for one of 75 mg
    /// once a day, "1 g every six hours" for 4 g a day.
    func isGiven(_ wanted: Quantity) -> Bool {
        if isDaily {
            guard wanted.period != nil || wanted.isLoose else { return false }
            return said.contains { $0.quantity.kind.isDose && $0.quantity.period == nil && isSettled($0.quantity) }
        }
        let amounts = said.map(\.quantity).filter { $0.period != nil && isSameTotal($0) }
        guard let amount = amounts.first, let period = amount.period else { return false }
        if wanted.kind == .frequency { return isEqual(wanted.high, 1 / period) }
        return wanted.kind == amount.kind && isEqual(wanted.high, amount.high)
    }

    /// Whether an amount that looks right is for another time: 4 g at once for 4 g a day, 1 g a day for 1 g every six hours.
    func isOtherwise(_ quantity: Quantity, for wanted: Quantity) -> Bool {
        guard quantity.kind.isDose, wanted.kind.isDose else { return false }
        if let period = wanted.period {
            if let own = quantity.period {
                return !isEqual(own, period) && !isEqual(quantity.high / own, wanted.high / period)
            }
            guard let often = frequency(of: quantity), !often.isLoose else { return false }
            return often.low * period > 1.001
        }
        guard let period = quantity.period, let total = total(wanted) else { return false }
        return !isEqual(quantity.high / period, total)
    }

    /// Whether an amount is only the first one, and no more than what the key point's doses come to in a day.
    func isFirst(_ quantity: Quantity) -> Bool {
        guard quantity.isFirst, let total = total(quantity) else { return false }
        return quantity.high <= total * 1.000_001
    }
}
