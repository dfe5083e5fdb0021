// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What is told of key points.
extension FeedbackEvidence {
    func contentItems(for rule: FeedbackItem.Rule) -> [FeedbackItem] {
        switch rule {
        case .criticalContradicted:
            points.filter { $0.result.state == .contradicted && $0.keyPoint.isCritical }.compactMap { said(rule, $0) }
        case .contradicted: points.filter { $0.result.state == .contradicted }.compactMap { said(rule, $0) }
        case .inconsistent: uncertain(.inconsistent).compactMap { said(rule, $0) }
        case .leftOpen: uncertain(.hedged).compactMap { said(rule, $0) }
        case .essentialMissing:
            points.filter { $0.result.state == .missing && $0.keyPoint.isEssential }.map { unsaid(rule, $0) }
        case .missing: points.filter { $0.result.state == .missing }.map { unsaid(rule, $0) }
        case .numberMissing:
            points.filter { $0.result.state == .partial && $0.result.flags.contains(.numberMissing) }.compactMap {
                point in
                missingNumber(of: point).flatMap { said(rule, point, [.init("number", .text($0))]) }
            }
        case .partMissing:
            points.filter { $0.result.state == .partial }.compactMap { point in
                missingPart(of: point).flatMap { said(rule, point, [.init("part", .text($0))]) }
            }
        case .incomplete: points.filter { $0.result.state == .partial }.compactMap { said(rule, $0) }
        case .essentialsCovered: essentialsCovered()
        case .safetyCovered: safetyCovered()
        case .numberRight: covered.filter { !numbers(of: $0.keyPoint).isEmpty }.compactMap { said(rule, $0) }
        case .covered: covered.compactMap { said(rule, $0) }
        default: []
        }
    }

    private var covered: [Point] { points.filter { $0.result.state == .covered } }

    private func uncertain(_ flag: KeyPointResult.Flag) -> [Point] {
        points.filter { point in
            // What was heard badly may be the recogniser's doing.
            point.result.state == .uncertain && point.result.flags.contains(flag)
                && Set(point.result.flags).isDisjoint(with: [.lowConfidence, .unintelligible, .languageUnsupported])
        }
    }

    /// An item that quotes what was said of a key point; nil where nothing can be quoted.
    private func said(
        _ rule: FeedbackItem.Rule, _ point: Point, _ parameters: [FeedbackItem.Parameter] = []
    ) -> FeedbackItem? {
        guard let evidence = point.result.evidence else { return nil }
        return FeedbackItem(
            rule, keyPoint: point.keyPoint.id,
            parameters: [.init("key_point", .text(point.keyPoint.label)), .init("said", .text(evidence.text))]
                + parameters,
            evidence: [evidence])
    }

    private func unsaid(_ rule: FeedbackItem.Rule, _ point: Point) -> FeedbackItem {
        FeedbackItem(
            rule, keyPoint: point.keyPoint.id, parameters: [.init("key_point", .text(point.keyPoint.label))])
    }

    /// Several essential points, all of them covered. A single one is named by the rules that follow.
    private func essentialsCovered() -> [FeedbackItem] {
        let essential = points.filter(\.keyPoint.isEssential)
        guard essential.count > 1, essential.allSatisfy({ $0.result.state == .covered }) else { return [] }
        return [
            FeedbackItem(
                .essentialsCovered, parameters: [.init("count", .number(Double(essential.count)))],
                evidence: essential.compactMap(\.result.evidence))
        ]
    }

    /// Safety is praised only where nothing that matters for it was said wrong or unclearly.
    private func safetyCovered() -> [FeedbackItem] {
        let critical = points.filter(\.keyPoint.isCritical)
        guard critical.allSatisfy({ $0.result.state != .contradicted && $0.result.state != .uncertain }) else {
            return []
        }
        return critical.filter { $0.result.state == .covered }.compactMap { said(.safetyCovered, $0) }
    }

    // MARK: What is missing of a key point

    /// Quantities that a key point asks for, as people write them.
    private func numbers(of keyPoint: KeyPoint) -> [(quantity: Quantity, tolerance: Double, text: String)] {
        let label = AnswerText(keyPoint.label, language: language)
        let written = QuantityReader(label).quantities()
        guard !keyPoint.numbers.isEmpty else {
            return written.filter { $0.kind != .bare }.map { ($0, 0, label.written($0.tokens)) }
        }
        return keyPoint.numbers.compactMap { number in
            let value = FeedbackTemplates.format(number.value, decimals: 6, language: "en")
            let text = [value, number.unit].compactMap { $0 }.joined(separator: " ")
            guard let quantity = QuantityReader(AnswerText(text, language: language)).quantities().first else {
                return nil
            }
            let scale = number.value == 0 ? 1 : abs(quantity.high / number.value)
            return (quantity, abs(number.tolerance) * (quantity.kind == .frequency ? 1 : scale), text)
        }
    }

    /// The first quantity that the words which cover the rest do not name.
    private func missingNumber(of point: Point) -> String? {
        let said = quantities(in: point.result.evidence?.text ?? "")
        return numbers(of: point.keyPoint).first { number in
            !said.contains { $0.meets(number.quantity, tolerance: number.tolerance) }
        }?.text
    }

    private func quantities(in text: String) -> [Quantity] {
        QuantityReader(AnswerText(text, language: language)).quantities()
    }

    /// The only group of words that was not named; nil where it can't be told which.
    private func missingPart(of point: Point) -> String? {
        guard let evidence = point.result.evidence, point.keyPoint.concepts.count > 1 else { return nil }
        let said = Set(names(in: evidence.text))
        let absent = point.keyPoint.concepts.filter { group in
            !group.contains { name in names(in: name).allSatisfy(said.contains) }
        }
        return absent.count == 1 ? absent[0].first : nil
    }

    /// The stems of the words of a text, with the drugs that brands stand for.
    private func names(in text: String) -> [String] {
        AnswerText(text, language: language).tokens.filter { $0.kind != .sign }.map { token in
            DrugNames.generic(token.word) ?? token.stem
        }
    }
}
