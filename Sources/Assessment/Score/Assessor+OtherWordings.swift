// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Assessor {
    /// Assesses a spoken answer, and what it would earn if other words had been said: where that is something else, the score's
    /// interval reaches there, and where it matters most the score waits for somebody who listens (docs/assessment.md).
    ///
    /// Without an educator's key points, where a person looks anyway, only the words as they stand are assessed.
    ///
    /// - Parameters:
    ///   - variants: The other words; ``Domain/TranscriptVariant/variants(of:recognised:alternatives:)``.
    ///   - keyPoints: What an educator wrote.
    ///   - scoring: How key points make a score.
    ///   - expected: The expected answer.
    ///   - language: The language of both; the transcript's where nil.
    public func assessment(
        of transcript: Transcript, orElse variants: [TranscriptVariant], keyPoints: [KeyPoint],
        scoring: ScoringRules = ScoringRules(), expected: String, language: String? = nil
    ) -> AnswerAssessment? {
        guard !keyPoints.isEmpty, !variants.isEmpty else {
            return assessment(
                of: transcript, keyPoints: keyPoints, scoring: scoring, expected: expected, language: language)
        }
        func draft(_ transcript: Transcript, in language: String?) -> AssessmentDraft {
            self.draft(
                of: transcript, keyPoints: keyPoints, scoring: scoring, language: language,
                unintelligible: transcript.unintelligibleShare)
        }
        let language = language ?? transcript.language
        let variants = telling(variants, of: transcript) { draft($0, in: language) }
        let found = assessments(([transcript] + variants.map(\.transcript)).map { draft($0, in: language) })
        var assessment = found[0]
        assessment.otherWordings = zip(variants, found.dropFirst()).compactMap {
            OtherWording($0, of: transcript, found[0].results, $1.results)
        }
        assessment.considerOtherWordings(scoring: scoring, unintelligible: transcript.unintelligibleShare)
        return assessment
    }

    /// Those of some variants that may change anything: of a long answer, most that a recogniser considered change nothing even
    /// in the sentences around them, and the whole need not be read again for each.
    private func telling(
        _ variants: [TranscriptVariant], of transcript: Transcript, _ draft: (Transcript) -> AssessmentDraft
    ) -> [TranscriptVariant] {
        let words = transcript.words
        let alternatives = variants.filter { $0.source == .alternative }
        guard words.count > Self.shortAnswer, !alternatives.isEmpty else { return variants }
        let sentences = sentences(of: transcript)
        var drafts: [AssessmentDraft] = []
        for variant in alternatives {
            let place = variant.surroundings(in: sentences, count: words.count)
            let other = variant.transcript.words
            drafts.append(draft(transcript.excerpt(Array(words[place]))))
            drafts.append(
                draft(
                    transcript.excerpt(Array(other[place.lowerBound..<(place.upperBound + other.count - words.count)])))
            )
        }
        let found = assessments(drafts)
        let telling = alternatives.indices.filter { index in
            zip(found[2 * index].results, found[2 * index + 1].results).contains { $0.state != $1.state }
        }
        return variants.filter { $0.source != .alternative } + telling.map { alternatives[$0] }
    }

    /// Up to so many words all of an answer is read for each variant.
    private static let shortAnswer = 150
}

extension TranscriptVariant {
    /// The words of the sentences that it changes, and of one more on each side.
    fileprivate func surroundings(in sentences: [Range<Int>], count: Int) -> Range<Int> {
        let first = differences.first?.words.lowerBound ?? 0
        let last = differences.last?.words.upperBound ?? count
        let touched = sentences.filter { $0.lowerBound <= last && $0.upperBound >= first }
        let before = sentences.last { $0.lowerBound < (touched.first?.lowerBound ?? first) }
        let after = sentences.first { $0.lowerBound > (touched.last?.lowerBound ?? last) }
        let start = [before, touched.first].compactMap { $0?.lowerBound }.min() ?? 0
        let end = [after, touched.last].compactMap { $0?.upperBound }.max() ?? count
        return max(0, min(start, first))..<min(count, max(end, last))
    }
}

extension Transcript {
    /// Some of its words alone.
    fileprivate func excerpt(_ words: [Word]) -> Transcript {
        Transcript(
            language: language,
            segments: [
                Segment(
                    start: words.first?.start ?? 0, end: words.last?.end ?? 0,
                    text: words.map(\.text).joined(separator: " "), words: words)
            ])
    }
}

extension OtherWording {
    /// What a variant changes; nil where it changes nothing.
    fileprivate init?(
        _ variant: TranscriptVariant, of transcript: Transcript, _ results: [KeyPointResult], _ others: [KeyPointResult]
    ) {
        let changed = results.indices.filter { results[$0].state != others[$0].state }
        guard !changed.isEmpty else { return nil }
        let (words, instead) = (transcript.words, variant.transcript.words)
        let outcomes = changed.map { place in
            // Of several differences those that the evidence has, before or after.
            let shown = results[place].evidence?.span.words ?? 0..<0
            let heard = others[place].evidence?.span.words ?? 0..<0
            let touching = variant.differences.filter {
                $0.words.touches(shown) || $0.instead.touches(heard)
            }
            let differences = touching.isEmpty ? variant.differences : touching
            return Outcome(
                keyPoint: place, state: others[place].state,
                words: Self.excerpt(words, differences.map(\.words)),
                instead: Self.excerpt(instead, differences.map(\.instead)),
                place: Self.hull(differences.map(\.words)),
                time: Self.time(words, differences.map(\.words)) ?? Self.time(instead, differences.map(\.instead))
                    ?? 0..<0)
        }
        self.init(
            source: variant.source, stretch: variant.stretch, probability: variant.probability, outcomes: outcomes)
    }

    /// How many words are shown on each side of those that differ.
    private static let around = 3
    /// How many words are shown at most.
    private static let longest = 40

    private static func excerpt(_ words: [Word], _ ranges: [Range<Int>]) -> String {
        var parts: [Range<Int>] = []
        for range in ranges {
            let wide = max(0, range.lowerBound - around)..<min(words.count, range.upperBound + around)
            if let last = parts.last, last.upperBound >= wide.lowerBound {
                parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, wide.upperBound)
            } else {
                parts.append(wide)
            }
        }
        var left = longest
        var texts: [String] = []
        for part in parts where left > 0 {
            texts.append(words[part].prefix(left).map(\.text).joined(separator: " "))
            left -= part.count
        }
        return texts.joined(separator: " … ")
    }

    private static func hull(_ ranges: [Range<Int>]) -> Range<Int> {
        guard let first = ranges.first, let last = ranges.last else { return 0..<0 }
        return first.lowerBound..<max(first.lowerBound, last.upperBound)
    }

    private static func time(_ words: [Word], _ ranges: [Range<Int>]) -> Range<Int>? {
        let spoken = ranges.flatMap { words[$0.clamped(to: words.indices)] }
        return spoken.first.flatMap { first in spoken.last.map { first.start..<max(first.start, $0.end) } }
    }
}

extension Range<Int> {
    /// Whether it reaches into another one, or is an empty place inside of it or at its ends.
    fileprivate func touches(_ other: Range<Int>) -> Bool {
        guard !other.isEmpty else { return false }
        return isEmpty ? lowerBound >= other.lowerBound && lowerBound <= other.upperBound : overlaps(other)
    }
}
