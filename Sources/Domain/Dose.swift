// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

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
        /// Tablets, capsules or doses whose kind was not said: "two in the morning".
        case item
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

    }

    /// What of a body an amount is for.
    public enum BodyMeasure: String, Sendable, Hashable, CaseIterable {
        /// Each kilogram of its weight.
        case kilogram = "kg"
        /// Each square metre of its surface.
        case squareMetre = "m2"
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
        /// What of the body it is for; nil for the whole.
        public var body: BodyMeasure?
        /// The days in which it may be taken; nil where no time was said.
        public var days: Double?

        /// Creates a limit.
        public init(quantity: Quantity, body: BodyMeasure? = nil, days: Double? = nil) {
            self.quantity = quantity
            self.body = body
            self.days = days
        }
    }

    /// The amount of one dose: what was said, or the number of tablets times their strength.
    public var amount: Quantity?
    /// What of the body ``amount`` and ``rate`` are for; nil for the whole.
    public var body: BodyMeasure?
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

    /// Creates a dose of which nothing was said.
    public init() {}
}
