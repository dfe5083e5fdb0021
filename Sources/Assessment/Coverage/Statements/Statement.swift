// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Something that a clause speaks of: a drug, a word that carries content, or the end of what is done.
///
/// What it is, is shared by all copies: they are made by the thousand when an answer is held against key points.
struct Item: Sendable {
    private final class Content: Sendable {
        let stem: String
        let senses: [Thesaurus.Sense]
        let drug: String?
        let family: String?
        let isRespelled: Bool
        let word: String
        let sound: [UInt8]
        let isKnown: Bool
        let isStop: Bool
        let isPhrase: Bool

        init(
            stem: String, senses: [Thesaurus.Sense], drug: String?, family: String?, isRespelled: Bool, word: String,
            sound: [UInt8], isKnown: Bool, isStop: Bool
        ) {
            self.stem = stem
            self.senses = senses
            self.drug = drug
            self.family = family
            self.isRespelled = isRespelled
            self.word = word
            self.sound = sound
            self.isKnown = isKnown
            self.isStop = isStop
            isPhrase = stem.utf8.contains(0x20)
        }
    }

    private let content: Content
    /// 1, or -1 where it is denied or advised against.
    var sign: Int
    /// How much of a statement it carries.
    let weight: Double
    /// Where it is.
    let tokens: Range<Int>

    /// The stem, or the stems of a phrase joined by spaces.
    var stem: String { content.stem }
    /// The groups of words with the same meaning that it belongs to.
    var senses: [Thesaurus.Sense] { content.senses }
    /// The drug that it names.
    var drug: String? { content.drug }
    /// The family of drugs that it names.
    var family: String? { content.family }
    /// Whether it was recognised by its sound.
    var isRespelled: Bool { content.isRespelled }
    /// The word, for comparing sounds.
    var word: String { content.word }
    /// What the word sounds like; empty where sounds are not compared.
    var sound: [UInt8] { content.sound }
    /// Whether the word is an ordinary one, which is believed to be meant.
    var isKnown: Bool { content.isKnown }
    /// Whether it is the end of what is done, or that it goes on.
    var isStop: Bool { content.isStop }
    /// Whether its stem is several stems.
    var isPhrase: Bool { content.isPhrase }

    init(
        stem: String, senses: [Thesaurus.Sense] = [], drug: String? = nil, family: String? = nil,
        isRespelled: Bool = false, sign: Int, weight: Double, tokens: Range<Int>, word: String, sound: [UInt8] = [],
        isKnown: Bool = true
    ) {
        content = Content(
            stem: stem, senses: senses, drug: drug, family: family, isRespelled: isRespelled, word: word, sound: sound,
            isKnown: isKnown, isStop: false)
        self.sign = sign
        self.weight = weight
        self.tokens = tokens
    }

    /// The end of what is done, or that it goes on.
    init(stopping isProceeding: Bool, sign: Int, tokens: Range<Int>) {
        content = Content(
            stem: "#stop", senses: [.init(group: -2, isOpposite: isProceeding)], drug: nil, family: nil,
            isRespelled: false, word: "", sound: [], isKnown: true, isStop: true)
        self.sign = sign
        weight = 0.6
        self.tokens = tokens
    }

    /// How two items are related.
    enum Relation: Sendable { case same, opposite }
}

/// A part of a sentence with one verb: what negation reaches no further than.
struct Clause: Sendable {
    /// Where it is.
    var tokens: Range<Int>
    /// What it speaks of.
    var items: [Item] = []
    /// 1, or -1 where it denies or advises against.
    var sign = 1
    /// Whether it gives a condition, not a statement.
    var isCondition = false
    /// Whether it only speaks of doing something: "popping them lets germs in".
    var isAside = false
    /// Whether it is only set against what was said before: "…, not every day".
    var isContrast = false
    /// Whether it asks.
    var isQuestion = false
    /// Whether a word denies.
    var isDenied = false
    /// Whether a word advises against or ends.
    var isAvoided = false
    /// Whether a word goes on with it.
    var isContinued = false
    /// Whether a word recommends, uses, allows.
    var isUsed = false
    /// Whether a word finds it good or safe.
    var isPermitted = false
    /// Whether a word finds it harmless.
    var isReassuring = false
    /// Whether it says that doing it or not makes no difference.
    var isIndifferent = false
    /// Whether a word finds it dangerous.
    var isUnsafe = false
    /// Whether it leaves the matter open.
    var isHedged = false
    /// Whether it only says "it", "that" or "this" of what was spoken of before.
    var isEcho = false
    /// Whether it speaks of something by "it" or "that".
    var hasPronoun = false
    /// Whether denying applies to doing one thing without another.
    var isConditional = false

    /// Whether some word makes its sign plain.
    var isExplicit: Bool {
        isDenied || isAvoided || isContinued || isUsed || isPermitted || isReassuring || isUnsafe || isIndifferent
    }
}

/// A sentence as its clauses and quantities.
struct Statement: Sendable {
    /// Where it is.
    var tokens: Range<Int>
    /// Its clauses in order.
    var clauses: [Clause]
    /// Its quantities.
    var quantities: [Quantity]
    /// Whether it is a list of words without a sentence.
    var isWordList = false

    /// All items.
    var items: [Item] { clauses.flatMap(\.items) }

    /// The clause that a token is in.
    func clause(of token: Int) -> Clause? { clauses.first { $0.tokens.contains(token) } }

    /// The sign at a quantity: -1 in "not every day".
    func sign(of quantity: Quantity) -> Int { clause(of: quantity.tokens.lowerBound)?.sign ?? 1 }
}
