// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What GPT-2's pattern tells apart.
enum CharacterClass: UInt8 {
    /// None of the others: punctuation, symbols, marks, controls.
    case other
    /// `\p{L}`: general categories Lu, Ll, Lt, Lm, Lo.
    case letter
    /// `\p{N}`: general categories Nd, Nl, No.
    case number
    /// `\s`: the property White_Space.
    case space

    /// Characters that came later are none of the classes, so that tokens do not change with the toolchain. This is the
    /// version that `tokenizers` 0.23 knows; models have seen none of the characters since.
    private static let unicodeVersion = 16

    /// The class of a scalar.
    init(_ scalar: Unicode.Scalar) {
        self = scalar.value < 0x1_0000 ? Self.basicPlane[Int(scalar.value)] : Self.lookUp(scalar)
    }

    /// The classes of the Basic Multilingual Plane, because the look-up in the standard library's tables is a search.
    private static let basicPlane: [CharacterClass] = (0..<0x1_0000 as Range<UInt32>).map {
        Unicode.Scalar($0).map(lookUp) ?? .other
    }

    private static func lookUp(_ scalar: Unicode.Scalar) -> CharacterClass {
        guard let age = scalar.properties.age, age.major <= unicodeVersion else { return .other }
        if scalar.properties.isWhitespace { return .space }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
        case .decimalNumber, .letterNumber, .otherNumber: .number
        default: .other
        }
    }
}
