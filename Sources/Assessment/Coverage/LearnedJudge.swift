// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain
internal import Glibc

/// A second opinion on a window: how likely it is that it makes a key point's statement, or the opposite one.
///
/// A logistic regression over ``CoverageFeatures`` (training/coverage has the recipe), which a model of entailment
/// (training/entailment) has a great part in. It moves what the rules leave open and decides what they say by signs alone;
/// what they say by quantities and drugs it can only hand to a person, what they say of forbidden statements it can't touch.
struct LearnedJudge: Sendable {
    /// The model whose cosines it was fitted on: where sentences are read with another, the rules decide alone.
    static let model = "all-MiniLM-L6-v2"
    /// The models of entailment that it was fitted on, each with weights of its own, the best first; where none of them is
    /// installed, the rules decide alone too.
    static let entailment = ["mpnet-entailment", "minilm-entailment"]

    /// The weights that go with a model of entailment.
    static func weights(for entailment: String?) -> CoverageWeights? {
        switch entailment {
        case "mpnet-entailment": .mpnet
        case "minilm-entailment": .minilm
        default: nil
        }
    }

    /// Three numbers between 0 and 1 that add up to 1.
    struct Opinion: Sendable {
        /// It says nothing of the key point.
        var isOther: Double
        /// It makes the statement.
        var isFor: Double
        /// It makes the opposite statement.
        var isAgainst: Double
        /// How likely it makes the statement to the model of entailment alone, 0 where that was not asked.
        var isEntailed = 0.0
        /// How likely it makes the opposite one to that model alone.
        var isContradicted = 0.0
    }

    /// The limits, chosen with the answers to each question held out in turn (docs/assessment.md).
    enum Limit {
        /// From here on the opposite is taken to be said.
        static let against = 0.5
        /// From here on it is too, where the model of entailment alone is ``sure`` of it...
        static let likely = 0.25
        /// ...and from here on, where every quantity is right besides.
        static let certain = 0.7
        /// From here on the model of entailment alone is sure of the opposite.
        static let sure = 0.97
        /// Below, a person has to see what the rules found wrong by quantities or drugs.
        static let doubt = 0.25
        /// From here on a covered statement is not believed to be covered.
        static let shadow = 0.1
        /// From here on something of the statement is taken to be said.
        static let about = 0.4
        /// From here on a sentence makes the statement, whatever its signs look like.
        static let clear = 0.6
        /// From here on, to the judge and to the model of entailment, the whole statement is made in other words...
        static let whole = 0.9
        /// ...if no more than this speaks against it.
        static let hardly = 0.05
    }

    /// Why it can't be asked about answers in a language, for people.
    static func refusal(_ language: String, _ knowledge: WordKnowledge) -> String {
        let embedder = knowledge.embedder(for: language)
        if let embedder, embedder != model {
            return "The learned judge of key points was fitted on the model \(model), and sentences are read with "
                + "\(embedder)."
        }
        return knowledge.entailmentRefusal(in: language) ?? "The learned judge of key points was not asked."
    }

    /// What it thinks of a window.
    static func opinion(_ features: CoverageFeatures, _ weights: CoverageWeights) -> Opinion {
        let scores = zip(weights.factors, weights.biases).map { factors, bias in
            zip(factors, features.values).reduce(bias) { $0 + $1.0 * $1.1 }
        }
        let highest = scores.max() ?? 0
        let powers = scores.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return Opinion(
            isOther: powers[0] / sum, isFor: powers[1] / sum, isAgainst: powers[2] / sum, isEntailed: features.entailed,
            isContradicted: features.contradicted)
    }

    /// The verdict with the opinion taken into account.
    ///
    /// - Parameter isCritical: Whether the key point is; then models alone don't cover it.
    static func revised(
        _ verdict: WindowVerdict, _ opinion: Opinion, isWordList: Bool, isCritical: Bool
    ) -> WindowVerdict {
        var verdict = verdict
        guard !isWordList else { return verdict }
        let ruled = verdict.state
        let signs = verdict.signs
        let isFact = signs.numbersWrong > 0 || signs.isSwapped || signs.isForbiddenSaid
        verdict.relevance += 0.5 * (1 - opinion.isOther)
        if verdict.flags.contains(.inconsistent) { return verdict }
        if verdict.state != .contradicted, !signs.isHedged, isOpposite(opinion, isQuantityRight: signs.isQuantityRight)
        {
            verdict.state = .contradicted
            verdict.flags.formUnion([.negated, .byMeaning])
            return verdict
        }
        switch verdict.state {
        case .contradicted:
            if isFact {
                if !signs.isForbiddenSaid, opinion.isAgainst < Limit.doubt { verdict.state = .uncertain }
            } else if opinion.isAgainst < Limit.against {
                verdict.state =
                    opinion.isFor >= Limit.clear ? .partial : opinion.isOther > 1 - Limit.about ? .missing : .uncertain
            }
        case .covered:
            if opinion.isAgainst >= Limit.against {
                verdict.state = signs.isQuantityRight ? .uncertain : .contradicted
                verdict.flags.insert(.negated)
            } else if signs.isExplicit, signs.conflicting > signs.agreeing, signs.conflicting >= 0.9 {
                // Whatever else speaks for it: the clause that says most of it plainly says the opposite.
                verdict.state = opinion.isFor >= Limit.clear ? .partial : .uncertain
                verdict.flags.insert(.negated)
            } else if opinion.isAgainst >= Limit.shadow {
                verdict.state = .partial
            }
        case .partial, .missing, .uncertain:
            if opinion.isAgainst >= Limit.against, !signs.isHedged {
                verdict.state = verdict.state == .partial && signs.isQuantityRight ? .uncertain : .contradicted
                verdict.flags.formUnion([.negated, .byMeaning])
            } else if verdict.state == .missing, 1 - opinion.isOther >= Limit.about {
                verdict.state = opinion.isFor > opinion.isAgainst ? .partial : .uncertain
                verdict.flags.insert(.byMeaning)
            } else if verdict.state == .uncertain, !signs.isHedged, !isFact, opinion.isAgainst < Limit.doubt,
                opinion.isFor >= 0.5
            {
                verdict.state = .partial
            }
        }
        if ruled == .partial || ruled == .missing, verdict.state == .partial, isWhole(verdict, opinion) {
            verdict.flags.insert(.byMeaning)
            if !isCritical { verdict.state = .covered }
        }
        return verdict
    }

    /// Whether the model of entailment is sure that the opposite is said, and the judge has nothing against it.
    private static func isOpposite(_ opinion: Opinion, isQuantityRight: Bool) -> Bool {
        opinion.isContradicted >= Limit.sure && opinion.isEntailed <= 1 - Limit.sure
            && opinion.isAgainst >= (isQuantityRight ? Limit.certain : Limit.likely)
    }

    /// Whether a statement that the rules find in part or not at all is made in other words: beyond doubt, and with nothing in it
    /// that models of meaning can't tell (a quantity that is missing, another drug, "I'm not sure").
    private static func isWhole(_ verdict: WindowVerdict, _ opinion: Opinion) -> Bool {
        let signs = verdict.signs
        return opinion.isFor >= Limit.whole && opinion.isEntailed >= Limit.whole && opinion.isAgainst <= Limit.hardly
            && signs.numbersRight == signs.numbersAsked && signs.numbersWrong == 0 && !signs.isSwapped
            && !signs.isOtherName
            && !signs.isForbiddenSaid && !signs.isHedged
    }
}
