// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What is told of the way an answer was said.
extension FeedbackEvidence {
    // MARK: Words

    func wordingItems(for rule: FeedbackItem.Rule) -> [FeedbackItem] {
        switch rule {
        case .readingLevel: readingLevel()
        case .hedging:
            if let hedges = reliable("hedge_per_100w"), hedges.value > rules.manyHedges,
                hedges.measure.evidence.count >= rules.fewestHedges
            {
                [item(rule, hedges.measure, [count(of: hedges.measure)])]
            } else {
                []
            }
        case .structure:
            if let words = reliable("word_count"), words.value >= rules.longAnswer,
                let connectives = reliable("connective_per_100w"), connectives.value < rules.fewConnectives
            {
                [item(rule, connectives.measure, [.init("words", .number(words.value.rounded()))])]
            } else {
                []
            }
        case .clearStructure:
            if let connectives = reliable("connective_per_100w"), connectives.value >= rules.manyConnectives,
                Set(connectives.measure.evidence.compactMap(\.note)).count >= rules.connectiveKinds
            {
                [item(rule, connectives.measure, [count(of: connectives.measure)])]
            } else {
                []
            }
        default: []
        }
    }

    /// Measures in years of school, of which an answer has the one of its language.
    private static let grades = ["fk_grade", "wstf1", "crawford"]

    private func readingLevel() -> [FeedbackItem] {
        guard let wanted = question.readingLevel, let grade = Self.grades.lazy.compactMap(reliable).first,
            grade.value > wanted + rules.readingMargin
        else { return [] }
        return [
            item(
                .readingLevel, grade.measure,
                [.init("grade", .number(grade.value.rounded())), .init("wanted", .number(wanted.rounded()))])
        ]
    }

    // MARK: Flow

    func fluencyItems(for rule: FeedbackItem.Rule) -> [FeedbackItem] {
        switch rule {
        case .paceFast: pace(rule) { $0 > $1.fast }
        case .paceSlow: pace(rule) { $0 < $1.slow }
        case .paceSteady:
            if let long = reliable("long_pause_count"), long.value == 0 {
                pace(rule) { $1.steady.contains($0) }
            } else {
                []
            }
        case .longPauses: longPauses()
        case .fillers:
            if let fillers = reliable("filled_pause_per_min"), fillers.value > rules.manyFillers {
                [item(rule, fillers.measure, [rate(fillers.value), count(of: fillers.measure)])]
            } else {
                []
            }
        case .fewFillers:
            // Many recognisers leave fillers out. Only where one was written down is it known that others would have been.
            if let fillers = reliable("filled_pause_per_min"), fillers.value <= rules.fewFillers,
                !fillers.measure.evidence.isEmpty
            {
                [item(rule, fillers.measure, [count(of: fillers.measure)])]
            } else {
                []
            }
        case .timeUnused: timeUnused()
        default: []
        }
    }

    private func pace(
        _ rule: FeedbackItem.Rule, _ holds: (Double, FeedbackRules.Pace) -> Bool
    ) -> [FeedbackItem] {
        guard let band = rules.pace[language], let pace = reliable("speech_rate_wpm"), holds(pace.value, band) else {
            return []
        }
        return [
            item(
                rule, pace.measure,
                [
                    .init("rate", .number(pace.value.rounded())), .init("least", .number(band.steady.lowerBound)),
                    .init("most", .number(band.steady.upperBound)),
                ])
        ]
    }

    private func longPauses() -> [FeedbackItem] {
        guard let first = words.first, let last = words.last, last.end > first.start,
            let long = reliable("long_pause_count"), let longest = reliable("pause_max")
        else { return [] }
        let perMinute = long.value * 60_000 / Double(last.end - first.start)
        let isMany = long.value >= rules.longPauses && perMinute > rules.longPausesPerMinute
        guard isMany || longest.value >= rules.veryLongPause else { return [] }
        return [
            item(
                .longPauses, long.measure,
                [
                    .init("count", .number(long.value)),
                    .init("longest", .number((longest.value * 10).rounded() / 10)),
                ])
        ]
    }

    /// Time that was left is a fault only where something was left out.
    private func timeUnused() -> [FeedbackItem] {
        guard points.contains(where: { $0.result.state == .missing }), let used = reliable("time_used"),
            used.value < rules.littleTimeUsed
        else { return [] }
        return [item(.timeUnused, used.measure, [.init("percent", .number((used.value * 100).rounded()))])]
    }

    private func count(of measure: Measure) -> FeedbackItem.Parameter {
        .init("count", .number(Double(measure.evidence.count)))
    }

    private func rate(_ value: Double) -> FeedbackItem.Parameter {
        .init("rate", .number((value * 10).rounded() / 10))
    }
}
