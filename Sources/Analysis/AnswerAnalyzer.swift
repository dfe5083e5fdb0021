// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// Measures answers: what was said, how fluently, how readable it is, and how close to the wording that is expected.
///
/// ```swift
/// let analyzer = try AnswerAnalyzer()
/// for measure in analyzer.measures(of: "Take one tablet with food.", language: "en", expected: nil) {
///     print(measure.key, measure.value ?? .nan, measure.reason ?? "")
/// }
/// ```
///
/// Safe to use from any thread. Measuring never blocks but for the first English text, which reads the dictionary
/// (some 20 ms), and with a model of sentence vectors, which computes: then it is not
/// for the cooperative pool. Every formula, gate and limit is explained in docs/measures.md.
public struct AnswerAnalyzer: Sendable {
    /// What the measures are computed with.
    public let configuration: AnalysisConfiguration
    let syllables: SyllableCounter
    let speller: NumberSpeller
    let embedders: [SentenceEmbedder]
    let noEmbedder: String
    /// What models of sentence vectors made of texts beforehand.
    var known = KnownReadings()

    /// The longest text that is measured, in bytes of UTF-8.
    public static let longestText = 16 << 20

    /// Creates an analyzer.
    ///
    /// - Parameters:
    ///   - configuration: What to compute with.
    ///   - embedders: Compare meanings, each answer by the first that knows its language; without one, that measure is not
    ///     computed.
    ///   - noEmbedder: Why there is no embedder, for people.
    /// - Throws: ``AnalysisError`` when a parameter is out of range or a dictionary that was asked for can't be read.
    public init(
        configuration: AnalysisConfiguration = .init(), embedders: [SentenceEmbedder] = [],
        noEmbedder: String = "No model of sentence vectors is installed."
    ) throws(AnalysisError) {
        guard configuration.pauseThreshold > 0, configuration.longPauseThreshold >= configuration.pauseThreshold,
            configuration.sentencePause > 0, configuration.sentenceMinimumWords > 0,
            (0...1).contains(configuration.lowConfidence)
        else {
            throw AnalysisError(
                .invalidConfiguration,
                "Thresholds of pauses and sentences must be above zero, and the confidence limit from 0 to 1.")
        }
        self.configuration = configuration
        syllables = try SyllableCounter(configuration.dictionary)
        speller = NumberSpeller()
        self.embedders = embedders
        self.noEmbedder = noEmbedder
    }

    /// The version of the measuring code with a digest of its parameters and dictionary, and the model of sentence vectors
    /// with a digest of its files and its numbers, such as
    /// `oracy-analysis/4+5f0c2a91d4e7b386 all-MiniLM-L6-v2@1f0c53a2b7de/bf16`. Results are compared only within one.
    public var engine: String {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        let values = [
            UInt64(configuration.pauseThreshold), UInt64(configuration.longPauseThreshold),
            UInt64(configuration.sentencePause), UInt64(configuration.sentenceMinimumWords),
            configuration.lowConfidence.bitPattern, syllables.dictionary?.digest ?? 0,
        ]
        for value in values {
            for byte in 0..<8 { digest = (digest ^ (value >> UInt64(8 * byte)) & 0xFF) &* 0x100_0000_01B3 }
        }
        let hexadecimal = String(digest, radix: 16)
        let models = embedders.map { " " + $0.model.label }.joined()
        return "oracy-analysis/4+" + String(repeating: "0", count: 16 - hexadecimal.count) + hexadecimal + models
    }

    /// Measures a spoken answer.
    ///
    /// - Parameters:
    ///   - transcript: What was said, with times. Its language decides which rules apply; without one, the language that
    ///     the words are reliably in does. Where neither is known, only measures that need no language are computed.
    ///   - recordingDuration: The length of the recording in seconds, if known.
    ///   - timeLimit: The time allowed, in seconds, if there is a limit.
    ///   - expected: What the educator expects; without it there are no measures of similarity.
    ///   - origin: Who wrote the transcript, and so its punctuation.
    ///   - heard: What the recogniser wrote, where a person has changed it: most words of a transcript that was written by
    ///     hand have no times of their own, and its fluency is measured by those of what was heard.
    /// - Returns: The measures in the order of ``MeasureCatalogue``; evidence counts words through the transcript.
    public func measures(
        of transcript: Transcript, recordingDuration: Double?, timeLimit: Int?, expected: ExpectedAnswer?,
        origin: TranscriptVersion.Origin, heard: Transcript? = nil
    ) -> [Measure] {
        let words = transcript.words
        var list = MeasureList()
        addConfidence(of: words, to: &list)
        guard words.reduce(0, { $0 &+ $1.text.utf8.count &+ 1 }) <= Self.longestText else {
            addTooLong(&list, TextLanguage(transcript.language), isSpoken: true, isCompared: expected != nil)
            return list.measures
        }
        let choice = LanguageChoice(for: words.map(\.text).joined(separator: " "), declared: transcript.language)
        let language = choice.rules
        var text = scan(SourceText(words: words.map(\.text), hasSpaces: language.hasSpaces), language)
        let disfluencies = prepare(&text, language)
        for index in text.words.indices {
            switch words[Int(text.words[index].position)].kind {
            case .filler: text.words[index].traits.insert(.filler)
            case .repeat: text.words[index].traits.insert(.repaired)
            case .word, .number, .edited: break
            }
        }
        let hasDictionary = syllables.count(in: &text, language)
        let timeline = timeline(of: words, text)
        let source = findSentences(
            in: &text, words: words, timeline, punctuation: origin == .human ? .human : .model)
        let counted = CountedWords(text)
        addFluency(
            of: timeline, words: words, text,
            FluencyContext(
                recordingDuration: recordingDuration, timeLimit: timeLimit, language: language, sentences: source,
                knowsFillers: disfluencies.knowsFillers, hasDictionary: hasDictionary,
                heard: heard?.words), to: &list)
        addLanguage(choice, of: words.map(\.text), to: &list)
        addTextMeasures(
            of: text, counted, choice, source, hasDictionary: hasDictionary, expected: expected,
            written: { WrittenSentence.sentences(of: words.map(\.text), text) }, to: &list)
        return list.measures
    }

    /// Measures a written text: all but fluency.
    ///
    /// - Parameters:
    ///   - text: The text, with its punctuation.
    ///   - language: Its language (BCP 47), without a look at the text; nil when it is not known.
    ///   - expected: What the educator expects; without it there are no measures of similarity.
    /// - Returns: The measures in the order of ``MeasureCatalogue``; evidence counts the words of
    ///   ``places(in:language:)``.
    public func measures(of text: String, language: String?, expected: ExpectedAnswer?) -> [Measure] {
        measures(of: text, LanguageChoice(declared: language), expected: expected)
    }

    /// Measures a written text whose language was chosen before.
    public func measures(of text: String, _ choice: LanguageChoice, expected: ExpectedAnswer?) -> [Measure] {
        var list = MeasureList()
        let language = choice.rules
        guard text.utf8.count <= Self.longestText else {
            addTooLong(&list, language, isSpoken: false, isCompared: expected != nil)
            return list.measures
        }
        var spoken = scan(SourceText(typed: text), language)
        if choice.identification != nil { addLanguage(choice, of: spoken.words.map(spoken.text(of:)), to: &list) }
        let wordCount = spoken.words.count
        _ = prepare(&spoken, language)
        let hasDictionary = syllables.count(in: &spoken, language)
        let counted = CountedWords(spoken)
        let sentences: SentenceSource = isPunctuated(spoken, counted.words.count) ? .human : .none
        addTextMeasures(
            of: spoken, counted, choice, sentences, hasDictionary: hasDictionary, expected: expected,
            written: { writtenSentences(of: text, language, countedAs: wordCount) }, to: &list)
        return list.measures
    }

    /// The words of a written text as they are compared: in lower case.
    public func words(of text: String, language: String?) -> [String] {
        guard text.utf8.count <= Self.longestText else { return [] }
        let spoken = scan(SourceText(typed: text), TextLanguage(language))
        return spoken.words.map(spoken.text(of:))
    }

    /// The counts that the readability formulas of a written text rest on.
    public func counts(of text: String, language: String?) -> TextCounts {
        guard text.utf8.count <= Self.longestText else { return TextCounts() }
        let language = TextLanguage(language)
        var spoken = scan(SourceText(typed: text), language)
        _ = prepare(&spoken, language)
        _ = syllables.count(in: &spoken, language)
        return CountedWords(spoken).counts
    }

    /// Finds the words: by the fast rules for ASCII, else with ICU.
    func scan(_ source: SourceText, _ language: TextLanguage) -> SpokenText {
        if source.isASCII, let rules = BreakRules.ascii(for: language) {
            return ASCIIScanner.scan(source, rules: rules)
        }
        return ICUScanner.scan(source, language: language)
    }

    /// Writes numerals out and marks disfluencies.
    private func prepare(_ text: inout SpokenText, _ language: TextLanguage) -> Disfluencies {
        Numerals(speller: speller, language: language).expand(&text)
        let disfluencies = LanguageRules.of(language).disfluencies
        disfluencies.mark(&text)
        return disfluencies
    }

    /// Whether the marks that end sentences are believed to be there.
    func isPunctuated(_ text: SpokenText, _ words: Int) -> Bool {
        text.markedSentences > 0 && words <= text.markedSentences * SentenceSource.longestMeanSentence
    }

    /// Decides where sentences come from, and marks them by pauses where no punctuation does.
    func findSentences(
        in text: inout SpokenText, words: [Word], _ timeline: SpeechTimeline, punctuation: SentenceSource
    ) -> SentenceSource {
        let count = text.words.count { $0.traits.isDisjoint(with: .pruned) }
        if isPunctuated(text, count) { return punctuation }
        let gaps = timeline.words.indices.map(timeline.gap(after:))
        let found = text.markSentences(
            at: gaps, shortest: configuration.sentencePause, words: configuration.sentenceMinimumWords)
        return found ? .pauses : .none
    }

    /// What was said in each word of the transcript, with its times.
    func timeline(of words: [Word], _ text: SpokenText) -> SpeechTimeline {
        var timed = words.map { SpeechTimeline.TimedWord(start: $0.start, end: $0.end, words: 0, syllables: 0) }
        for word in text.words {
            let index = Int(word.position)
            if word.traits.contains(.filler) {
                timed[index].isFiller = true
            } else {
                timed[index].words += 1
                timed[index].syllables += Int(word.syllables)
                timed[index].characters += Int(word.letters + word.digits)
            }
            timed[index].isPunctuated = word.traits.contains(.punctuated)
        }
        // A word without letters, such as a noise mark, is no speech; one that is both is no filler.
        for index in timed.indices where timed[index].words > 0 { timed[index].isFiller = false }
        return SpeechTimeline(words: timed, pauseThreshold: configuration.pauseThreshold)
    }

    private func addTooLong(
        _ list: inout MeasureList, _ language: TextLanguage, isSpoken: Bool, isCompared: Bool
    ) {
        for measure in MeasureCatalogue.all where measure.group != .audio && measure.isReported(for: language) {
            if measure == .languageProbability { continue }
            if measure.group == .fluency, !isSpoken { continue }
            if measure.group == .similarity, !isCompared { continue }
            list.add(measure, na: "The text is too long to measure.")
        }
    }
}
