// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The units that quantities of key points can have.
public enum MeasurementUnits {
    /// The words that name units, those of doses first; more can be put together of them ("mg/kg", "times a day").
    public static let names: [String] = QuantityUnit.names

    /// Whether a unit can be read, so that an answer may give the quantity in another one. Other words are taken for the name of
    /// what is counted.
    public static func isKnown(_ unit: String) -> Bool {
        let text = AnswerText("5 " + unit, language: "en")
        return QuantityReader(text).quantities().contains { $0.kind != .bare }
            || QuantityUnit.named(unit.lowercased()) != nil
    }
}
