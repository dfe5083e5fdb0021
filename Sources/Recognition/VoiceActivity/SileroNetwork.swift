// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Inference

/// The network of Silero VAD for 16 kHz, versions 5 and 6 (https://github.com/snakers4/silero-vad).
///
/// A learnt short-time Fourier transform, four convolutions over its magnitudes, and an LSTM cell that carries what was
/// heard from window to window. A window is 512 samples (32 ms), heard together with the 64 samples before it.
///
/// Every convolution is a product of strided rows with the weights: rows of taps that overlap in memory.
final class SileroNetwork: Sendable {
    /// Samples of a window.
    static let windowSamples = 512
    /// Samples before a window that are heard with it.
    static let contextSamples = 64
    /// Zeros of the reflection at the end, the transform's reach beyond the window.
    private static let reflection = 64
    private static let transformSize = 256
    private static let transformHop = 128
    private static let bins = 129
    private static let frames = 4
    private static let width = 128
    private static let narrow = 64

    private let transform: Linear
    private let convolutions: [Linear]
    /// Input and state side by side to the four gates.
    private let gates: Linear
    private let outputWeights: Tensor
    private let outputBias: Float

    /// Reads the weights, as the Python package `silero-vad` has them in `silero_vad_16k.safetensors`.
    ///
    /// - Throws: ``RecognitionError`` `modelMissing` or `modelInvalid`, naming what is wrong with the file.
    init(path: String) throws(RecognitionError) {
        do throws(InferenceError) {
            let file = try SafetensorsFile(path: path)
            let width = Self.width
            let narrow = Self.narrow
            let basis = try Self.tensor("stft_conv.weight", [2 * Self.bins, 1, Self.transformSize], in: file)
            transform = Linear(
                Tensor(shape: [2 * Self.bins, Self.transformSize], basis.array), precision: .float32)
            convolutions = [
                try Self.convolution("conv1", inputs: Self.bins, outputs: width, in: file),
                try Self.convolution("conv2", inputs: width, outputs: narrow, in: file),
                try Self.convolution("conv3", inputs: narrow, outputs: narrow, in: file),
                try Self.convolution("conv4", inputs: narrow, outputs: width, in: file),
            ]
            gates = try Self.cell(in: file)
            outputWeights = try Self.tensor("final_conv.weight", [1, width, 1], in: file)
            outputBias = try Self.tensor("final_conv.bias", [1], in: file).array[0]
        } catch {
            throw RecognitionError(error)
        }
    }

    /// What a recording leaves in the network from one window to the next, and the working memory of one thread.
    final class State {
        /// Context, window and reflection. `[640]`
        fileprivate let samples = Tensor(shape: [contextSamples + windowSamples + reflection])
        /// Cosine and sine parts. `[frame, 2 * bin]`
        fileprivate let spectrum = Tensor(shape: [frames, 2 * bins])
        /// What goes into each convolution, with a frame of zeros on both sides. `[1 + frame + 1, channel]`
        fileprivate let layers = [
            Tensor(shape: [frames + 2, bins]), Tensor(shape: [frames + 2, width]), Tensor(shape: [4, narrow]),
            Tensor(shape: [3, narrow]),
        ]
        /// The encoder's output and the hidden state. `[2 * width]`
        fileprivate let input = Tensor(shape: [2 * width])
        fileprivate let cell = Tensor(shape: [width])
        fileprivate let gates = Tensor(shape: [4 * width])
        fileprivate let scratch = Scratch()

        /// Forgets what was heard; the context of samples stays.
        fileprivate func forget() {
            (input.pointer + width).update(repeating: 0, count: width)
            cell.pointer.update(repeating: 0, count: width)
        }
    }

    /// The probability that somebody speaks in the next window.
    ///
    /// - Parameter window: 512 samples.
    func probability(_ window: UnsafeBufferPointer<Float>, _ state: State) -> Float {
        precondition(window.count == Self.windowSamples, "a window has 512 samples")
        hear(window, state)
        encode(state)
        let probability = remember(state)
        if probability.isFinite { return probability }
        // Samples beyond any sound: one window must not silence all that follow.
        state.forget()
        return 0
    }

    private func hear(_ window: UnsafeBufferPointer<Float>, _ state: State) {
        let samples = state.samples.pointer
        samples.update(from: samples + Self.windowSamples, count: Self.contextSamples)
        if let start = window.baseAddress {
            (samples + Self.contextSamples).update(from: start, count: Self.windowSamples)
        }
        let end = Self.contextSamples + Self.windowSamples
        for index in 0..<Self.reflection { samples[end + index] = samples[end - 2 - index] }
    }

    /// From samples to the encoder's output in `state.input`.
    private func encode(_ state: State) {
        let spectrum = state.spectrum.pointer
        transform.apply(
            to: Rows(state.samples.pointer, stride: Self.transformHop, count: Self.frames), output: spectrum,
            outputStride: 2 * Self.bins, scratch: state.scratch)
        let magnitudes = state.layers[0].pointer + Self.bins
        for frame in 0..<Self.frames {
            let row = spectrum + frame * 2 * Self.bins
            for bin in 0..<Self.bins {
                let cosine = row[bin]
                let sine = row[Self.bins + bin]
                magnitudes[frame * Self.bins + bin] = (cosine * cosine + sine * sine).squareRoot()
            }
        }
        convolve(0, stride: 1, count: 4, into: state.layers[1].pointer + Self.width, state)
        convolve(1, stride: 2, count: 2, into: state.layers[2].pointer + Self.narrow, state)
        convolve(2, stride: 2, count: 1, into: state.layers[3].pointer + Self.narrow, state)
        convolve(3, stride: 1, count: 1, into: state.input.pointer, state)
    }

    /// One convolution and its rectifier. `count` frames of output.
    private func convolve(
        _ index: Int, stride: Int, count: Int, into output: UnsafeMutablePointer<Float>, _ state: State
    ) {
        let layer = convolutions[index]
        layer.apply(
            to: Rows(state.layers[index].pointer, stride: stride * layer.inputs / 3, count: count), output: output,
            outputStride: layer.outputs, scratch: state.scratch)
        for index in 0..<count * layer.outputs { output[index] = max(0, output[index]) }
    }

    /// The LSTM cell (gates in PyTorch's order: input, forget, cell, output) and the probability from its output.
    private func remember(_ state: State) -> Float {
        let width = Self.width
        gates.apply(
            to: Rows(state.input.pointer, stride: 2 * width, count: 1), output: state.gates.pointer,
            outputStride: 4 * width, scratch: state.scratch)
        let gates = state.gates.pointer
        let cell = state.cell.pointer
        let hidden = state.input.pointer + width
        let weights = outputWeights.pointer
        var sum = outputBias
        for index in 0..<width {
            let kept = Self.sigmoid(gates[width + index]) * cell[index]
            cell[index] = kept + Self.sigmoid(gates[index]) * tanhf(gates[2 * width + index])
            hidden[index] = Self.sigmoid(gates[3 * width + index]) * tanhf(cell[index])
            sum += max(0, hidden[index]) * weights[index]
        }
        return Self.sigmoid(sum)
    }

    private static func sigmoid(_ value: Float) -> Float { 1 / (1 + expf(-value)) }

    private static func tensor(
        _ name: String, _ shape: [Int], in file: SafetensorsFile
    ) throws(InferenceError) -> Tensor {
        let tensor = try file.tensor(name, shape: shape)
        guard tensor.array.allSatisfy(\.isFinite) else {
            throw InferenceError(.malformed, "\(file.path): tensor \(name) holds numbers that are none; fetch it again")
        }
        return tensor
    }

    /// The LSTM cell's weights of input and state side by side, and the sum of its two biases.
    private static func cell(in file: SafetensorsFile) throws(InferenceError) -> Linear {
        let ofInput = try tensor("lstm_cell.weight_ih", [4 * width, width], in: file)
        let ofState = try tensor("lstm_cell.weight_hh", [4 * width, width], in: file)
        let bias = try tensor("lstm_cell.bias_ih", [4 * width], in: file)
        let biasOfState = try tensor("lstm_cell.bias_hh", [4 * width], in: file)
        let weights = Tensor(shape: [4 * width, 2 * width])
        for row in 0..<4 * width {
            let place = weights.pointer + row * 2 * width
            place.update(from: ofInput.pointer + row * width, count: width)
            (place + width).update(from: ofState.pointer + row * width, count: width)
            bias.pointer[row] += biasOfState.pointer[row]
        }
        return Linear(weights, bias: bias, precision: .float32)
    }

    /// A convolution over three frames as a linear layer of their numbers, oldest frame first.
    private static func convolution(
        _ name: String, inputs: Int, outputs: Int, in file: SafetensorsFile
    ) throws(InferenceError) -> Linear {
        let weights = try tensor(name + ".weight", [outputs, inputs, 3], in: file).array
        let turned = Tensor(shape: [outputs, 3 * inputs])
        for output in 0..<outputs {
            for tap in 0..<3 {
                for input in 0..<inputs {
                    turned.pointer[(output * 3 + tap) * inputs + input] = weights[(output * inputs + input) * 3 + tap]
                }
            }
        }
        return Linear(turned, bias: try tensor(name + ".bias", [outputs], in: file), precision: .float32)
    }
}
