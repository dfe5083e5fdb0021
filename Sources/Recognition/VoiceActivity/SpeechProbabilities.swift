// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

/// How probable speech is in each window of a recording, and which spans of speech follow from that.
struct SpeechProbabilities: Sendable, Hashable {
    /// The length of a window, in milliseconds.
    static let windowMilliseconds = 32

    /// Where speech begins and where it ends.
    struct Thresholds: Sendable, Hashable {
        /// A window at least as probable as this begins a stretch of speech.
        var enter: Float
        /// Windows less probable than this end it, when they last.
        var stay: Float
    }

    /// 0...1. `[window]`
    var values: [Float]
    /// The length of the recording, in milliseconds.
    var milliseconds: Int

    /// Stretches of speech, as the reference makes them of probabilities (silero-vad, utils_vad.py,
    /// `get_speech_timestamps_from_probs`): one begins at the first window that reaches `enter` and ends at the first
    /// below `stay` when none reaches `enter` for ``SpeechTiming/minimumPause`` after it; shorter ones than
    /// ``SpeechTiming/minimumSpeech`` don't count. Padding is added as to every detector's stretches.
    func spans(_ thresholds: Thresholds, _ timing: SpeechTiming) -> [SpeechSpan] {
        var stretches: [Range<Int>] = []
        var start: Int?
        var end: Int?
        func close(at end: Int) {
            if let begun = start, end - begun > timing.minimumSpeech { stretches.append(begun..<end) }
        }
        for (index, value) in values.enumerated() {
            let time = index * Self.windowMilliseconds
            if value >= thresholds.enter {
                start = start ?? time
                end = nil
            } else if start != nil, value < thresholds.stay {
                let quiet = end ?? time
                end = quiet
                if time - quiet >= timing.minimumPause {
                    close(at: quiet)
                    start = nil
                    end = nil
                }
            }
        }
        close(at: milliseconds)
        return timing.spans(stretches, total: milliseconds)
    }
}
