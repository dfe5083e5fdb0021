// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// Which rules speak, in which order, and from where on.
///
/// The order is the priority: of each kind the first rules that hold are told, up to ``most``. Limits whose source is not
/// named are conventions of ours.
public struct FeedbackRules: Sendable, Hashable {
    /// A rule in the order of priority.
    public struct Entry: Sendable, Hashable {
        /// The rule.
        public var rule: FeedbackItem.Rule
        /// How many items it may give for one answer.
        public var most: Int
        /// Whether it warns: warnings are told before any praise.
        public var isWarning: Bool

        /// Creates an entry.
        public init(_ rule: FeedbackItem.Rule, most: Int = 1, isWarning: Bool = false) {
            self.rule = rule
            self.most = most
            self.isWarning = isWarning
        }
    }

    /// Words per minute from the first word to the last.
    public struct Pace: Sendable, Hashable {
        /// Below: too slow.
        public var slow: Double
        /// Above: too fast.
        public var fast: Double
        /// Worth praising.
        public var steady: ClosedRange<Double>

        /// Creates a band.
        public init(slow: Double, fast: Double, steady: ClosedRange<Double>) {
            self.slow = slow
            self.fast = fast
            self.steady = steady
        }
    }

    /// The rules by priority; what is not listed is never told.
    public var order: [Entry] = [
        // What is dangerous or wrong.
        Entry(.criticalContradicted, most: 3, isWarning: true),
        Entry(.contradicted, most: 3, isWarning: true),
        Entry(.inconsistent, most: 2, isWarning: true),
        // What is not there; of what is not essential two a rule, so that steps differ.
        Entry(.offTopic),
        Entry(.essentialMissing, most: 3),
        Entry(.numberMissing, most: 2),
        Entry(.partMissing, most: 2),
        Entry(.incomplete, most: 2),
        Entry(.leftOpen, most: 2),
        Entry(.missing, most: 2),
        Entry(.timeUnused),
        // How it was said.
        Entry(.readingLevel),
        Entry(.paceFast),
        Entry(.paceSlow),
        Entry(.longPauses),
        Entry(.fillers),
        Entry(.hedging),
        Entry(.structure),

        Entry(.essentialsCovered),
        Entry(.safetyCovered),
        Entry(.numberRight),
        Entry(.covered),
        Entry(.clearStructure),
        Entry(.paceSteady),
        Entry(.fewFillers),
    ]

    /// How many strengths, and how many next steps, one answer gets at most.
    public var most = 3

    /// The pace by language (primary subtag); a language that is not listed has none.
    ///
    /// English: lectures of less than 100 words a minute are slow, and interviews are of average speed up to 210
    /// (Tauroza & Allison 1990, Applied Linguistics 11(1)); what lies between a slow lecture and a fast one is praised.
    public var pace: [String: Pace] = ["en": Pace(slow: 100, fast: 210, steady: 125...185)]

    /// From so many long pauses on, and more than ``longPausesPerMinute``, they are told.
    public var longPauses = 3.0
    /// Long pauses a minute that are too many.
    public var longPausesPerMinute = 2.0
    /// A pause of so many seconds is told by itself.
    public var veryLongPause = 5.0

    /// Fillers a minute that are many: twice those of conversation, which has some 2.6 in 100 words, 4 a minute
    /// (Bortfeld et al. 2001, Language and Speech 44(2)).
    public var manyFillers = 8.0
    /// Fillers a minute that are few.
    public var fewFillers = 1.5

    /// Hedges in 100 words that are many, where there are at least ``fewestHedges``.
    public var manyHedges = 4.0
    /// So many hedges are told at the least.
    public var fewestHedges = 4

    /// From so many words on an answer needs connectives.
    public var longAnswer = 120.0
    /// Connectives in 100 words that are too few. Written English has some 1.8 (Prasad et al. 2008, Penn Discourse Treebank).
    public var fewConnectives = 0.5
    /// Connectives in 100 words that make a clear structure, where they are of at least ``connectiveKinds`` kinds.
    public var manyConnectives = 2.0
    /// So many kinds of connectives (cause, contrast, time…) make a clear structure.
    public var connectiveKinds = 3

    /// School years by which words may be above the patient's, because formulas made for writing are uncertain for speech.
    public var readingMargin = 1.0

    /// Up to this TF-IDF cosine an answer may be off the topic.
    public var offTopicWording = 0.05
    /// Up to this cosine of sentence vectors it may be.
    public var offTopicMeaning = 0.25

    /// Up to this share of the time limit, time was left.
    public var littleTimeUsed = 0.4

    /// Below this ratio of speech to background, in dB, nothing is said on how somebody speaks.
    public var poorSignalToNoise = 10.0
    /// Above this share of distorted samples, in %, neither.
    public var muchClipping = 1.0
    /// Above this share of words that were heard badly, in %, neither.
    public var manyDoubtfulWords = 30.0

    /// The rules that are used unless others are given.
    public static let standard = FeedbackRules()

    /// Creates the standard rules, to be changed.
    public init() {}
}
