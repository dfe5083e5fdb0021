// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What may not be sampled: applied to the logits of every step, in the reference's order (openai-whisper,
/// decoding.py).
struct LogitRules: Sendable, Hashable {
    /// Tokens that are never sampled.
    var suppressed: [Int]
    /// Tokens that are not sampled first: `begin_suppress_tokens` of `generation_config.json`.
    var suppressedAtBegin: [Int]
    /// The rules of timestamps; nil when none are wanted.
    var timestamps: TimestampRules?
    /// Forbids a run of this many tokens to occur twice; nil for no such rule, which is the reference's way.
    var unrepeatedRun: Int?

    /// Creates rules for a model.
    ///
    /// - Parameters:
    ///   - suppressed: `suppress_tokens` of `generation_config.json`; nil for ``WhisperTokenizer/nonSpeechTokens``. The
    ///     control tokens that no transcript has are added.
    ///   - suppressedAtBegin: `begin_suppress_tokens`; nil for a space and the end of the text.
    ///   - latestStart: The first timestamp is at most this many seconds; nil for no limit.
    ///   - withTimestamps: Whether the transcript has timestamps.
    init(
        _ tokenizer: WhisperTokenizer, suppressed: [Int]? = nil, suppressedAtBegin: [Int]? = nil,
        latestStart: Double? = 1.0, withTimestamps: Bool = true
    ) {
        let control = [
            tokenizer.startOfTranscript, tokenizer.transcribe, tokenizer.translate, tokenizer.startOfLanguageModel,
            tokenizer.startOfPrevious, tokenizer.noSpeech,
        ]
        let chosen = (suppressed ?? tokenizer.nonSpeechTokens) + control.compactMap { $0 }
        self.suppressed = Set(chosen).filter { $0 >= 0 }.sorted()
        self.suppressedAtBegin = suppressedAtBegin ?? tokenizer.encode(" ") + [tokenizer.endOfText]
        timestamps = withTimestamps ? TimestampRules(tokenizer, latestStart: latestStart) : nil
    }

    /// Sets the logits of what may not come next to minus infinity.
    ///
    /// - Parameters:
    ///   - logits: One for each token. `[vocabulary]`
    ///   - sampled: The tokens since the start sequence.
    func apply(to logits: inout [Float], after sampled: [Int]) {
        if sampled.isEmpty {
            for token in suppressedAtBegin where logits.indices.contains(token) { logits[token] = -.infinity }
        }
        for token in suppressed where logits.indices.contains(token) { logits[token] = -.infinity }
        if let unrepeatedRun {
            for token in Repetition.tokensThatRepeat(sampled, run: unrepeatedRun)
            where logits.indices.contains(token) && token < (timestamps?.endOfText ?? .max) {
                logits[token] = -.infinity
            }
        }
        timestamps?.apply(to: &logits, after: sampled)
    }
}

/// The grammar of timestamps: in pairs, never back in time, the first near the start of the window, and preferred where
/// all of them together are more probable than any text (openai-whisper, decoding.py, ApplyTimestampRules).
struct TimestampRules: Sendable, Hashable {
    /// `<|endoftext|>`.
    var endOfText: Int
    /// `<|notimestamps|>`.
    var noTimestamps: Int
    /// `<|0.00|>`.
    var timestampBegin: Int
    /// The first timestamp is at most this many steps after the start of the window; nil for no limit.
    var latestStart: Int?

    /// Creates the rules of a model; `latestStart` is in seconds.
    init(_ tokenizer: WhisperTokenizer, latestStart: Double?) {
        endOfText = tokenizer.endOfText
        noTimestamps = tokenizer.noTimestamps
        timestampBegin = tokenizer.timestampBegin
        self.latestStart = latestStart.map { Int(($0 / WhisperTokenizer.timestampStep).rounded(.toNearestOrEven)) }
    }

    /// Sets the logits of what may not come next to minus infinity; see ``LogitRules/apply(to:after:)``.
    func apply(to logits: inout [Float], after sampled: [Int]) {
        func forbid(_ range: Range<Int>) {
            for token in range.clamped(to: logits.indices) { logits[token] = -.infinity }
        }
        forbid(noTimestamps..<noTimestamps + 1)
        let lastIsTimestamp = sampled.last.map { $0 >= timestampBegin } ?? false
        let nextToLastIsTimestamp = sampled.dropLast().last.map { $0 >= timestampBegin } ?? true
        if lastIsTimestamp {
            if nextToLastIsTimestamp {
                forbid(timestampBegin..<max(timestampBegin, logits.count))
            } else {
                forbid(0..<endOfText)
            }
        }
        if let latest = sampled.last(where: { $0 >= timestampBegin }) {
            // A segment that ends may end at once with the next one; one that begins may not end at once.
            let isEnd = lastIsTimestamp && !nextToLastIsTimestamp
            forbid(timestampBegin..<(isEnd ? latest : latest + 1))
        }
        if sampled.isEmpty {
            forbid(0..<timestampBegin)
            if let latestStart {
                let first = timestampBegin + latestStart + 1
                forbid(first..<max(first, logits.count))
            }
        }
        guard logits.count > timestampBegin else { return }
        let bestText = logits[..<timestampBegin].withUnsafeBufferPointer { LogProbabilities.greatest(of: $0) }
        if LogProbabilities.logSumExp(logits[timestampBegin...]) > bestText { forbid(0..<timestampBegin) }
    }
}
