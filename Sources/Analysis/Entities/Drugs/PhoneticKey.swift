// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How a drug's name sounds, roughly: spellings that a recogniser takes for one another have equal or close keys.
///
/// In the manner of Metaphone (Philips 1990), with the spellings of international nonproprietary names in mind, and with
/// vowels kept as one sound, since names differ in little else: "kodeine" and "codeine" are both `KATAN`, "amoxicilin"
/// and "amoxicillin" `AMAKSASALAN`.
package enum PhoneticKey {
    /// The key of a lower-case word; signs and digits are passed over.
    package static func of(_ word: some StringProtocol) -> [UInt8] {
        let letters = Array(word.utf8.filter { $0 >= 0x61 && $0 <= 0x7A })
        var key: [UInt8] = []
        key.reserveCapacity(letters.count + 2)
        func at(_ index: Int) -> Unicode.Scalar {
            letters.indices.contains(index) ? Unicode.Scalar(letters[index]) : " "
        }
        func put(_ sounds: StaticString) {
            for index in 0..<sounds.utf8CodeUnitCount where key.last != sounds.utf8Start[index] {
                key.append(sounds.utf8Start[index])
            }
        }
        var index = 0
        if letters.count > 2 {
            switch (at(0), at(1)) {
            case ("k", "n"), ("g", "n"), ("p", "n"), ("p", "s"), ("w", "r"), ("p", "t"): index = 1
            default: break
            }
        }
        while index < letters.count {
            let isLast = index == letters.count - 1
            switch at(index) {
            case "a", "i", "o", "u", "y": put("A")
            case "e": if !(isLast && key.count > 2) { put("A") }
            case "b": put("P")
            case "p":
                if at(index + 1) == "h" {
                    put("F")
                    index += 1
                } else {
                    put("P")
                }
            case "c":
                switch at(index + 1) {
                case "h":
                    put("K")
                    index += 1
                case "e", "i", "y": put("S")
                case "k":
                    put("K")
                    index += 1
                default: put("K")
                }
            case "d", "t":
                put("T")
                if at(index + 1) == "h" { index += 1 }
            case "f", "v": put("F")
            case "g":
                if at(index + 1) == "h" {
                    index += 1
                } else {
                    put("eiy".unicodeScalars.contains(at(index + 1)) ? "J" : "K")
                }
            case "h": if index == 0 { put("H") }
            case "j": put("J")
            case "k", "q": put("K")
            case "l": put("L")
            case "m": put("M")
            case "n": put("N")
            case "r":
                put("R")
                if at(index + 1) == "h" { index += 1 }
            case "s":
                put("S")
                if at(index + 1) == "h" || (at(index + 1) == "c" && "eiy".unicodeScalars.contains(at(index + 2))) {
                    index += 1
                }
            case "w": if index == 0 || "aeiou".unicodeScalars.contains(at(index + 1)) { put("W") }
            case "x": put(index == 0 ? "S" : "KS")
            case "z": put("S")
            default: break
            }
            index += 1
        }
        return key
    }
}
