// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

extension StatementReader {
    /// A drug or a family at a token.
    struct DrugName: Sendable {
        var drug: String?
        var family: String?
        var end: Int
        var isRespelled = false

        func senses(_ thesaurus: Thesaurus, _ index: Int, _ stems: [String]) -> [Thesaurus.Sense] {
            thesaurus.senses(at: index, in: stems).filter { $0.end == end }.map(\.sense)
        }
    }

    func drugMentions(in text: AnswerText) -> [Int: DrugName] {
        var found: [Int: DrugName] = [:]
        // Runs of words: a drug's name does not reach across a sign.
        var run: [Int] = []
        func finish() {
            defer { run.removeAll() }
            guard !run.isEmpty else { return }
            let words = run.map { WordStem.fold(text.tokens[$0].word) }
            var index = 0
            while index < words.count {
                if let (name, length) = known(at: index, words) {
                    var name = name
                    name.end = run[index + length - 1] + 1
                    found[run[index]] = name
                    index += length
                } else {
                    index += 1
                }
            }
            for mention in knowledge.drugMentions(in: words) {
                let start = run[mention.words.lowerBound]
                let end = run[mention.words.upperBound - 1] + 1
                if (start..<end).contains(where: { place in found.contains { $0.key <= place && place < $0.value.end } }
                ) {
                    continue
                }
                if mention.words.count == 1, Self.notDrugs.contains(words[mention.words.lowerBound]) { continue }
                found[start] = DrugName(
                    drug: DrugNames.generic(mention.drug) ?? mention.drug, end: end, isRespelled: mention.isRespelled)
            }
        }
        for (index, token) in text.tokens.enumerated() {
            if token.kind == .word { run.append(index) } else { finish() }
        }
        finish()
        return found
    }

    /// Words of ordinary talk that are in lists of drugs too.
    static let notDrugs: Set<String> = [
        "water", "oxygen", "alcohol", "sugar", "salt", "cocoa", "garlic", "caffeine", "air", "blood", "starch", "toast",
        "butter", "ice",
        "honey", "tobacco", "saline", "ethanol", "cola", "milk", "glucose", "dextrose", "grapefruit",
        "cholesterol", "creatinine", "lactate",
    ]

    /// Families that are called like one of their drugs.
    private static let namesakes: Set<String> = ["penicillin", "heparin"]

    func known(at index: Int, _ words: [String]) -> (DrugName, Int)? {
        var name = ""
        var best: (DrugName, Int)?
        let longest = DrugNames.longest(from: words[index]) ?? 0
        for length in 1...max(1, longest) where length <= longest && index + length <= words.count {
            name += (length == 1 ? "" : " ") + words[index + length - 1]
            if let family = DrugNames.family(name) {
                best = (DrugName(drug: Self.namesakes.contains(name) ? name : nil, family: family, end: 0), length)
            } else if let drug = DrugNames.generic(name) {
                best = (DrugName(drug: drug, end: 0), length)
            }
        }
        if let best { return best }
        let word = words[index]
        if language == "en", DrugNames.looksLikeName(word),
            !knowledge.hasDictionary || !knowledge.isOrdinary(word) || word.utf8.count > 9
        {
            return (DrugName(drug: word, end: 0), 1)
        }
        return respelled(at: index, words)
    }

    /// A word, or two or three that belong together, that sound like a drug that is known without a list: "war farin".
    func respelled(at index: Int, _ words: [String]) -> (DrugName, Int)? {
        guard language == "en" else { return nil }
        var joined = ""
        for length in 1...4 where index + length <= words.count {
            let word = words[index + length - 1]
            if length > 1, word.utf8.count > 8 { return nil }
            joined += word
            guard joined.utf8.count >= 7, length > 1 || (knowledge.hasDictionary && !knowledge.isOrdinary(word)) else {
                continue
            }
            if length > 1, words[index..<(index + length)].allSatisfy({ cues.functionWords.contains($0) }) { continue }
            if let drug = DrugNames.sounding(like: joined, isExact: length > 1) {
                return (DrugName(drug: drug, end: 0, isRespelled: true), length)
            }
        }
        return nil
    }
}

extension DrugNames {
    /// The drug of the small list whose name sounds like some letters.
    static func sounding(like word: String, isExact: Bool) -> String? {
        let key = PhoneticKey.of(word)
        guard key.count >= 5 else { return nil }
        let letters = Array(word.utf8)
        let outline = SoundOutline(letters: letters, key: key)
        // The first name of the list is taken, so all that are close have to be looked at.
        var found: Int?
        let reach = isExact ? sounds.exactReach : sounds.reach
        for count in sounds.byCount.indices where abs(count - key.count) <= reach {
            for candidate in sounds.byCount[count] where candidate.index < found ?? .max {
                let keyLimit = isExact ? candidate.exactLimit : candidate.keyLimit
                guard candidate.outline.mayBe(outline, keyLimit: keyLimit, letterLimit: candidate.letterLimit) else {
                    continue
                }
                let sound = sounds.all[candidate.index]
                if EditDistance.between(key, sound.key, limit: keyLimit) != nil,
                    EditDistance.between(letters, sound.letters, limit: candidate.letterLimit) != nil
                {
                    found = candidate.index
                }
            }
        }
        return found.flatMap { generic(spellings[$0]) }
    }

    private static let sounds = NameSounds(spellings)
}

/// Names by how many sounds they have.
private struct NameSounds: Sendable {
    /// A name at a glance, with the most edits between its sounds, where they have to be nearly the same or may differ, and
    /// between its letters.
    struct Candidate: Sendable {
        var index: Int
        var outline: SoundOutline
        var exactLimit: Int
        var keyLimit: Int
        var letterLimit: Int
    }

    let all: [(letters: [UInt8], key: [UInt8])]
    let byCount: [[Candidate]]
    /// By how many sounds a word differs from a name at most.
    let exactReach: Int
    let reach: Int

    init(_ names: [String]) {
        let all = names.map { (letters: Array($0.utf8), key: PhoneticKey.of($0)) }
        let candidates = all.enumerated().map { index, sound in
            Candidate(
                index: index, outline: SoundOutline(letters: sound.letters, key: sound.key),
                exactLimit: sound.letters.count / 9, keyLimit: sound.key.count / 5,
                letterLimit: max(2, sound.letters.count / 3))
        }
        self.all = all
        exactReach = candidates.map(\.exactLimit).max() ?? 0
        reach = candidates.map(\.keyLimit).max() ?? 0
        let longest = all.map(\.key.count).max() ?? 0
        byCount = (0...longest).map { count in candidates.filter { $0.outline.keyCount == Int32(count) } }
    }
}
