// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How a word is spelled and sounds, at a glance: lengths, and which letters and sounds occur. It rules most words out that are
/// none like it: words within n edits differ in length by n at most, and in 2 n letters.
package struct SoundOutline: Sendable {
    private let keySet: UInt32
    private let letterSet: UInt32
    /// How many sounds there are.
    package let keyCount: Int32
    /// How many letters there are.
    package let letterCount: Int32

    /// Looks at the letters of a word and its ``PhoneticKey``.
    package init(letters: [UInt8], key: [UInt8]) {
        func set(_ bytes: [UInt8]) -> UInt32 { bytes.reduce(0) { $0 | 1 << UInt32($1 & 31) } }
        keySet = set(key)
        letterSet = set(letters)
        keyCount = Int32(key.count)
        letterCount = Int32(letters.count)
    }

    /// Whether a word may be within so many edits of this one, by its sounds and by its letters.
    package func mayBe(_ said: SoundOutline, keyLimit: Int, letterLimit: Int) -> Bool {
        abs(keyCount - said.keyCount) <= keyLimit && abs(letterCount - said.letterCount) <= letterLimit
            && (keySet ^ said.keySet).nonzeroBitCount <= 2 * keyLimit
            && (letterSet ^ said.letterSet).nonzeroBitCount <= 2 * letterLimit
    }
}
