// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What the decoder made of one window of audio.
struct DecodedWindow: Sendable, Hashable {
    /// The tokens since the start sequence, without the end of the text.
    var tokens: [Int]
    /// The mean logarithm of the probability of a token.
    var averageLogProbability: Double
    /// The probability of `<|nospeech|>` after the start of the transcript; nil for a model without it.
    var noSpeechProbability: Double?
    /// How well the text compresses; see ``Repetition/compressionRatio(of:)``.
    var compressionRatio: Double
    /// The temperature that the tokens were sampled at.
    var temperature: Float
    /// The logarithm of the probability of all tokens and of the end.
    var logProbability = 0.0
    /// The other sequences that the search ended with, the most probable first.
    var others: [Hypothesis] = []
    /// Whether it has as many tokens as the caller allows: what follows in the window is not wanted.
    var isCut = false
}

/// When a window is decoded again at a higher temperature, and when it is taken for silence (Radford et al. 2022,
/// section 4.5).
struct DecodingThresholds: Sendable, Hashable {
    /// The temperatures that are tried, in order.
    var temperatures: [Float] = [0, 0.2, 0.4, 0.6, 0.8, 1]
    /// A text that compresses better than this is a loop; nil for no such rule.
    var compressionRatio: Double? = 2.4
    /// A mean logarithm of the probability below this is a guess; nil for no such rule.
    var logProbability: Double? = -1
    /// Above this probability of no speech, a guess is silence; nil for no such rule.
    var noSpeech: Double? = 0.6

    /// Whether the next temperature should be tried.
    func needsRetry(_ window: DecodedWindow) -> Bool {
        let isGuess = logProbability.map { window.averageLogProbability < $0 } ?? false
        if isGuess, let noSpeech, let probability = window.noSpeechProbability, probability > noSpeech { return false }
        return isGuess || compressionRatio.map { window.compressionRatio > $0 } ?? false
    }

    /// Whether there is no speech in the window, so that its text is dropped.
    func isSilence(_ window: DecodedWindow) -> Bool {
        guard let noSpeech, let probability = window.noSpeechProbability, probability > noSpeech else { return false }
        return logProbability.map { window.averageLogProbability <= $0 } ?? true
    }
}
