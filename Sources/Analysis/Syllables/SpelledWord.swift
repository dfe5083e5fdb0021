// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The letters of a lower-case word, or of a part of one, for rules that look at neighbours.
struct SpelledWord {
    /// The letters; reading outside them gives a space.
    let letters: ArraySlice<Unicode.Scalar>

    /// How many letters there are.
    var count: Int { letters.count }

    /// The letter at an offset from the beginning.
    subscript(offset: Int) -> Unicode.Scalar {
        offset >= 0 && offset < count ? letters[letters.startIndex + offset] : " "
    }

    /// The letter at an offset from the end, the last being 1.
    func last(_ offset: Int) -> Unicode.Scalar { self[count - offset] }

    /// Whether the word ends in some letters.
    func ends(_ suffix: String) -> Bool {
        var index = letters.endIndex
        for scalar in suffix.unicodeScalars.reversed() {
            guard index > letters.startIndex else { return false }
            index -= 1
            if letters[index] != scalar { return false }
        }
        return true
    }

    /// Whether the word ends in one of several endings.
    func ends(any suffixes: [String]) -> Bool { suffixes.contains { ends($0) } }

    /// Whether some letters stand at an offset.
    func has(_ text: String, at offset: Int) -> Bool {
        var offset = offset
        for scalar in text.unicodeScalars {
            if self[offset] != scalar { return false }
            offset += 1
        }
        return true
    }

    /// Whether the word begins with some letters.
    func starts(_ prefix: String) -> Bool { has(prefix, at: 0) }

    /// Whether the word is one of a list.
    func isOne(of words: [String]) -> Bool {
        words.contains { has($0, at: 0) && self.count == $0.unicodeScalars.count }
    }
}
