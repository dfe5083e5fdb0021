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
        let language = choice.rules
        addReadability(of: text, counted, choice, source, hasDictionary: hasDictionary, to: &list)
        addLexical(of: text, counted, language, to: &list)
        if let expected { addSimilarity(of: text, counted, language, to: expected, written: sentences, &list) }
    }

    private func addReadability(
        of text: SpokenText, _ counted: CountedWords, _ choice: LanguageChoice, _ source: SentenceSource,
        hasDictionary: Bool, to list: inout MeasureList
    ) {
        let language = choice.rules
        let counts = counted.counts
        list.add(.wordCount, Double(counts.words))
        guard counts.words > 0 else {
            return list.add(
                Self.formulas(language) + [.sentenceCount, .sentenceLength, .wordSyllables], na: "There are no words.")
        }
        let noSentences = Self.sentenceProblem(counts, source)
        let fromPauses = source == .pauses ? "The sentences were taken from pauses, as nothing is punctuated." : nil
        if let noSentences {
            list.add([.sentenceCount, .sentenceLength], na: noSentences)
        } else {
            list.add(
                .sentenceCount, Double(counts.sentences), low: [fromPauses],
                evidence: Self.sentences(counted.words, source))
            list.add(.sentenceLength, counts.wordsPerSentence, low: [fromPauses])
        }
        let noSyllables = Self.syllableProblem(language)
        let rulesOnly = hasDictionary || language != .english ? nil : Self.rulesOnly
        list.add(
            .wordSyllables, noSyllables == nil ? counts.syllablesPerWord : nil, orNA: noSyllables ?? "",
            low: [rulesOnly, choice.doubt])
        addCharacters(counts, language, noSentences, fromPauses, to: &list)

        let few = counts.words < Self.enoughWords ? "There are fewer than \(Self.enoughWords) words." : nil
        for formula in Self.formulas(language) {
            let needsSyllables = Self.needSyllables.contains(formula.key)
            if counts.words < Self.fewestWords {
                list.add(formula, na: "There are fewer than \(Self.fewestWords) words.")
            } else if language != .english, MeasureDescriptor.english.contains(formula) {
                // The weights were fitted to English, even where no syllables are needed.
                list.add(
                    formula, na: language == .unknown ? "The language is not known." : "The formula is for English.")
            } else if !language.hasSpaces {
                list.add(formula, na: "Words of a language written without spaces are not comparable.")
            } else if !language.hasLetters {
                list.add(
                    formula, na: "The signs of this writing are syllables, so the length of words is not comparable.")
            } else if let noSentences {
                list.add(formula, na: noSentences)
            } else {
                add(
                    formula, text, counted, low: [few, fromPauses, needsSyllables ? rulesOnly : nil, choice.doubt],
                    to: &list)
            }
        }
    }

    /// Adds the measures of languages whose words can't be compared with those of others.
    private func addCharacters(
        _ counts: TextCounts, _ language: TextLanguage, _ noSentences: String?, _ fromPauses: String?,
        to list: inout MeasureList
    ) {
        guard !language.hasLetters else { return }
        list.add(.characterCount, Double(counts.characters))
        if let noSentences {
            list.add(.sentenceCharacters, na: noSentences)
        } else {
            list.add(.sentenceCharacters, Double(counts.characters) / Double(counts.sentences), low: [fromPauses])
        }
    }

    /// The formulas that are reported for a language.
    private static func formulas(_ language: TextLanguage) -> [MeasureDescriptor] {
        MeasureDescriptor.english + [.lix, .rix] + (MeasureDescriptor.readabilityFormulas[language.code] ?? [])
    }

    private static let needSyllables = ["flesch_re", "fk_grade", "gunning_fog", "smog"]

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
        _ formula: MeasureDescriptor, _ text: SpokenText, _ counted: CountedWords, low: [String?],
        to list: inout MeasureList
    ) {
        let counts = counted.counts
        let words = counted.words
        switch formula {
        case .fleschReadingEase: list.add(formula, counts.fleschReadingEase, low: low)
        case .fleschKincaid: list.add(formula, counts.fleschKincaidGrade, low: low)
        case .gunningFog:
            var isFirst = true
            let complex = Self.evidence(words) { word in
                defer { isFirst = word.traits.contains(.endsSentence) }
                return word.syllables >= 3 && CountedWords.isComplex(word, isFirst: isFirst, text)
            }
            list.add(formula, counts.gunningFog, low: low, evidence: complex)
        case .smog where counts.sentences < 3:
            list.add(formula, na: "There are fewer than 3 sentences.")
        case .smog:
            let few = counts.sentences < 30 ? "SMOG was made for 30 sentences or more." : nil
            list.add(
                formula, counts.smog, low: low + [few], evidence: Self.evidence(words) { $0.syllables >= 3 })
        case .ari: list.add(formula, counts.automatedReadabilityIndex, low: low)
        case .colemanLiau: list.add(formula, counts.colemanLiau, low: low)
        case .lix:
            list.add(formula, counts.lix, low: low, evidence: Self.evidence(words) { $0.letters > 6 })
        case .rix: list.add(formula, counts.rix, low: low)
        case .gulpease: list.add(formula, counts.gulpease, low: low)
        case .fernandezHuerta: list.add(formula, counts.fernandezHuerta, low: low)
        case .szigrisztPazos: list.add(formula, counts.szigrisztPazos, low: low)
        case .gutierrezPolini: list.add(formula, counts.gutierrezPolini, low: low)
        case .crawford: list.add(formula, counts.crawford, low: low)
        case .kandelMoles: list.add(formula, counts.kandelMoles, low: low)
        case .amstad: list.add(formula, counts.amstad, low: low)
        case .wiener1:
            list.add(
                formula, counts.wienerSachtextformel(1), low: low, evidence: Self.evidence(words) { $0.syllables >= 3 })
        case .wiener2: list.add(formula, counts.wienerSachtextformel(2), low: low)
        case .wiener3: list.add(formula, counts.wienerSachtextformel(3), low: low)
        case .wiener4: list.add(formula, counts.wienerSachtextformel(4), low: low)
        case .fleschVacca: list.add(formula, counts.fleschVacca, low: low)
        case .douma: list.add(formula, counts.douma, low: low)
        case .martins: list.add(formula, counts.martins, low: low)
        case .oborneva: list.add(formula, counts.oborneva, low: low)
        case .fleschHungarian: list.add(formula, counts.fleschHungarian, low: low)
        case .osman:
            let osman = OsmanCounts(words, in: text)
            let estimated =
                osman.hasVowelSigns ? nil : "No vowel signs are written, so syllables were estimated from the letters."
            list.add(formula, osman.value(wordsPerSentence: counts.wordsPerSentence), low: low + [estimated])
        default: break
        }
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

    /// The places of the sentences, with what shows their ends.
    private static func sentences(_ words: [SpokenWord], _ source: SentenceSource) -> [Evidence] {
        var evidence: [Evidence] = []
        var start: Int?
        for (index, word) in words.enumerated() {
            let first = start ?? Int(word.position)
            start = first
            guard word.traits.contains(.endsSentence) || index == words.count - 1 else { continue }
            evidence.append(Evidence(words: first..<(Int(word.position) + 1), note: source.note))
            start = nil
            if evidence.count == MeasureList.mostEvidence { break }
        }
        return evidence
    }
}
