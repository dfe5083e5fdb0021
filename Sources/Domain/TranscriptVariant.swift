// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A transcript with some of its words as they may have been said instead.
public struct TranscriptVariant: Sendable, Hashable {
    /// Words that differ.
    public struct Difference: Sendable, Hashable {
        /// Their positions in the transcript as it stands.
        public var words: Range<Int>
        /// The positions of those that take their place in the variant.
        public var instead: Range<Int>
    }

    /// Where the other words come from.
    public let source: OtherWording.Source
    /// Which stretch of speech they are for.
    public let stretch: Int
    /// How probable the recogniser finds them; nil for what it wrote.
    public let probability: Double?
    /// The transcript with them.
    public let transcript: Transcript
    /// Where it differs, in order.
    public let differences: [Difference]

    /// The most alternatives of one transcript that are looked at, the most probable ones.
    public static let mostAlternatives = 24

    /// The variants of a transcript that its recogniser's version gives: what that said before somebody who does not mark the
    /// answer changed it, and what the recogniser considered beside it, where nobody has changed or confirmed the words.
    ///
    /// - Parameters:
    ///   - transcript: The words that are assessed.
    ///   - recognised: The recogniser's version; the same words where nobody has changed any.
    ///   - alternatives: What it considered.
    public static func variants(
        of transcript: Transcript, recognised: Transcript, alternatives: [HeardAlternatives]
    ) -> [TranscriptVariant] {
        let written = recognised.words
        let words = transcript.words
        let isSame = written.elementsEqual(words) { $0.text == $1.text }
        var variants: [TranscriptVariant] = []
        if !isSame, let restored = restored(transcript, words, written) { variants.append(restored) }
        guard !alternatives.isEmpty else { return variants }
        let places = isSame ? written.indices.map { $0 } : places(of: written, in: words)
        var found: [TranscriptVariant] = []
        for (stretch, list) in alternatives.enumerated() {
            for reading in list.readings {
                let splices = reading.changes.compactMap { splice($0, written, words, places) }
                guard !splices.isEmpty else { continue }
                found.append(
                    TranscriptVariant(
                        transcript, splices, source: .alternative, stretch: stretch, probability: reading.probability))
            }
        }
        let kept = found.indices.sorted { (found[$1].probability ?? 0, $0) < (found[$0].probability ?? 0, $1) }
            .prefix(mostAlternatives).sorted()
        return variants + kept.map { found[$0] }
    }

    /// Other words for some of a transcript's.
    private struct Splice {
        var words: Range<Int>
        var instead: [Word]
    }

    private init(
        _ transcript: Transcript, _ splices: [Splice], source: OtherWording.Source, stretch: Int = 0,
        probability: Double? = nil
    ) {
        var differences: [Difference] = []
        var shift = 0
        for splice in splices {
            let start = splice.words.lowerBound + shift
            differences.append(Difference(words: splice.words, instead: start..<(start + splice.instead.count)))
            shift += splice.instead.count - splice.words.count
        }
        self.source = source
        self.stretch = stretch
        self.probability = probability
        self.differences = differences
        self.transcript = transcript.with(splices.map { ($0.words, $0.instead) })
    }

    // MARK: What the recogniser wrote

    /// The transcript without the changes that nobody has confirmed; nil where there are none.
    private static func restored(_ transcript: Transcript, _ words: [Word], _ written: [Word]) -> TranscriptVariant? {
        var splices: [Splice] = []
        for run in WordAlignment(reference: written.map(\.text), hypothesis: words.map(\.text)).runs
        where run.operation != .equal {
            // Where words are gone, their neighbours show whether that was confirmed.
            let seen =
                run.hypothesis.isEmpty
                ? max(0, run.hypothesis.lowerBound - 1)..<min(words.count, run.hypothesis.lowerBound + 1)
                : run.hypothesis
            if !seen.isEmpty, words[seen].allSatisfy(\.isConfirmed) { continue }
            if let last = splices.last, last.words.upperBound == run.hypothesis.lowerBound {
                splices[splices.count - 1].words = last.words.lowerBound..<run.hypothesis.upperBound
                splices[splices.count - 1].instead += written[run.reference]
            } else {
                splices.append(Splice(words: run.hypothesis, instead: Array(written[run.reference])))
            }
        }
        return splices.isEmpty ? nil : TranscriptVariant(transcript, splices, source: .recognised)
    }

    // MARK: What it considered

    /// Where each word that was written is now; nil for one that was changed.
    private static func places(of written: [Word], in words: [Word]) -> [Int?] {
        func keys(_ words: [Word]) -> [String] {
            words.map { TextNormalization.words(of: $0.text).joined(separator: " ") }
        }
        var places: [Int?] = Array(repeating: nil, count: written.count)
        for run in WordAlignment(reference: keys(written), hypothesis: keys(words)).runs where run.operation == .equal {
            for (one, other) in zip(run.reference, run.hypothesis) { places[one] = other }
        }
        return places
    }

    /// A change where it is now; nil where a person has changed or confirmed the words, or those beside them.
    private static func splice(
        _ change: HeardAlternatives.Change, _ written: [Word], _ words: [Word], _ places: [Int?]
    ) -> Splice? {
        guard change.words.lowerBound >= 0, change.words.upperBound <= written.count else { return nil }
        var range: Range<Int>
        if change.words.isEmpty {
            let before = change.words.lowerBound > 0 ? places[change.words.lowerBound - 1] : -1
            let after = change.words.lowerBound < written.count ? places[change.words.lowerBound] : words.count
            guard let before, let after, after == before + 1 else { return nil }
            range = after..<after
        } else {
            guard let first = places[change.words.lowerBound],
                zip(change.words, first...).allSatisfy({ places[$0] == $1 })
            else { return nil }
            range = first..<(first + change.words.count)
        }
        let beside =
            max(
                0, range.lowerBound - (range.isEmpty ? 1 : 0))..<min(
                words.count, range.upperBound + (range.isEmpty ? 1 : 0))
        guard !words[beside].contains(where: \.isConfirmed) else { return nil }
        let start = range.isEmpty ? words[beside].first?.end ?? 0 : words[range.lowerBound].start
        let end =
            range.isEmpty ? words[beside].last.map { max(start, $0.start) } ?? start : words[range.upperBound - 1].end
        let known = words[beside].compactMap(\.confidence)
        let confidence = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        let count = change.text.count
        let instead = change.text.enumerated().map { index, text in
            Word(
                text: text, start: start + (end - start) * index / count,
                end: start + (end - start) * (index + 1) / count,
                confidence: confidence, kind: text.contains(where: \.isNumber) ? .number : .word, timing: .interpolated)
        }
        return Splice(words: range, instead: instead)
    }
}

extension Transcript {
    /// The transcript with other words in some places, given in order; the texts of segments are joined anew.
    fileprivate func with(_ splices: [(words: Range<Int>, instead: [Word])]) -> Transcript {
        var transcript = self
        var rest = splices[...]
        var place = 0
        // How many words of the splice before reach into this segment.
        var covered = 0
        for index in transcript.segments.indices {
            let words = segments[index].words
            let end = place + words.count
            let isLast = index == segments.count - 1
            var result: [Word] = []
            while place < end || isLast {
                if let next = rest.first, next.words.lowerBound <= place, covered <= place {
                    result += next.instead
                    covered = max(covered, next.words.upperBound)
                    rest = rest.dropFirst()
                    continue
                }
                guard place < end else { break }
                if place >= covered { result.append(words[place - (end - words.count)]) }
                place += 1
            }
            transcript.segments[index].words = result
            transcript.segments[index].text = result.map(\.text).joined(separator: " ")
        }
        if segments.isEmpty, let first = rest.first {
            let words = first.instead
            transcript.segments = [
                Segment(
                    start: words.first?.start ?? 0, end: words.last?.end ?? 0,
                    text: words.map(\.text).joined(separator: " "), words: words)
            ]
        }
        return transcript
    }
}
