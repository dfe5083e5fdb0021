// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension AnswerScore {
    /// Holds the score where the words can't be relied on, whatever they say: until somebody who marks the answer has listened
    /// and confirmed them.
    ///
    /// - Parameters:
    ///   - transcript: The words that were assessed.
    ///   - quality: The measures of the recording; a doubtful value of a bad recording still says that it is bad.
    ///   - isByFallback: Whether the recogniser that is there when no other is wrote the words that nobody has changed.
    ///   - rules: What is too noisy and too loud, for feedback as for the score.
    public mutating func hold(
        forWordsOf transcript: Transcript, quality: [Measure], isByFallback: Bool,
        rules: FeedbackRules = FeedbackRules()
    ) {
        let unconfirmed = transcript.words.filter { !$0.isConfirmed }
        if isByFallback, unconfirmed.contains(where: { $0.kind != .edited }) { hold(for: .fallbackRecogniser) }
        if !unconfirmed.isEmpty, rules.isPoor(quality) { hold(for: .poorRecording) }
    }
}

extension FeedbackRules {
    /// Whether a recording is too noisy or too loud for its words to be relied on.
    public func isPoor(_ quality: [Measure]) -> Bool {
        func value(_ key: String) -> Double? { quality.first { $0.key == key }?.value }
        return value("snr_db").map { $0 < poorSignalToNoise } ?? false
            || value("clip_pct").map { $0 > muchClipping } ?? false
    }
}
