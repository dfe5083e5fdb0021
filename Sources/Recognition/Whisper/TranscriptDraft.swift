// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// The transcript of a recording as it grows, passage by passage.
struct TranscriptDraft {
    private let writer: RecordingWriter
    private let progress: @Sendable (RecognitionProgress) -> Void
    private var segments: [Segment] = []
    private var details: [SegmentDetail] = []
    private var alternatives: NBestCollector
    private var heard: [(scores: LanguageScores, weight: Double)] = []

    init(_ writer: RecordingWriter, _ progress: @escaping @Sendable (RecognitionProgress) -> Void) {
        self.writer = writer
        self.progress = progress
        alternatives = NBestCollector(count: writer.options.alternatives, writer.tokenizer)
    }

    /// Adds what was said in a passage that begins at `start` seconds.
    mutating func add(_ result: PassageResult, from start: Double) {
        if let scores = result.languages { heard.append((scores, max(0.1, result.seconds))) }
        for (index, finished) in result.segments.enumerated() {
            let verdict = index < result.spoken.count ? result.spoken[index] : nil
            let written = verdict.map { writer.expected.tag(for: $0.code) } ?? given
            let window = finished.window
            let spoken = finished.segment.words.filter { !$0.text.trimmingSpaces.isEmpty }
            var segment = segment(finished.segment, spoken, start, window)
            let isFirst = index == 0 || result.segments[index - 1].segment.seek != finished.segment.seek
            segment.language = verdict.map { $0.isRecognised ? written : Transcript.undetermined } ?? written
            segment.languageProbability = verdict?.probability
            segments.append(segment)
            details.append(
                SegmentDetail(
                    seek: Int(start * 100) + finished.segment.seek, language: written,
                    tokens: finished.segment.tokens, temperature: Double(window.temperature),
                    averageLogProbability: window.averageLogProbability, compressionRatio: window.compressionRatio,
                    noSpeechProbability: window.noSpeechProbability ?? 0,
                    wordProbabilities: spoken.map(\.probability)))
            alternatives.add(
                segment, at: segments.count - 1, of: window, isFirst: isFirst,
                language: verdict?.code ?? writer.language)
            progress(RecognitionProgress(seconds: Double(segment.end) / 1000, total: writer.total, segment: segment))
        }
    }

    /// The language as it was given, or the only one that the model knows.
    private var given: String? { writer.options.language ?? (writer.tokenizer.isMultilingual ? nil : "en") }

    /// All that was heard.
    var recognition: Recognition {
        let languages = languages
        let main = languages.first { $0.share > 0 } ?? languages.first
        let parts = segments.filter { $0.language == main?.language }
        let weights = parts.map { Double(max(1, $0.end - $0.start)) }
        let sum = zip(parts, weights).reduce(0) { $0 + ($1.0.languageProbability ?? 0) * $1.1 }
        let isMeasured = parts.contains { $0.languageProbability != nil }
        return Recognition(
            transcript: Transcript(
                language: main?.language ?? given,
                languageProbability: isMeasured ? sum / weights.reduce(0, +) : nil,
                languages: languages.filter { $0.share > 0 || $0.probability ?? 0 >= 0.01 }, segments: segments),
            languages: languages, alternatives: alternatives.lists, details: details)
    }

    /// The languages with what was written in each and how much the sound speaks for it.
    private var languages: [LanguageGuess] {
        var lengths: [String: Int] = [:]
        for segment in segments {
            if let language = segment.language { lengths[language, default: 0] += max(1, segment.end - segment.start) }
        }
        let total = Double(max(1, lengths.values.reduce(0, +)))
        var guesses = LanguageScores(mixing: heard).scores.map {
            LanguageGuess(language: writer.expected.tag(for: $0.code), probability: $0.probability)
        }
        for (language, length) in lengths.sorted(by: { $0.key < $1.key }) {
            let share = Double(length) / total
            if let index = guesses.firstIndex(where: { $0.language == language }) {
                guesses[index].share = share
            } else {
                guesses.append(LanguageGuess(language: language, probability: nil, share: share))
            }
        }
        let order = guesses.indices.sorted { first, second in
            let (one, other) = (guesses[first], guesses[second])
            if one.share != other.share { return one.share > other.share }
            return one.probability == other.probability
                ? first < second : one.probability ?? 0 > other.probability ?? 0
        }
        return order.map { guesses[$0] }
    }

    private func segment(
        _ timed: TimedSegment, _ spoken: [TimedWord], _ start: Double, _ window: DecodedWindow
    ) -> Segment {
        func milliseconds(_ seconds: Double) -> Int {
            min(Int((writer.total * 1000).rounded()), Int(((start + seconds) * 1000).rounded()))
        }
        let words = spoken.map { word in
            let text = word.text.trimmingSpaces
            let confidence =
                writer.confidence?.confidence(
                    probability: word.probability, averageLogProbability: window.averageLogProbability,
                    signalToNoise: writer.signalToNoise) ?? word.probability
            return Word(
                text: text, start: milliseconds(word.start), end: milliseconds(word.end),
                confidence: min(1, max(0, confidence)),
                kind: text.contains(where: \.isNumber) ? .number : .word)
        }
        return Segment(
            start: milliseconds(timed.start), end: milliseconds(timed.end),
            text: writer.tokenizer.decode(timed.tokens).trimmingSpaces, words: words)
    }
}
