// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

package import Inference
package import JSON

/// Times a checkpoint's encoder and decoder alone, as the peers' scripts do: one window, a prompt of four tokens, then
/// the likeliest token each time, whatever it is.
///
/// ```swift
/// let model = try WhisperModel(folder: folder, precision: .int8, threads: 1)
/// let report = SpeechBenchmark(tokens: 64, repeats: 5).run(model)
/// print(report.json.text)
/// ```
///
/// Blocks its caller like ``WhisperModel``.
package struct SpeechBenchmark: Sendable {
    /// How many tokens follow the prompt.
    package var tokens: Int
    /// How many timed rounds there are; one more goes before them.
    package var repeats: Int
    /// How many sequences the decoder runs at once; times are for one token of one of them.
    package var batch: Int
    /// The prompt: by default start of transcript, English, transcribe, no timestamps of the multilingual vocabulary.
    package var prompt: [Int]

    package init(
        tokens: Int = 64, repeats: Int = 5, batch: Int = 1, prompt: [Int] = [50258, 50259, 50359, 50363]
    ) {
        precondition(tokens > 0 && repeats > 0 && batch > 0 && !prompt.isEmpty)
        self.tokens = tokens
        self.repeats = repeats
        self.batch = batch
        self.prompt = prompt
    }

    /// What was measured.
    package struct Report: Sendable, JSONRepresentable {
        /// Seconds for each round's window.
        package var encoder: [Double] = []
        /// Seconds for each round's cross-attention keys and values, and the prompt, of all sequences.
        package var prefill: [Double] = []
        /// Milliseconds for each round's token of one sequence.
        package var token: [Double] = []
        /// The tokens found.
        package var found: [Int] = []
        /// The precision and threads of the model.
        package var precision: Precision
        package var threads: Int

        package var json: JSONValue {
            [
                "precision": .string(precision.rawValue), "threads": .integer(Int64(threads)),
                "encoder_s_min": .optional(encoder.min()), "encoder_s_median": .optional(Self.median(encoder)),
                "decoder_ms_per_token_min": .optional(token.min()),
                "decoder_ms_per_token_median": .optional(Self.median(token)),
                "prefill_s_min": .optional(prefill.min()), "tokens": .integer(Int64(found.count)),
                "first_tokens": .array(found.prefix(8).map { .integer(Int64($0)) }),
            ]
        }

        private static func median(_ values: [Double]) -> Double? {
            let sorted = values.sorted()
            guard !sorted.isEmpty else { return nil }
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
    }

    /// A made-up window: a slow wave in each band, in the range of Whisper's spectrograms. [bins, frames]
    package static func spectrogram(for configuration: WhisperConfiguration) -> [Float] {
        (0..<configuration.melBins * configuration.frames).map { Float($0 % 997) / 997 * 1.5 - 0.5 }
    }

    /// Runs the rounds.
    ///
    /// - Parameters:
    ///   - model: Its prompt tokens must be of its vocabulary; prompt and tokens must fit its longest sequence.
    ///   - spectrogram: [bins, frames]; by default one that is made up, since the time does not depend on it.
    package func run(_ model: WhisperModel, spectrogram: [Float]? = nil) -> Report {
        let spectrogram = spectrogram ?? Self.spectrogram(for: model.configuration)
        let decoder = WhisperDecoder(model: model, slots: batch)
        var report = Report(precision: model.precision, threads: model.threads)
        for round in 0...repeats {
            let start = ContinuousClock.now
            let states = model.encode(spectrogram)
            let encoded = ContinuousClock.now
            // Each text has its own, as different recordings have: one for all would be read once for all.
            for slot in 0..<batch { decoder.begin(slot: slot, window: model.window(for: states)) }
            var output = decoder.step((0..<batch).map { .init(slot: $0, tokens: prompt) })
            let filled = ContinuousClock.now
            var found: [Int] = []
            var next = Self.likeliest(output)
            while found.count < tokens {
                output = decoder.step((0..<batch).map { .init(slot: $0, tokens: [next]) })
                next = Self.likeliest(output)
                found.append(next)
            }
            let end = ContinuousClock.now
            guard round > 0 else { continue }
            report.encoder.append((encoded - start) / .seconds(1))
            report.prefill.append((filled - encoded) / .seconds(1))
            report.token.append((end - filled) / .milliseconds(tokens * batch))
            report.found = found
        }
        return report
    }

    private static func likeliest(_ output: WhisperDecoder.Output) -> Int {
        output.withLogits(0) { Tensor.indexOfMaximum($0) }
    }
}
