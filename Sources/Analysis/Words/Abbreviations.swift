// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// English abbreviations whose full stop ends no sentence.
///
/// UAX #29 knows no abbreviations and would end a sentence after "Dr.". Those that often end a sentence themselves
/// ("etc.", "p.m.", "mg.") are not listed.
enum Abbreviations {
    private static let english = HashIndex(
        of: [
            "al", "approx", "cf", "dr", "e.g", "fig", "i.e", "jr", "mr", "mrs", "ms", "mt", "prof", "st", "viz", "vs",
        ])

    /// The digests of the abbreviations of a language; none but for English.
    static func of(_ language: TextLanguage) -> HashIndex { language == .english ? english : none }

    private static let none = HashIndex(of: [])
}
