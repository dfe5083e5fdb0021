// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference

/// The weights of Whisper's decoder.
final class WhisperDecoderLayers: Sendable {
    struct Layer: Sendable {
        let attentionNorm: LayerNorm
        let queriesKeysValues: Linear
        let attentionOutput: Linear
        let crossNorm: LayerNorm
        let crossQueries: Linear
        let crossKeysValues: Linear
        let crossOutput: Linear
        let feedForwardNorm: LayerNorm
        let feedForwardIn: Linear
        let feedForwardOut: Linear
    }

    let layers: [Layer]
    let norm: LayerNorm
    /// From states to logits.
    let output: Linear
    let positions: Tensor
    /// Tokens to states, where the output layer's weights can't serve for that too.
    let embedding: Linear?
    /// The numbers that keys and values are kept in.
    let storePrecision: Precision
    private let configuration: WhisperConfiguration

    init(
        _ configuration: WhisperConfiguration, _ weights: WhisperWeights, precision: Precision, isTrial: Bool
    ) throws(RecognitionError) {
        self.configuration = configuration
        storePrecision = precision == .float32 ? .float32 : .bfloat16
        let width = configuration.width
        let inner = configuration.decoderInner
        var layers: [Layer] = []
        for index in 0..<configuration.decoderLayers {
            let name = "decoder.layers.\(index)."
            let (own, cross) = (name + "self_attn.", name + "encoder_attn.")
            func linear(_ names: String...) throws(RecognitionError) -> Linear {
                try weights.linear(names, inputs: width, outputs: width)
            }
            let selfIn = try weights.normed(
                name + "self_attn_layer_norm", [own + "q_proj", own + "k_proj", own + "v_proj"], inputs: width,
                outputs: width)
            let crossIn = try weights.normed(
                name + "encoder_attn_layer_norm", [cross + "q_proj"], inputs: width, outputs: width)
            let feedForwardIn = try weights.normed(
                name + "final_layer_norm", [name + "fc1"], inputs: width, outputs: inner)
            let layer =
                Layer(
                    attentionNorm: selfIn.norm, queriesKeysValues: selfIn.linear,
                    attentionOutput: try linear(own + "out_proj"),
                    crossNorm: crossIn.norm, crossQueries: crossIn.linear,
                    crossKeysValues: try linear(cross + "k_proj", cross + "v_proj"),
                    crossOutput: try linear(cross + "out_proj"),
                    feedForwardNorm: feedForwardIn.norm, feedForwardIn: feedForwardIn.linear,
                    feedForwardOut: try weights.linear([name + "fc2"], inputs: inner, outputs: width))
            if !isTrial { layers.append(layer) }
        }
        self.layers = layers
        norm = try weights.norm("decoder.layer_norm", width)
        positions = try weights.tensor("decoder.embed_positions.weight", configuration.textPositions, width)
        let tokens = try weights.tensor("decoder.embed_tokens.weight", configuration.vocabulary, width)
        let separate = try weights.output(configuration)
        output = Linear(separate ?? tokens, precision: precision)
        embedding =
            separate == nil && precision != .int8
            ? nil : Linear(tokens, precision: precision == .int8 ? .bfloat16 : precision)
    }

    /// Writes a token's state, with its position's.
    func embed(_ token: Int, at position: Int, to destination: UnsafeMutablePointer<Float>) {
        (embedding ?? output).copyWeights(ofOutput: token, to: destination)
        let place = positions.pointer + position * configuration.width
        for index in 0..<configuration.width { destination[index] += place[index] }
    }

    /// The keys and values of a window, or of some positions of it, for all layers.
    func window(for states: Tensor, team: ThreadTeam) -> WhisperWindow {
        let (width, heads, count) = (configuration.width, configuration.decoderHeads, states.shape[0])
        let block = 256
        let blocks = (count + block - 1) / block
        let scratches = (0..<team.threads).map { _ in Scratch() }
        let stores = layers.map { _ in
            KeyValueStore(heads: heads, headSize: width / heads, capacity: count, precision: storePrecision)
        }
        team.run(layers.count * blocks) { worker, part in
            let (layer, first) = (part / blocks, part % blocks * block)
            let rows = min(block, count - first)
            let wide = scratches[worker].floats(.wide, rows * 2 * width)
            layers[layer].crossKeysValues.apply(
                to: Rows(states.pointer + first * width, stride: width, count: rows), output: wide,
                outputStride: 2 * width, scratch: scratches[worker])
            stores[layer].store(
                keys: Rows(wide, stride: 2 * width, count: rows),
                values: Rows(wide + width, stride: 2 * width, count: rows), at: first)
        }
        return WhisperWindow(layers: stores, positions: count)
    }
}
