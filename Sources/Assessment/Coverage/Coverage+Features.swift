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

    var values: [Double]

    init(
        _ verdict: WindowVerdict, isPair: Bool, sign: Int, closeness: Meanings.Closeness, rivalCosine: Double,
        rivalWords: Double
    ) {
        let signs = verdict.signs
        func flag(_ value: Bool) -> Double { value ? 1 : 0 }
        let named = signs.agreeing + signs.conflicting
        let isAgreeing = signs.clauseSign == sign
        values = [
            closeness.cosine, closeness.words, closeness.ownWords, closeness.back, closeness.cosine - rivalCosine,
            closeness.ownWords - rivalWords, signs.share, signs.restShare, min(signs.agreeing, 4) / 4,
            min(signs.conflicting, 4) / 4, min(signs.reversed, 2) / 2, named > 0 ? signs.conflicting / named : 0,
            flag(signs.clauseSign != 0 && isAgreeing), flag(signs.clauseSign != 0 && !isAgreeing),
            flag(signs.isExplicit && isAgreeing), flag(signs.isExplicit && !isAgreeing), flag(signs.isPlain),
            flag(signs.isDoubtful), flag(signs.isFocused), flag(signs.isConfirmed), flag(signs.isSignOther),
            flag(signs.isCalledSafe),
            signs.numbersAsked > 0 ? Double(signs.numbersRight) / Double(signs.numbersAsked) : 0,
            flag(signs.numbersWrong > 0),
            flag(signs.numbersAsked > 0 && signs.numbersRight == 0 && signs.numbersWrong == 0), flag(signs.isSwapped),
            flag(signs.isHedged), flag(signs.isForbiddenSaid), flag(sign < 0), flag(isPair),
            flag(verdict.state == .covered), flag(verdict.state == .partial), flag(verdict.state == .contradicted),
            flag(verdict.state == .uncertain),
        ]
    }
}

extension Coverage {
    /// The features of every window and key point, for training: [key point][window]; nil without a model of meanings.
    func features() -> [[(window: Window, features: CoverageFeatures, said: [Float], wanted: [Float])]]? {
        let all = keyPoints.indices.map(verdicts)
        var found: [[(window: Window, features: CoverageFeatures, said: [Float], wanted: [Float])]] = []
        for (point, verdicts) in all.enumerated() {
            var row: [(window: Window, features: CoverageFeatures, said: [Float], wanted: [Float])] = []
            for (window, verdict) in verdicts {
                guard let closeness = meanings.closeness(window.sentences, point),
                    let directions = meanings.directions(window.sentences, point)
                else { return nil }
                var rivals = (cosine: 0.0, words: 0.0)
                for other in keyPoints.indices where other != point {
                    guard let rival = meanings.closeness(window.sentences, other) else { continue }
                    rivals.cosine = max(rivals.cosine, rival.cosine)
                    rivals.words = max(rivals.words, rival.ownWords)
                }
                row.append(
                    (
                        window,
                        CoverageFeatures(
                            verdict, isPair: window.sentences.count > 1, sign: keyPoints[point].sign,
                            closeness: closeness, rivalCosine: rivals.cosine, rivalWords: rivals.words),
                        directions.said, directions.wanted
                    ))
            }
            found.append(row)
        }
        return found
    }
}
