// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Which measures belong to which language.
extension MeasureDescriptor {
    /// The readability formulas that were made for English. They are reported for every language, so that nobody looks for
    /// them in vain; elsewhere they have no value.
    static let english: [MeasureDescriptor] = [
        .fleschReadingEase, .fleschKincaid, .gunningFog, .smog, .ari, .colemanLiau,
    ]

    /// The readability formulas of other languages, reported for their language alone.
    static let readabilityFormulas: [String: [MeasureDescriptor]] = [
        "es": [.fernandezHuerta, .szigrisztPazos, .gutierrezPolini, .crawford],
        "fr": [.kandelMoles],
        "de": [.amstad, .wiener1, .wiener2, .wiener3, .wiener4],
        "it": [.gulpease, .fleschVacca],
        "nl": [.douma],
        "pt": [.martins],
        "ru": [.oborneva],
        "hu": [.fleschHungarian],
        "ar": [.osman],
    ]

    /// The measures of writing whose words can't be compared with those of other languages.
    private static let characterMeasures: Set<MeasureDescriptor> = [
        .characterCount, .sentenceCharacters, .characterRate,
    ]

    private static let otherLanguages = Set(readabilityFormulas.values.joined())

    /// Whether a text in a language has this measure, with or without a value.
    func isReported(for language: TextLanguage) -> Bool {
        if Self.characterMeasures.contains(self) { return !language.hasLetters }
        if Self.otherLanguages.contains(self) {
            return Self.readabilityFormulas[language.code]?.contains(self) == true
        }
        return true
    }
}
