// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Small numbers in words of other languages than English.
enum ForeignNumber {
    static func value(_ word: String, language: String) -> Double? { tables[language]?[word] }

    private static let tables: [String: [String: Double]] = {
        func table(_ words: String) -> [String: Double] {
            var table: [String: Double] = [:]
            for (index, names) in words.split(separator: " ").enumerated() {
                for name in names.split(separator: "|") { table[String(name)] = Double(index + 1) }
            }
            return table
        }
        var de = table("- zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn")
        de.merge([
            "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100, "fünfhundert": 500,
            "tausend": 1_000, "zweihundert": 200, "sechzig": 60,
        ]) { $1 }
        var es = table("- dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince")
        es.merge([
            "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "cien": 100, "quinientos": 500, "mil": 1_000,
            "doscientos": 200,
        ]) { $1 }
        var fr = table("- deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze")
        fr.merge(["vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "cent": 100, "mille": 1_000]) { $1 }
        return ["de": de, "es": es, "fr": fr]
    }()
}
