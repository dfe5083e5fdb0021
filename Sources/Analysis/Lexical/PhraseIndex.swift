// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Finds listed words and phrases in a text.
struct PhraseIndex: Sendable {
    /// A phrase that was found.
    struct Match {
        /// The indices of its words in the list that was searched.
        var words: Range<Int>
        /// The list it is on, by its number.
        var list: Int
    }

    private struct Phrase: Sendable {
        /// Where its words after the first are in ``rests``.
        var rest: Range<Int>
        var list: Int
    }

    private var first: HashIndex
    /// The phrases, those with the same first word together and longest first.
    private let phrases: [Phrase]
    /// For each number of a first word, where its phrases are.
    private let places: [Range<Int>]
    private let rests: [UInt64]

    /// Prepares lists of phrases.
    init(_ lists: [[String]]) {
        first = HashIndex(capacity: lists.reduce(0) { $0 + $1.count })
        var groups: [[(rest: [UInt64], list: Int)]] = []
        for (number, list) in lists.enumerated() {
            for phrase in list {
                let hashes = phrase.split(separator: " ").map { WordHash.of(String($0)) }
                guard let head = hashes.first else { continue }
                let slot = Int(first.number(of: head, orInsert: Int32(groups.count)))
                if slot == groups.count { groups.append([]) }
                groups[slot].append((Array(hashes.dropFirst()), number))
            }
        }
        var phrases: [Phrase] = []
        var places: [Range<Int>] = []
        var rests: [UInt64] = []
        for group in groups {
            let start = phrases.count
            for phrase in group.sorted(by: { $0.rest.count > $1.rest.count }) {
                phrases.append(Phrase(rest: rests.count..<(rests.count + phrase.rest.count), list: phrase.list))
                rests += phrase.rest
            }
            places.append(start..<phrases.count)
        }
        self.phrases = phrases
        self.places = places
        self.rests = rests
    }

    /// All phrases of a text, in order and without overlaps.
    func matches(in words: [SpokenWord]) -> [Match] {
        var matches: [Match] = []
        var index = 0
        while index < words.count {
            if let slot = first.number(of: words[index].hash), let match = match(words, at: index, places[Int(slot)]) {
                matches.append(match)
                index = match.words.upperBound
            } else {
                index += 1
            }
        }
        return matches
    }

    private func match(_ words: [SpokenWord], at index: Int, _ candidates: Range<Int>) -> Match? {
        next: for candidate in candidates {
            let rest = phrases[candidate].rest
            guard index + rest.count < words.count else { continue }
            for (offset, place) in rest.enumerated() where words[index + 1 + offset].hash != rests[place] {
                continue next
            }
            return Match(words: index..<(index + 1 + rest.count), list: phrases[candidate].list)
        }
        return nil
    }
}
