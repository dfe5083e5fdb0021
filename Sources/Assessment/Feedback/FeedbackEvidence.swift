// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What is known of an answer, asked rule by rule.
struct FeedbackEvidence {
    /// A key point with what became of it.
    struct Point {
        var keyPoint: KeyPoint
        var result: KeyPointResult
    }

    let rules: FeedbackRules
    let question: FeedbackQuestion
    let words: [Word]
    /// The language of the answer (primary subtag).
    let language: String
    /// The key points that count: essential ones first, then by weight.
    let points: [Point]
    private let measures: [String: Measure]
    /// Where each word of the transcript is in its text, in Unicode scalars.
    private let places: [Range<Int>]
    private let isPoorlyHeard: Bool

    init(
        results: [KeyPointResult], holds: [AnswerScore.Hold], measures: [Measure], transcript: Transcript?,
        question: FeedbackQuestion, rules: FeedbackRules
    ) {
        self.rules = rules
        self.question = question
        words = transcript?.words ?? []
        let language = transcript?.language ?? question.language ?? ""
        self.language =
            language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() } ?? "und"
        // An answer that follows one expected answer owes nothing to another.
        let owed = results.filter { !$0.flags.contains(.otherAnswer) }
        let results = Dictionary(owed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        points = question.keyPoints.enumerated().compactMap { index, keyPoint in
            keyPoint.isRetired ? nil : results[keyPoint.id].map { (index, Point(keyPoint: keyPoint, result: $0)) }
        }.sorted { left, right in
            let (one, other) = (left.1.keyPoint, right.1.keyPoint)
            if one.isEssential != other.isEssential { return one.isEssential }
            if one.weight != other.weight { return one.weight > other.weight }
            return left.0 < right.0
        }.map(\.1)
        self.measures = Dictionary(measures.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var places: [Range<Int>] = []
        var start = 0
        for word in words {
            let end = start + word.text.unicodeScalars.count
            places.append(start..<end)
            start = end + 1
        }
        self.places = places
        // A doubtful value of a bad recording still says that it is bad.
        isPoorlyHeard =
            holds.contains(.unintelligible) || rules.isPoor(measures)
            || self.measures["low_conf_pct"]?.value.map { $0 > rules.manyDoubtfulWords } ?? false
    }

    /// What a rule has to tell, most important first.
    func items(for rule: FeedbackItem.Rule) -> [FeedbackItem] {
        switch rule {
        case .criticalContradicted, .contradicted, .inconsistent, .essentialMissing, .numberMissing, .partMissing,
            .incomplete, .leftOpen, .missing, .essentialsCovered, .safetyCovered, .numberRight, .covered:
            contentItems(for: rule)
        case .offTopic: isPoorlyHeard ? [] : offTopic()
        case .readingLevel, .hedging, .structure, .clearStructure: isPoorlyHeard ? [] : wordingItems(for: rule)
        case .timeUnused, .paceFast, .paceSlow, .longPauses, .fillers, .paceSteady, .fewFillers:
            isPoorlyHeard || question.withholdsFluency ? [] : fluencyItems(for: rule)
        }
    }

    // MARK: Measures

    /// A measure that can be relied on, with its value.
    func reliable(_ key: String) -> (measure: Measure, value: Double)? {
        guard let measure = measures[key], measure.valid == .ok, let value = measure.value, value.isFinite else {
            return nil
        }
        return (measure, value)
    }

    /// The places that a measure rests on.
    func places(of measure: Measure) -> [KeyPointResult.Evidence] {
        measure.evidence.compactMap { evidence in
            let range = evidence.words.clamped(to: words.indices)
            guard let first = range.first, let last = range.last else { return nil }
            let start = words[first].start
            return KeyPointResult.Evidence(
                text: words[range].map(\.text).joined(separator: " "),
                span: TextSpan(characters: places[first].lowerBound..<places[last].upperBound, words: range),
                time: start..<max(start, words[last].end))
        }
    }

    /// An item that rests on a measure.
    func item(
        _ rule: FeedbackItem.Rule, _ measure: Measure, _ parameters: [FeedbackItem.Parameter],
        evidence: [KeyPointResult.Evidence]? = nil
    ) -> FeedbackItem {
        FeedbackItem(
            rule, measure: measure.key, parameters: parameters, evidence: evidence ?? places(of: measure))
    }

    // MARK: Off topic

    /// Nothing of any key point, and neither the words nor the meaning are close.
    private func offTopic() -> [FeedbackItem] {
        guard !points.isEmpty, points.allSatisfy({ $0.result.state == .missing }),
            let wording = reliable("tfidf_cosine"), wording.value <= rules.offTopicWording
        else { return [] }
        if let meaning = reliable("embedding_cosine"), meaning.value > rules.offTopicMeaning { return [] }
        return [item(.offTopic, wording.measure, [], evidence: [])]
    }
}
