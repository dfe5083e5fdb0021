// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a word or a phrase does to the statement around it.
enum Cue: Sendable, Hashable {
    /// Turns the whole clause round: not, never.
    case negator
    /// Turns round what follows in the clause: no, without, instead of.
    case negatorAfter
    /// Advises against or ends what the clause is about: avoid, stop. Turns the clause round.
    case avoid
    /// Goes on with it: continue, keep taking.
    case proceed
    /// Recommends or uses it: take, give, recommend.
    case use
    /// Allows it or finds it good: safe, can, fine.
    case permit
    /// Finds it harmless: no problem, nothing to worry about.
    case reassure
    /// Finds that it matters not whether it is done: no difference, up to you.
    case indifferent
    /// Finds it dangerous or unsuitable. Turns the clause round.
    case unsafe
    /// Looks like a negation and is none: not only, no doubt.
    case neutral
    /// Leaves it open: I'm not sure, I don't know.
    case hedge
    /// Begins a clause that gives a condition: if, when, unless.
    case condition
    /// Begins another clause: because, but.
    case boundary
    /// Speaks of what is not done at once: hesitate, forget, fail. Turns the clause round without advising against.
    case neglect
}

/// The cues of a language as phrases, longest first by their first word.
struct CueLexicon: Sendable {
    /// The phrases that begin with a word.
    private let phrases: [String: [Phrase]]
    /// A phrase as stems; one that is written with "$" counts only where the clause ends behind it.
    private struct Phrase {
        var words: [String]
        var isLast: Bool
        var cue: Cue
    }
    /// The words that hold sentences together and carry no content.
    let functionWords: Set<String>
    /// Words that begin a clause of their own after "and": verbs of instructions.
    let verbs: Set<String>
    /// Persons that a clause begins with.
    let pronouns: Set<String>
    /// What stands for a number of units: "a" gram, "an" hour.
    let language: String

    init(language: String, cues: [(Cue, [String])], functionWords: [String], verbs: [String], pronouns: [String]) {
        self.language = language
        var table: [String: [Phrase]] = [:]
        for (cue, list) in cues {
            for phrase in list {
                var words = phrase.split(separator: " ").map { Self.key(String($0), language) }
                let isLast = words.last == "$"
                if isLast { words.removeLast() }
                guard let first = words.first else { continue }
                table[first, default: []].append(Phrase(words: words, isLast: isLast, cue: cue))
            }
        }
        phrases = table.mapValues { $0.sorted { $0.words.count > $1.words.count } }
        self.functionWords = Set(functionWords.map { WordStem.fold($0) })
        self.verbs = Set(verbs.map { WordStem.of($0, language: language) })
        self.pronouns = Set(pronouns)
    }

    /// Small words are cues only as they stand; others in all their forms.
    private static func key(_ word: String, _ language: String) -> String {
        WordStem.of(word, language: language)
    }

    /// The longest phrase of stems that begins at an index.
    func cue(at index: Int, in stems: [String]) -> (cue: Cue, end: Int)? {
        guard let candidates = phrases[stems[index]] else { return nil }
        for candidate in candidates where index + candidate.words.count <= stems.count {
            let end = index + candidate.words.count
            guard zip(candidate.words, stems[index..<end]).allSatisfy(==) else { continue }
            if candidate.isLast, end < stems.count, stems[end].contains(where: { $0.isLetter || $0.isNumber }) {
                continue
            }
            return (candidate.cue, end)
        }
        return nil
    }

    /// The cues of a language (BCP 47 primary subtag); nil where there are none.
    static func of(_ language: String) -> CueLexicon? { all[language] }

    private static let all: [String: CueLexicon] = ["en": english, "de": german, "es": spanish, "fr": french]
}
