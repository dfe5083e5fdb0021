// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain
import JSON
import TestRandom
import Testing

@Suite("Feedback")
struct FeedbackWriterTests {
    private static let cases = (FeedbackFiles.cases?.array ?? []).compactMap { try? FeedbackCase($0) }

    @Test func `all cases can be read`() throws {
        let count = try #require(FeedbackFiles.cases?.array?.count)
        #expect(count >= 30)
        #expect(Self.cases.count == count)
    }

    @Test(arguments: cases) func `tells what a case expects`(_ sample: FeedbackCase) {
        let items = FeedbackWriter().feedback(
            for: sample.results, score: sample.score, measures: sample.measures, transcript: sample.transcript,
            question: sample.question)
        #expect(
            items.map { item in [item.rule.rawValue, item.keyPoint].compactMap { $0 }.joined(separator: ":") }
                == sample.expected)
        for item in items {
            for (name, value) in sample.says[item.rule.rawValue] ?? [:] {
                #expect(item.parameters.first { $0.name == name }?.value == .text(value))
            }
        }
    }

    @Test func `every rule is told in some case`() {
        let told = Set(Self.cases.flatMap(\.expected).map { $0.prefix { $0 != ":" } }.map(String.init))
        #expect(told == Set(FeedbackItem.Rule.allCases.map(\.rawValue)))
        #expect(Set(FeedbackRules.standard.order.map(\.rule)) == Set(FeedbackItem.Rule.allCases))
        #expect(FeedbackRules.standard.order.count == FeedbackItem.Rule.allCases.count)
    }

    // MARK: Properties

    @Test(arguments: 0..<20) func `keeps its promises for any answer`(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        for _ in 0..<100 {
            let sample = RandomAnswer(&random)
            let writer = FeedbackWriter()
            let items = writer.feedback(
                for: sample.results, score: sample.score, measures: sample.measures, transcript: sample.transcript,
                question: sample.question)
            #expect(items.count { $0.kind == .strength } <= 3)
            #expect(items.count { $0.kind == .nextStep } <= 3)
            #expect(
                items
                    == writer.feedback(
                        for: sample.results, score: sample.score, measures: sample.measures.reversed(),
                        transcript: sample.transcript,
                        question: sample.question))
            for item in items { checkGround(of: item, sample) }

            // No praise before the warning.
            let results = Dictionary(uniqueKeysWithValues: sample.results.map { ($0.id, $0) })
            let isDangerous = sample.question.keyPoints.contains {
                $0.isCritical && results[$0.id]?.state == .contradicted
                    && results[$0.id]?.flags.contains(.otherAnswer) == false
            }
            if isDangerous {
                #expect(items.first?.rule == .criticalContradicted)
                #expect(!items.contains { $0.rule == .safetyCovered })
            }
            // A key point is told once.
            let points = items.compactMap(\.keyPoint)
            #expect(Set(points).count == points.count)
        }
    }

    /// What an item says follows from what is known.
    private func checkGround(of item: FeedbackItem, _ sample: RandomAnswer) {
        let point = sample.question.keyPoints.first { $0.id == item.keyPoint }
        let result = sample.results.first { $0.id == item.keyPoint }
        let measure = sample.measures.first { $0.key == item.measure }
        if let measure { #expect(measure.valid == .ok) }
        if item.measure != nil { #expect(measure != nil) }
        #expect(item.parameters.map(\.name).allSatisfy(FeedbackTemplates.placeholders(of: item.rule).contains))
        #expect(FeedbackTemplates.placeholders(of: item.rule).allSatisfy(item.parameters.map(\.name).contains))
        switch item.rule {
        case .criticalContradicted:
            #expect(point?.isCritical == true && result?.state == .contradicted && !item.evidence.isEmpty)
        case .contradicted: #expect(result?.state == .contradicted && !item.evidence.isEmpty)
        case .inconsistent, .leftOpen: #expect(result?.state == .uncertain && !item.evidence.isEmpty)
        case .essentialMissing: #expect(point?.isEssential == true && result?.state == .missing)
        case .missing: #expect(result?.state == .missing)
        case .numberMissing, .partMissing, .incomplete: #expect(result?.state == .partial && !item.evidence.isEmpty)
        case .safetyCovered, .numberRight, .covered: #expect(result?.state == .covered && !item.evidence.isEmpty)
        case .essentialsCovered: #expect(item.evidence.count > 1)
        case .offTopic:
            let owed = sample.results.filter { !$0.flags.contains(.otherAnswer) }
            #expect(owed.allSatisfy { $0.state == .missing } && measure != nil)
        case .paceFast, .paceSlow, .paceSteady, .longPauses, .fillers, .fewFillers, .timeUnused:
            #expect(measure != nil && !sample.question.withholdsFluency && !sample.isPoorlyHeard)
        case .readingLevel, .hedging, .structure, .clearStructure: #expect(measure != nil && !sample.isPoorlyHeard)
        }
        for evidence in item.evidence {
            #expect(evidence.span.words.upperBound <= sample.transcript.words.count)
        }
    }
}

/// An answer drawn at random.
private struct RandomAnswer {
    var results: [KeyPointResult]
    var score: AnswerScore
    var measures: [Measure]
    var transcript: Transcript
    var question: FeedbackQuestion
    var isPoorlyHeard: Bool

    init(_ random: inout SplitMix) {
        var keyPoints: [KeyPoint] = []
        var results: [KeyPointResult] = []
        for index in 0..<Int.random(in: 0...6, using: &random) {
            let id = "p\(index)"
            keyPoints.append(
                KeyPoint(
                    id: id, label: ["Take 500 mg of paracetamol", "Rest"].randomElement(using: &random) ?? "",
                    weight: Double.random(in: 0.1...3, using: &random), isEssential: .random(using: &random),
                    isCritical: .random(using: &random),
                    concepts: Bool.random(using: &random) ? [["paracetamol"], ["500 mg"]] : [],
                    numbers: Bool.random(using: &random) ? [.init(value: 500, unit: "mg")] : []))
            let state = KeyPointResult.State.allCases.randomElement(using: &random) ?? .missing
            results.append(
                KeyPointResult(
                    id: id, state: state, credit: 0,
                    evidence: state == .missing
                        ? nil
                        : .init(text: "take paracetamol", span: .init(characters: 0..<16, words: 0..<2), time: 0..<900),
                    flags: KeyPointResult.Flag.allCases.filter { _ in Int.random(in: 0..<5, using: &random) == 0 }))
        }
        let ranges: [(String, ClosedRange<Double>)] = [
            ("speech_rate_wpm", 40...300), ("long_pause_count", 0...6), ("pause_max", 0...8),
            ("filled_pause_per_min", 0...20),
            ("hedge_per_100w", 0...10), ("word_count", 1...400), ("connective_per_100w", 0...5), ("fk_grade", 0...15),
            ("time_used", 0...1), ("tfidf_cosine", 0...0.2), ("embedding_cosine", 0...0.6), ("snr_db", 0...40),
            ("clip_pct", 0...1.5), ("low_conf_pct", 0...40),
        ]
        var measures: [Measure] = []
        for (key, range) in ranges where Int.random(in: 0..<4, using: &random) > 0 {
            let valid = Measure.Validity.allCases.randomElement(using: &random) ?? .ok
            let evidence = (0..<Int.random(in: 0...8, using: &random)).map { index in
                // Some places are beyond the transcript's end.
                Evidence(
                    words: (20 * index)..<(20 * index + 3),
                    note: ["cause", "time", "contrast", nil].randomElement(using: &random) ?? nil)
            }
            measures.append(
                Measure(
                    key: key, value: valid == .na ? nil : Double.random(in: range, using: &random), unit: "1",
                    valid: valid,
                    reason: valid == .ok ? nil : "Because.", evidence: evidence))
        }
        func value(_ key: String) -> Double? { measures.first { $0.key == key }?.value }
        let holds: [AnswerScore.Hold] = Int.random(in: 0..<6, using: &random) == 0 ? [.unintelligible] : []
        isPoorlyHeard =
            !holds.isEmpty || (value("snr_db") ?? 99) < 10 || (value("clip_pct") ?? 0) > 1
            || (value("low_conf_pct") ?? 0) > 30
        self.results = results
        score = AnswerScore(low: 0, point: 0, high: 1, holds: holds)
        self.measures = measures
        transcript = FeedbackCase.transcript(language: "en", seconds: 60)
        question = FeedbackQuestion(
            keyPoints: keyPoints, readingLevel: Bool.random(using: &random) ? 6 : nil,
            withholdsFluency: .random(using: &random))
    }
}
