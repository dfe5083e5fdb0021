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
        var rest: [UInt64]
        var list: Int
    }

    private var first: HashIndex
    /// The phrases that begin with each first word, longest first.
    private var phrases: [[Phrase]] = []

    /// Prepares lists of phrases.
    init(_ lists: [[String]]) {
        first = HashIndex(capacity: lists.reduce(0) { $0 + $1.count })
        for (number, list) in lists.enumerated() {
            for phrase in list {
                let hashes = phrase.split(separator: " ").map { WordHash.of(String($0)) }
                guard let head = hashes.first else { continue }
                let slot = Int(first.number(of: head, orInsert: Int32(phrases.count)))
                if slot == phrases.count { phrases.append([]) }
                phrases[slot].append(Phrase(rest: Array(hashes.dropFirst()), list: number))
            }
        }
        for slot in phrases.indices { phrases[slot].sort { $0.rest.count > $1.rest.count } }
    }

    /// Whether a word is itself on a list.
    func contains(_ hash: UInt64) -> Bool {
        guard let slot = first.number(of: hash) else { return false }
        return phrases[Int(slot)].contains { $0.rest.isEmpty }
    }

    /// All phrases of a text, in order and without overlaps.
    func matches(in hashes: [UInt64]) -> [Match] {
        var matches: [Match] = []
        var index = 0
        while index < hashes.count {
            guard let slot = first.number(of: hashes[index]),
                let phrase = phrases[Int(slot)].first(where: { starts(hashes, at: index + 1, with: $0.rest) })
            else {
                index += 1
                continue
            }
            let end = index + 1 + phrase.rest.count
            matches.append(Match(words: index..<end, list: phrase.list))
            index = end
        }
        return matches
    }

    private func starts(_ hashes: [UInt64], at index: Int, with rest: [UInt64]) -> Bool {
        guard index + rest.count <= hashes.count else { return false }
        for offset in rest.indices where hashes[index + offset] != rest[offset] { return false }
        return true
    }
}
