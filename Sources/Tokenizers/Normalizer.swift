// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What is done to a text before it is cut into pieces (`normalizer` in a `tokenizer.json`).
indirect enum Normalizer: Sendable {
    case sequence([Normalizer])
    case bert(BertNormalizer)
    case decompose
    case stripAccents
    case lowercase
    case precompiled(CharacterMap)
    /// Puts `content` for every run of at least `count` blanks, or for each `count` of them.
    case replaceBlanks(count: Int, wholeRuns: Bool, content: [Unicode.Scalar])
    case strip(left: Bool, right: Bool)

    func normalize(_ text: AlignedText) -> AlignedText {
        switch self {
        case .sequence(let steps): return steps.reduce(text) { $1.normalize($0) }
        case .bert(let bert): return bert.normalize(text)
        case .decompose: return AlignedText(Decomposition.apply(to: text.characters()))
        case .stripAccents:
            return AlignedText(text.characters().filter { !Self.isMark($0.scalar) })
        case .lowercase: return AlignedText(BertNormalizer.lowercase(text.characters()))
        case .precompiled(let map): return map.normalize(text)
        case .replaceBlanks(let count, let wholeRuns, let content):
            return Self.replaceBlanks(in: text, count, wholeRuns, content)
        case .strip(let left, let right):
            var characters = text.characters()[...]
            if left { characters = characters.drop { $0.scalar.isWhitespace } }
            if right { while characters.last?.scalar.isWhitespace == true { characters.removeLast() } }
            return AlignedText(Array(characters))
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        // The version that the `tokenizers` library has built in for this step is 9.
        guard scalar.value >= 0x300, let age = scalar.properties.age, age.major <= 9 else { return false }
        return switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func replaceBlanks(
        in text: AlignedText, _ count: Int, _ wholeRuns: Bool, _ content: [Unicode.Scalar]
    ) -> AlignedText {
        let characters = text.characters()
        var result: [AlignedText.Character] = []
        result.reserveCapacity(characters.count)
        var index = 0
        while index < characters.count {
            var end = index
            while end < characters.count, characters[end].scalar == " ", wholeRuns || end - index < count { end += 1 }
            guard end - index >= count else {
                // A run that is too short stays; so does any other character.
                let stop = max(end, index + 1)
                result += characters[index..<stop]
                index = stop
                continue
            }
            // The last of them is the origin, as in the `tokenizers` library.
            var character = characters[end - 1]
            for scalar in content {
                character.scalar = scalar
                result.append(character)
            }
            index = end
        }
        return AlignedText(result)
    }
}
