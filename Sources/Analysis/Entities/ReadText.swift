// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// A text with the places of its words, in which things are found by bytes and given back as characters and words.
struct ReadText {
    /// The text: as it was typed, or a transcript's words with a space between each.
    let text: String
    /// The words: a transcript's, or what stands between white space.
    let pieces: [String]
    /// Where each word is in the text's UTF-8.
    private let places: [Range<Int>]
    private let scalarCounts: ScalarCounts

    /// A typed text.
    init(typed text: String) {
        self.text = text
        var pieces: [String] = []
        var places: [Range<Int>] = []
        for piece in text.split(whereSeparator: \.isWhitespace) {
            pieces.append(String(piece))
            let start = text.utf8.distance(from: text.startIndex, to: piece.startIndex)
            places.append(start..<(start + piece.utf8.count))
        }
        self.pieces = pieces
        self.places = places
        scalarCounts = ScalarCounts(text)
    }

    /// The words of a transcript.
    init(words: [String]) {
        pieces = words
        text = words.joined(separator: " ")
        var places: [Range<Int>] = []
        var start = 0
        for word in words {
            places.append(start..<(start + word.utf8.count))
            start += word.utf8.count + 1
        }
        self.places = places
        scalarCounts = ScalarCounts(text)
    }

    /// Something found in some bytes of the text.
    func entity(
        _ kind: Entity.Kind, bytes: Range<Int>, normalized: String? = nil, confidence: Double? = nil,
        isRespelled: Bool = false
    ) -> Entity {
        Entity(
            kind: kind, span: span(bytes: bytes),
            text: String(decoding: text.utf8[range(bytes: bytes)], as: UTF8.self),
            normalized: normalized, confidence: confidence, isRespelled: isRespelled)
    }

    /// Some bytes of the text as a part of it.
    func range(bytes: Range<Int>) -> Range<String.Index> {
        let start = text.utf8.index(text.startIndex, offsetBy: bytes.lowerBound)
        return start..<text.utf8.index(start, offsetBy: bytes.count)
    }

    /// Something found in some part of the text.
    func entity(_ kind: Entity.Kind, _ range: Range<String.Index>, normalized: String?) -> Entity {
        let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
        let end = text.utf8.distance(from: text.startIndex, to: range.upperBound)
        return entity(kind, bytes: start..<end, normalized: normalized)
    }

    /// The span of some words.
    func span(words: Range<Int>) -> TextSpan {
        guard let first = words.first, let last = words.last, places.indices.contains(first),
            places.indices.contains(last)
        else { return TextSpan(characters: 0..<0, words: 0..<0) }
        return span(bytes: places[first].lowerBound..<places[last].upperBound)
    }

    /// The span of some bytes.
    func span(bytes: Range<Int>) -> TextSpan {
        let first = places.partition(where: { $0.upperBound > bytes.lowerBound })
        let end = places.partition(where: { $0.lowerBound >= bytes.upperBound })
        return TextSpan(
            characters: scalarCounts.before(
                bytes.lowerBound, in: text)..<scalarCounts.before(bytes.upperBound, in: text),
            words: first..<max(first, end))
    }

    /// The words in lower case without the marks around them, for looking them up, with their places in the UTF-8.
    func lettersOfWords() -> [(word: String, bytes: Range<Int>)] {
        zip(pieces, places).compactMap { piece, place in
            let bytes = Array(piece.utf8)
            let isInner = { (byte: UInt8) in
                byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
            }
            guard let first = bytes.firstIndex(where: isInner), let last = bytes.lastIndex(where: isInner) else {
                return nil
            }
            let word = String(decoding: bytes[first...last], as: UTF8.self).lowercased()
            return (word, (place.lowerBound + first)..<(place.lowerBound + last + 1))
        }
    }
}

/// How many scalars come before a byte of a text, without counting from its beginning each time.
private struct ScalarCounts {
    private static let step = 512
    /// The number before every 512th byte; empty where each byte is a scalar.
    private var marks: [Int] = []

    init(_ text: String) {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return }
        var count = 0
        for (index, byte) in text.utf8.enumerated() {
            if index % Self.step == 0 { marks.append(count) }
            if byte & 0xC0 != 0x80 { count += 1 }
        }
    }

    func before(_ byte: Int, in text: String) -> Int {
        guard !marks.isEmpty else { return byte }
        let mark = min(byte / Self.step, marks.count - 1)
        let start = text.utf8.index(text.startIndex, offsetBy: mark * Self.step)
        let end = text.utf8.index(start, offsetBy: byte - mark * Self.step)
        return marks[mark] + text.utf8[start..<end].count { $0 & 0xC0 != 0x80 }
    }
}

extension [Range<Int>] {
    /// The index of the first range that satisfies a condition which all later ones satisfy too.
    fileprivate func partition(where condition: (Range<Int>) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
