// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAnalyzer {
    /// Adds the measures of vocabulary.
    func addLexical(
        of text: SpokenText, _ counted: CountedWords, _ choice: LanguageChoice, to list: inout MeasureList
    ) {
        let language = choice.rules
        let words = counted.words
        let count = words.count
        let diversity: [MeasureDescriptor] = [.typeTokenRatio, .guiraud, .mattr, .mtld, .hdd]
        let others: [MeasureDescriptor] = [.lexicalDensity, .wordLength, .connectives, .hedges, .certainty]
        guard count > 0 else { return list.add(diversity + others, na: "There are no words.") }

        let tooFew = "There are fewer than \(Self.fewestWords) words."
        let few = count < Self.enoughWords ? "There are fewer than \(Self.enoughWords) words." : nil
        if !language.hasSpaces {
            list.add(diversity, na: Self.notComparable)
        } else if count < Self.fewestWords {
            list.add(diversity, na: tooFew)
        } else {
            addDiversity(of: words, low: [few], to: &list)
        }

        // Lists of words of one language say nothing about a text in another.
        let low = [few, choice.doubt]
        let rules = LanguageRules.of(language)
        if let functionWords = rules.functionWords, count >= Self.fewestWords {
            let content = words.count { !functionWords.contains($0.hash) }
            list.add(
                .lexicalDensity, Double(content) / Double(count), low: low,
                basis: [.init("content_words", Double(content)), .init("words", Double(count))],
                evidence: Self.runs(of: words) { !functionWords.contains($0.hash) })
        } else {
            list.add(.lexicalDensity, na: rules.functionWords == nil ? Self.noLists(language) : tooFew)
        }
        if counted.counts.letters == 0 {
            list.add(.wordLength, na: "There are no letters.")
        } else if language.hasLetters {
            let short = count < Self.fewestWords ? tooFew : nil
            list.add(
                .wordLength, Double(counted.counts.letters) / Double(count), low: [short],
                basis: [.init("letters", Double(counted.counts.letters)), .init("words", Double(count))],
                evidence: Self.greatest(words, by: \.letters) { Sentences.counted(Int($0.letters), "letter") })
        } else {
            list.add(.wordLength, na: language.hasSpaces ? Self.syllabicSigns : Self.notComparable)
        }
        guard let markers = rules.markers else {
            return list.add([.connectives, .hedges, .certainty], na: Self.noLists(language))
        }
        guard count >= Self.fewestWords else { return list.add([.connectives, .hedges, .certainty], na: tooFew) }
        addMarkers(markers, words, low: low, to: &list)
    }

    /// Adds how varied the words are.
    private func addDiversity(of words: [SpokenWord], low: [String?], to list: inout MeasureList) {
        let types = Self.types(words)
        let basis: [Measure.Part] = [
            .init("types", Double(types.frequencies.count)), .init("words", Double(words.count)),
        ]
        let repeated = Self.repeated(words, types)
        list.add(.typeTokenRatio, types.typeTokenRatio, low: low, basis: basis, evidence: repeated)
        list.add(.guiraud, types.guiraud, low: low, basis: basis, evidence: repeated)
        let window = 50
        let average = types.movingAverage(window: window)
        list.add(
            .mattr, average?.mean, orNA: "There are fewer than \(window) words.", low: low,
            basis: [.init("windows", Double(max(0, words.count - window + 1))), .init("window_words", Double(window))],
            evidence: average.map { average in
                [
                    Self.place(
                        of: average.least..<(average.least + window), words,
                        note: "the least varied: \(average.leastTypes) different words of \(window)")
                ]
            } ?? [])
        let lengths = types.mtldLengths
        list.add(
            .mtld, lengths.map { ($0.forward + $0.backward) / 2 },
            orNA: "No word is repeated, so there is no end to measure to.", low: low,
            basis: lengths.map { [.init("forward", $0.forward), .init("backward", $0.backward)] } ?? [],
            evidence: repeated)
        list.add(.hdd, types.hdd, orNA: "There are fewer than 42 words.", low: low, basis: basis, evidence: repeated)
    }

    /// The words that are said most often, each where it is said first.
    private static func repeated(_ words: [SpokenWord], _ types: LexicalDiversity) -> [Evidence] {
        var best: [(type: Int, count: Int32)] = []
        for (type, count) in types.frequencies.enumerated() where count > 1 {
            if best.count == shown, count <= best[shown - 1].count { continue }
            best.insert((type, count), at: best.firstIndex { $0.count < count } ?? best.count)
            if best.count > shown { best.removeLast() }
        }
        return best.compactMap { item in
            types.types.firstIndex(of: Int32(item.type)).map {
                place(of: $0..<($0 + 1), words, note: "\(item.count) times")
            }
        }
    }

    private static func place(of range: Range<Int>, _ words: [SpokenWord], note: String?) -> Evidence {
        Evidence(
            words: Int(words[range.lowerBound].position)..<(Int(words[range.upperBound - 1].position) + 1), note: note)
    }

    /// The runs of words that meet a condition.
    private static func runs(of words: [SpokenWord], where isMeant: (SpokenWord) -> Bool) -> [Evidence] {
        var evidence: [Evidence] = []
        for word in words where isMeant(word) {
            let position = Int(word.position)
            if let last = evidence.last, last.words.upperBound >= position {
                evidence[evidence.count - 1].words = last.words.lowerBound..<(position + 1)
            } else if evidence.count < MeasureList.mostEvidence {
                evidence.append(Evidence(words: position..<(position + 1)))
            } else {
                break
            }
        }
        return evidence
    }

    /// Said where words are what a dictionary finds, and not what somebody has written.
    static var notComparable: String { "Words of a language written without spaces are not comparable." }

    /// Said where the length of a word in letters says nothing.
    static var syllabicSigns: String {
        "The signs of this writing are syllables, so the length of words is not comparable."
    }

    private static func noLists(_ language: TextLanguage) -> String {
        language == .unknown
            ? "The language is not known." : "There are no word lists for this language."
    }

    /// Numbers the different words.
    private static func types(_ words: [SpokenWord]) -> LexicalDiversity {
        var index = HashIndex(capacity: min(words.count, 1_024))
        var next: Int32 = 0
        let types = words.map { word -> Int32 in
            let number = index.number(of: word.hash, orInsert: next)
            if number == next { next += 1 }
            return number
        }
        return LexicalDiversity(types: types, typeCount: Int(next))
    }

    private func addMarkers(
        _ markers: PhraseIndex, _ words: [SpokenWord], low: [String?], to list: inout MeasureList
    ) {
        let kinds = EnglishLexicon.connectives.map(\.kind)
        var connectives: [Evidence] = []
        var hedges: [Evidence] = []
        var certainty: [Evidence] = []
        for match in markers.matches(in: words) {
            let first = Int(words[match.words.lowerBound].position)
            let last = Int(words[match.words.upperBound - 1].position)
            let place = first..<(last + 1)
            if match.list < kinds.count {
                connectives.append(Evidence(words: place, note: kinds[match.list]))
            } else if match.list == kinds.count {
                hedges.append(Evidence(words: place))
            } else {
                certainty.append(Evidence(words: place))
            }
        }
        let hundreds = Double(words.count) / 100
        for (measure, found) in [
            (MeasureDescriptor.connectives, connectives), (.hedges, hedges), (.certainty, certainty),
        ] {
            list.add(
                measure, Double(found.count) / hundreds, low: low,
                basis: [.init("found", Double(found.count)), .init("words", Double(words.count))], evidence: found)
        }
    }
}
