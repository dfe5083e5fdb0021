// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import Glibc

/// Collects what the search of each window ended with, as the transcript grows.
struct NBestCollector {
    /// How many texts to keep beside the one that was written; 0 for no lists.
    private let count: Int
    private let tokenizer: WhisperTokenizer
    private var collected: [NBestList] = []

    init(count: Int, _ tokenizer: WhisperTokenizer) {
        self.count = count
        self.tokenizer = tokenizer
    }

    /// Takes the segment that was added to the transcript as number `index`.
    ///
    /// - Parameters:
    ///   - window: The window that it is from.
    ///   - isFirst: Whether it is the first one of that window.
    ///   - language: Whisper's code.
    mutating func add(
        _ segment: Segment, at index: Int, of window: DecodedWindow, isFirst: Bool, language: String?
    ) {
        guard count > 0 else { return }
        let words = segment.words.map(\.text)
        if isFirst || collected.isEmpty {
            let written = NBestList.Hypothesis(
                text: segment.text, words: words, logProbability: window.logProbability)
            collected.append(
                NBestList(
                    segments: index..<index + 1,
                    hypotheses: [written] + window.others.map { hypothesis($0, language) }))
        } else {
            let last = collected.count - 1
            collected[last].segments = collected[last].segments.lowerBound..<index + 1
            collected[last].hypotheses[0].text += " " + segment.text
            collected[last].hypotheses[0].words += words
        }
    }

    private func hypothesis(_ tokens: Hypothesis, _ language: String?) -> NBestList.Hypothesis {
        // What follows the last pair of timestamps is left out, as in the text that is written.
        let segments = WindowSegments(
            tokens.tokens, timestampBegin: tokenizer.timestampBegin, seek: 0, frames: LogMelSpectrogram.windowFrames
        ).segments
        let text = segments.flatMap(\.tokens).filter { $0 < tokenizer.endOfText }
        return NBestList.Hypothesis(
            text: tokenizer.decode(text).trimmingSpaces,
            words: WordTiming.words(of: text, language: language, tokenizer),
            logProbability: Double(tokens.sum))
    }

    /// The lists. Texts that differ in their timestamps alone are one.
    var lists: [NBestList] {
        collected.map { list in
            var merged: [NBestList.Hypothesis] = []
            var places: [[String]: Int] = [:]
            for hypothesis in list.hypotheses {
                if let place = places[hypothesis.words] {
                    let (one, other) = (merged[place].logProbability, hypothesis.logProbability)
                    merged[place].logProbability = max(one, other) + log1p(exp(-abs(one - other)))
                } else {
                    places[hypothesis.words] = merged.count
                    merged.append(hypothesis)
                }
            }
            let others = merged.dropFirst().sorted { $0.logProbability > $1.logProbability }.prefix(count)
            return NBestList(segments: list.segments, hypotheses: Array(merged.prefix(1)) + others)
        }
    }
}
