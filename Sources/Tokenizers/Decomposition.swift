// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CICU

/// Canonical decomposition (Normalization Form D, Unicode Standard Annex #15).
enum Decomposition {
    /// Characters that came later have neither parts nor a class, as in the `tokenizers` library.
    private static let unicodeVersion = 9

    /// Decomposes characters and brings their marks into canonical order. Origins go to the marks in the order in which
    /// they stand in the end, as in the `tokenizers` library.
    static func apply(to characters: [AlignedText.Character]) -> [AlignedText.Character] {
        // Below U+00C0 nothing decomposes or is a mark.
        guard characters.contains(where: { $0.scalar.value >= 0xC0 }) else { return characters }
        var parts: [Part] = []
        parts.reserveCapacity(characters.count)
        var marks = 0  // where the run of marks at the end begins
        for character in characters {
            var isFirst = true
            forEachPart(of: character.scalar) { scalar in
                let order =
                    scalar.value < 0x300 || isNew(scalar) ? 0 : scalar.properties.canonicalCombiningClass.rawValue
                parts.append(Part(scalar: scalar, order: order, isFirst: isFirst))
                isFirst = false
                if order == 0 {
                    sort(&parts, marks..<parts.count - 1)
                    marks = parts.count
                }
            }
        }
        sort(&parts, marks..<parts.count)
        var result: [AlignedText.Character] = []
        result.reserveCapacity(parts.count)
        var origin = -1
        for part in parts {
            if part.isFirst { origin = min(origin + 1, characters.count - 1) }
            var character = characters[max(origin, 0)]
            character.scalar = part.scalar
            result.append(character)
        }
        return result
    }

    private struct Part {
        var scalar: Unicode.Scalar
        var order: UInt8
        /// Whether it is the first part of a character.
        var isFirst: Bool
    }

    /// Sorts marks by their class, those of one class as they come. The standard library's sort is stable.
    private static func sort(_ parts: inout [Part], _ range: Range<Int>) {
        guard range.count > 1 else { return }
        parts[range].sort { $0.order < $1.order }
    }

    private static func isNew(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x800 && scalar.properties.age.map { $0.major > unicodeVersion } ?? true
    }

    private static func forEachPart(of scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
        guard scalar.value >= 0xC0, !isNew(scalar) else { return body(scalar) }
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 32) { buffer in
            guard let start = buffer.baseAddress else { return body(scalar) }
            let count = Int(oracy_decompose(Int32(scalar.value), start, Int32(buffer.count)))
            guard count > 0 else { return body(scalar) }
            var units = buffer[..<count].makeIterator()
            var decoder = UTF16()
            while case .scalarValue(let part) = decoder.decode(&units) { body(part) }
        }
    }
}
