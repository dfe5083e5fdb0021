// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import Synchronization

/// Whisper's encoder: two convolutions, then layers of self-attention and feed-forward (Radford et al. 2022, 2.2).
///
/// A layer runs in two sweeps over blocks of rows, which the team's threads share: first the keys and values, then all
/// the rest. Nothing but the states goes through main memory in between.
final class WhisperEncoder: Sendable {
    private struct Layer: Sendable {
        let attentionNorm: LayerNorm
        let queriesKeysValues: Linear
        let attentionOutput: Linear
        let feedForwardNorm: LayerNorm
        let feedForward: FeedForward
    }

    private let configuration: WhisperConfiguration
    private let attentionPrecision: Precision
    private let firstConvolution: Linear
    private let secondConvolution: Linear
    private let positions: Tensor
    private let layers: [Layer]
    private let norm: LayerNorm

    init(
        _ configuration: WhisperConfiguration, _ weights: WhisperWeights, precision: Precision, isTrial: Bool
    ) throws(RecognitionError) {
        self.configuration = configuration
        attentionPrecision = precision == .float32 ? .float32 : .preferred
        let width = configuration.width
        firstConvolution = try weights.convolution("encoder.conv1", inputs: configuration.melBins, outputs: width)
        secondConvolution = try weights.convolution("encoder.conv2", inputs: width, outputs: width)
        positions = try weights.tensor("encoder.embed_positions.weight", configuration.audioPositions, width)
        // Outliers make the feed-forward's branch large beside the states that it is added to, and its error with it:
        // int8 is then too coarse for the product that ends it.
        let outlierPrecision = precision == .int8 ? .preferred : precision
        var layers: [Layer] = []
        for index in 0..<configuration.encoderLayers {
            let name = "encoder.layers.\(index)."
            let attention = name + "self_attn."
            let attentionIn = try weights.normed(
                name + "self_attn_layer_norm", [attention + "q_proj", attention + "k_proj", attention + "v_proj"],
                inputs: width, outputs: width)
            let feedForwardIn = try weights.normed(
                name + "final_layer_norm", [name + "fc1"], inputs: width, outputs: configuration.encoderInner)
            let layer =
                Layer(
                    attentionNorm: attentionIn.norm, queriesKeysValues: attentionIn.linear,
                    attentionOutput: try weights.linear([attention + "out_proj"], inputs: width, outputs: width),
                    feedForwardNorm: feedForwardIn.norm,
                    feedForward: FeedForward(
                        feedForwardIn.linear,
                        try weights.linear(
                            [name + "fc2"], inputs: configuration.encoderInner, outputs: width,
                            precision: feedForwardIn.hasOutliers ? outlierPrecision : precision)))
            if !isTrial { layers.append(layer) }
        }
        self.layers = layers
        norm = try weights.norm("encoder.layer_norm", width)
    }

    /// The memory of one window's computation, kept for the next one: the system takes milliseconds to find it anew.
    private final class Workspace: @unchecked Sendable {
        // Safe to share: handed from one computation to the next under a lock; only one has it at a time.
        let scratches: [Scratch]
        /// Each with a frame of zeros at both ends.
        let input, middle: Tensor
        let queries: Tensor
        let store: KeyValueStore

        init(_ configuration: WhisperConfiguration, attentionPrecision: Precision, threads: Int) {
            let (width, heads) = (configuration.width, configuration.encoderHeads)
            scratches = (0..<threads).map { _ in Scratch() }
            input = Tensor(shape: [configuration.frames + 2, configuration.melBins])
            middle = Tensor(shape: [configuration.frames + 2, width])
            queries = Tensor(shape: [configuration.audioPositions, width])
            store = KeyValueStore(
                heads: heads, headSize: width / heads, capacity: configuration.audioPositions,
                precision: attentionPrecision)
        }
    }

    private let idle = Mutex<[Workspace]>([])

    /// The states of a window, [positions, width].
    ///
    /// - Parameters:
    ///   - spectrogram: Log-mel frames. `[bins, frames]`
    ///   - frames: How many there are: an even number, at most the model's.
    func states(of spectrogram: UnsafePointer<Float>, frames: Int, team: ThreadTeam) -> Tensor {
        let width = configuration.width
        let count = frames / 2
        let workspace =
            idle.withLock { $0.popLast() }
            ?? Workspace(configuration, attentionPrecision: attentionPrecision, threads: team.threads)
        defer { idle.withLock { $0.append(workspace) } }
        let (scratches, queries, store) = (workspace.scratches, workspace.queries, workspace.store)
        let states = Tensor(shape: [count, width])
        convolve(spectrogram, frames, into: states, team: team, workspace)
        for layer in layers {
            sweep(count, team) { worker, rows in
                storeKeys(layer, states, rows, queries, store, scratches[worker])
            }
            sweep(count, team) { worker, rows in
                attendAndFeed(layer, states, rows, count, queries, store, scratches[worker])
            }
        }
        sweep(count, team) { _, rows in
            let place = states.pointer + rows.lowerBound * width
            norm.apply(to: Rows(place, stride: width, count: rows.count), output: place, outputStride: width)
        }
        return states
    }

    private func sweep(_ count: Int, _ team: ThreadTeam, _ body: (_ worker: Int, _ rows: Range<Int>) -> Void) {
        // About 256 rows at a time, as many times on each thread, in multiples of the 64 positions of a panel of keys:
        // more rows would leave the second-level cache, fewer would read the weights more often.
        let rounds = (count + 256 * team.threads - 1) / (256 * team.threads)
        let parts = rounds * team.threads
        let block = ((count + parts - 1) / parts + 63) / 64 * 64
        team.run((count + block - 1) / block) { worker, part in
            body(worker, part * block..<min((part + 1) * block, count))
        }
    }

    /// Both convolutions look one frame to each side, so that their inputs get a frame of zeros at each end; three
    /// frames side by side are then one row of a product.
    private func convolve(
        _ spectrogram: UnsafePointer<Float>, _ frames: Int, into states: Tensor, team: ThreadTeam,
        _ workspace: Workspace
    ) {
        let (width, bins) = (configuration.width, configuration.melBins)
        let (input, middle, scratches) = (workspace.input, workspace.middle, workspace.scratches)
        for bin in 0..<bins {
            for frame in 0..<frames { input.pointer[(frame + 1) * bins + bin] = spectrogram[bin * frames + frame] }
        }
        // A longer window may have been here before.
        (input.pointer + (frames + 1) * bins).update(repeating: 0, count: bins)
        sweep(frames, team) { worker, rows in
            firstConvolution.apply(
                to: Rows(input.pointer + rows.lowerBound * bins, stride: bins, count: rows.count),
                output: middle.pointer + (rows.lowerBound + 1) * width, outputStride: width,
                finish: Finish(gelu: true), scratch: scratches[worker])
        }
        (middle.pointer + (frames + 1) * width).update(repeating: 0, count: width)
        sweep(frames / 2, team) { worker, rows in
            let place = rows.lowerBound * width
            secondConvolution.apply(
                to: Rows(middle.pointer + 2 * place, stride: 2 * width, count: rows.count),
                output: states.pointer + place, outputStride: width,
                finish: Finish(gelu: true, residual: positions.pointer + place, residualStride: width),
                scratch: scratches[worker])
        }
    }

    private func storeKeys(
        _ layer: Layer, _ states: Tensor, _ rows: Range<Int>, _ queries: Tensor, _ store: KeyValueStore,
        _ scratch: Scratch
    ) {
        let width = configuration.width
        let stride = Rows.spacedStride(width)
        let normal = scratch.floats(.normal, rows.count * stride)
        let input = Rows(states.pointer + rows.lowerBound * width, stride: width, count: rows.count)
        layer.attentionNorm.apply(to: input, output: normal, outputStride: stride)
        let wide = scratch.floats(.wide, rows.count * 3 * width)
        layer.queriesKeysValues.apply(
            to: Rows(normal, stride: stride, count: rows.count), output: wide, outputStride: 3 * width,
            scratch: scratch)
        for row in 0..<rows.count {
            (queries.pointer + (rows.lowerBound + row) * width).update(from: wide + row * 3 * width, count: width)
        }
        store.store(
            keys: Rows(wide + width, stride: 3 * width, count: rows.count),
            values: Rows(wide + 2 * width, stride: 3 * width, count: rows.count), at: rows.lowerBound)
    }

    private func attendAndFeed(
        _ layer: Layer, _ states: Tensor, _ rows: Range<Int>, _ length: Int, _ queries: Tensor,
        _ store: KeyValueStore, _ scratch: Scratch
    ) {
        let width = configuration.width
        let stride = Rows.spacedStride(width)
        let normal = scratch.floats(.normal, rows.count * stride)
        let place = states.pointer + rows.lowerBound * width
        for head in 0..<store.heads {
            let offset = head * store.headSize
            store.attend(
                Rows(queries.pointer + rows.lowerBound * width + offset, stride: width, count: rows.count),
                head: head, length: length, output: normal + offset, outputStride: stride,
                scratch: scratch)
        }
        let normalRows = Rows(normal, stride: stride, count: rows.count)
        let addToStates = Finish(residual: place, residualStride: width)
        layer.attentionOutput.apply(
            to: normalRows, output: place, outputStride: width, finish: addToStates, scratch: scratch)
        layer.feedForwardNorm.apply(
            to: Rows(place, stride: width, count: rows.count), output: normal, outputStride: stride)
        layer.feedForward.apply(
            to: normalRows, output: place, outputStride: width, finish: addToStates, scratch: scratch)
    }
}
