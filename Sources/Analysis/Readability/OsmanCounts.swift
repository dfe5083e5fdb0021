// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What OSMAN counts in an Arabic text (El-Haj & Rayson, LREC 2016).
///
/// Arabic is mostly written without its short vowels. The authors' program then takes nearly every letter for a syllable,
/// and so does this one; ``hasVowelSigns`` tells.
struct OsmanCounts {
    /// Words.
    private(set) var words = 0
    /// Syllables: short ones count once; long and stressed ones twice.
    private(set) var syllables = 0
    /// Words with more than five vowel signs.
    private(set) var complexWords = 0
    /// Words of more than five letters.
    private(set) var longWords = 0
    /// Words with the letters and endings of formal Arabic (faseeh) and more than five syllables.
    private(set) var faseehWords = 0
    /// Whether short vowels are written.
    private(set) var hasVowelSigns = false

    /// Counts the words of a text.
    init(_ words: ArraySlice<SpokenWord>, in text: SpokenText) {
        var all = Signs()
        for word in words {
            let scalars = Array(text.text(of: word).unicodeScalars)
            let signs = Signs(scalars)
            all.add(signs)
            complexWords += signs.marks > 5 ? 1 : 0
            longWords += signs.letters > 5 ? 1 : 0
            faseehWords += signs.isFaseeh && signs.syllables > 5 ? 1 : 0
        }
        self.words = words.count
        syllables = all.syllables
        hasVowelSigns = all.short > 0
    }

    /// What it counts, by name.
    var basis: [Measure.Part] {
        [
            .init("words", Double(words)), .init("syllables", Double(syllables)),
            .init("hard_words", Double(complexWords)), .init("long_words", Double(longWords)),
            .init("faseeh_words", Double(faseehWords)),
        ]
    }

    /// OSMAN: about 0...100, higher is easier.
    func value(wordsPerSentence: Double) -> Double {
        let hard = Double(complexWords + syllables + faseehWords + longWords) / Double(words)
        return 200.791 - 1.015 * wordsPerSentence - 24.181 * hard
    }

    /// The signs of a word or of a text.
    private struct Signs {
        var letters = 0
        var short = 0
        var long = 0
        var stressed = 0
        var marks = 0
        /// Letters but for alif and alif maqsura, which carry no syllable of their own.
        var bearing = 0
        var isFaseeh = false

        init() {}

        init(_ word: [Unicode.Scalar]) {
            for (index, scalar) in word.enumerated() {
                switch scalar.value {
                case 0x64E, 0x64F, 0x650:  // fatha, damma, kasra; long before alif, waw or ya
                    marks += 1
                    let next = index + 1 < word.count ? word[index + 1].value : 0
                    if next == 0x627 || next == 0x648 || next == 0x64A { long += 1 } else { short += 1 }
                case 0x64B, 0x64C, 0x64D, 0x651:  // tanwin, shadda
                    marks += 1
                    stressed += 1
                case 0x652, 0x653, 0x657, 0x658: break
                default:
                    letters += 1
                    bearing += scalar.value == 0x627 || scalar.value == 0x649 ? 0 : 1
                }
                switch scalar.value {
                case 0x621, 0x624, 0x626, 0x630, 0x638: isFaseeh = true  // hamza, thal, zah
                case 0x627, 0x646: isFaseeh = isFaseeh || index > 0 && word[index - 1].value == 0x648  // -wa, -wn
                default: break
                }
            }
        }

        /// Two letters less where no vowels are written, as the authors' program has it.
        var syllables: Int { (short > 0 ? short : max(0, bearing - 2)) + 2 * (long + stressed) }

        mutating func add(_ other: Signs) {
            short += other.short
            long += other.long
            stressed += other.stressed
            bearing += other.bearing
        }
    }
}
