// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import Synchronization

/// The tokens of one sequence as they go into an encoder, those of the template included.
struct EncoderInput: Sendable, Hashable {
    var ids: [Int32]
    /// The tokens' types; empty when all are 0.
    var types: [Int32] = []
}

/// An encoder's layers: embeddings, then layers of self-attention and feed-forward, each followed by a normalisation
/// (Devlin et al. 2019, 3; Vaswani et al. 2017, 3.1).
///
/// Sequences are computed in tiles: whole sequences, one after the other without padding, which one thread takes through
/// all layers. The products run over all rows of the tile; attention is within each sequence.
final class EncoderStack: Sendable {
    private struct Layer: Sendable {
        let queriesKeysValues: Linear
        let attentionOutput: Linear
        let attentionNorm: LayerNorm
        let feedForward: FeedForward
        let norm: LayerNorm
    }

    let configuration: EncoderConfiguration
    private let attentionPrecision: Precision
    private let words: MappedTable
    private let positions: Tensor
    private let types: Tensor?
    private let bias: PositionBias?
    private let norm: LayerNorm
    private let layers: [Layer]

    /// Tiles have at least so many rows, if there are so many. More rows read the weights less often, which matters where
    /// products are fast; fewer keep the rows themselves in the second-level cache.
    private let tileRows: Int
    /// Products run on a multiple of so many rows, so that there are few sizes to prepare.
    private static let rowUnit = 16

    /// Reads the weights.
    ///
    /// - Parameter isTrial: Whether everything is only read and checked; the stack can't be run then, and takes the memory of
    ///   one layer at a time.
    init(
        _ configuration: EncoderConfiguration, _ weights: EncoderWeights, types typeCount: Int, precision: Precision,
        isTrial: Bool = false
    ) throws(TextEncoderError) {
        self.configuration = configuration
        tileRows = precision == .float32 ? 128 : 256
        attentionPrecision = precision == .float32 ? .float32 : .preferred
        let (width, inner) = (configuration.width, configuration.inner)
        words = try weights.table("embeddings.word_embeddings.weight", [configuration.vocabulary, width])
        positions = try weights.tensor("embeddings.position_embeddings.weight", [configuration.positions, width])
        types =
            typeCount > 0 ? try weights.tensor("embeddings.token_type_embeddings.weight", [typeCount, width]) : nil
        norm = try weights.norm("embeddings.LayerNorm", configuration)
        bias = try weights.positionBias(configuration)
        var layers: [Layer] = []
        for index in 0..<configuration.layers {
            var projections: [(weights: Tensor, bias: Tensor?)] = []
            for part in ["query", "key", "value"] {
                projections.append(
                    try weights.linear("attention.self.\(part)", layer: index, inputs: width, outputs: width))
            }
            func linear(_ part: String, _ inputs: Int, _ outputs: Int) throws(TextEncoderError) -> Linear {
                let (matrix, bias) = try weights.linear(part, layer: index, inputs: inputs, outputs: outputs)
                return Linear(matrix, bias: bias, precision: precision)
            }
            let layer = Layer(
                queriesKeysValues: Linear(stacking: projections, precision: precision),
                attentionOutput: try linear("attention.output.dense", width, width),
                attentionNorm: try weights.norm("attention.output.LayerNorm", layer: index, configuration),
                feedForward: FeedForward(
                    try linear("intermediate.dense", width, inner), try linear("output.dense", inner, width)),
                norm: try weights.norm("output.LayerNorm", layer: index, configuration))
            if !isTrial { layers.append(layer) }
        }
        self.layers = layers
        if isTrial { try weights.checkRest(of: words, "embeddings.word_embeddings.weight") }
        words.forgetWhatWasRead()
    }

    /// Computes sequences of 1 to `configuration.longest` tokens.
    ///
    /// - Parameters:
    ///   - inputs: The sequences; their ids and types must be in range.
    ///   - receive: Takes a sequence's number and its last states, [tokens, width], which are valid during the call.
    ///     Called on any of the team's threads, for several sequences at once.
    func run(
        _ inputs: [EncoderInput], team: ThreadTeam,
        receive: (_ index: Int, _ states: UnsafeMutablePointer<Float>, _ scratch: Scratch) -> Void
    ) {
        let tiles = tiles(inputs.map(\.ids.count), threads: team.threads)
        let atOnce = 1 << 12
        for start in stride(from: 0, to: tiles.count, by: atOnce) {
            team.run(min(atOnce, tiles.count - start)) { _, part in
                let workspace = takeWorkspace()
                let tile = tiles[start + part]
                run(tile.map { inputs[$0] }, workspace)
                var row = 0
                for index in tile {
                    receive(index, workspace.states + row * configuration.width, workspace.scratch)
                    row += inputs[index].ids.count
                }
                giveBack(workspace)
            }
        }
    }

    /// Puts sequences together, those of like length in one tile, the longest first: then no thread is left with a large
    /// tile at the end.
    private func tiles(_ lengths: [Int], threads: Int) -> [[Int]] {
        let order = lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
        // With little to do, every thread gets its share.
        let share = lengths.reduce(0, +) / threads
        let size = max(min(tileRows, share), 1)
        var tiles: [[Int]] = []
        var rows = size
        for index in order where lengths[index] > 0 {
            if rows >= size || rows + lengths[index] > 2 * tileRows {
                tiles.append([])
                rows = 0
            }
            tiles[tiles.count - 1].append(index)
            rows += lengths[index]
        }
        return tiles
    }

    // MARK: One tile

    /// The memory of one tile's computation, kept for the next one.
    private final class Workspace: @unchecked Sendable {
        // Safe to share: handed from one tile to the next under a lock; only one has it at a time.
        let scratch = Scratch()
        private var memory = Tensor(shape: [0])
        let attention: SelfAttention

        /// The states, [rows, width].
        var states: UnsafeMutablePointer<Float> { memory.pointer }

        func reserveStates(_ count: Int) {
            if memory.count < count { memory = Tensor(shape: [count]) }
        }

        init(_ attention: SelfAttention) { self.attention = attention }
    }

    private let idle = Mutex<[Workspace]>([])

    private func takeWorkspace() -> Workspace {
        idle.withLock { $0.popLast() }
            ?? Workspace(
                SelfAttention(
                    heads: configuration.heads, headSize: configuration.width / configuration.heads,
                    precision: attentionPrecision, bias: bias))
    }

    private func giveBack(_ workspace: Workspace) { idle.withLock { $0.append(workspace) } }

    private func run(_ sequences: [EncoderInput], _ workspace: Workspace) {
        let width = configuration.width
        let used = sequences.reduce(0) { $0 + $1.ids.count }
        let rows = (used + Self.rowUnit - 1) / Self.rowUnit * Self.rowUnit
        workspace.reserveStates(rows * width)
        let (states, scratch) = (workspace.states, workspace.scratch)
        embed(sequences, states)
        (states + used * width).update(repeating: 0, count: (rows - used) * width)
        let context = scratch.floats(.normal, rows * width)
        let input = Rows(states, stride: width, count: rows)
        let residual = Finish(residual: states, residualStride: width)
        for layer in layers {
            let projections = scratch.floats(.wide, rows * 3 * width)
            layer.queriesKeysValues.apply(
                to: input, output: projections, outputStride: 3 * width, scratch: scratch)
            var row = 0
            for sequence in sequences {
                let count = sequence.ids.count
                workspace.attention.apply(
                    to: Rows(projections + row * 3 * width, stride: 3 * width, count: count),
                    output: context + row * width, outputStride: width, scratch: scratch)
                row += count
            }
            (context + used * width).update(repeating: 0, count: (rows - used) * width)
            layer.attentionOutput.apply(
                to: Rows(context, stride: width, count: rows), output: states, outputStride: width, finish: residual,
                scratch: scratch)
            layer.attentionNorm.apply(to: input, output: states, outputStride: width)
            layer.feedForward.apply(
                to: input, output: states, outputStride: width, finish: residual, scratch: scratch)
            layer.norm.apply(to: input, output: states, outputStride: width)
        }
    }

    private func embed(_ sequences: [EncoderInput], _ states: UnsafeMutablePointer<Float>) {
        let width = configuration.width
        var row = states
        for sequence in sequences {
            for (position, id) in sequence.ids.enumerated() {
                words.copy(Int(id), to: row)
                let place = positions.pointer + (configuration.firstPosition + position) * width
                for index in 0..<width { row[index] += place[index] }
                if let types {
                    let type = types.pointer + (sequence.types.isEmpty ? 0 : Int(sequence.types[position]) * width)
                    for index in 0..<width { row[index] += type[index] }
                }
                row += width
            }
        }
        norm.apply(
            to: Rows(states, stride: width, count: (row - states) / width), output: states, outputStride: width)
    }
}
