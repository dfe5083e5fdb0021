// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Audio

/// Finds where somebody speaks with Silero VAD, a small network that knows speech from music, noise and other sounds.
///
/// The network is sure of what is no speech, and takes soft beginnings and endings for that too. So a span reaches up to a
/// second further where our own detector hears the sound go on without a pause.
///
/// ```swift
/// let detector = try SileroDetector(weights: "models/silero-vad/silero_vad_16k.safetensors")
/// let spans = detector.speech(in: audio.waveform)
/// ```
public final class SileroDetector: SpeechDetecting {
    /// What the model store calls the model.
    public static let modelName = "silero-vad"
    /// The file with the weights, as the Python package `silero-vad` calls it.
    public static let weightsName = "silero_vad_16k.safetensors"

    /// "silero-vad".
    public var name: String { Self.modelName }
    private let network: SileroNetwork

    /// Reads the weights, a megabyte.
    ///
    /// - Parameter path: The file; see ``weightsName``.
    /// - Throws: ``RecognitionError`` `modelMissing` or `modelInvalid`, naming what is wrong with the file.
    public init(weights path: String) throws(RecognitionError) { network = try SileroNetwork(path: path) }

    /// Begins a recording.
    public func stream() -> SileroStream { SileroStream(network) }

    /// The spans of speech; see ``SpeechDetecting``.
    ///
    /// - Complexity: O(samples).
    public func speech(in waveform: Waveform, timing: SpeechTiming) -> [SpeechSpan] {
        precondition(waveform.sampleRate == Waveform.speechRate, "speech is looked for at 16 kHz")
        let levelled = Self.levelled(waveform)
        let spans = probabilities(of: levelled).spans(Self.thresholds, timing)
        guard !spans.isEmpty else { return [] }
        return Self.extended(spans, into: VoiceActivityDetector().speech(in: levelled, timing: timing))
    }

    /// Spans that reach further into those of another detector that they overlap; both in order of time.
    static func extended(_ spans: [SpeechSpan], into others: [SpeechSpan]) -> [SpeechSpan] {
        var rest = others[...]
        return spans.reduce(into: []) { result, span in
            rest = rest.drop { $0.end <= span.start }
            var reached = span
            for other in rest.prefix(while: { $0.start < span.end }) {
                reached.start = min(reached.start, max(other.start, span.start - reach))
                reached.end = max(reached.end, min(other.end, span.end + reach))
            }
            if let last = result.last, reached.start <= last.end {
                result[result.count - 1].end = max(last.end, reached.end)
            } else {
                result.append(reached)
            }
        }
    }

    /// How much further a span may reach, in milliseconds.
    private static let reach = 1000

    /// The probability of speech in each window.
    private func probabilities(of waveform: Waveform) -> SpeechProbabilities {
        let stream = stream()
        return SpeechProbabilities(
            values: stream.append(waveform.samples) + stream.finish(), milliseconds: waveform.samples.count / 16)
    }

    /// The recording at a level that the network knows.
    private static func levelled(_ waveform: Waveform) -> Waveform {
        let gain = gain(for: waveform.samples)
        return Waveform(samples: waveform.samples.map { $0 * gain })
    }

    /// Speech below -40 dBFS escapes the network; above, its level makes little difference. So recordings are brought to
    /// one level, where the 95th percentile of their power is at -20 dBFS; quiet ones are raised by 60 dB at most.
    private static func gain(for samples: [Float]) -> Float {
        let length = 320
        var powers: [Float] = []
        powers.reserveCapacity(samples.count / length)
        samples.withUnsafeBufferPointer { samples in
            for frame in 0..<samples.count / length {
                var sum: Float = 0
                for index in frame * length..<(frame + 1) * length { sum += samples[index] * samples[index] }
                powers.append(sum / Float(length))
            }
        }
        powers = powers.filter { $0 > 0 && $0.isFinite }.sorted()
        guard !powers.isEmpty else { return 1 }
        return min(1000, (0.01 / powers[powers.count * 95 / 100]).squareRoot())
    }

    /// Below the reference's 0.5 and 0.35 (`get_speech_timestamps`): a word that is missed is worse than a second of noise
    /// that is heard. docs/audio.md has what was measured.
    private static let thresholds = SpeechProbabilities.Thresholds(enter: 0.4, stay: 0.2)
}
