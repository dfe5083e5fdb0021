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
    ]

    func known(at index: Int, _ words: [String]) -> (DrugName, Int)? {
        var name = ""
        var best: (DrugName, Int)?
        for length in 1...DrugNames.longest where index + length <= words.count {
            name += (length == 1 ? "" : " ") + words[index + length - 1]
            if let family = DrugNames.family(name) {
                best = (DrugName(drug: name == "penicillin" ? "penicillin" : nil, family: family, end: 0), length)
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
        let letters = Array(word.utf8)
        let set = letterSet(letters)
        let near = sounds.filter {
            abs($0.letters.count - letters.count) <= $0.limit && ($0.letterSet ^ set).nonzeroBitCount <= 2 * $0.limit
        }
        guard !near.isEmpty else { return nil }
        let key = PhoneticKey.of(word)
        guard key.count >= 5 else { return nil }
        for sound in near {
            guard
                EditDistance.between(key, sound.key, limit: isExact ? sound.letters.count / 9 : sound.key.count / 5)
                    != nil,
                EditDistance.between(letters, sound.letters, limit: sound.limit) != nil
            else { continue }
            return generic(sound.name)
        }
        return nil
    }

    /// A name by its spelling and its sound. Words within n edits differ in length by n at most, and in 2 n letters: that
    /// rules most names out at a glance.
    private struct Sound {
        var name: String
        var letters: [UInt8]
        var letterSet: UInt32
        var key: [UInt8]
        /// The most edits between a spelling of it and its own.
        var limit: Int
    }

    private static let sounds = spellings.map { name in
        let letters = Array(name.utf8)
        return Sound(
            name: name, letters: letters, letterSet: letterSet(letters), key: PhoneticKey.of(name),
            limit: max(2, letters.count / 3))
    }

    private static func letterSet(_ letters: [UInt8]) -> UInt32 { letters.reduce(0) { $0 | 1 << UInt32($1 & 31) } }
}
