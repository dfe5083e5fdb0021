// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Decodes one window: says what the decoder is fed next, until the tokens are chosen (openai-whisper, decoding.py and
/// transcribe.py, `decode_with_fallback`).
///
/// A value without a model. The caller feeds the decoder, hands the logits to ``take(_:)`` and does what that says.
struct WindowDecoding: Sendable {
    /// What the decoder does next. The window has several sequences at a time, numbered from 0.
    enum Step: Sendable, Hashable {
        /// Feeds tokens to sequence 0, which is begun anew or goes on; logits of the last token are wanted.
        case feed([Int], isNew: Bool)
        /// Sequence i becomes what sequence `sources[i]` was, followed by `tokens[i]`; logits of each are wanted.
        case extend(sources: [Int], tokens: [Int])
        /// The window is decoded.
        case done(DecodedWindow)
    }

    private enum Phase {
        /// The prompt up to the start of the transcript has been fed.
        case start
        /// The rest of the start sequence has been fed.
        case begin
        case search
    }

    private enum Strategy {
        case beam(BeamSearch)
        case samples([Hypothesis], TokenSampler)
    }

    private let search: SearchOptions
    private let rules: LogitRules
    private let tokenizer: WhisperTokenizer
    private let thresholds: DecodingThresholds
    /// Up to and with the start of the transcript, and the rest.
    private let prompt: (head: [Int], tail: [Int])
    private let longest: Int
    private let seed: UInt64

    private var attempt = 0
    private var phase = Phase.start
    private var strategy: Strategy
    private var noSpeechProbability: Double?

    /// Creates the decoding of a window.
    ///
    /// - Parameters:
    ///   - prompt: What ``WhisperTokenizer/prompt(previous:start:contextLength:)`` gives.
    ///   - contextLength: The tokens that the decoder can hold.
    ///   - seed: Of the samples; the same seed gives the same tokens.
    init(
        prompt: [Int], contextLength: Int, _ search: SearchOptions, _ rules: LogitRules,
        _ thresholds: DecodingThresholds,
        _ tokenizer: WhisperTokenizer, seed: UInt64
    ) {
        self.search = search
        self.rules = rules
        self.thresholds = thresholds
        self.tokenizer = tokenizer
        self.seed = seed
        let cut = (prompt.lastIndex(of: tokenizer.startOfTranscript) ?? prompt.count - 1) + 1
        self.prompt = (Array(prompt[..<cut]), Array(prompt[cut...]))
        longest = max(1, min(search.maximumTokens ?? contextLength / 2, contextLength - prompt.count))
        strategy = Self.strategy(search, temperature: thresholds.temperatures.first ?? 0, tokenizer, seed: seed)
    }

    /// The most sequences that a window has at a time.
    static func width(_ search: SearchOptions) -> Int { max(1, search.beams, search.samples) }

    private static func strategy(
        _ search: SearchOptions, temperature: Float, _ tokenizer: WhisperTokenizer, seed: UInt64
    ) -> Strategy {
        if temperature == 0, search.beams > 1 {
            return .beam(BeamSearch(width: search.beams, patience: search.patience, endOfText: tokenizer.endOfText))
        }
        let count = temperature == 0 ? 1 : max(1, search.samples)
        return .samples(
            Array(repeating: Hypothesis(), count: count), TokenSampler(temperature: temperature, seed: seed))
    }

    /// The first step.
    var first: Step { .feed(prompt.head, isNew: true) }

    /// Takes the logits of the step before, one row for each sequence that was fed. `[sequence][vocabulary]`
    mutating func take(_ logits: [[Float]]) -> Step {
        switch phase {
        case .start:
            if let token = tokenizer.noSpeech, let row = logits.first, row.indices.contains(token) {
                noSpeechProbability = Double(expf(LogProbabilities(row).value(ofLogit: row[token])))
            }
            phase = .begin
            return prompt.tail.isEmpty ? go(on: logits) : .feed(prompt.tail, isNew: false)
        case .begin, .search: return go(on: logits)
        }
    }

    private mutating func go(on logits: [[Float]]) -> Step {
        let isFirst = phase == .begin
        phase = .search
        switch strategy {
        case .beam(var beam):
            let rows = zip(logits, beam.beams).map { ruled($0, after: $1.tokens) }
            let sources = beam.advance(rows)
            strategy = .beam(beam)
            let length = beam.beams.first?.tokens.count ?? longest
            let isLoop = beam.beams.first.map(isLoop) ?? false
            if beam.isComplete || length >= longest || isLoop { return finish(beam.hypotheses(), isLoop: isLoop) }
            return .extend(sources: sources, tokens: beam.beams.map { $0.tokens.last ?? tokenizer.endOfText })
        case .samples(var hypotheses, var sampler):
            var row = 0
            var sources: [Int] = []
            for index in hypotheses.indices where !hypotheses[index].isFinished {
                let (token, logProbability) = sampler.sample(ruled(logits[row], after: hypotheses[index].tokens))
                hypotheses[index].append(token, logProbability, endOfText: tokenizer.endOfText)
                if !hypotheses[index].isFinished { sources.append(row) }
                // All begin with the one row of the prompt.
                if !isFirst { row += 1 }
            }
            strategy = .samples(hypotheses, sampler)
            let open = hypotheses.filter { !$0.isFinished }
            if open.allSatisfy({ $0.tokens.count >= longest || isLoop($0) }) {
                return finish(hypotheses, isLoop: hypotheses.allSatisfy(isLoop))
            }
            return .extend(sources: sources, tokens: open.map { $0.tokens.last ?? tokenizer.endOfText })
        }
    }

    /// Whether a text repeats itself so often at its end that it would go on to the end of the window.
    /// Where the end is ignored to measure speed, every text is written to its full length.
    private func isLoop(_ hypothesis: Hypothesis) -> Bool {
        !search.ignoresEndOfText && Repetition.timesAtEnd(of: hypothesis.tokens) >= 12
    }

    private func ruled(_ logits: [Float], after tokens: [Int]) -> [Float] {
        var logits = logits
        rules.apply(to: &logits, after: tokens)
        if search.ignoresEndOfText, logits.indices.contains(tokenizer.endOfText) {
            logits[tokenizer.endOfText] = -.infinity
        }
        return logits
    }

    /// Chooses the best sequence, and tries again at the next temperature when it is bad.
    private mutating func finish(_ hypotheses: [Hypothesis], isLoop: Bool) -> Step {
        let best = Hypothesis.best(of: hypotheses, lengthPenalty: search.lengthPenalty) ?? Hypothesis()
        let temperature = thresholds.temperatures.indices.contains(attempt) ? thresholds.temperatures[attempt] : 0
        let decoded = DecodedWindow(
            tokens: best.tokens, averageLogProbability: best.average, noSpeechProbability: noSpeechProbability,
            compressionRatio: Repetition.compressionRatio(of: tokenizer.decode(best.tokens)), temperature: temperature,
            logProbability: Double(best.sum),
            others: hypotheses.filter { $0.tokens != best.tokens }.sorted { $0.sum > $1.sum },
            isCut: search.maximumTokens.map { best.tokens.count >= $0 } ?? false)
        guard isLoop || thresholds.needsRetry(decoded), attempt + 1 < thresholds.temperatures.count else {
            return .done(decoded)
        }
        attempt += 1
        phase = .start
        strategy = Self.strategy(
            search, temperature: thresholds.temperatures[attempt], tokenizer, seed: seed &+ UInt64(attempt))
        return first
    }
}
