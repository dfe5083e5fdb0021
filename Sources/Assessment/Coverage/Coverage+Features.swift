// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What the learned judge looks at: what the rules found in a window for and against a key point, and how close both are by
/// meaning, beside how close the window is to the question's other key points.
struct CoverageFeatures: Sendable {
    /// Names, in the order of ``values``, as the recipe in training/coverage knows them.
    static let names = [
        "cosine", "words", "ownWords", "back", "cosineLead", "wordsLead", "share", "restShare", "agreeing",
        "conflicting",
        "reversed", "conflictShare", "clauseAgrees", "clauseConflicts", "explicitAgrees", "explicitConflicts", "plain",
        "doubtful", "focused", "confirmed", "signOther", "calledSafe", "numbersRight", "numbersWrong", "numbersMissing",
        "swapped", "hedged", "forbidden", "negative", "isPair", "ruleCovered", "rulePartial", "ruleContradicted",
        "ruleUncertain",
    ]

    let values: [Double]

    /// - Parameters:
    ///   - sign: The key point's.
    ///   - closeness: Of the window and the key point.
    ///   - rivals: Of the window and each of the other key points.
    init(
        _ verdict: WindowVerdict, isPair: Bool, sign: Int, closeness: Meanings.Closeness, rivals: [Meanings.Closeness]
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
        ]
    }
}

extension Coverage {
    /// The features of windows and key points, [key point][window]; nil without a model of meanings.
    func features(_ verdicts: [[(window: Window, verdict: WindowVerdict)]]) -> [[CoverageFeatures]]? {
        var closeness: [Range<Int>: [Meanings.Closeness]] = [:]
        for window in windows {
            let all = keyPoints.indices.compactMap { meanings.closeness(window.sentences, $0) }
            guard all.count == keyPoints.count else { return nil }
            closeness[window.sentences] = all
        }
        return verdicts.enumerated().map { point, verdicts in
            verdicts.compactMap { window, verdict in
                guard var rivals = closeness[window.sentences] else { return nil }
                let own = rivals.remove(at: point)
                return CoverageFeatures(
                    verdict, isPair: window.sentences.count > 1, sign: keyPoints[point].sign, closeness: own,
                    rivals: rivals)
            }
        }
    }
}
