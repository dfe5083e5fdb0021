// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// Chooses what to tell whoever gave an answer: at most three strengths and three next steps.
///
/// Every item comes from a named rule, in the order of priority of ``FeedbackRules/order``, and carries what it rests on.
/// Only measures that can be relied on speak, a bad recording says nothing on how somebody speaks, and a key point that
/// was heard badly is neither praised nor missed. The same input gives the same items.
///
/// ```swift
/// let writer = FeedbackWriter()
/// let items = writer.feedback(
///     for: assessment.results, score: assessment.score, measures: measures, transcript: transcript, question: question)
/// for item in items { print(templates.text(of: item, language: "en")) }
/// ```
public struct FeedbackWriter: Sendable {
    /// The rules.
    public let rules: FeedbackRules

    /// Creates a writer.
    public init(rules: FeedbackRules = .standard) { self.rules = rules }

    /// What to tell, in the order to tell it: warnings, then strengths, then other next steps.
    ///
    /// - Parameters:
    ///   - results: What became of the key points; without any, nothing is said on them.
    ///   - score: What the answer earns: speech that was not understood says nothing on fluency.
    ///   - measures: The measures of the answer and of its recording.
    ///   - transcript: The words that evidence counts; nil for a typed answer, whose measures then have no places.
    ///   - question: What is expected.
    public func feedback(
        for results: [KeyPointResult], score: AnswerScore, measures: [Measure], transcript: Transcript?,
        question: FeedbackQuestion
    ) -> [FeedbackItem] {
        let evidence = FeedbackEvidence(
            results: results, holds: score.holds, measures: measures, transcript: transcript, question: question,
            rules: rules)
        var strengths: [FeedbackItem] = []
        var steps: [FeedbackItem] = []
        var warnings: [FeedbackItem] = []
        var told: Set<String> = []
        for entry in rules.order {
            let isFull =
                entry.rule.kind == .strength
                ? strengths.count >= rules.most : warnings.count + steps.count >= rules.most
            if isFull { continue }
            var left = min(
                entry.most, rules.most - (entry.rule.kind == .strength ? strengths.count : warnings.count + steps.count)
            )
            for item in evidence.items(for: entry.rule) where left > 0 {
                // One item a key point: what is dangerous is not told again as missing, nor praised twice.
                if let keyPoint = item.keyPoint, !told.insert(keyPoint).inserted { continue }
                left -= 1
                if entry.rule.kind == .strength {
                    strengths.append(item)
                } else if entry.isWarning {
                    warnings.append(item)
                } else {
                    steps.append(item)
                }
            }
        }
        return warnings + strengths + steps
    }
}
