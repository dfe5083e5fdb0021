// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

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
        /// In moles a litre, grams a kilogram…: named by the unit.
        case other
        /// Without a unit.
        case bare
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
    /// The unit, as it distinguishes kinds of ``Kind/other`` from one another.
    var unit: String
    /// The tokens that name it.
    var tokens: Range<Int>

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
        other.unit.hasPrefix(unit + "/") || unit.hasPrefix(other.unit + "/")
    }

    /// Whether a value that was asked for is met, within a tolerance in base units.
    func meets(_ wanted: Quantity, tolerance: Double) -> Bool {
        guard isComparable(with: wanted) else { return false }
        if let alternative {
            var other = self
            (other.low, other.high, other.alternative) = (alternative, alternative, nil)
            if other.meets(wanted, tolerance: tolerance) { return true }
        }
        // Months have 28 to 31 days, and what is converted carries binary noise.
        let isLong =
            kind == .time && (high >= 28 || wanted.high >= 28) && unit != wanted.unit
            || kind == .frequency && max(high, wanted.high) < 1 / 27.0
        let slack = tolerance + max(abs(wanted.high), abs(high)) * (isLong ? 0.12 : 1e-6)
        if wanted.low < wanted.high {
            // A range is met by what lies inside it.
            return low >= wanted.low - slack && high <= wanted.high + slack
        }
        if low < high { return abs(high - wanted.high) <= slack || abs(low - wanted.low) <= slack }
        return abs(high - wanted.high) <= slack
    }
}
