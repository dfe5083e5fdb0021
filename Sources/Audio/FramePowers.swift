// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The mean power of a waveform in frames of 20 ms, without its direct current; 0 where it stands still.
struct FramePowers {
    static let frameMilliseconds = 20

    /// One value a frame; a last incomplete frame is left out. `[frame]`
    let values: [Double]

    init(_ waveform: Waveform) {
        let length = waveform.sampleRate * Self.frameMilliseconds / 1000
        values = waveform.samples.withUnsafeBufferPointer { samples in
            guard !samples.isEmpty else { return [] }
            var total: Double = 0
            for sample in samples { total += Double(sample) }
            let mean = Float(total / Double(samples.count))
            return (0..<samples.count / length).map { frame in
                var sum: Float = 0
                var isStill = true
                let first = samples[frame * length]
                for index in frame * length..<(frame + 1) * length {
                    let value = samples[index] - mean
                    sum += value * value
                    isStill = isStill && samples[index] == first
                }
                return isStill ? 0 : Double(sum) / Double(length)
            }
        }
    }

    /// The frames that lie wholly inside a span.
    func frames(in span: SpeechSpan) -> Range<Int> {
        let lower = min(values.count, (span.start + Self.frameMilliseconds - 1) / Self.frameMilliseconds)
        return lower..<max(lower, min(values.count, span.end / Self.frameMilliseconds))
    }

    /// The mean power of the speech in the spans; nil when no frame is inside one.
    ///
    /// The loudest syllables are some decibels above the 90th percentile; frames 10 dB above it are clicks or bumps
    /// and are left out, else a single one would set the level of a quiet recording.
    func speechPower(in spans: [SpeechSpan]) -> Double? {
        let inside = spans.flatMap { values[frames(in: $0)] }.sorted()
        guard !inside.isEmpty else { return nil }
        let limit = inside[inside.count * 9 / 10] * 10
        let speech = inside.prefix { $0 <= limit }
        return speech.reduce(0, +) / Double(speech.count)
    }

    /// The powers of the frames outside all spans, in order.
    func outside(_ spans: [SpeechSpan]) -> [Double] {
        var isInside = [Bool](repeating: false, count: values.count)
        for span in spans {
            let lower = min(values.count, span.start / Self.frameMilliseconds)
            let upper = min(values.count, (span.end + Self.frameMilliseconds - 1) / Self.frameMilliseconds)
            for frame in lower..<max(lower, upper) { isInside[frame] = true }
        }
        return zip(values, isInside).compactMap { $1 ? nil : $0 }
    }
}
