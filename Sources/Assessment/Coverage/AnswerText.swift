// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// A text cut into words and sentences, each with its place.
struct AnswerText: Sendable {
    /// A word, a number in digits, or a sign.
    struct Token: Sendable {
        /// The word in lower case; for a number its digits, for a sign the sign.
        var word: String
        /// The word without its ending.
        var stem: String
        /// Which token of the source it comes from: "don't" gives two words.
        var source: Int
        /// What it is.
        var kind: Kind

        enum Kind: Sendable { case word, number, sign }
    }

    /// The text.
    let text: String
    /// The words, numbers and signs.
    private(set) var tokens: [Token] = []
    /// The stems of ``tokens``.
    private(set) var stems: [String] = []
    /// The tokens of the source that numbers are read from.
    let source: [SpokenToken]
    /// The sentences as ranges of ``tokens``.
    private(set) var sentences: [Range<Int>] = []
    /// The language (primary subtag).
    let language: String

    /// Longer sentences, in tokens, are cut: ten minutes of speech without a pause have no more.
    static let longestSentence = 2_000

    /// Reads a typed text.
    ///
    /// - Parameter breaks: Places (UTF-8) where a sentence ends besides those that punctuation marks, rising.
    init(_ text: String, language: String, breaks: [Int] = []) {
        self.text = text
        self.language = language
        source = SpokenToken.tokens(of: text)
        var start = 0
        var next = 0
        func close(_ text: inout AnswerText) {
            if text.tokens.count > start { text.sentences.append(start..<text.tokens.count) }
            start = text.tokens.count
        }
        for (index, token) in source.enumerated() {
            if tokens.count - start >= Self.longestSentence { close(&self) }
            if !breaks.isEmpty, next < breaks.count {
                let place = text.utf8.distance(from: text.startIndex, to: token.range.lowerBound)
                if place >= breaks[next] {
                    close(&self)
                    while next < breaks.count, breaks[next] <= place { next += 1 }
                }
            }
            switch token.kind {
            case .number:
                let digits = String(text[token.range])
                let stem = Self.emergencyNumbers.contains(digits) ? digits : "#"
                tokens.append(Token(word: digits, stem: stem, source: index, kind: .number))
            case .sign(let sign):
                // "co-amoxiclav", "fast-acting": a hyphen between letters is no sign.
                if sign == "-", index > 0, index + 1 < source.count, source[index - 1].word != nil,
                    source[index + 1].word != nil, source[index - 1].range.upperBound == token.range.lowerBound,
                    source[index + 1].range.lowerBound == token.range.upperBound
                {
                    continue
                }
                tokens.append(Token(word: String(sign), stem: String(sign), source: index, kind: .sign))
                let isEnd = sign == "." || sign == "!" || sign == "?" || sign == ";" || sign == "。" || sign == "？"
                if isEnd { close(&self) }
            case .word(let word):
                for part in Self.expanded(word, language) {
                    tokens.append(
                        Token(word: part, stem: WordStem.of(part, language: language), source: index, kind: .word))
                }
            }
        }
        close(&self)
        joinLetters()
        stems = tokens.map(\.stem)
    }

    /// "i n r" is INR: three letters or more that a recogniser wrote apart are one word.
    private mutating func joinLetters() {
        var joined: [Token] = []
        joined.reserveCapacity(tokens.count)
        for place in sentences.indices {
            let sentence = sentences[place]
            let start = joined.count
            var index = sentence.lowerBound
            while index < sentence.upperBound {
                var end = index
                while end < sentence.upperBound, tokens[end].kind == .word, tokens[end].word.utf8.count == 1 {
                    end += 1
                }
                if end - index >= 3 {
                    let word = tokens[index..<end].map(\.word).joined()
                    joined.append(
                        Token(
                            word: word, stem: WordStem.of(word, language: language), source: tokens[index].source,
                            kind: .word))
                } else {
                    end = max(end, index + 1)
                    joined += tokens[index..<end]
                }
                index = end
            }
            sentences[place] = start..<joined.count
        }
        tokens = joined
    }

    /// The characters (Unicode scalars) and bytes of some tokens.
    func place(of range: Range<Int>) -> (characters: Range<Int>, indices: Range<String.Index>)? {
        guard let indices = indices(of: range) else { return nil }
        let scalars = text.unicodeScalars
        let from = scalars.distance(from: scalars.startIndex, to: indices.lowerBound)
        return (from..<(from + scalars.distance(from: indices.lowerBound, to: indices.upperBound)), indices)
    }

    private func indices(of range: Range<Int>) -> Range<String.Index>? {
        guard let first = range.first, let last = range.last, tokens.indices.contains(first),
            tokens.indices.contains(last)
        else { return nil }
        let start = source[tokens[first].source].range.lowerBound
        return start..<max(start, source[tokens[last].source].range.upperBound)
    }

    /// The text of some tokens as it was written.
    func written(_ range: Range<Int>) -> String { indices(of: range).map { String(text[$0]) } ?? "" }

    /// The same with other words in some places, in order.
    func written(_ range: Range<Int>, changing changes: [(tokens: Range<Int>, text: String)]) -> String {
        guard let whole = indices(of: range) else { return "" }
        var written = ""
        var place = whole.lowerBound
        for change in changes {
            guard let old = indices(of: change.tokens), old.lowerBound >= place, old.upperBound <= whole.upperBound
            else {
                continue
            }
            written += text[place..<old.lowerBound] + change.text
            place = old.upperBound
        }
        return written + text[place..<whole.upperBound]
    }

    /// Telephone numbers that are words for help.
    private static let emergencyNumbers: Set<String> = ["999", "112", "911", "111"]

    // MARK: Contractions

    /// The words that a contraction stands for.
    private static func expanded(_ word: String, _ language: String) -> [String] {
        switch language {
        case "en": return english(word)
        case "fr":
            // "n'est", "l'ibuprofène", "qu'il"
            if let mark = word.firstIndex(of: "'"), word.distance(from: word.startIndex, to: mark) <= 2 {
                let head = String(word[..<mark])
                let tail = String(word[word.index(after: mark)...])
                return head == "n" ? ["ne", tail] : [tail]
            }
            return [word]
        default: return [word]
        }
    }

    private static let contractions: [String: [String]] = [
        "can't": ["can", "not"], "won't": ["will", "not"], "shan't": ["shall", "not"], "cannot": ["can", "not"],
        "ain't": ["is", "not"], "let's": ["let", "us"], "gonna": ["going", "to"], "wanna": ["want", "to"],
        "dont": ["do", "not"], "doesnt": ["does", "not"], "isnt": ["is", "not"], "shouldnt": ["should", "not"],
        "cant": ["can", "not"], "mustnt": ["must", "not"], "wouldnt": ["would", "not"], "didnt": ["did", "not"],
        "gotta": ["have", "to"], "y'all": ["you"],
    ]

    private static func english(_ word: String) -> [String] {
        if let known = contractions[word] { return known }
        guard word.contains("'") else { return [word] }
        if word.hasSuffix("n't") { return [String(word.dropLast(3)), "not"] }
        for (ending, long) in [("'d", "would"), ("'ll", "will"), ("'re", "are"), ("'ve", "have"), ("'m", "am")]
        where word.hasSuffix(ending) {
            return [String(word.dropLast(ending.count)), long]
        }
        if word.hasSuffix("'s") {
            let head = String(word.dropLast(2))
            // "he's" is a verb, "patient's" a possessive.
            return ["it", "he", "she", "that", "there", "what", "who", "here", "where", "how"].contains(head)
                ? [head, "is"] : [head]
        }
        return [word]
    }
}
