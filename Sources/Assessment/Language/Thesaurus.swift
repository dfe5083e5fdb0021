// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Words that mean the same in clinical talk, and words that mean the opposite.
///
/// The groups are general knowledge, written down by us for English: how patients, nurses, pharmacists and doctors name the
/// same thing. A word may be in several groups.
struct Thesaurus: Sendable {
    /// A group that some words name.
    struct Sense: Sendable, Hashable {
        /// The number of the group; even ones are of synonyms, odd ones have an opposite.
        var group: Int
        /// Whether the words name its opposite.
        var isOpposite: Bool

        /// Whether the group has an opposite: to take one for the other turns a statement round.
        var isDirectional: Bool { group & 1 == 1 }
    }

    private var phrases: [String: [(words: [String], sense: Sense)]] = [:]

    /// The senses of the phrases that begin at an index, and where each ends.
    func senses(at index: Int, in stems: [String]) -> [(sense: Sense, end: Int)] {
        guard let candidates = phrases[stems[index]] else { return [] }
        return candidates.compactMap { words, sense in
            guard index + words.count <= stems.count else { return nil }
            for offset in words.indices.dropFirst() where stems[index + offset] != words[offset] { return nil }
            return (sense, index + words.count)
        }
    }

    static let english = Thesaurus(
        language: "en", groups: ThesaurusLists.synonyms, opposites: ThesaurusLists.opposites)
    static let none = Thesaurus(language: "und", groups: [], opposites: [])
    static let german = Thesaurus(language: "de", groups: [], opposites: ThesaurusLists.germanOpposites)
    static let spanish = Thesaurus(language: "es", groups: [], opposites: ThesaurusLists.spanishOpposites)
    static let french = Thesaurus(language: "fr", groups: [], opposites: ThesaurusLists.frenchOpposites)

    /// The thesaurus of a language.
    static func of(_ language: String) -> Thesaurus {
        switch language {
        case "en": english
        case "de": german
        case "es": spanish
        case "fr": french
        default: none
        }
    }

    private init(language: String, groups: [String], opposites: [String]) {
        func add(_ list: some StringProtocol, _ group: Int, _ isOpposite: Bool) {
            for phrase in list.split(separator: ",") {
                let words = phrase.split(separator: " ").map { WordStem.of(String($0), language: language) }
                guard let first = words.first else { continue }
                phrases[first, default: []].append((words, Sense(group: group, isOpposite: isOpposite)))
            }
        }
        for (index, line) in groups.enumerated() { add(line, 2 * index, false) }
        for (index, line) in opposites.enumerated() {
            let poles = line.split(separator: "|")
            guard poles.count == 2 else { continue }
            add(poles[0], 2 * index + 1, false)
            add(poles[1], 2 * index + 1, true)
        }
    }
}
