// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain
internal import Glibc
internal import TextEncoders

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
    ]

    let values: [Double]

    /// - Parameters:
    ///   - sign: The key point's.
    ///   - closeness: Of the window and the key point.
    ///   - rivals: Of the window and each of the other key points.
    ///   - entailment: What the window does to the key point; nil where that was not asked.
    ///   - entailedRival: How likely it is at most that it makes the statement of another key point.
    init(
        _ verdict: WindowVerdict, isPair: Bool, sign: Int, closeness: Meanings.Closeness, rivals: [Meanings.Closeness],
        entailment: Entailment?, entailedRival: Double
    ) {
        let signs = verdict.signs
        func flag(_ value: Bool) -> Double { value ? 1 : 0 }
        let named = signs.agreeing + signs.conflicting
        let agrees = signs.clauseSign == sign
        let rivalCosine = max(0, rivals.map(\.cosine).max() ?? 0)
        let rivalWords = max(0, rivals.map(\.ownWords).max() ?? 0)
        let isNumberMissing = signs.numbersAsked > 0 && signs.numbersRight == 0 && signs.numbersWrong == 0
        values = [
            closeness.cosine, closeness.words, closeness.ownWords, closeness.back, closeness.cosine - rivalCosine,
            closeness.ownWords - rivalWords, signs.share, signs.restShare, min(signs.agreeing, 4) / 4,
            min(signs.conflicting, 4) / 4, min(signs.reversed, 2) / 2, named > 0 ? signs.conflicting / named : 0,
            flag(signs.clauseSign != 0 && agrees), flag(signs.clauseSign != 0 && !agrees),
            flag(signs.isExplicit && agrees), flag(signs.isExplicit && !agrees), flag(signs.isPlain),
            flag(signs.isDoubtful), flag(signs.isFocused), flag(signs.isConfirmed), flag(signs.isSignOther),
            flag(signs.isCalledSafe),
            signs.numbersAsked > 0 ? Double(signs.numbersRight) / Double(signs.numbersAsked) : 0,
            flag(signs.numbersWrong > 0), flag(isNumberMissing), flag(signs.isSwapped), flag(signs.isHedged),
            flag(signs.isForbiddenSaid), flag(sign < 0), flag(isPair), flag(verdict.state == .covered),
            flag(verdict.state == .partial), flag(verdict.state == .contradicted), flag(verdict.state == .uncertain),
            entailment?.entailed ?? 0, entailment?.contradicted ?? 0, entailment.map(Self.odds) ?? 0, entailedRival,
        ]
    }

    /// The logarithm of how much likelier the statement is than its opposite, from -1 for e⁻⁶ to 1 for e⁶.
    private static func odds(_ entailment: Entailment) -> Double {
        max(-1, min(1, log(max(entailment.entailed, 1e-9) / max(entailment.contradicted, 1e-9)) / 6))
    }
}

extension Coverage {
    /// The features of windows and key points, [key point][window]; nil without the models that they come from.
    func features(_ verdicts: [[(window: Window, verdict: WindowVerdict)]]) -> [[CoverageFeatures]]? {
        var closeness: [Range<Int>: [Meanings.Closeness]] = [:]
        for window in windows {
            let all = keyPoints.indices.compactMap { meanings.closeness(window.sentences, $0) }
            guard all.count == keyPoints.count else { return nil }
            closeness[window.sentences] = all
        }
        guard let entailment = entailment(verdicts, closeness) else { return nil }
        return verdicts.enumerated().map { point, verdicts in
            verdicts.compactMap { window, verdict in
                guard var rivals = closeness[window.sentences] else { return nil }
                let own = rivals.remove(at: point)
                let rival = keyPoints.indices.filter { $0 != point }
                    .compactMap { entailment[$0][window.sentences]?.entailed }.max()
                return CoverageFeatures(
                    verdict, isPair: window.sentences.count > 1, sign: keyPoints[point].sign, closeness: own,
                    rivals: rivals, entailment: entailment[point][window.sentences], entailedRival: rival ?? 0)
            }
        }
    }

    /// Of how many windows, those that are closest to it, a model of entailment is asked what they do to a key point.
    private static let mostAsked = 2
    /// From which closeness on; what is further speaks of something else.
    private static let closestUnasked = 0.5

    /// What the closest windows do to each key point, by sentences; nil without a model of entailment for the language.
    private func entailment(
        _ verdicts: [[(window: Window, verdict: WindowVerdict)]], _ closeness: [Range<Int>: [Meanings.Closeness]]
    ) -> [[Range<Int>: Entailment]]? {
        var asked: [(point: Int, sentences: Range<Int>)] = []
        var pairs: [TextEncoder.TextPair] = []
        for (point, verdicts) in verdicts.enumerated() {
            let near = verdicts.map { window, verdict in
                let closeness = closeness[window.sentences]?[point]
                return (closeness?.ownWords ?? 0) + (closeness?.cosine ?? 0) + 0.6 * verdict.signs.share
            }
            for index in near.indices.sorted(by: { near[$0] > near[$1] }).prefix(Self.mostAsked)
            where near[index] >= Self.closestUnasked {
                let window = verdicts[index].window
                asked.append((point, window.sentences))
                pairs.append(
                    .init(
                        keyPoints[point].keyPoint.label,
                        PlainQuantities(keyPoints[point]).text(of: window, in: answer.text)))
            }
        }
        guard let opinions = (try? knowledge.entailment(pairs, language: language)) ?? nil else { return nil }
        var result = [[Range<Int>: Entailment]](repeating: [:], count: keyPoints.count)
        for (place, opinion) in zip(asked, opinions) { result[place.point][place.sentences] = opinion }
        return result
    }
}
