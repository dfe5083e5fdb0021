// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A drug that is named in a text.
package struct DrugMention: Equatable {
    /// The words that name it, as indices.
    package var words: Range<Int>
    /// The international name.
    package var drug: String
    /// Whether the words only sound like the name: a recogniser's spelling.
    package var isRespelled: Bool
}

/// Finds the drugs that words name: by the vocabulary, and by what names sound like.
struct DrugFinder {
    let vocabulary: DrugVocabulary
    /// Whether a word is an ordinary one, which no misspelling of a drug's name is.
    let isOrdinary: (String) -> Bool

    private static let functionWords = Set(EnglishLexicon.functionWords)

    /// The mentions among words in lower case, in order; they don't overlap.
    func mentions(in words: [String]) -> [DrugMention] {
        var mentions: [DrugMention] = []
        var index = 0
        while index < words.count {
            if let mention = named(at: index, in: words) ?? respelled(at: index, in: words) {
                mentions.append(mention)
                index = mention.words.upperBound
            } else {
                index += 1
            }
        }
        return mentions
    }

    /// The longest name that begins at a word.
    private func named(at start: Int, in words: [String]) -> DrugMention? {
        var name = words[start]
        var best: DrugMention?
        if let found = vocabulary.drug(named: name) ?? singular(name), isBelieved(name, found.isCommon) {
            best = DrugMention(words: start..<(start + 1), drug: found.drug, isRespelled: false)
        }
        for end in (start + 1)..<max(start + 1, min(words.count, start + vocabulary.longestName)) {
            name += " " + words[end]
            // "all clear" is a brand of eye drops.
            if Self.functionWords.contains(words[start]) { break }
            if let found = vocabulary.drug(named: name) {
                best = DrugMention(words: start..<(end + 1), drug: found.drug, isRespelled: false)
            }
        }
        return best
    }

    private func singular(_ name: String) -> (drug: String, isCommon: Bool)? {
        name.count > 5 && name.hasSuffix("s") ? vocabulary.drug(named: String(name.dropLast())) : nil
    }

    /// "water" and "aim" are in the vocabulary too; ordinary words are believed only of drugs that patients are given, and
    /// short ones never.
    private func isBelieved(_ name: String, _ isCommon: Bool) -> Bool {
        if Self.measured.contains(name) { return false }
        guard isOrdinary(name) else { return true }
        return isCommon && name.utf8.count >= 5
    }

    /// What the body makes and is measured, though lists of drugs have it.
    private static let measured: Set<String> = ["cholesterol", "creatinine", "bilirubin", "haemoglobin", "hemoglobin"]

    /// A word, or two or three that belong together ("war farin"), that sound like a name.
    private func respelled(at start: Int, in words: [String]) -> DrugMention? {
        var joined = ""
        var allOrdinary = true
        for end in start..<min(words.count, start + 3) {
            let word = words[end]
            guard word.utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else { return nil }
            let isWhole = end == start
            // Of small words only an article is the beginning of a name: "a moxicillin".
            if Self.functionWords.contains(word), !(isWhole && ["a", "i"].contains(word)) { return nil }
            if !isWhole, vocabulary.drug(named: word)?.isCommon == true { return nil }
            joined += word
            allOrdinary = allOrdinary && isOrdinary(word)
            if isWhole, allOrdinary || Self.isMedicalWord(word) { continue }
            if !isWhole, joined.utf8.count < 7 { continue }
            // "a moxicillin", and not "a lesion", which is a word of its own though Alesion is a brand.
            let isArticle = !isWhole && Self.functionWords.contains(words[start])
            if isArticle, words[(start + 1)...end].allSatisfy(isOrdinary) { continue }
            if let exact = vocabulary.drug(named: joined), exact.isCommon {
                return DrugMention(words: start..<(end + 1), drug: exact.drug, isRespelled: true)
            }
            // Words that belong together must come closer to the name than one word that is none.
            guard !allOrdinary, let drug = vocabulary.misspelled(joined, share: isWhole ? 5 : 9) else { continue }
            return DrugMention(words: start..<(end + 1), drug: drug, isRespelled: true)
        }
        return nil
    }

    /// Whether a word that is in no dictionary ends as the names of diseases, procedures and subjects do.
    private static func isMedicalWord(_ word: String) -> Bool {
        [
            "ia", "itis", "osis", "oses", "ology", "pathy", "ectomy", "graphy", "scopy", "tomy", "oma", "ness",
            "ically",
            "ally", "ing", "ations", "ation",
        ].contains { word.hasSuffix($0) }
    }
}
