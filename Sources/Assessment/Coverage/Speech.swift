// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// An answer's words as evidence refers to them.
struct Speech: Sendable {
    /// The text: as typed, or the words of a transcript with a space between each.
    let text: String
    /// The words of a transcript; empty for a typed text.
    let words: [Word]
    /// Where each word is in the text's UTF-8.
    private let places: [Range<Int>]
    /// Where sentences end (UTF-8).
    let breaks: [Int]
    /// The share of the speech that could not be understood.
    let unintelligible: Double
    /// Whether there are any words.
    var isEmpty: Bool { places.isEmpty }

    init(typed text: String) {
        self.text = text
        words = []
        places = text.split(whereSeparator: \.isWhitespace).map { piece in
            let start = text.utf8.distance(from: text.startIndex, to: piece.startIndex)
            return start..<(start + piece.utf8.count)
        }
        breaks = []
        unintelligible = 0
    }

    init(words: [Word], sentences: [Range<Int>], unintelligible: Double) {
        self.words = words
        text = words.map(\.text).joined(separator: " ")
        var places: [Range<Int>] = []
        var start = 0
        for word in words {
            places.append(start..<(start + word.text.utf8.count))
            start += word.text.utf8.count + 1
        }
        self.places = places
        breaks = sentences.compactMap {
            places.indices.contains($0.lowerBound) ? places[$0.lowerBound].lowerBound : nil
        }.filter { $0 > 0 }
        self.unintelligible = unintelligible.isFinite ? min(1, max(0, unintelligible)) : 1
    }

    /// Evidence for some characters.
    func evidence(_ characters: Range<Int>, _ indices: Range<String.Index>, in text: String) -> KeyPointResult.Evidence
    {
        let start = text.utf8.distance(from: text.startIndex, to: indices.lowerBound)
        let end = text.utf8.distance(from: text.startIndex, to: indices.upperBound)
        let first = places.firstIndex { $0.upperBound > start } ?? places.count
        let last = places.firstIndex { $0.lowerBound >= end } ?? places.count
        let range = first..<max(first, last)
        let spoken = words.isEmpty ? [] : words[range.clamped(to: words.indices)]
        let time = spoken.first.flatMap { first in spoken.last.map { first.start..<max(first.start, $0.end) } }
        return .init(text: String(text[indices]), span: TextSpan(characters: characters, words: range), time: time)
    }

    /// Whether a person wrote some of these words.
    func isEdited(_ range: Range<Int>) -> Bool {
        words[range.clamped(to: words.indices)].contains { $0.kind == .edited }
    }

    /// The mean confidence of some words; nil where the recogniser gives none.
    func confidence(of range: Range<Int>) -> Double? {
        guard !words.isEmpty else { return nil }
        let known = words[range.clamped(to: words.indices)].compactMap(\.confidence)
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
}
