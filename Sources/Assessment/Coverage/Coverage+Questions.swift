// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
internal import Domain
internal import TextEncoders

extension Coverage {
    /// What a model of entailment is asked: what some sentences do to a key point.
    struct Question: Sendable {
        /// The key point, as an index.
        var keyPoint: Int
        /// The sentences, as indices.
        var sentences: Range<Int>
        /// The key point's label and the sentences as they were written.
        var pair: TextEncoder.TextPair
    }

    /// Of how many windows, those that are closest to it, a model of entailment is asked what they do to a key point.
    private static let mostAsked = 2
    /// From which closeness on; what is further speaks of something else.
    private static let closestUnasked = 0.5

    /// The questions on each key point's closest windows.
    static func questions(
        on keyPoints: [ReadKeyPoint], of answer: ReadAnswer, _ verdicts: [[(window: Window, verdict: WindowVerdict)]],
        _ closeness: [Range<Int>: [Meanings.Closeness]]
    ) -> [Question] {
        var questions: [Question] = []
        for (point, verdicts) in verdicts.enumerated() {
            let near = nearness(verdicts, to: point, closeness)
            for index in near.indices.sorted(by: { near[$0] > near[$1] }).prefix(mostAsked)
            where near[index] >= closestUnasked {
                let window = verdicts[index].window
                questions.append(
                    Question(
                        keyPoint: point, sentences: window.sentences,
                        pair: .init(
                            keyPoints[point].keyPoint.label,
                            PlainQuantities(keyPoints[point]).text(of: window, in: answer.text))))
            }
        }
        return questions
    }

    /// How near each window is to a key point, by meaning and by its own words.
    static func nearness(
        _ verdicts: [(window: Window, verdict: WindowVerdict)], to keyPoint: Int,
        _ closeness: [Range<Int>: [Meanings.Closeness]]
    ) -> [Double] {
        verdicts.map { window, verdict in
            let closeness = closeness[window.sentences]?[keyPoint]
            return (closeness?.ownWords ?? 0) + (closeness?.cosine ?? 0) + 0.6 * verdict.signs.share
        }
    }

    /// What models of entailment answer to the questions of many coverages, each in one call, since models are fastest with
    /// many texts at once; nil for a coverage that the learned judge can't be asked about.
    static func opinions(on coverages: [Coverage], knowledge: WordKnowledge) -> [[Entailment]?] {
        var opinions = [[Entailment]?](repeating: nil, count: coverages.count)
        for (model, group) in Dictionary(grouping: coverages.indices, by: { coverages[$0].entailment }) {
            guard let model else { continue }
            let group = group.filter { coverages[$0].closeness != nil }
            let asking = group.filter { !coverages[$0].questions.isEmpty }
            for index in group where coverages[index].questions.isEmpty { opinions[index] = [] }
            let pairs = asking.flatMap { coverages[$0].questions.map(\.pair) }
            // Where the model can't be used, the rules decide alone.
            guard var rest = ((try? knowledge.entailment(pairs, model: model)) ?? nil)?[...] else { continue }
            for index in asking {
                let count = coverages[index].questions.count
                opinions[index] = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
        }
        return opinions
    }
}
