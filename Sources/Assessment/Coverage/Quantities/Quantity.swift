// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// A quantity in a text, in the base unit of what it measures.
struct Quantity: Sendable, Hashable {
    /// What is measured. Quantities of one kind can be compared.
    enum Kind: String, Sendable, Hashable {
        /// In grams.
        case mass
        /// In litres.
        case volume
        /// In moles.
        case amount
        /// In international units.
        case activity
        /// In days.
        case time
        /// In times a day.
        case frequency
        /// In tablets, puffs, drops…
        case forms
        /// In per cent.
        case percent
        /// In degrees Celsius.
        case temperature
        /// In metres.
        case length
        /// In metres a second.
        case speed
        /// In joules.
        case energy
        /// In pascals.
        case pressure
        /// In moles a litre, grams a kilogram…: named by the unit.
        case other
        /// Without a unit.
        case bare

        /// Whether doses are measured in it.
        var isDose: Bool {
            switch self {
            case .mass, .volume, .amount, .activity, .forms: true
            default: false
            }
        }
    }

    /// What is measured.
    var kind: Kind
    /// The value, or the least of a range; 0 in "up to".
    var low: Double
    /// The value, or the most of a range.
    var high: Double
    /// The number as it was said, before its unit was converted.
    var said: ClosedRange<Double>
    /// The value where the first word is a number of its own: "one seventy milligram tablet".
    var alternative: Double?
    /// The unit, as it distinguishes kinds of ``Kind/other`` from one another, and systems of units elsewhere.
    var unit: String
    /// The tokens that name it.
    var tokens: Range<Int>
    /// Whether it is a limit: "at least", "below".
    var relation = KeyPoint.Number.Relation.equal
    /// The tokens with those that make it a limit.
    var phrase: Range<Int>
    /// The days that an amount is for: "4 g a day" in one dose or in several.
    var period: Double?
    /// Whether it is called a first or a loading dose.
    var isFirst = false
    /// Whether it is the time from one dose to the next: "four hours apart".
    var isInterval = false
    /// Whether "daily" stands behind an amount, which may be one dose a day or several.
    var isLoose = false

    /// Whether it can be compared with another.
    func isComparable(with other: Quantity) -> Bool {
        kind == other.kind && (kind != .other || unit == other.unit)
    }

    /// A bare number with the unit of another one, where that makes sense: the first of "1 and 4 weeks".
    func sharing(unitOf other: Quantity) -> Quantity? {
        guard kind == .bare, other.kind != .bare, other.kind != .temperature, other.kind != .frequency,
            other.said.upperBound > 0
        else { return nil }
        let factor = other.high / other.said.upperBound
        var shared = self
        (shared.kind, shared.unit) = (other.kind, other.unit)
        (shared.low, shared.high) = (low * factor, high * factor)
        return shared
    }

    /// Whether one has the unit of the other with what that is counted by left out: "10 mg" and "10 mg per minute".
    func isPart(of other: Quantity) -> Bool {
        unit == "times" || other.unit == "times" || other.unit.hasPrefix(unit + "/") || unit.hasPrefix(other.unit + "/")
    }

    /// Whether a value that was asked for is met, within a tolerance in base units.
    ///
    /// A limit is met by the same limit, and by a value on its right side that is not ten times off; amounts that are given are
    /// no limits.
    func meets(_ wanted: Quantity, tolerance: Double) -> Bool {
        if kind == .bare, wanted.isNamedWithoutUnit {
            // "Below 140" for a pressure: the number as it is said.
            var (plain, other) = (self, wanted)
            (plain.low, plain.high) = (said.lowerBound, said.upperBound)
            (other.low, other.high, other.kind, other.unit) = (
                wanted.said.lowerBound, wanted.said.upperBound, .bare, ""
            )
            return plain.meets(other, tolerance: 0)
        }
        if isInterval, wanted.kind == .frequency, wanted.unit == "every", low > 0 {
            var every = self
            (every.kind, every.unit, every.isInterval) = (.frequency, wanted.unit, false)
            (every.low, every.high) = (1 / high, 1 / low)
            return every.meets(wanted, tolerance: tolerance)
        }
        guard isComparable(with: wanted) else { return false }
        if let alternative {
            var other = self
            (other.low, other.high, other.alternative) = (alternative, alternative, nil)
            if other.meets(wanted, tolerance: tolerance) { return true }
        }
        guard !isOpposed(to: wanted) else { return false }
        if equals(wanted, tolerance: tolerance) { return true }
        guard relation == .equal, !kind.isDose, kind != .frequency, kind != .bare, wanted.high > 0 else { return false }
        switch wanted.relation {
        case .equal: return false
        case .atLeast: return low > wanted.high && high < wanted.high * 10
        case .atMost: return high < wanted.high && low > wanted.high / 10
        }
    }

    /// Whether people leave its unit out.
    private var isNamedWithoutUnit: Bool {
        switch kind {
        case .pressure, .temperature, .speed: said.upperBound > 2
        default: false
        }
    }

    /// Whether one is at least and the other at most.
    func isOpposed(to wanted: Quantity) -> Bool {
        relation != .equal && wanted.relation != .equal && relation != wanted.relation
    }

    private func equals(_ wanted: Quantity, tolerance: Double) -> Bool {
        let slack = tolerance + rounding(beside: wanted)
        if wanted.low < wanted.high {
            // A range is met by what lies inside it.
            return low >= wanted.low - slack && high <= wanted.high + slack
        }
        if low < high { return abs(high - wanted.high) <= slack || abs(low - wanted.low) <= slack }
        return abs(high - wanted.high) <= slack
    }

    /// How far equal values may be apart: what is converted carries binary noise, and between systems of units people round.
    private func rounding(beside wanted: Quantity) -> Double {
        let value = max(abs(wanted.high), abs(high))
        // Months have 28 to 31 days.
        if kind == .frequency, value < 1 / 27.0 { return value * 0.12 }
        guard unit != wanted.unit else { return value * 1e-6 }
        switch kind {
        case .time: return value * (value >= 28 ? 0.12 : 1e-6)
        case .temperature: return 0.6
        case .mass, .length, .speed, .energy, .pressure: return value * 0.01
        default: return value * 1e-6
        }
    }
}
