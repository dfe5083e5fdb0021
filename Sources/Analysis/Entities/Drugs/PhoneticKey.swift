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
    package static func of(_ word: String) -> [UInt8] { of(word, "") }

    /// The key of two words that are written as one.
    package static func of(_ word: String, _ rest: String) -> [UInt8] {
        // Two blanks behind the letters stand for the next ones of the last.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: word.utf8.count + rest.utf8.count + 2) { buffer in
            var count = 0
            func put(_ byte: UInt8) {
                buffer.initializeElement(at: count, to: byte)
                count += 1
            }
            for byte in word.utf8 where byte >= 0x61 && byte <= 0x7A { put(byte) }
            for byte in rest.utf8 where byte >= 0x61 && byte <= 0x7A { put(byte) }
            put(0x20)
            put(0x20)
            let letters = UnsafeBufferPointer(rebasing: buffer[..<count])
            // No letter has more than two sounds.
            return [UInt8](unsafeUninitializedCapacity: 2 * count) { key, length in
                write(letters, to: key, &length)
            }
        }
    }

    private static func write(
        _ padded: UnsafeBufferPointer<UInt8>, to key: UnsafeMutableBufferPointer<UInt8>, _ length: inout Int
    ) {
        let count = padded.count - 2
        func at(_ index: Int) -> Unicode.Scalar { Unicode.Scalar(padded[index]) }
        func isFront(_ index: Int) -> Bool { at(index) == "e" || at(index) == "i" || at(index) == "y" }
        func isVowel(_ index: Int) -> Bool {
            let letter = at(index)
            return letter == "a" || letter == "e" || letter == "i" || letter == "o" || letter == "u"
        }
        func put(_ sound: Unicode.Scalar) {
            let sound = UInt8(truncatingIfNeeded: sound.value)
            guard length == 0 || key[length - 1] != sound else { return }
            key[length] = sound
            length += 1
        }
        length = 0
        var index = 0
        if count > 2 {
            switch (at(0), at(1)) {
            case ("k", "n"), ("g", "n"), ("p", "n"), ("p", "s"), ("w", "r"), ("p", "t"): index = 1
            default: break
            }
        }
        while index < count {
            let isLast = index == count - 1
            switch at(index) {
            case "a", "i", "o", "u", "y": put("A")
            case "e": if !(isLast && length > 2) { put("A") }
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
                    put(isFront(index + 1) ? "J" : "K")
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
                if at(index + 1) == "h" || (at(index + 1) == "c" && isFront(index + 2)) {
                    index += 1
                }
            case "w": if index == 0 || isVowel(index + 1) { put("W") }
            case "x":
                if index > 0 { put("K") }
                put("S")
            case "z": put("S")
            default: break
            }
            index += 1
        }
    }
}
