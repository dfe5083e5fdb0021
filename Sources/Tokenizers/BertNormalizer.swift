// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Prepares text as BERT does (google-research/bert, tokenization.py): drops control characters, makes all white space
/// blanks, puts blanks around Chinese characters, takes accents away and writes small letters, each if asked to.
struct BertNormalizer: Sendable, Hashable {
    /// Drops control characters and makes all white space blanks.
    var cleans: Bool
    /// Puts blanks around Chinese characters.
    var separatesChinese: Bool
    /// Decomposes characters and drops their accents.
    var stripsAccents: Bool
    /// Writes small letters.
    var lowercases: Bool

    func normalize(_ text: AlignedText) -> AlignedText {
        var characters = text.characters()
        if cleans { Self.clean(&characters) }
        if separatesChinese, characters.contains(where: { Self.isChinese($0.scalar) }) {
            characters = Self.separateChinese(characters)
        }
        if stripsAccents {
            characters = Decomposition.apply(to: characters)
            characters.removeAll { $0.scalar.value > 0x7F && BertCategory.isNonspacingMark($0.scalar) }
        }
        if lowercases { characters = Self.lowercase(characters) }
        return AlignedText(characters)
    }

    private static func clean(_ characters: inout [AlignedText.Character]) {
        characters.removeAll { BertCategory.isDropped($0.scalar) }
        for index in characters.indices where characters[index].scalar.isWhitespace { characters[index].scalar = " " }
    }

    private static func separateChinese(_ characters: [AlignedText.Character]) -> [AlignedText.Character] {
        var result: [AlignedText.Character] = []
        for character in characters {
            guard isChinese(character.scalar) else {
                result.append(character)
                continue
            }
            var blank = character
            blank.scalar = " "
            result += [blank, character, blank]
        }
        return result
    }

    /// The blocks of Chinese characters in BERT, with the misprint of the `tokenizers` library that leaves out
    /// U+2B820 to U+2B91F.
    private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x3400 else { return false }
        return switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    static func lowercase(_ characters: [AlignedText.Character]) -> [AlignedText.Character] {
        var result: [AlignedText.Character] = []
        result.reserveCapacity(characters.count)
        for var character in characters {
            if character.scalar.value < 0x80 {
                if (0x41...0x5A).contains(character.scalar.value) {
                    character.scalar = Unicode.Scalar(UInt8(character.scalar.value) | 0x20)
                }
                result.append(character)
                continue
            }
            for scalar in character.scalar.properties.lowercaseMapping.unicodeScalars {
                character.scalar = scalar
                result.append(character)
            }
        }
        return result
    }
}

/// The categories of characters in BERT's steps: those of Unicode 8, which the `tokenizers` library has built in.
enum BertCategory {
    private static let unicodeVersion = 8

    private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory? {
        guard let age = scalar.properties.age, age.major <= unicodeVersion else { return nil }
        // The characters whose category has changed since.
        return switch scalar.value {
        case 0x166D, 0x111C9: .otherPunctuation
        case 0x1734, 0x1171E: .nonspacingMark
        case 0x1885, 0x1886: .otherLetter
        case 0xA9BD: .spacingMark
        default: scalar.properties.generalCategory
        }
    }

    /// Whether cleaning drops a character.
    static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0, 0xFFFD: return true
        case 0x09, 0x0A, 0x0D: return false
        case 0x20..<0x7F: return false
        default: break
        }
        return switch category(scalar) {
        case .control, .format, .privateUse: true
        default: false
        }
    }

    /// Whether a character is an accent.
    static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool { category(scalar) == .nonspacingMark }

    /// Whether a character is a word of its own.
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
        case ..<0x80: return false
        default: break
        }
        return switch category(scalar) {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Whether this has the property White_Space.
    var isWhitespace: Bool { value < 0x80 ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace }
}
