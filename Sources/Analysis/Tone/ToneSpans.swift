// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The stretches of an answer whose tone is read one by one.
///
/// They are its sentences. One that is longer than a model reads well, and so what a recogniser without punctuation
/// writes, is cut into clauses: at pauses, marks and words that begin clauses, each of 4 to 20 words. For the tone alone:
/// a clause is no sentence, and readability knows nothing of it.
struct ToneSpans {
    /// The stretches in order.
    private(set) var spans: [WrittenSentence] = []
    /// Whether some are clauses of an answer whose sentences nothing shows.
    private(set) var areClauses = false

    /// The fewest words of a clause, and the most.
    static let fewest = 4
    static let most = 20
    /// The most words of a sentence that punctuation ends.
    static let longestSentence = 40

    /// No stretches.
    init() {}

    /// Cuts an answer.
    ///
    /// - Parameters:
    ///   - words: The answer.
    ///   - pause: The shortest silence that is a pause, in milliseconds.
    init(_ words: MarkedWords, _ language: TextLanguage, pause: Int) {
        var text = words.text
        let isPunctuated = words.source == .human || words.source == .model
        let cuts = ClauseCuts(text, gaps: words.gaps, cues: .of(language), pause: pause)
        let limit = isPunctuated ? Self.longestSentence : Self.most
        var sentence: [Int] = []
        for index in text.words.indices {
            if text.words[index].traits.isDisjoint(with: .pruned) { sentence.append(index) }
            guard text.words[index].traits.contains(.endsSentence) || index == text.words.count - 1 else { continue }
            if sentence.count > limit {
                for last in cuts.ends(in: sentence) { text.words[last].traits.insert(.endsSentence) }
                areClauses = areClauses || !isPunctuated
            }
            sentence.removeAll(keepingCapacity: true)
        }
        spans = WrittenSentence.sentences(of: words.pieces, text)
    }
}

/// Where a long stretch of words is best cut.
private struct ClauseCuts {
    private let text: SpokenText
    private let gaps: [Int]
    private let cues: ClauseCues
    private let pause: Int

    init(_ text: SpokenText, gaps: [Int], cues: ClauseCues, pause: Int) {
        self.text = text
        self.gaps = gaps
        self.cues = cues
        self.pause = pause
    }

    /// The last words of the clauses, but for the last clause: those cuts whose worth is the greatest in all, where each
    /// cut costs something, so that there are none but good ones and those that the longest clause makes necessary.
    func ends(in words: [Int]) -> [Int] {
        let cues = cues.worths(of: words.map { text.words[$0].hash })
        var best = [Double](repeating: -.infinity, count: words.count + 1)
        var previous = [Int](repeating: 0, count: words.count + 1)
        best[0] = 0
        for end in 1...words.count {
            let shortest = end - ToneSpans.fewest
            guard shortest >= 0 else { continue }
            for start in max(0, end - ToneSpans.most)...shortest where best[start] > -.infinity {
                var worth = best[start]
                if start > 0 { worth += cues[start] + silenceWorth(words[start - 1], words[start]) - 0.75 }
                if worth > best[end] {
                    best[end] = worth
                    previous[end] = start
                }
            }
        }
        var ends: [Int] = []
        var start = previous[words.count]
        while start > 0 {
            ends.append(words[start - 1])
            start = previous[start]
        }
        return ends
    }

    /// What a cut between two words is worth by the mark or the silence between them.
    private func silenceWorth(_ last: Int, _ first: Int) -> Double {
        let (before, after) = (text.words[last], text.words[first])
        // Two words of one piece ("5-10") stay together.
        guard before.position != after.position else { return -100 }
        var worth: Double = before.traits.contains(.punctuated) ? 1 : 0
        let (start, end) = (Int(before.position), Int(after.position))
        let silence = end <= gaps.count ? gaps[start..<end].max() ?? 0 : 0
        if silence >= pause { worth += 1 + Double(min(silence, 1_500)) / 1_500 }
        return worth
    }
}

/// Words that begin clauses.
private struct ClauseCues {
    private let strong: HashIndex
    private let unsure: HashIndex
    private let weak: HashIndex
    private let subjects: HashIndex

    /// How likely a clause begins with each of some words: from 0 to 1.
    func worths(of words: [UInt64]) -> [Double] {
        var worths: [Double] = words.indices.map { index in
            if strong.contains(words[index]) { return 1 }
            if weak.contains(words[index]) { return 0.5 }
            if subjects.contains(words[index]) { return 0.25 }
            // "So I" begins a clause, "so much" does not.
            return unsure.contains(words[index]) && index + 1 < words.count && isAny(words[index + 1]) ? 1 : 0
        }
        // Of several in a row ("and then I") the clause begins with the first, and is as likely as the likeliest.
        for index in worths.indices.dropLast().reversed() where worths[index] >= 0.5 && worths[index + 1] > 0 {
            worths[index] = max(worths[index], worths[index + 1])
            worths[index + 1] = 0
        }
        return worths
    }

    private func isAny(_ word: UInt64) -> Bool {
        strong.contains(word) || unsure.contains(word) || weak.contains(word) || subjects.contains(word)
    }

    static func of(_ language: TextLanguage) -> ClauseCues { lists[language.code] ?? none }

    private static let none = ClauseCues("", "", "")

    private init(_ strong: String, unsure: String = "", _ weak: String, _ subjects: String) {
        func index(_ words: String) -> HashIndex { HashIndex(of: words.split(separator: " ").map(String.init)) }
        self.strong = index(strong)
        self.unsure = index(unsure)
        self.weak = index(weak)
        self.subjects = index(subjects)
    }

    private static let lists: [String: ClauseCues] = [
        "en": ClauseCues(
            """
            but because then however although okay ok firstly secondly thirdly finally therefore otherwise anyway \
            actually unfortunately hopefully yeah thanks
            """, unsure: "so well first second third next also though yes no please now",
            "and or if when while since unless until before after which who where what why how as that whether",
            "i you we they he she it there this i'm i'd i'll i've you're we're it's that's he's she's they're don't"),
        "de": ClauseCues(
            """
            aber also weil dann jedoch obwohl deshalb daher trotzdem außerdem zuerst zunächst danach schließlich sondern \
            denn sonst leider ja nein gut bitte danke
            """, "und oder wenn falls während da bevor nachdem damit dass ob sobald solange wo wie was warum nun",
            "ich du sie wir ihr er es man das dies"),
        "fr": ClauseCues(
            """
            mais donc parce puis ensuite alors cependant pourtant car enfin premièrement aussi sinon \
            malheureusement oui non bon merci
            """, "et ou si quand lorsque pendant avant après que qui où comme puisque pour",
            "je tu il elle on nous vous ils elles c'est j'ai"),
        "es": ClauseCues(
            """
            pero porque entonces luego después aunque además primero segundo finalmente también pues \
            desgraciadamente sí no bueno gracias
            """, "y e o si cuando mientras antes que quien donde como para",
            "yo tú él ella usted nosotros ustedes ellos eso esto"),
        "it": ClauseCues(
            """
            ma perché poi quindi però allora dunque anche inoltre prima infine comunque purtroppo sì no bene grazie
            """, "e o se quando mentre dopo che chi dove come", "io tu lui lei noi voi loro questo"),
        "nl": ClauseCues(
            "maar want omdat dan dus echter hoewel daarna eerst verder ook helaas ja nee goed bedankt",
            "en of als wanneer terwijl nadat voordat dat die waar hoe zodat", "ik je u hij zij ze wij we het dit"),
        "pt": ClauseCues(
            "mas porque então depois porém contudo embora também primeiro finalmente infelizmente sim não bom obrigado",
            "e ou se quando enquanto antes que quem onde como", "eu você ele ela nós eles isso isto"),
    ]
}
