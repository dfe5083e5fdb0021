// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

package import Inference

/// A Whisper checkpoint, ready to run: configuration, packed weights and the threads that compute.
///
/// Its methods block the calling thread while they compute: call them from a thread of one's own, such as a
/// `ThreadPool`'s, never on the cooperative pool. One model serves any number of callers.
///
/// ```swift
/// let model = try WhisperModel(folder: "/models/whisper-base", threads: 2)
/// let window = model.window(for: model.encode(spectrogram))
/// let decoder = WhisperDecoder(model: model, slots: 1)
/// decoder.begin(slot: 0, window: window)
/// let step = decoder.step([.init(slot: 0, tokens: [50258, 50259, 50359, 50363])])
/// step.withLogits(0) { logits in … }
/// ```
package final class WhisperModel: Sendable {
    /// The checkpoint's sizes.
    package let configuration: WhisperConfiguration
    /// The numbers that it computes with.
    package let precision: Precision
    let team: ThreadTeam
    /// How many threads compute, the caller's included.
    package var threads: Int { team.threads }
    let encoder: WhisperEncoder
    let decoder: WhisperDecoderLayers

    /// Reads `config.json` and the weights, and packs them.
    ///
    /// - Parameters:
    ///   - folder: A folder in Hugging Face's layout.
    ///   - precision: float32, bfloat16 or int8; by default what this processor is best at without loss.
    ///   - threads: How many threads compute, the caller's included.
    /// - Throws: ``RecognitionError`` when a file is missing or not what it should be.
    package convenience init(
        folder: String, precision: Precision = .preferred, threads: Int = 1
    ) throws(RecognitionError) {
        try self.init(folder: folder, precision: precision, team: ThreadTeam(threads: threads))
    }

    /// The same with threads that other models use too.
    ///
    /// - Parameter isTrial: Whether everything is only read and checked; the model can't be run then, and takes the memory of one
    ///   layer at a time.
    package init(
        folder: String, precision: Precision, team: ThreadTeam, isTrial: Bool = false
    ) throws(RecognitionError) {
        let json: [UInt8]
        do throws(InferenceError) {
            json = try WeightFiles.bytes(ofFile: folder + "/config.json", limit: 1 << 20)
        } catch {
            throw RecognitionError(error)
        }
        configuration = try WhisperConfiguration(parsing: json)
        let weights = try WhisperWeights(folder: folder, precision: precision, isTrial: isTrial)
        self.precision = precision
        self.team = team
        encoder = try WhisperEncoder(configuration, weights, precision: precision, isTrial: isTrial)
        decoder = try WhisperDecoderLayers(configuration, weights, precision: precision, isTrial: isTrial)
        if isTrial { try weights.checkRest() }
    }

    /// Computes the states of one window.
    ///
    /// - Parameter spectrogram: The log-mel spectrogram, [bins, frames], as Whisper's feature extractor makes it; an even
    ///   number of frames, fewer than the model's for a shorter window than it was trained on.
    /// - Returns: The states, [positions, width].
    package func encode(_ spectrogram: [Float]) -> Tensor {
        let frames = spectrogram.count / configuration.melBins
        precondition(
            spectrogram.count == configuration.melBins * frames && frames % 2 == 0
                && 2...configuration.frames ~= frames, "[bins, frames] numbers")
        return spectrogram.withUnsafeBufferPointer { numbers in
            guard let start = numbers.baseAddress else { return Tensor(shape: [0]) }
            return encoder.states(of: start, frames: frames, team: team)
        }
    }

    /// Computes what every token of the window's text looks at: the keys and values of the decoder's cross-attention.
    ///
    /// - Parameter states: What ``encode(_:)`` returned.
    package func window(for states: Tensor) -> WhisperWindow {
        precondition(states.shape.count == 2 && states.shape[1] == configuration.width)
        return decoder.window(for: states, team: team)
    }

    /// What a token looks at when it is to hear only a part of a window.
    ///
    /// - Parameters:
    ///   - states: What ``encode(_:)`` returned.
    ///   - positions: The part, in positions of 20 ms; not empty.
    func window(for states: Tensor, positions: Range<Int>) -> WhisperWindow {
        precondition(states.shape.count == 2 && states.shape[1] == configuration.width && !positions.isEmpty)
        precondition(positions.lowerBound >= 0 && positions.upperBound <= states.shape[0])
        let part = Tensor(shape: [positions.count, configuration.width])
        part.pointer.update(
            from: states.pointer + positions.lowerBound * configuration.width,
            count: positions.count * configuration.width)
        return decoder.window(for: part, team: team)
    }
}

/// The keys and values of one window's cross-attention, layer by layer; any number of sequences may share them.
package final class WhisperWindow: Sendable {
    let layers: [KeyValueStore]
    /// How many audio positions there are.
    package let positions: Int

    init(layers: [KeyValueStore], positions: Int) {
        self.layers = layers
        self.positions = positions
    }
}
