// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import TextEncoders

/// Reads answers for what they name and how they sound: entities and tone, each with its place in the text.
///
/// Doses, quantities and dates are read by grammars of our own, drugs by a list of names, and the rest by models; what is not
/// installed is left out with a reason. Safe to use from any thread. With models it computes and blocks: not for the
/// cooperative pool.
public struct AnswerReader: Sendable {
    /// What is there, or why it is not.
    public enum Part<Value: Sendable>: Sendable {
        /// It can be used.
        case ready(Value)
        /// It can't, for the reason given to people.
        case missing(String)
    }

    private let analyzer: AnswerAnalyzer
    private let taggers: Part<[EntityTagger]>
    private let tones: Part<[ToneClassifier]>
    private let drugs: Part<DrugVocabulary>
    /// What models made of texts beforehand.
    private var known = KnownFindings()

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - analyzer: Finds sentences.
    ///   - taggers: Find people, places, drugs, conditions; a text is read by the first that knows its language.
    ///   - tones: Score sentences, likewise.
    ///   - drugs: Names of drugs.
    public init(
        analyzer: AnswerAnalyzer, taggers: Part<[EntityTagger]>, tones: Part<[ToneClassifier]>,
        drugs: Part<DrugVocabulary>
    ) {
        self.analyzer = analyzer
        self.taggers = taggers
        self.tones = tones
        self.drugs = drugs
    }

    /// What this reader computes with; results are compared only within one.
    public var engine: String {
        var parts = ["oracy-findings/3"]
        if case .ready(let taggers) = taggers { parts += taggers.map(\.model.label) }
        if case .ready(let tones) = tones { parts += tones.map(\.model.label) }
        if case .ready(let drugs) = drugs { parts.append("drug-names@" + String(drugs.digest, radix: 16)) }
        return parts.joined(separator: " ")
    }

    /// A reader that has looked at some written texts with its models beforehand: models are fastest with many at once.
    public func prepared(for texts: [(text: String, choice: LanguageChoice)]) -> AnswerReader {
        var reader = self
        for (language, group) in Dictionary(grouping: texts, by: { $0.choice.rules }) {
            let texts = group.map { $0.text }.filter { $0.utf8.count <= AnswerAnalyzer.longestText }
            // Where a model can't be used, reading says why.
            if case .ready(let taggers) = taggers, let tagger = taggers.best(for: language),
                let mentions = try? tagger.mentions(in: texts)
            {
                for (text, mentions) in zip(texts, mentions) {
                    reader.known.mentions[.init(text: text, language: language)] = mentions
                }
            }
            if case .ready(let tones) = tones, let classifier = tones.best(for: language) {
                let sentences = Set(texts.flatMap { analyzer.toneSpans(of: $0, language).spans.map(\.text) })
                let list = Array(sentences)
                guard let scores = try? classifier.scores(of: list, language) else { continue }
                for (sentence, score) in zip(list, scores) {
                    reader.known.scores[.init(text: sentence, language: language)] = score
                }
            }
        }
        return reader
    }

    /// What a transcript names and how it sounds.
    ///
    /// - Parameter tone: Whether the tone is wanted; a course can do without.
    public func findings(in transcript: Transcript, tone: Bool = true) -> TextFindings {
        let text = ReadText(words: transcript.words.map(\.text))
        let choice = LanguageChoice(for: text.text, declared: transcript.language)
        return findings(in: text, choice, tone: tone) {
            analyzer.toneSpans(of: transcript.words, choice.rules)
        }
    }

    /// What a typed text names and how it sounds.
    public func findings(in text: String, _ choice: LanguageChoice, tone: Bool = true) -> TextFindings {
        findings(in: ReadText(typed: text), choice, tone: tone) { analyzer.toneSpans(of: text, choice.rules) }
    }

    private func findings(
        in text: ReadText, _ choice: LanguageChoice, tone isWanted: Bool, spans: () -> ToneSpans
    ) -> TextFindings {
        guard text.text.utf8.count <= AnswerAnalyzer.longestText else {
            let reason = "The text is too long to read."
            return TextFindings(entitiesReason: reason, toneReason: reason)
        }
        var findings = TextFindings()
        addEntities(of: text, choice, to: &findings)
        // What looks for names in one language finds some in another, but not as well.
        if let doubt = choice.doubt {
            findings.entitiesReason = [doubt, findings.entitiesReason].compactMap { $0 }.joined(separator: " ")
        }
        if isWanted, let contradiction = choice.contradiction {
            findings.toneReason = contradiction
        } else if isWanted {
            addTone(of: text, spans(), choice, to: &findings)
        } else {
            findings.toneReason = Self.toneSwitchedOff
        }
        return findings
    }

    /// Said where the tone was not wanted.
    public static let toneSwitchedOff = "The tone was switched off for this course."

    // MARK: Entities

    private func addEntities(of text: ReadText, _ choice: LanguageChoice, to findings: inout TextFindings) {
        let language = choice.rules
        var candidates: [Entity] = []
        var reasons: [String] = []
        // Grammars and names are English; of a text in an unknown language they would only guess.
        if language == .english {
            var names: [(bytes: Range<Int>, drug: String, isRespelled: Bool)] = []
            switch drugs {
            case .ready(let drugs): names = drugNames(in: text, drugs)
            case .missing(let reason): reasons.append(reason)
            }
            candidates += GrammarEntities.entities(
                in: text, drugs: names.map(\.bytes), order: DateOrder(language: choice.language))
            candidates += names.map { name in
                text.entity(.drug, bytes: name.bytes, normalized: name.drug, isRespelled: name.isRespelled)
            }
        } else {
            reasons.append("Doses, quantities, dates and a list of drugs are read in English only.")
        }
        switch taggers {
        case .missing(let reason): reasons.append(reason)
        case .ready(let taggers):
            if let tagger = taggers.best(for: language) {
                do throws(TextEncoderError) {
                    candidates += try mentions(in: text.text, language, tagger).map { mention in
                        text.entity(mention.kind, bytes: mention.bytes, confidence: mention.confidence)
                    }.filter { !Self.isNoName($0) }
                } catch {
                    reasons.append("The model \(tagger.model.name) can't be used: \(error.message)")
                }
            } else {
                reasons.append(taggers.refusal(language))
            }
        }
        findings.entities = EntityOverlap.resolved(candidates)
        if !reasons.isEmpty { findings.entitiesReason = reasons.joined(separator: " ") }
    }

    /// Whether a model's name is a word that is none: a medicine's everyday name for something else, or the verb that a
    /// question or a wish begins with.
    private static func isNoName(_ entity: Entity) -> Bool {
        switch entity.kind {
        case .drug: DoseLexicon.isNoDrug(entity.text)
        case .person: entity.span.words.lowerBound == 0 && entity.text.lowercased() == "may"
        default: false
        }
    }

    private func mentions(
        in text: String, _ language: TextLanguage, _ tagger: EntityTagger
    ) throws(TextEncoderError) -> [EntityTagger.Mention] {
        if let known = known.mentions[.init(text: text, language: language)] { return known }
        return try tagger.mentions(in: [text]).first ?? []
    }

    private func drugNames(
        in text: ReadText, _ drugs: DrugVocabulary
    ) -> [(bytes: Range<Int>, drug: String, isRespelled: Bool)] {
        let words = text.lettersOfWords()
        // Without a dictionary every word may be an ordinary one: then only names that are spelled right are found.
        let dictionary = analyzer.syllables.dictionary
        let finder = DrugFinder(vocabulary: drugs) { word in dictionary?.knows(word) ?? true }
        return finder.mentions(in: words.map(\.word)).map { mention in
            let bytes =
                words[mention.words.lowerBound].bytes.lowerBound..<words[mention.words.upperBound - 1].bytes.upperBound
            return (bytes, mention.drug, mention.isRespelled)
        }
    }

    // MARK: Tone

    /// With fewer words a tone is doubtful.
    private static let fewestToneWords = 5

    private func addTone(
        of text: ReadText, _ spans: ToneSpans, _ choice: LanguageChoice, to findings: inout TextFindings
    ) {
        let language = choice.rules
        guard case .ready(let tones) = tones else {
            if case .missing(let reason) = tones { findings.toneReason = reason }
            return
        }
        guard let classifier = tones.best(for: language) else {
            findings.toneReason = tones.refusal(language)
            return
        }
        let sentences = spans.spans
        guard !sentences.isEmpty else {
            findings.toneReason = "There are no words."
            return
        }
        do throws(TextEncoderError) {
            let scores = try scores(of: sentences.map(\.text), language, classifier)
            let words = sentences.reduce(0) { $0 + $1.wordCount }
            let total = zip(sentences, scores).reduce(0) { $0 + Double($1.0.wordCount) * $1.1 }
            let isValidated = classifier.validatedLanguages.contains(language.code)
            var doubts: [String] = []
            if words < Self.fewestToneWords { doubts.append("There are only \(words) words.") }
            if let doubt = choice.doubt { doubts.append(doubt) }
            if !isValidated {
                doubts.append(
                    "How well the model \(classifier.model.name) tells the tone of this language has not been measured."
                )
            }
            findings.tone = Tone(
                score: total / Double(max(1, words)),
                sentences: zip(sentences, scores).map { .init(span: text.span(words: $0.words), score: $1) },
                unit: spans.areClauses ? .clause : .sentence, model: classifier.model.label, isValidated: isValidated,
                doubt: doubts.isEmpty ? nil : doubts.joined(separator: " "))
        } catch {
            findings.toneReason = "The model \(classifier.model.name) can't be used: \(error.message)"
        }
    }

    private func scores(
        of sentences: [String], _ language: TextLanguage, _ classifier: ToneClassifier
    ) throws(TextEncoderError) -> [Double] {
        let ready = sentences.compactMap { known.scores[.init(text: $0, language: language)] }
        return ready.count == sentences.count ? ready : try classifier.scores(of: sentences, language)
    }
}

/// What models made of texts and sentences beforehand.
private struct KnownFindings {
    struct Key: Hashable {
        var text: String
        var language: TextLanguage
    }

    var mentions: [Key: [EntityTagger.Mention]] = [:]
    var scores: [Key: Double] = [:]
}
