// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

extension StatementReader {
    /// Where the clauses of a sentence are.
    func ranges(
        of sentence: Range<Int>, _ text: AnswerText, _ numbers: [Int: Int]
    ) -> [(tokens: Range<Int>, isCondition: Bool, afterComma: Bool)] {
        let stems = text.stems
        var found: [(tokens: Range<Int>, isCondition: Bool, afterComma: Bool)] = []
        var start = sentence.lowerBound
        var isCondition = false
        var afterComma = false
        func close(at end: Int, _ condition: Bool, comma: Bool) {
            if start < end { found.append((start..<end, isCondition, afterComma)) }
            start = end
            isCondition = condition
            afterComma = comma
        }
        var index = sentence.lowerBound
        // The last verb so far, and the last word that a condition can be whole with: looking back from every word anew
        // would take the square of the sentence's length.
        var (passed, lastVerb, lastPredicate) = (sentence.lowerBound, -1, -1)
        while index < sentence.upperBound {
            while passed < index {
                let token = text.tokens[passed]
                if cues.verbs.contains(token.stem) { lastVerb = passed }
                if lastVerb == passed || Self.copulas.contains(token.word) || token.stem == "have" {
                    lastPredicate = passed
                }
                passed += 1
            }
            if let end = numbers[index] {
                index = max(end, index + 1)
                continue
            }
            let token = text.tokens[index]
            if token.kind == .sign {
                if [",", ":", "-", "(", ")", "…", "?", "!", ".", ";"].contains(token.word) {
                    close(at: index, false, comma: token.word == ",")
                    start = index + 1
                }
                index += 1
                continue
            }
            if token.word == "not", index >= start + 3, language == "en",
                !Self.auxiliaries.contains(text.tokens[index - 1].word), lastVerb >= start
            {
                // "once a week not every day": what is set against it.
                close(at: index, false, comma: true)
            } else if token.word == "do" || token.word == "never", index > start + 2, index + 2 < sentence.upperBound,
                token.word == "never" || text.tokens[index + 1].word == "not",
                !Self.subjects.contains(text.tokens[index - 1].word)
            {
                // Speech without punctuation: "… is fine do not …".
                close(at: index, false, comma: false)
            } else if isCondition, index >= start + 4, cues.verbs.contains(token.stem),
                token.word == token.stem || token.word.hasSuffix("e"),
                !cues.functionWords.contains(text.tokens[index - 1].word), text.tokens[index - 1].kind == .word,
                !cues.verbs.contains(text.tokens[index - 1].stem)
            {
                // "if you have an attack use it"
                close(at: index, false, comma: false)
            }
            if isCondition, index >= start + 4, token.kind == .word, !cues.functionWords.contains(token.word),
                index + 1 < sentence.upperBound,
                Self.copulas.contains(text.tokens[index + 1].word), text.tokens[index - 1].kind == .word,
                lastPredicate >= start,
                !Self.auxiliaries.contains(text.tokens[index - 1].word),
                !["the", "a", "your", "her", "his", "my", "any", "this", "that"].contains(text.tokens[index - 1].word)
            {
                // "if you have asthma timolol is …"
                close(at: index, false, comma: false)
            }
            if let (cue, end) = cues.cue(at: index, in: stems) {
                switch cue {
                case .condition:
                    // "even when you feel well" is a condition too; "during the course" ends with its noun.
                    close(at: index, true, comma: false)
                    index = end
                    continue
                case .boundary:
                    close(at: index, false, comma: false)
                    index = end
                    continue
                case .neglect where token.word == "unless":
                    close(at: index, true, comma: false)
                default:
                    index = end
                    continue
                }
            }
            let next = index + 1 < sentence.upperBound ? text.tokens[index + 1] : nil
            if Self.turningPoints.contains(token.word), let next, index > start, cues.pronouns.contains(next.word) {
                // "… before you come off it": another clause, which does not state anything.
                close(at: index, true, comma: false)
            } else if token.word == "and" || token.word == "y" || token.word == "und" || token.word == "et", let next,
                next.kind == .word, index > start
            {
                let cue = cues.cue(at: index + 1, in: stems)?.cue
                // "check the pulse and withhold it if …"; but "safe and suitable" is one clause.
                let isAdvice = cue == .avoid || cue == .proceed
                let isClause =
                    cues.pronouns.contains(next.word) || next.word == "not" || next.word == "do" || next.word == "never"
                    || next.word == "no" || next.word == "then"
                let isDrug =
                    next.stem.utf8.count > 3 && !cues.functionWords.contains(next.word)
                    && index + 2 < sentence.upperBound
                    && ["is", "are", "must", "should", "can", "has", "will", "may"].contains(
                        text.tokens[index + 2].word)
                // "… should be avoided and your sugar may rise"
                let isOther =
                    ["your", "the", "his", "her", "my", "their", "a", "an"].contains(next.word)
                    && (index + 2..<min(sentence.upperBound, index + 6)).contains {
                        Self.copulas.contains(text.tokens[$0].word)
                    }
                if isOther || isAdvice || cues.verbs.contains(next.stem) || isClause || isDrug {
                    close(at: index, false, comma: false)
                }
            } else if index >= start + 3, cues.pronouns.contains(token.word), let next, isVerbal(next),
                !isObject(token.word, at: index, start, text)
            {
                // Speech without punctuation: "… is not suitable you can take …".
                close(at: index, false, comma: false)
            }
            index += 1
        }
        close(at: sentence.upperBound, false, comma: false)
        return found
    }

    static let auxiliaries: Set<String> = [
        "is", "are", "was", "were", "be", "am", "do", "does", "did", "can", "could", "should", "must", "will", "would",
        "shall", "have",
        "has", "had", "may", "might", "need", "or", "if", "why", "and", "but", "ought", "it", "just", "really",
        "definitely", "certainly",
        "also", "still", "probably", "actually", "absolutely", "better",
    ]
    static let copulas: Set<String> = ["is", "are", "must", "should", "can", "will", "may"]
    static let subjects: Set<String> = [
        "i", "you", "we", "they", "he", "she", "it", "and", "or", "must", "should", "patients", "people", "is", "are",
        "can", "will",
    ]
    static let turningPoints: Set<String> = ["before", "after", "bevor", "nachdem"]

    func isVerbal(_ token: AnswerText.Token) -> Bool {
        token.kind == .word
            && [
                "would", "will", "can", "should", "must", "may", "might", "could", "am", "is", "are", "was", "have",
                "has", "do", "does", "need", "take",
            ]
            .contains(token.word)
    }

    /// "the medicines that you take", "I think you should": no clause begins at the pronoun.
    func isObject(_ word: String, at index: Int, _ start: Int, _ text: AnswerText) -> Bool {
        guard index > start else { return false }
        let before = text.tokens[index - 1]
        return [
            "that", "think", "say", "said", "sure", "tell", "know", "believe", "mean", "what", "whether", "and", "than",
            "as", "as", "where", "means", "hope", "feel",
        ]
        .contains(before.word) || word == "that" || word == "this" && index - start < 2
    }
}
