// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Glibc

/// A direction for taking a medicine, as it was said: how much, how often, by which route, for how long, at most how much.
///
/// Quantities are in base units, so that "0.5 g" and "five hundred milligrams" are equal. What was not said is nil.
public struct Dose: Sendable, Hashable {
    /// What a quantity is counted in. The raw values appear in results.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// Grams.
        case gram = "g"
        /// Litres.
        case litre = "L"
        /// Moles.
        case mole = "mol"
        /// International units.
        case internationalUnit = "IU"
        /// Per cent: the strength of a cream, ointment, or solution.
        case percent = "%"
        case tablet, capsule, puff, spray, drop, sachet, suppository, pessary, patch, lozenge, injection, ampoule
        case teaspoon, tablespoon, application
        /// Whole doses, in "no more than four doses a day".
        case dose
    }

    /// A quantity, or the range that was said.
    public struct Quantity: Sendable, Hashable {
        /// The least; equal to ``high`` unless a range was said, and 0 in "up to 10 mg".
        public var low: Double
        /// The most.
        public var high: Double
        /// The base unit.
        public var unit: Unit

        /// Creates a quantity.
        public init(_ low: Double, _ high: Double, _ unit: Unit) {
            self.low = low
            self.high = high
            self.unit = unit
        }

        static func * (quantity: Quantity, count: Quantity) -> Quantity {
            Quantity(quantity.low * count.low, quantity.high * count.high, quantity.unit)
        }

        func divided(by divisor: Double) -> Quantity { Quantity(low / divisor, high / divisor, unit) }
    }

    /// How often: a number of times, or a range of them, in a number of days.
    public struct Frequency: Sendable, Hashable {
        /// The fewest times; 0 in "up to four times a day".
        public var low: Double
        /// The most times.
        public var high: Double
        /// The days in which they fall: 1 for "twice a day", 7 for "once a week".
        public var days: Double

        /// Creates a frequency.
        public init(_ low: Double, _ high: Double, days: Double) {
            self.low = low
            self.high = high
            self.days = days
        }
    }

    /// Where a medicine is given. The raw values appear in results.
    public enum Route: String, Sendable, Hashable, CaseIterable {
        case oral, sublingual, buccal, inhaled, nasal, ophthalmic, otic, topical, transdermal, rectal, vaginal
        case subcutaneous, intramuscular, intravenous
    }

    /// The most that may be taken.
    public struct Maximum: Sendable, Hashable {
        /// How much.
        public var quantity: Quantity
        /// Whether it is an amount for each kilogram of body weight.
        public var isPerKilogram = false
        /// The days in which it may be taken; nil where no time was said.
        public var days: Double?
    }

    /// Where it is said.
    public var range: Range<String.Index>
    /// The amount of one dose: what was said, or the number of tablets times their strength.
    public var amount: Quantity?
    /// Whether ``amount`` is for each kilogram of body weight.
    public var isPerKilogram = false
    /// What is taken at once, where its strength makes the amount: tablets, puffs, drops, or litres of a solution.
    public var count: Quantity?
    /// The amount in each of them.
    public var strength: Quantity?
    /// The amount in a litre.
    public var concentration: Quantity?
    /// The amount in an hour, of an infusion.
    public var rate: Quantity?
    /// How often.
    public var frequency: Frequency?
    /// Whether it is taken when it is needed.
    public var isAsNeeded = false
    /// Whether it is taken once and not again.
    public var isSingle = false
    /// Where it is given.
    public var route: Route?
    /// The most that may be taken.
    public var maximum: Maximum?
    /// The length of the course in days.
    public var durationInDays: ClosedRange<Double>?

    init(range: Range<String.Index>) { self.range = range }
}

extension Dose {
    /// What is meant, in one line: `0.5 g; 3/d; oral; for 7 d`.
    public var summary: String {
        var parts: [String] = []
        if let count { parts.append(Self.text(count)) }
        if let strength { parts.append(Self.text(strength) + " each") }
        if let concentration { parts.append(Self.text(concentration) + "/L") }
        if let amount { parts.append(Self.text(amount) + (isPerKilogram ? "/kg" : "")) }
        if let rate { parts.append(Self.text(rate) + "/h") }
        if let frequency {
            let days = frequency.days == 1 ? "" : Self.text(frequency.days)
            parts.append(Self.text(frequency.low, frequency.high) + "/\(days)d")
        }
        if isAsNeeded { parts.append("prn") }
        if isSingle { parts.append("once") }
        if let route { parts.append(route.rawValue) }
        if let maximum {
            var text = "max " + Self.text(maximum.quantity) + (maximum.isPerKilogram ? "/kg" : "")
            if let days = maximum.days { text += "/" + (days == 1 ? "" : Self.text(days)) + "d" }
            parts.append(text)
        }
        if let days = durationInDays { parts.append("for \(Self.text(days.lowerBound, days.upperBound)) d") }
        return parts.joined(separator: "; ")
    }

    private static func text(_ quantity: Quantity) -> String {
        text(quantity.low, quantity.high) + " " + quantity.unit.rawValue
    }

    private static func text(_ low: Double, _ high: Double) -> String {
        low == high ? text(low) : text(low) + ".." + text(high)
    }

    /// A number without the noise of binary fractions: at most nine significant digits, never an exponent.
    static func text(_ value: Double) -> String {
        guard value > 0, value < 1e15 else { return "0" }
        let places = min(18, max(0, 8 - Int(log10(value).rounded(.down))))
        let scaled = (value * pow(10, Double(places))).rounded()
        var digits = Array(String(UInt64(min(scaled, 1e18))).utf8)
        if digits.count <= places {
            digits.insert(contentsOf: repeatElement(0x30, count: places + 1 - digits.count), at: 0)
        }
        guard places > 0 else { return String(decoding: digits, as: UTF8.self) }
        digits.insert(0x2E, at: digits.count - places)
        while digits.last == 0x30 { digits.removeLast() }
        if digits.last == 0x2E { digits.removeLast() }
        return String(decoding: digits, as: UTF8.self)
    }
}
