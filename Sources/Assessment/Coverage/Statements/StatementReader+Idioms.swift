// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// Verbs whose particle or idiom stands apart from them.
extension StatementReader {
    /// "give it a miss", "knock it on the head", "put it on hold": the tail of a verb that ends something, behind its object.
    func partedIdiom(at index: Int, _ range: Range<Int>, _ stems: [String]) -> Range<Int>? {
        guard language == "en", let tails = Self.partedIdioms[stems[index]] else { return nil }
        for tail in tails {
            for start in (index + 2)..<max(index + 2, min(range.upperBound - tail.count + 1, index + 7))
            where Array(stems[start..<(start + tail.count)]) == tail {
                return start..<(start + tail.count)
            }
        }
        return nil
    }

    static let partedIdioms: [String: [[String]]] = {
        var table: [String: [[String]]] = [:]
        for (verb, tails) in [
            ("give", ["a miss", "a wide berth", "a swerve", "a rest"]), ("knock", ["on the head"]),
            ("put", ["on hold", "to one side", "on ice", "on the back burner"]),
            ("leave", ["well alone", "for now", "until later"]),
            ("talk", ["out of"]), ("warn", ["against", "off"]), ("advise", ["against"]), ("take", ["off the list"]),
        ] {
            table[WordStem.of(verb, language: "en")] = tails.map { tail in
                tail.split(separator: " ").map { WordStem.of(String($0), language: "en") }
            }
        }
        return table
    }()

    /// "turn the blood off", "take it off": what a verb and its particle say when they stand apart.
    func parted(at index: Int, _ range: Range<Int>, _ text: AnswerText) -> (cue: Cue?, particle: Int)? {
        guard language == "en", let particle = particle(at: index, range, text) else { return nil }
        let pair = [text.tokens[index].stem, text.tokens[particle].stem]
        return (cues.cue(at: 0, in: pair).flatMap { $0.end == 2 ? $0.cue : nil }, particle)
    }

    /// The particle of a verb that stands two to four words behind it.
    func particle(at index: Int, _ range: Range<Int>, _ text: AnswerText) -> Int? {
        guard Self.particleVerbs.contains(text.tokens[index].stem) else { return nil }
        // "keep hot water bottles and heat pads well away"
        let reach = text.tokens[index].stem == "keep" ? 9 : 5
        for place in (index + 2)..<max(index + 2, min(range.upperBound, index + reach)) {
            let word = text.tokens[place].word
            if reach == 9, place >= index + 5, word != "away" { continue }
            if Self.particles.contains(word) {
                let next = place + 1 < range.upperBound ? text.tokens[place + 1].word : ""
                return next == "of" ? nil : place
            }
            if word == "in" || word == "on", ["put", "leave", "keep"].contains(text.tokens[index].stem) {
                let next = place + 1 < range.upperBound ? text.tokens[place + 1].word : ""
                return next.isEmpty || ["before", "after", "first", "while", "when", "and"].contains(next) ? place : nil
            }
            if ["and", "to", "then"].contains(word) { return nil }
        }
        return nil
    }

    static let particleVerbs: Set<String> = Set(
        [
            "take", "throw", "put", "slow", "speed", "bring", "push", "turn", "cut", "chuck", "switch", "keep", "give",
            "send", "bin", "stop",
        ].map {
            WordStem.of($0, language: "en")
        })
    /// Verbs that recommend and carry content too.
    static let contentVerbs: Set<String> = Set(
        ["have", "swallow", "inject", "rub", "apply", "stick", "restart", "resume", "encourage"].map {
            WordStem.of($0, language: "en")
        })
    static let beings: Set<String> = [
        "is", "are", "am", "be", "was", "were", "been", "you", "she", "he", "they", "i",
    ]
    static let particles: Set<String> = ["off", "out", "away", "back", "up", "down", "aside", "going"]

    /// The parity of the negators before a place.
    func denied(before place: Int, _ range: Range<Int>, _ text: AnswerText, _ stems: [String]) -> Int {
        var sign = 1
        var index = range.lowerBound
        while index < place {
            if let (cue, end) = cues.cue(at: index, in: stems) {
                if cue == .negator || cue == .neglect || cue == .negatorAfter { sign = -sign }
                index = max(end, index + 1)
            } else {
                index += 1
            }
        }
        return sign
    }

    /// "Stopping increases the risk": the subject of the clause, not advice.
    func isSubject(_ index: Int, _ range: Range<Int>, _ text: AnswerText) -> Bool {
        guard text.tokens[index].word.hasSuffix("ing"), index + 1 < range.upperBound else { return false }
        return range.lowerBound..<index ~= index
            || (range.lowerBound..<index).allSatisfy { cues.functionWords.contains(text.tokens[$0].word) }
    }

    /// "leave the blisters alone", "leave your insulin out": words that stand apart.
    func farApart(at index: Int, _ range: Range<Int>, _ text: AnswerText) -> Int? {
        guard language == "en", text.tokens[index].stem == "leave" else { return nil }
        var hasThing = false
        for place in (index + 1)..<max(index + 1, min(range.upperBound, index + 7)) {
            let word = text.tokens[place].word
            if word == "alone" { return hasThing ? index + 1 : nil }
            if ["out", "off", "aside"].contains(word) {
                let next = place + 1 < range.upperBound ? text.tokens[place + 1].word : ""
                return next == "of" || !hasThing ? nil : index + 1
            }
            if word == "on", place + 2 < range.upperBound, text.tokens[place + 2].word == "shelf" { return index + 1 }
            if ["him", "her", "them", "patient", "person", "child", "me", "you", "he", "she"].contains(word) {
                return nil
            }
            if text.tokens[place].kind == .word, !cues.functionWords.contains(word) { hasThing = true }
            if word == "it" || word == "those" || word == "them" { hasThing = true }
        }
        return nil
    }
}
