// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAnalyzer {
    /// The fewest words that readability is measured on, and the fewest that it is relied on.
    static let fewestWords = 30
    /// See ``fewestWords``.
    static let enoughWords = 100

    /// Adds readability, vocabulary and similarity: what spoken and written answers have in common.
    func addTextMeasures(
        of text: SpokenText, _ counted: CountedWords, _ choice: LanguageChoice, _ source: SentenceSource,
        hasDictionary: Bool, expected: ExpectedAnswer?, written sentences: () -> [WrittenSentence],
        to list: inout MeasureList
    ) {
        addReadability(of: text, counted, choice, source, hasDictionary: hasDictionary, to: &list)
        addLexical(of: text, counted, choice, to: &list)
        if let expected { addSimilarity(of: text, counted, choice, to: expected, written: sentences, &list) }
    }

    private func addReadability(
        of text: SpokenText, _ counted: CountedWords, _ choice: LanguageChoice, _ source: SentenceSource,
        hasDictionary: Bool, to list: inout MeasureList
    ) {
        let language = choice.rules
        let counts = counted.counts
        let (basis, evidence) = Self.changes(in: text)
        list.add(.wordCount, Double(counts.words), basis: basis, evidence: evidence)
        guard counts.words > 0 else {
            return list.add(
                Self.formulas(language) + [.sentenceCount, .sentenceLength, .wordSyllables], na: "There are no words.")
        }
        let sentences = Sentences(counted, text)
        let noSentences = Self.sentenceProblem(counts, source)
        let fromPauses = source == .pauses ? "The sentences were taken from pauses, as nothing is punctuated." : nil
        if let noSentences {
            list.add([.sentenceCount, .sentenceLength], na: noSentences)
        } else {
            list.add(
                .sentenceCount, Double(counts.sentences), low: [fromPauses],
                evidence: sentences.places(note: source.note))
            if language.hasSpaces {
                list.add(
                    .sentenceLength, counts.wordsPerSentence, low: [fromPauses],
                    basis: [.init("words", Double(counts.words)), .init("sentences", Double(counts.sentences))],
                    evidence: sentences.longest)
            } else {
                list.add(.sentenceLength, na: Self.notComparable)
            }
        }
        let noSyllables = Self.syllableProblem(language)
        let rulesOnly = hasDictionary || language != .english ? nil : Self.rulesOnly
        list.add(
            .wordSyllables, noSyllables == nil ? counts.syllablesPerWord : nil, orNA: noSyllables ?? "",
            low: [rulesOnly, choice.doubt],
            basis: [.init("syllables", Double(counts.syllables)), .init("words", Double(counts.words))],
            evidence: noSyllables == nil
                ? Self.greatest(counted.words, by: \.syllables) {
                    Sentences.counted(Int($0.syllables), "syllable")
                } : [])
        addCharacters(counts, sentences, language, noSentences, fromPauses, to: &list)

        let few = counts.words < Self.enoughWords ? "There are fewer than \(Self.enoughWords) words." : nil
        for formula in Self.formulas(language) {
            let needsSyllables = ReadabilityFormula.of(formula)?.needsSyllables ?? false
            if counts.words < Self.fewestWords {
                list.add(formula, na: "There are fewer than \(Self.fewestWords) words.")
            } else if language != .english, MeasureDescriptor.english.contains(formula) {
                // The weights were fitted to English, even where no syllables are needed.
                list.add(
                    formula, na: language == .unknown ? "The language is not known." : "The formula is for English.")
            } else if !language.hasSpaces {
                list.add(formula, na: Self.notComparable)
            } else if !language.hasLetters {
                list.add(
                    formula, na: Self.syllabicSigns)
            } else if let noSentences {
                list.add(formula, na: noSentences)
            } else {
                add(
                    formula, text, counted, sentences,
                    low: [few, fromPauses, needsSyllables ? rulesOnly : nil, choice.doubt], to: &list)
            }
        }
    }

    /// Adds the measures of languages whose words can't be compared with those of others.
    private func addCharacters(
        _ counts: TextCounts, _ sentences: Sentences, _ language: TextLanguage, _ noSentences: String?,
        _ fromPauses: String?, to list: inout MeasureList
    ) {
        guard !language.hasLetters else { return }
        list.add(
            .characterCount, Double(counts.characters),
            basis: [.init("letters", Double(counts.letters)), .init("words", Double(counts.words))])
        if let noSentences {
            list.add(.sentenceCharacters, na: noSentences)
        } else {
            list.add(
                .sentenceCharacters, Double(counts.characters) / Double(counts.sentences), low: [fromPauses],
                basis: [
                    .init("characters", Double(counts.characters)), .init("sentences", Double(counts.sentences)),
                ], evidence: sentences.longestInCharacters)
        }
    }

    /// The formulas that are reported for a language.
    private static func formulas(_ language: TextLanguage) -> [MeasureDescriptor] {
        MeasureDescriptor.english + [.lix, .rix] + (MeasureDescriptor.readabilityFormulas[language.code] ?? [])
    }

    private static func syllableProblem(_ language: TextLanguage) -> String? {
        if language == .unknown { return "The language is not known, so syllables can't be counted." }
        return language.hasSyllables ? nil : "There is no syllable model for this language."
    }

    private static func sentenceProblem(_ counts: TextCounts, _ source: SentenceSource) -> String? {
        if source == .none { return "Neither punctuation nor pauses show where sentences end." }
        return counts.words > counts.sentences * SentenceSource.longestMeanSentence
            ? "The sentences would be longer than \(SentenceSource.longestMeanSentence) words: some ends are missing."
            : nil
    }

    private func add(
        _ measure: MeasureDescriptor, _ text: SpokenText, _ counted: CountedWords, _ sentences: Sentences,
        low: [String?], to list: inout MeasureList
    ) {
        let counts = counted.counts
        if measure == .osman {
            let osman = OsmanCounts(counted.words[...], in: text)
            let estimated =
                osman.hasVowelSigns ? nil : "No vowel signs are written, so syllables were estimated from the letters."
            return list.add(
                measure, osman.value(wordsPerSentence: counts.wordsPerSentence), low: low + [estimated],
                basis: osman.basis + [.init("sentences", Double(counts.sentences))],
                evidence: sentences.hardest(isEase: true) { words, counts in
                    OsmanCounts(counted.words[words], in: text).value(wordsPerSentence: counts.wordsPerSentence)
                })
        }
        guard let formula = ReadabilityFormula.of(measure) else { return }
        var low = low
        if measure == .smog {
            guard counts.sentences >= 3 else { return list.add(measure, na: "There are fewer than 3 sentences.") }
            low.append(counts.sentences < 30 ? "SMOG was made for 30 sentences or more." : nil)
        }
        let words = counted.words
        let evidence: [Evidence]
        switch formula.hardWords {
        case .hardWords:
            var isFirst = true
            evidence = Self.evidence(words) { word in
                defer { isFirst = word.traits.contains(.endsSentence) }
                return word.syllables >= 3 && CountedWords.isComplex(word, isFirst: isFirst, text)
            }
        case .longWords: evidence = Self.evidence(words) { $0.letters > 6 }
        case .some: evidence = Self.evidence(words) { $0.syllables >= 3 }
        case nil: evidence = sentences.hardest(isEase: formula.isEase) { formula.value($1) }
        }
        list.add(measure, formula.value(counts), low: low, basis: formula.basis(counts), evidence: evidence)
    }

    /// What was left out of the words, and what was written out.
    private static func changes(in text: SpokenText) -> (basis: [Measure.Part], evidence: [Evidence]) {
        var (fillers, repaired, spelled) = (0, 0, 0)
        var evidence: [Evidence] = []
        for word in text.words where !word.traits.isDisjoint(with: [.filler, .repaired, .spelled]) {
            let note: String
            if word.traits.contains(.filler) {
                fillers += 1
                note = "a filler, left out"
            } else if word.traits.contains(.repaired) {
                repaired += 1
                note = "said again, left out"
            } else {
                spelled += 1
                note = "counted as " + text.text(of: word)
            }
            let position = Int(word.position)
            if let last = evidence.last, word.traits.isDisjoint(with: .pruned), last.words.lowerBound == position,
                let before = last.note, before.hasPrefix("counted")
            {
                evidence[evidence.count - 1].note = before + " " + text.text(of: word)
            } else if let last = evidence.last, last.note == note, last.words.upperBound >= position {
                evidence[evidence.count - 1].words = last.words.lowerBound..<(position + 1)
            } else if evidence.count < MeasureList.mostEvidence {
                evidence.append(Evidence(words: position..<(position + 1), note: note))
            }
        }
        let basis: [Measure.Part] = [
            .init("all_words", Double(text.words.count)), .init("fillers", Double(fillers)),
            .init("repetitions", Double(repaired)), .init("from_numerals", Double(spelled)),
        ]
        return (basis, evidence)
    }

    /// How many words or sentences are shown of those that a value shows in most.
    static let shown = 5

    /// The first few different words that are greatest in something.
    static func greatest(
        _ words: [SpokenWord], by size: (SpokenWord) -> Int32, note: (SpokenWord) -> String
    ) -> [Evidence] {
        // The few greatest so far, the greatest first; of equal ones the earlier.
        var best: [SpokenWord] = []
        for word in words {
            let value = size(word)
            guard value > 0 else { continue }
            if best.count == shown, value <= size(best[shown - 1]) { continue }
            // A numeral that is written out shows once, by its longest word.
            if let known = best.firstIndex(where: { $0.hash == word.hash || $0.position == word.position }) {
                guard value > size(best[known]) else { continue }
                best.remove(at: known)
            }
            let place = best.firstIndex { size($0) < value } ?? best.count
            best.insert(word, at: place)
            if best.count > shown { best.removeLast() }
        }
        return best.map { Evidence(words: Int($0.position)..<(Int($0.position) + 1), note: note($0)) }
    }

    /// The places of the words that meet a condition.
    @inline(__always)
    static func evidence(
        _ words: [SpokenWord], note: String? = nil, where isMeant: (SpokenWord) -> Bool = { _ in true }
    ) -> [Evidence] {
        var evidence: [Evidence] = []
        for word in words where isMeant(word) {
            let place = Int(word.position)..<(Int(word.position) + 1)
            if evidence.last?.words != place { evidence.append(Evidence(words: place, note: note)) }
            if evidence.count == MeasureList.mostEvidence { break }
        }
        return evidence
    }
}
