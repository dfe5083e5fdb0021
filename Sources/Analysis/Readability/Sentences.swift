// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// The sentences of an answer, as evidence of what is computed from them.
struct Sentences {
    private let all: [(words: Range<Int>, counts: TextCounts)]
    private let words: [SpokenWord]

    /// Takes the sentences of counted words.
    init(_ counted: CountedWords, _ text: SpokenText) {
        all = counted.sentences(in: text)
        words = counted.words
    }

    /// Where each is.
    func places(note: String) -> [Evidence] {
        all.prefix(MeasureList.mostEvidence).map { Evidence(words: place($0.words), note: note) }
    }

    /// Those with most words.
    var longest: [Evidence] { longest(by: \.words, "word") }

    /// Those with most characters.
    var longestInCharacters: [Evidence] { longest(by: \.characters, "character") }

    private func longest(by size: (TextCounts) -> Int, _ unit: String) -> [Evidence] {
        greatest { Double(size($1)) }.map {
            Evidence(words: place(all[$0].words), note: Self.counted(size(all[$0].counts), unit))
        }
    }

    /// A number of things: `1 word`, `2 words`.
    static func counted(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }

    /// The hardest by a formula, with the value that each has alone.
    ///
    /// - Parameters:
    ///   - isEase: Whether a higher value is easier.
    ///   - value: The value for some words and what was counted in them.
    func hardest(isEase: Bool, by value: (Range<Int>, TextCounts) -> Double) -> [Evidence] {
        greatest { isEase ? -value($0, $1) : value($0, $1) }.map { index in
            let alone = value(all[index].words, all[index].counts)
            return Evidence(words: place(all[index].words), note: "\(Self.decimal(alone)) alone")
        }
    }

    /// The three that are greatest in something, the greatest first; of equal ones the earlier.
    private func greatest(in size: (Range<Int>, TextCounts) -> Double) -> [Int] {
        var best: [(index: Int, size: Double)] = []
        for (index, sentence) in all.enumerated() {
            let size = size(sentence.words, sentence.counts)
            if best.count == 3, size <= best[2].size { continue }
            best.insert((index, size), at: best.firstIndex { $0.size < size } ?? best.count)
            if best.count > 3 { best.removeLast() }
        }
        return best.map(\.index)
    }

    private func place(_ range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last else { return 0..<0 }
        return Int(words[first].position)..<(Int(words[last].position) + 1)
    }

    /// A number with one decimal.
    static func decimal(_ value: Double) -> String {
        let tenths = Int((min(max(value, -1e9), 1e9) * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
