// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// How a dose looks in JSON: its parts, with units in UCUM. What was not said is null.
struct DoseView {
    private let dose: Dose

    /// Shows a dose.
    init(_ dose: Dose) { self.dose = dose }

    /// The parts; `value`, `to` and `unit` are those of the amount of one dose.
    var json: JSONValue {
        let per = dose.body.map { "/" + $0.rawValue } ?? ""
        let amount = dose.amount
        return [
            "value": amount.map { .number($0.low) } ?? .null,
            "to": amount.flatMap { Self.to($0.low, $0.high) } ?? .null,
            "unit": amount.map { .string(Self.unit($0.unit) + per) } ?? .null,
            "count": Self.json(dose.count),
            "strength": Self.json(dose.strength),
            "concentration": Self.json(dose.concentration, per: "/L"),
            "rate": Self.json(dose.rate, per: per + "/h"),
            "frequency": frequency,
            "as_needed": .bool(dose.isAsNeeded),
            "single": .bool(dose.isSingle),
            "route": dose.route.map { .string($0.rawValue) } ?? .null,
            "maximum": maximum,
            "maximum_per_day": maximumPerDay,
            "duration": duration,
        ]
    }

    private var frequency: JSONValue {
        guard let often = dose.frequency else { return .null }
        return [
            "value": .number(often.low), "to": Self.to(often.low, often.high) ?? .null, "days": .number(often.days),
        ]
    }

    private var maximum: JSONValue {
        guard let limit = dose.maximum else { return .null }
        return [
            "value": .number(limit.quantity.high),
            "unit": .string(Self.unit(limit.quantity.unit) + (limit.body.map { "/" + $0.rawValue } ?? "")),
            "days": limit.days.map { .number($0) } ?? .null,
        ]
    }

    /// Only where it was said of a day: of a week, a seventh may be too much.
    private var maximumPerDay: JSONValue {
        guard let limit = dose.maximum, limit.days == 1 else { return .null }
        return ["value": .number(limit.quantity.high), "unit": maximum["unit"] ?? .null]
    }

    private var duration: JSONValue {
        guard let days = dose.durationInDays else { return .null }
        return [
            "value": .number(days.lowerBound), "to": Self.to(days.lowerBound, days.upperBound) ?? .null, "unit": "d",
        ]
    }

    private static func json(_ quantity: Dose.Quantity?, per: String = "") -> JSONValue {
        guard let quantity else { return .null }
        return [
            "value": .number(quantity.low), "to": to(quantity.low, quantity.high) ?? .null,
            "unit": .string(unit(quantity.unit) + per),
        ]
    }

    private static func to(_ low: Double, _ high: Double) -> JSONValue? { low == high ? nil : .number(high) }

    /// What is counted is an annotation in UCUM: `{tablet}`.
    private static func unit(_ unit: Dose.Unit) -> String {
        switch unit {
        case .gram, .litre, .mole, .percent: unit.rawValue
        case .internationalUnit: "[IU]"
        default: "{\(unit.rawValue)}"
        }
    }
}
