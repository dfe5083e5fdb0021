// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What is marked in a text: who and what it names, and its tone along the way.
public struct TextFindings: Sendable, Hashable {
    /// Who and what is named, in order of the text; they don't overlap, but for drugs that are named inside a dose.
    public var entities: [Entity]
    /// What was not looked for and why, for people; nil when everything was.
    public var entitiesReason: String?
    /// The tone; nil where it is not known.
    public var tone: Tone?
    /// Why the tone is not known, for people.
    public var toneReason: String?

    /// Creates findings.
    public init(
        entities: [Entity] = [], entitiesReason: String? = nil, tone: Tone? = nil, toneReason: String? = nil
    ) {
        self.entities = entities
        self.entitiesReason = entitiesReason
        self.tone = tone
        self.toneReason = toneReason
    }
}

extension TextFindings {
    /// What is counted over many answers: `sentiment`, the tone's score; `entities`, how many there are; `entities_drug`
    /// and the like, how many of each kind that occurs.
    public var figures: [(key: String, value: Double)] {
        var figures: [(key: String, value: Double)] = tone.map { [("sentiment", $0.score)] } ?? []
        figures.append(("entities", Double(entities.count)))
        for kind in Entity.Kind.allCases {
            let count = entities.count { $0.kind == kind }
            if count > 0 { figures.append((kind.figureKey, Double(count))) }
        }
        return figures
    }
}

extension Entity.Kind {
    /// What the number of such entities is called, such as `entities_drug`.
    public var figureKey: String { "entities_\(rawValue.lowercased())" }
}

/// A part of a text: where its characters and its words are.
public struct TextSpan: Sendable, Hashable {
    /// The characters, counted in Unicode scalars of the text; a transcript's text is its words with a space between each.
    public var characters: Range<Int>
    /// The words of the transcript, or of a typed text cut at white space.
    public var words: Range<Int>

    /// Creates a span.
    public init(characters: Range<Int>, words: Range<Int>) {
        self.characters = characters
        self.words = words
    }
}

/// Somebody or something that a text names.
public struct Entity: Sendable, Hashable {
    /// What it is. The raw values appear in results and are stored.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case person = "PERSON"
        case organisation = "ORG"
        case place = "PLACE"
        case date = "DATE"
        case quantity = "QUANTITY"
        case drug = "DRUG"
        case dose = "DOSE"
        case condition = "CONDITION"
    }

    /// What it is.
    public var kind: Kind
    /// Where it is.
    public var span: TextSpan
    /// The words that name it, as they stand in the text.
    public var text: String
    /// What is meant, in one form for all ways of saying it: `0.5 g; 3/d`, `2024-05-03`, `warfarin`; nil where there is none.
    public var normalized: String?
    /// How sure the model is, from 0 to 1; nil for what grammars and word lists find.
    public var confidence: Double?
    /// Whether the words only sound like the name that is meant: a recogniser's spelling.
    public var isRespelled: Bool

    /// Creates an entity.
    public init(
        kind: Kind, span: TextSpan, text: String, normalized: String? = nil, confidence: Double? = nil,
        isRespelled: Bool = false
    ) {
        self.kind = kind
        self.span = span
        self.text = text
        self.normalized = normalized
        self.confidence = confidence
        self.isRespelled = isRespelled
    }
}

extension Entity {
    /// What a dose means, part by part; nil for anything else.
    public var dose: Dose? { kind == .dose ? normalized.flatMap(Dose.init(notation:)) : nil }
}

/// How negative or positive a text sounds by its words alone. Never part of a mark.
public struct Tone: Sendable, Hashable {
    /// What a score is called.
    public enum Label: String, Sendable, Hashable, CaseIterable {
        case negative, neutral, positive

        /// `positive` from 0.05 on, `negative` up to -0.05 (the convention of VADER, Hutto & Gilbert 2014).
        public init(score: Double) { self = score >= 0.05 ? .positive : score <= -0.05 ? .negative : .neutral }
    }

    /// What the tone is read of, one by one.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// Sentences.
        case sentence
        /// Clauses, where nothing shows the sentences.
        case clause
    }

    /// The tone of one sentence or clause.
    public struct Sentence: Sendable, Hashable {
        /// Where it is.
        public var span: TextSpan
        /// From -1 to 1.
        public var score: Double

        /// Creates the tone of a sentence.
        public init(span: TextSpan, score: Double) {
            self.span = span
            self.score = score
        }

        /// What the score is called.
        public var label: Label { Label(score: score) }
    }

    /// The mean of the sentences' scores, weighted by their words: from -1 to 1.
    public var score: Double
    /// The sentences in order.
    public var sentences: [Sentence]
    /// What they are: sentences or clauses.
    public var unit: Unit
    /// The model that scored them, with its digest.
    public var model: String
    /// Whether it has been measured how well the model tells the tone of the language.
    public var isValidated: Bool
    /// Why the tone is doubtful, for people; nil when it is not.
    public var doubt: String?

    /// Creates a tone.
    public init(
        score: Double, sentences: [Sentence], unit: Unit = .sentence, model: String, isValidated: Bool = true,
        doubt: String? = nil
    ) {
        self.score = score
        self.sentences = sentences
        self.unit = unit
        self.model = model
        self.isValidated = isValidated
        self.doubt = doubt
    }

    /// Whether the score can be relied on.
    public var valid: Measure.Validity { doubt == nil ? .ok : .low }

    /// What the score is called.
    public var label: Label { Label(score: score) }
}
