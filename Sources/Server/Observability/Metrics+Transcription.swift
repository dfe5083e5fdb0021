// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Recognition

extension Metrics {
    /// Counts one transcribed recording.
    ///
    /// - Parameters:
    ///   - audio: Its length in seconds.
    ///   - time: How long it took, in seconds.
    ///   - engine: What wrote it down.
    func transcribed(audio: Double, time: Double, by engine: RecognitionEngine) {
        let labels = [("model", "\(engine.name)/\(engine.model)")]
        count("oracy_transcription_audio_seconds_total", "Seconds of audio transcribed.", labels: labels, by: audio)
        observe(
            "oracy_transcription_duration_seconds", "Time to transcribe one recording.", labels: labels,
            bounds: Self.workBounds, time)
    }
}
