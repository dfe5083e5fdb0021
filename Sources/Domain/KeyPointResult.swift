// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What an answer does about one key point, with the words that show it.
public struct KeyPointResult: Sendable, Hashable {
    /// What became of the key point. The raw values appear in results and are stored.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Said, with the right quantities and the right polarity.
        case covered
        /// Said in part.
        case partial
        /// Not said.
        case missing
        /// The opposite was said, or a wrong quantity, or the wrong drug.
        case contradicted
        /// It can't be told: said unclearly, heard badly, or both said and denied.
        case uncertain
    }

    /// What led to the state. The raw values appear in results and are stored.
    public enum Flag: String, Sendable, Hashable, CaseIterable {
        /// A quantity was named with another value.
        case numberMismatch = "number_mismatch"
        /// The number is right and its unit is not.
        case unitMismatch = "unit_mismatch"
        /// A quantity that is asked for was not named.
        case numberMissing = "number_missing"
        /// The statement was denied, or one that denies was made without its negation.
        case negated
        /// A word stands for its opposite: after for before, lower for raise.
        case reversed
        /// What is advised against was called safe.
        case calledSafe = "called_safe"
        /// Another drug stands where the key point's should.
        case wrongDrug = "wrong_drug"
        /// A forbidden statement was made.
        case forbiddenSaid = "forbidden_said"
        /// The answer both says it and contradicts it.
        case inconsistent
        /// The answer leaves it open.
        case hedged
        /// Words of the key point stand there without a sentence.
        case noSentence = "no_sentence"
        /// A word was recognised by its sound.
        case respelled
        /// The words that show it were heard badly.
        case lowConfidence = "low_confidence"
        /// Much of the recording could not be understood.
        case unintelligible
        /// Only the meaning is close, by sentence vectors; the words are others.
        case byMeaning = "by_meaning"
        /// Negations can't be checked in this language.
        case languageUnsupported = "language_unsupported"
        /// A person wrote some of the words that show it: whether they were said has to be heard.
        case edited
        /// It belongs to another expected answer than the one that fits best, and counts for nothing.
        case otherAnswer = "other_answer"
    }

    /// The part of the answer that shows the state.
    public struct Evidence: Sendable, Hashable {
        /// The words as they stand in the answer.
        public var text: String
        /// Where they are.
        public var span: TextSpan
        /// When they were said, in milliseconds; nil for a typed answer.
        public var time: Range<Int>?

        /// Creates evidence.
        public init(text: String, span: TextSpan, time: Range<Int>? = nil) {
            self.text = text
            self.span = span
            self.time = time
        }
    }

    /// How close the evidence is to the key point's wording. Shown, and never the mark by itself.
    public struct Similarity: Sendable, Hashable {
        /// By words, 0...1; nil where there is nothing to compare.
        public var tfidfCosine: Double?
        /// By meaning, -1...1; nil without a model of sentence vectors.
        public var embeddingCosine: Double?

        /// Creates similarities.
        public init(tfidfCosine: Double? = nil, embeddingCosine: Double? = nil) {
            self.tfidfCosine = tfidfCosine
            self.embeddingCosine = embeddingCosine
        }
    }

    /// What a key point earns that was said in part, unless its question says otherwise.
    public static let usualPartialCredit = 0.5

    /// The key point.
    public var id: String
    /// What became of it.
    public var state: State
    /// What it earns of its weight: 1 covered, 0.5 partial unless the question says otherwise; below 0 where the
    /// question says so of what is contradicted; else 0.
    public var credit: Double
    /// The words that show it; nil where nothing does.
    public var evidence: Evidence?
    /// How close the evidence, or the closest sentence, is to the wording.
    public var similarity: Similarity
    /// The mean confidence of the evidence's words, 0...1; nil where the recogniser gives none.
    public var confidence: Double?
    /// What led to the state, in the order of ``Flag``.
    public var flags: [Flag]

    /// Creates a result.
    public init(
        id: String, state: State, credit: Double, evidence: Evidence? = nil, similarity: Similarity = .init(),
        confidence: Double? = nil, flags: [Flag] = []
    ) {
        self.id = id
        self.state = state
        self.credit = credit
        self.evidence = evidence
        self.similarity = similarity
        self.confidence = confidence
        self.flags = flags
    }
}

/// What an answer earns, as an interval: what is not certain widens it.
public struct AnswerScore: Sendable, Hashable {
    /// Why a person has to look before a score is released. The raw values appear in results and are stored.
    public enum Hold: String, Sendable, Hashable, CaseIterable {
        /// The opposite of a critical key point was said.
        case criticalContradicted = "critical_contradicted"
        /// It can't be told whether a critical key point was said.
        case criticalUncertain = "critical_uncertain"
        /// Something else becomes of a critical key point because somebody who does not mark the answer removed or changed words
        /// that were heard: to be confirmed by listening.
        case criticalCorrected = "critical_corrected"
        /// Something else becomes of a critical key point with other words that the recogniser considered too.
        case criticalAlternative = "critical_alternative"
        /// An essential key point is missing, which caps the score.
        case essentialMissing = "essential_missing"
        /// Some key points are uncertain.
        case uncertain
        /// Too much of the recording could not be understood.
        case unintelligible
        /// There are no key points of an educator; the score rests on points that were proposed from the expected answer.
        case proposedKeyPoints = "proposed_key_points"
        /// The answer has no words.
        case noWords = "no_words"
        /// A fallback recogniser wrote the words, and is no basis for a mark.
        case fallbackRecogniser = "fallback_recogniser"
        /// The recording is too noisy or too loud to be relied on.
        case poorRecording = "poor_recording"
        /// The language is not one in which negations are checked.
        case languageUnsupported = "language_unsupported"
        /// It rests on words that a person wrote into the transcript, or on the removal of others, to be confirmed by listening.
        case edited

        /// Whether it leaves open what the answer earns: all but those that say that the machine is sure of something grave.
        public var isDoubt: Bool { self != .criticalContradicted && self != .essentialMissing }

        /// Whether it is about where the words come from, and not about what they say.
        public var isAboutRecording: Bool { self == .fallbackRecogniser || self == .poorRecording }
    }

    /// What it earns at least, 0...1.
    public var low: Double
    /// What it most likely earns, 0...1.
    public var point: Double
    /// What it earns at most, 0...1.
    public var high: Double
    /// Why it may not be released without a person, most serious first; empty when it may.
    public var holds: [Hold]
    /// What a score may be at most because an essential key point is missing or a critical one is contradicted; nil where
    /// there is no cap.
    public var cap: Double?

    /// Creates a score.
    public init(low: Double, point: Double, high: Double, holds: [Hold] = [], cap: Double? = nil) {
        self.low = low
        self.point = point
        self.high = high
        self.holds = holds
        self.cap = cap
    }
}

extension AnswerScore {
    /// Whether it is open what the answer earns until a person has looked: until then it is no score of the machine's to
    /// compare or to count with.
    public var isInDoubt: Bool { holds.contains(where: \.isDoubt) }

    /// Adds a reason for which a person has to look.
    public mutating func hold(for reason: Hold) {
        let reasons = Set(holds + [reason])
        holds = Hold.allCases.filter(reasons.contains)
    }
}
