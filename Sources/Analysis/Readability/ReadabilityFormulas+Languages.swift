// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The readability formulas for other languages than English. They need at least one word and one sentence; without, the
/// results are not finite.
extension TextCounts {
    /// Fernández Huerta (1959) for Spanish in the form that Law (2011) corrected: about 0...100, higher is easier.
    public var fernandezHuerta: Double { 206.84 - 60 * syllablesPerWord - 1.02 * wordsPerSentence }

    /// Szigriszt-Pazos (1993) for Spanish, the base of the INFLESZ bands: about 0...100, higher is easier.
    public var szigrisztPazos: Double { 206.835 - 62.3 * syllablesPerWord - wordsPerSentence }

    /// Gutiérrez de Polini (1972): Spanish, about 0...100, higher is easier.
    public var gutierrezPolini: Double { 95.2 - 9.7 * Double(letters) / Double(words) - 0.35 * wordsPerSentence }

    /// Crawford (1984) for Spanish in primary schools: years of school.
    public var crawford: Double { -0.205 * perHundredWords(sentences) + 0.049 * perHundredWords(syllables) - 3.407 }

    /// Kandel & Moles (1958) for French: about 0...100, higher is easier.
    public var kandelMoles: Double { 207 - 1.015 * wordsPerSentence - 73.6 * syllablesPerWord }

    /// Amstad (1978) for German: about 0...100, higher is easier.
    public var amstad: Double { 180 - wordsPerSentence - 58.5 * syllablesPerWord }

    /// The first to fourth Wiener Sachtextformel (Bamberger & Vanecek 1984) for German: years of school.
    ///
    /// - Parameter number: 1...4; others have no value.
    public func wienerSachtextformel(_ number: Int) -> Double {
        let long = perHundredWords(polysyllables)
        let sixLetters = perHundredWords(longWords)
        let short = perHundredWords(monosyllables)
        return switch number {
        case 1: 0.1935 * long + 0.1672 * wordsPerSentence + 0.1297 * sixLetters - 0.0327 * short - 0.875
        case 2: 0.2007 * long + 0.1682 * wordsPerSentence + 0.1373 * sixLetters - 2.779
        case 3: 0.2963 * long + 0.1905 * wordsPerSentence - 1.1144
        case 4: 0.2744 * long + 0.2656 * wordsPerSentence - 1.693
        default: .nan
        }
    }

    /// Gulpease (Lucisano & Piemontese 1988): Italian, 0...100, higher is easier.
    public var gulpease: Double { 89 + Double(300 * sentences - 10 * letters) / Double(words) }

    /// Flesch-Vacca (Franchina & Vacca 1986) for Italian: about 0...100, higher is easier.
    public var fleschVacca: Double { 217 - 1.3 * wordsPerSentence - 60 * syllablesPerWord }

    /// Flesch-Douma (Douma 1960) for Dutch: about 0...100, higher is easier.
    public var douma: Double { 206.835 - 0.93 * wordsPerSentence - 77 * syllablesPerWord }

    /// Martins et al. (1996) for Portuguese: Flesch's formula moved by 42 points; about 0...100, higher is easier.
    public var martins: Double { 248.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord }

    /// Oborneva (2006) for Russian: about 0...100, higher is easier.
    public var oborneva: Double { 206.835 - 1.3 * wordsPerSentence - 60.1 * syllablesPerWord }

    /// Flesch's formula with the weight of syllables that textstat has for Hungarian: about 0...100, higher is easier.
    public var fleschHungarian: Double { 206.835 - 1.015 * wordsPerSentence - 58.5 * syllablesPerWord }
}
