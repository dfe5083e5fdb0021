// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain

/// An answer held against all key points of a question: all that can be said before a model of entailment is asked its
/// ``questions``, and with its answers the results.
struct Coverage: Sendable {
    let answer: ReadAnswer
    let keyPoints: [ReadKeyPoint]
    let language: String
    /// What each window says of each key point by the rules, [key point][window].
    let verdicts: [[(window: Window, verdict: WindowVerdict)]]
    /// How close windows are to each key point by meaning, by their sentences; nil without the model that the learned judge
    /// knows.
    let closeness: [Range<Int>: [Meanings.Closeness]]?
    /// What a model of entailment is to be asked; empty where the learned judge isn't.
    let questions: [Question]
    /// The model of entailment that is asked; nil without one.
    let entailment: String?
    private let wording: WordingCosine

    /// From this confidence on the words of a recogniser are relied on.
    static let reliableConfidence = 0.5
    /// Up to this share of speech that can't be understood, what is missing is believed to be missing.
    static let bearableUnintelligible = 0.2

    /// - Parameter areProposed: Whether nobody wrote the key points. There are many of them then, they count little, and a
    ///   person looks at each answer: the smallest model of entailment will do.
    init(
        _ answer: ReadAnswer, _ keyPoints: [ReadKeyPoint], areProposed: Bool = false, knowledge: WordKnowledge,
        language: String
    ) {
        self.answer = answer
        self.keyPoints = keyPoints
        self.language = language
        let meanings = Meanings(of: answer, keyPoints, knowledge: knowledge, language: language)
        let judge = CoverageJudge(language: language, knowledge: knowledge)
        let verdicts = keyPoints.indices.map { Self.verdicts(on: $0, of: keyPoints, answer, judge, meanings) }
        let closeness = meanings.closeness(answer.windows)
        self.verdicts = verdicts
        self.closeness = closeness
        questions = closeness.map { Self.questions(on: keyPoints, of: answer, verdicts, $0) } ?? []
        wording = meanings.wording
        entailment = knowledge.entailmentModel(in: language, isLast: areProposed)
    }

    /// One result a key point.
    ///
    /// - Parameter opinions: What a model of entailment answered, one for each of ``questions``; nil without one, and then the
    ///   rules decide alone.
    func results(_ opinions: [Entailment]?) -> [KeyPointResult] {
        var verdicts = verdicts
        if let weights = LearnedJudge.weights(for: entailment), let features = opinions.flatMap(features) {
            revise(&verdicts, features, weights)
        }
        // A sentence that makes one statement is not held against another that it only touches: "take metformin with food"
        // says nothing on when to stop it.
        for sentence in answer.statements.indices {
            let covered = keyPoints.indices.filter { verdicts[$0][sentence].verdict.state == .covered }
            let touched = keyPoints.indices.contains { point in
                let verdict = verdicts[point][sentence].verdict
                return verdict.state == .partial && verdict.contentShare >= 0.4
            }
            guard !covered.isEmpty || touched else { continue }
            for point in keyPoints.indices where !covered.contains(point) {
                let verdict = verdicts[point][sentence].verdict
                guard verdict.state == .contradicted,
                    verdict.isAboutDrugOnly || !covered.isEmpty && verdict.share < 0.74 && !verdict.isWhole,
                    !verdict.flags.contains(.forbiddenSaid), !isPermitted(point, verdict)
                else { continue }
                verdicts[point][sentence].verdict.state = .missing
                verdicts[point][sentence].verdict.flags = []
            }
        }
        return keyPoints.indices.map { decide(keyPoints[$0], verdicts[$0], $0) }
    }

    /// Takes the second opinion of the learned judge into account, where there is a model of meanings for it.
    private func revise(
        _ verdicts: inout [[(window: Window, verdict: WindowVerdict)]], _ features: [[CoverageFeatures]],
        _ weights: CoverageWeights
    ) {
        for point in verdicts.indices where features[point].count == verdicts[point].count {
            for index in verdicts[point].indices {
                let (window, verdict) = verdicts[point][index]
                let opinion = LearnedJudge.opinion(features[point][index], weights)
                let revised = LearnedJudge.revised(
                    verdict, opinion, isWordList: window.isWordList, isCritical: keyPoints[point].keyPoint.isCritical)
                // What one sentence says, two don't turn round.
                if window.sentences.count > 1, revised.state == .contradicted, verdict.state != .contradicted,
                    window.sentences.contains(where: {
                        [.covered, .contradicted].contains(verdicts[point][$0].verdict.state)
                    })
                {
                    continue
                }
                verdicts[point][index].verdict = revised
            }
        }
    }

    /// Whether a sentence allows what a critical key point advises against: whatever else it says, that is a danger.
    private func isPermitted(_ point: Int, _ verdict: WindowVerdict) -> Bool {
        let keyPoint = keyPoints[point].keyPoint
        return keyPoint.isCritical && keyPoints[point].sign < 0 && verdict.flags.contains(.negated)
    }

    /// What each window says of a key point: each sentence, at its own index, and then the pairs that there is anything to add of.
    private static func verdicts(
        on index: Int, of keyPoints: [ReadKeyPoint], _ answer: ReadAnswer, _ judge: CoverageJudge, _ meanings: Meanings
    ) -> [(window: Window, verdict: WindowVerdict)] {
        let keyPoint = keyPoints[index]
        var others = CoverageJudge.Others()
        for (other, point) in keyPoints.enumerated() where other != index {
            others.numbers += point.numbers
            others.drugs.formUnion(point.drugs)
        }
        others.drugs.subtract(keyPoint.drugs)
        var verdicts: [(window: Window, verdict: WindowVerdict)] = []
        var against = Set<Int>()
        for window in answer.windows {
            // Two sentences add what each leaves out; where one of them is turned round, there is nothing to add to.
            if window.sentences.count > 1, window.sentences.contains(where: against.contains) { continue }
            let verdict = judge.verdict(
                of: window, on: keyPoint, embedding: meanings.cosine(window.sentences, index), others: others)
            if window.sentences.count == 1, verdict.state == .contradicted {
                against.insert(window.sentences.lowerBound)
            }
            verdicts.append((window, verdict))
        }
        return verdicts
    }

    private func decide(
        _ keyPoint: ReadKeyPoint, _ verdicts: [(window: Window, verdict: WindowVerdict)], _ index: Int
    ) -> KeyPointResult {
        func best(_ state: KeyPointResult.State) -> (window: Window, verdict: WindowVerdict)? {
            verdicts.filter { $0.verdict.state == state }.max { $0.verdict.relevance < $1.verdict.relevance }
        }
        let against = best(.contradicted)
        let covering = best(.covered)
        let conflicting = verdicts.filter { $0.verdict.flags.contains(.inconsistent) }
            .max { $0.verdict.relevance < $1.verdict.relevance }
        var chosen: (window: Window, verdict: WindowVerdict)?
        var state = KeyPointResult.State.missing
        var flags: Set<KeyPointResult.Flag> = []
        if let against {
            chosen = against
            state = .contradicted
            flags = against.verdict.flags
            if covering != nil || conflicting != nil {
                // Said and denied: nobody can tell which was meant but a person who listens.
                let isSwap = against.verdict.flags == [.wrongDrug] && conflicting == nil
                if isSwap {
                    chosen = covering
                    state = .covered
                    flags = covering?.verdict.flags ?? []
                } else {
                    state = .uncertain
                    flags.insert(.inconsistent)
                }
            } else if let partial = best(.partial), against.verdict.flags == [.wrongDrug] {
                chosen = partial
                state = .partial
                flags = partial.verdict.flags
            }
        } else if let conflicting {
            chosen = conflicting
            state = .uncertain
            flags = conflicting.verdict.flags
        } else if let covering {
            chosen = covering
            state = .covered
            flags = covering.verdict.flags
        } else if let partial = best(.partial) {
            chosen = partial
            state = .partial
            flags = partial.verdict.flags
        } else if let doubtful = best(.uncertain) {
            chosen = doubtful
            state = .uncertain
            flags = doubtful.verdict.flags
        }
        let closest = verdicts.max { $0.verdict.relevance < $1.verdict.relevance }
        let shown = chosen ?? closest
        var evidence: KeyPointResult.Evidence?
        var confidence: Double?
        if let chosen, let tokens = chosen.verdict.evidence, let place = answer.text.place(of: trimmed(tokens)) {
            let found = answer.speech.evidence(place.characters, place.indices, in: answer.text.text)
            evidence = found
            confidence = answer.speech.confidence(of: found.span.words)
        }
        if !StatementReader.knows(language), state == .covered || state == .partial {
            state = .uncertain
            flags.insert(.languageUnsupported)
        }
        if answer.isForeign {
            // Neither what it has nor what it lacks can be told by words of another language.
            state = .uncertain
            flags = [.languageUnsupported]
        }
        if let confidence, confidence < Self.reliableConfidence, state != .missing {
            state = .uncertain
            flags.insert(.lowConfidence)
        }
        if answer.speech.unintelligible > Self.bearableUnintelligible, state == .missing {
            state = .uncertain
            flags.insert(.unintelligible)
        }
        if let evidence, state == .covered || state == .partial, answer.speech.isEdited(evidence.span.words) {
            flags.insert(.edited)
        }
        let similarity = KeyPointResult.Similarity(
            tfidfCosine: shown.flatMap { wording.cosine($0.window.sentences, index) },
            embeddingCosine: shown?.verdict.embedding)
        return KeyPointResult(
            id: keyPoint.keyPoint.id, state: state, credit: state == .covered ? 1 : state == .partial ? 0.5 : 0,
            evidence: evidence, similarity: similarity, confidence: confidence,
            flags: KeyPointResult.Flag.allCases.filter(flags.contains))
    }

    /// Without the signs around it.
    private func trimmed(_ tokens: Range<Int>) -> Range<Int> {
        let all = answer.text.tokens
        var range = tokens.clamped(to: 0..<all.count)
        while let last = range.last, all[last].kind == .sign { range = range.lowerBound..<last }
        while let first = range.first, all[first].kind == .sign { range = (first + 1)..<range.upperBound }
        return range
    }
}
