// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How a text is cut into the pieces that tokens are made of (`pre_tokenizer` in a `tokenizer.json`).
indirect enum PreTokenizer: Sendable {
    case sequence([PreTokenizer])
    /// At white space, which goes, and around punctuation (BERT).
    case bert
    /// At white space, which goes.
    case whitespace
    /// By GPT-2's pattern, if asked to, after a blank that is put before texts without one, if asked to.
    case byteLevel(addsPrefixSpace: Bool, splitsWords: Bool)
    /// Writes blanks as another character, puts one at the beginning, and cuts before each (SentencePiece).
    case metaspace(Metaspace)

    struct Metaspace: Sendable {
        /// When the character is put at the beginning of a piece that has none there.
        enum Prefix: Sendable { case always, first, never }
        var replacement: Unicode.Scalar
        var prefix: Prefix
        var splits: Bool
    }

    /// Cuts a normalised text.
    ///
    func pieces(of text: AlignedText) -> (AlignedText, [Range<Int>]) {
        let count = text.bytes.count
        return apply(to: text, count > 0 ? [0..<count] : [])
    }

    private func apply(
        to text: AlignedText, _ pieces: [Range<Int>]
    ) -> (AlignedText, [Range<Int>]) {
        switch self {
        case .sequence(let steps):
            return steps.reduce((text, pieces)) { $1.apply(to: $0.0, $0.1) }
        case .bert:
            return (text, Self.split(pieces, of: text, isolates: BertCategory.isPunctuation))
        case .whitespace:
            return (text, Self.split(pieces, of: text) { _ in false })
        case .byteLevel(let addsPrefixSpace, let splitsWords):
            let (text, pieces) =
                addsPrefixSpace ? Self.rewrite(text, pieces) { Self.prefixed($0, by: " ") } : (text, pieces)
            guard splitsWords else { return (text, pieces) }
            var result: [Range<Int>] = []
            text.bytes.withUnsafeBufferPointer { bytes in
                for piece in pieces {
                    let splitter = WordSplitter(text: UnsafeBufferPointer(rebasing: bytes[piece]))
                    var start = 0
                    while start < piece.count {
                        let end = splitter.pieceEnd(from: start)
                        result.append(piece.lowerBound + start..<piece.lowerBound + end)
                        start = end
                    }
                }
            }
            return (text, result)
        case .metaspace(let metaspace): return metaspace.apply(to: text, pieces)
        }
    }

    /// Cuts pieces at white space, which goes, and around the characters that are pieces of their own.
    private static func split(
        _ pieces: [Range<Int>], of text: AlignedText, isolates: (Unicode.Scalar) -> Bool
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces {
                var start = piece.lowerBound
                var index = start
                while index < piece.upperBound {
                    let (scalar, length) = bytes.scalar(at: index)
                    let isSpace = scalar.isWhitespace
                    if isSpace || isolates(scalar) {
                        if index > start { result.append(start..<index) }
                        if !isSpace { result.append(index..<index + length) }
                        start = index + length
                    }
                    index += length
                }
                if index > start { result.append(start..<index) }
            }
        }
        return result
    }

    /// Puts a character before others unless it is there; it gets the origin of the first of them.
    fileprivate static func prefixed(
        _ characters: [AlignedText.Character], by scalar: Unicode.Scalar
    ) -> [AlignedText.Character] {
        guard var first = characters.first, first.scalar != scalar else { return characters }
        first.scalar = scalar
        return [first] + characters
    }

    /// Makes a text of other pieces.
    fileprivate static func rewrite(
        _ text: AlignedText, _ pieces: [Range<Int>], _ body: ([AlignedText.Character]) -> [AlignedText.Character]
    ) -> (AlignedText, [Range<Int>]) {
        var result = AlignedText()
        var ranges: [Range<Int>] = []
        for piece in pieces {
            let start = result.bytes.count
            for character in body(text.characters(in: piece)) { result.append(character) }
            if result.bytes.count > start { ranges.append(start..<result.bytes.count) }
        }
        return (result, ranges)
    }
}

extension PreTokenizer.Metaspace {
    fileprivate func apply(
        to text: AlignedText, _ pieces: [Range<Int>]
    ) -> (AlignedText, [Range<Int>]) {
        let (text, pieces) = PreTokenizer.rewrite(text, pieces) { characters in
            var characters = characters
            for index in characters.indices where characters[index].scalar == " " {
                characters[index].scalar = replacement
            }
            // "first" asks for a piece that begins where the text does.
            let isPrefixed: Bool =
                switch prefix {
                case .always: true
                case .first: characters.first?.start == 0
                case .never: false
                }
            return isPrefixed ? PreTokenizer.prefixed(characters, by: replacement) : characters
        }
        guard splits else { return (text, pieces) }
        var result: [Range<Int>] = []
        text.bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces {
                var start = piece.lowerBound
                var index = start
                while index < piece.upperBound {
                    let (scalar, length) = bytes.scalar(at: index)
                    if scalar == replacement, index > start {
                        result.append(start..<index)
                        start = index
                    }
                    index += length
                }
                if index > start { result.append(start..<index) }
            }
        }
        return (text, result)
    }
}
