// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain
internal import Glibc

/// What the learned judge looks at: what the rules found in a window for and against a key point, how close both are by
/// meaning, beside how close the window is to the question's other key points, and what a model of entailment says.
struct CoverageFeatures: Sendable {
    /// Names, in the order of ``values``, as the recipe in training/coverage knows them.
    static let names = [
        "cosine", "words", "ownWords", "back", "cosineLead", "wordsLead", "share", "restShare", "agreeing",
        "conflicting",
        "reversed", "conflictShare", "clauseAgrees", "clauseConflicts", "explicitAgrees", "explicitConflicts", "plain",
        "doubtful", "focused", "confirmed", "signOther", "calledSafe", "numbersRight", "numbersWrong", "numbersMissing",
        "swapped", "hedged", "forbidden", "negative", "isPair", "ruleCovered", "rulePartial", "ruleContradicted",
        "ruleUncertain", "entailed", "contradicted", "entailmentOdds", "entailedRival",
        "entailedOwn", "contradictedOwn", "entailedElsewhere", "contradictedElsewhere", "missingContradicted",
        "partialContradicted", "shareContradicted", "wordsContradicted", "leadContradicted", "lead", "asked",
        "permitsWarned", "permitsOther", "deniesAsked", "deniesDenied",
    ]

    let values: [Double]
    /// How likely the window makes the statement, to the model of entailment alone.
    let entailed: Double
    /// How likely it makes the opposite one.
    let contradicted: Double

    /// - Parameters:
    ///   - sign: The key point's.
    ///   - closeness: Of the window and the key point.
    ///   - rivals: Of the window and each of the other key points.
    ///   - lead: How much closer to the key point than the answer's other windows it is.
    ///   - entailment: What the window does to the key point; nil where that was not asked.
    ///   - entailedRival: How likely it is at most that it makes the statement of another key point.
    ///   - elsewhere: What the answer's other windows do to the key point.
    init(
        _ verdict: WindowVerdict, isPair: Bool, sign: Int, closeness: Meanings.Closeness, rivals: [Meanings.Closeness],
        lead: Double, entailment: Entailment?, entailedRival: Double, elsewhere: [Entailment]
    ) {
        let signs = verdict.signs
        func flag(_ value: Bool) -> Double { value ? 1 : 0 }
        let named = signs.agreeing + signs.conflicting
        let agrees = signs.clauseSign == sign
        let rivalCosine = max(0, rivals.map(\.cosine).max() ?? 0)
        let rivalWords = max(0, rivals.map(\.ownWords).max() ?? 0)
        let isNumberMissing = signs.numbersAsked > 0 && signs.numbersRight == 0 && signs.numbersWrong == 0
        let wordsLead = closeness.ownWords - rivalWords
        let contradicted = entailment?.contradicted ?? 0
        self.contradicted = contradicted
        func contradicts(_ isSo: Bool) -> Double { isSo ? contradicted : 0 }
        entailed = entailment?.entailed ?? 0
        values = [
            closeness.cosine, closeness.words, closeness.ownWords, closeness.back, closeness.cosine - rivalCosine,
            wordsLead, signs.share, signs.restShare, min(signs.agreeing, 4) / 4,
            min(signs.conflicting, 4) / 4, min(signs.reversed, 2) / 2, named > 0 ? signs.conflicting / named : 0,
            flag(signs.clauseSign != 0 && agrees), flag(signs.clauseSign != 0 && !agrees),
            flag(signs.isExplicit && agrees), flag(signs.isExplicit && !agrees), flag(signs.isPlain),
            flag(signs.isDoubtful), flag(signs.isFocused), flag(signs.isConfirmed), flag(signs.isSignOther),
            flag(signs.isCalledSafe),
            signs.numbersAsked > 0 ? Double(signs.numbersRight) / Double(signs.numbersAsked) : 0,
            flag(signs.numbersWrong > 0), flag(isNumberMissing), flag(signs.isSwapped), flag(signs.isHedged),
            flag(signs.isForbiddenSaid), flag(sign < 0), flag(isPair), flag(verdict.state == .covered),
            flag(verdict.state == .partial), flag(verdict.state == .contradicted), flag(verdict.state == .uncertain),
            entailed, contradicted, entailment.map(Self.odds) ?? 0, entailedRival,
            entailed * (1 - entailedRival), contradicted * (1 - entailedRival),
            elsewhere.map(\.entailed).max() ?? 0, elsewhere.map(\.contradicted).max() ?? 0,
            contradicts(verdict.state == .missing || verdict.state == .uncertain),
            contradicts(verdict.state == .partial),
            contradicted * signs.share, contradicted * closeness.ownWords, contradicted * wordsLead, lead,
            flag(entailment != nil), flag(signs.permits && signs.isWarned), flag(signs.permits && !signs.isWarned),
            flag(signs.denies && sign > 0), flag(signs.denies && sign < 0),
        ]
    }

    /// The logarithm of how much likelier the statement is than its opposite, from -1 for e⁻⁶ to 1 for e⁶.
    private static func odds(_ entailment: Entailment) -> Double {
        max(-1, min(1, log(max(entailment.entailed, 1e-9) / max(entailment.contradicted, 1e-9)) / 6))
    }
}

extension Coverage {
    /// The features of windows and key points, [key point][window]; nil without the model of meanings that they come from.
    ///
    /// - Parameter opinions: What a model of entailment answered, one for each of ``questions``.
    func features(_ opinions: [Entailment]) -> [[CoverageFeatures]]? {
        guard let closeness else { return nil }
        var entailment = [[Range<Int>: Entailment]](repeating: [:], count: keyPoints.count)
        for (question, opinion) in zip(questions, opinions) {
            entailment[question.keyPoint][question.sentences] = opinion
        }
        return verdicts.enumerated().map { point, verdicts in
            let leads = Self.leads(Self.nearness(verdicts, to: point, closeness))
            return verdicts.enumerated().compactMap { index, found in
                let (window, verdict) = found
                guard var rivals = closeness[window.sentences] else { return nil }
                let own = rivals.remove(at: point)
                let rival = keyPoints.indices.filter { $0 != point }
                    .compactMap { entailment[$0][window.sentences]?.entailed }.max()
                return CoverageFeatures(
                    verdict, isPair: window.sentences.count > 1, sign: keyPoints[point].sign, closeness: own,
                    rivals: rivals, lead: leads[index], entailment: entailment[point][window.sentences],
                    entailedRival: rival ?? 0,
                    elsewhere: entailment[point].filter { $0.key != window.sentences }.map(\.value))
            }
        }
    }

    /// How much greater each number is than the greatest of the others; 0.5 for one alone.
    private static func leads(_ values: [Double]) -> [Double] {
        guard let first = values.indices.max(by: { values[$0] < values[$1] }), values.count > 1 else {
            return values.map { _ in 0.5 }
        }
        let second = values.indices.filter { $0 != first }.map { values[$0] }.max() ?? values[first]
        return values.indices.map { values[$0] - ($0 == first ? second : values[first]) }
    }
}
