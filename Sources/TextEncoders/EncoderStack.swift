// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import Synchronization

/// The tokens of one sequence as they go into an encoder, those of the template included.
struct EncoderInput: Sendable {
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
        let attentionNorm: RowNorm
        let feedForwardIn: Linear
        let feedForwardOut: Linear
        let norm: RowNorm
    }

    let configuration: EncoderConfiguration
    private let attentionPrecision: Precision
    private let words: Tensor
    private let positions: Tensor
    private let types: Tensor?
    private let norm: RowNorm
    private let layers: [Layer]

    /// Tiles have at least so many rows, if there are so many: enough for the products to run at full speed.
    private static let tileRows = 128
    /// Products run on a multiple of so many rows, so that there are few sizes to prepare.
    private static let rowUnit = 16

    init(
        _ configuration: EncoderConfiguration, _ weights: EncoderWeights, types typeCount: Int, precision: Precision
    ) throws(TextEncoderError) {
        self.configuration = configuration
        attentionPrecision = precision == .float32 ? .float32 : .preferred
        let (width, inner) = (configuration.width, configuration.inner)
        words = try weights.tensor("embeddings.word_embeddings.weight", [configuration.vocabulary, width])
        positions = try weights.tensor("embeddings.position_embeddings.weight", [configuration.positions, width])
        types =
            typeCount > 0 ? try weights.tensor("embeddings.token_type_embeddings.weight", [typeCount, width]) : nil
        norm = try weights.norm("embeddings.LayerNorm", configuration)
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
            layers.append(
                Layer(
                    queriesKeysValues: Linear(stacking: projections, precision: precision),
                    attentionOutput: try linear("attention.output.dense", width, width),
                    attentionNorm: try weights.norm("attention.output.LayerNorm", layer: index, configuration),
                    feedForwardIn: try linear("intermediate.dense", width, inner),
                    feedForwardOut: try linear("output.dense", inner, width),
                    norm: try weights.norm("output.LayerNorm", layer: index, configuration)))
        }
        self.layers = layers
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
        let tiles = Self.tiles(inputs.map(\.ids.count), threads: team.threads)
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
    private static func tiles(_ lengths: [Int], threads: Int) -> [[Int]] {
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
        private var store: KeyValueStore?

        /// The states, [rows, width].
        var states: UnsafeMutablePointer<Float> { memory.pointer }

        func reserveStates(_ count: Int) {
            if memory.count < count { memory = Tensor(shape: [count]) }
        }

        func store(_ configuration: EncoderConfiguration, _ precision: Precision, positions: Int) -> KeyValueStore {
            if let store, store.capacity >= positions { return store }
            let store = KeyValueStore(
                heads: configuration.heads, headSize: configuration.width / configuration.heads, capacity: positions,
                precision: precision)
            self.store = store
            return store
        }
    }

    private let idle = Mutex<[Workspace]>([])

    private func takeWorkspace() -> Workspace { idle.withLock { $0.popLast() } ?? Workspace() }

    private func giveBack(_ workspace: Workspace) { idle.withLock { $0.append(workspace) } }

    private func run(_ sequences: [EncoderInput], _ workspace: Workspace) {
        let (width, inner) = (configuration.width, configuration.inner)
        let used = sequences.reduce(0) { $0 + $1.ids.count }
        let rows = (used + Self.rowUnit - 1) / Self.rowUnit * Self.rowUnit
        workspace.reserveStates(rows * width)
        let (states, scratch) = (workspace.states, workspace.scratch)
        embed(sequences, states)
        (states + used * width).update(repeating: 0, count: (rows - used) * width)
        let longest = sequences.map(\.ids.count).max() ?? 0
        let store = workspace.store(configuration, attentionPrecision, positions: longest)
        let context = scratch.floats(.normal, rows * width)
        let wide = scratch.floats(.wide, rows * max(3 * width, inner))
        let input = Rows(states, stride: width, count: rows)
        let residual = Finish(residual: states, residualStride: width)
        for layer in layers {
            layer.queriesKeysValues.apply(to: input, output: wide, outputStride: 3 * width, scratch: scratch)
            attend(sequences, wide, store, context, scratch)
            (context + used * width).update(repeating: 0, count: (rows - used) * width)
            layer.attentionOutput.apply(
                to: Rows(context, stride: width, count: rows), output: states, outputStride: width, finish: residual,
                scratch: scratch)
            layer.attentionNorm.apply(to: states, count: rows)
            layer.feedForwardIn.apply(
                to: input, output: wide, outputStride: inner, finish: Finish(gelu: true), scratch: scratch)
            layer.feedForwardOut.apply(
                to: Rows(wide, stride: inner, count: rows), output: states, outputStride: width, finish: residual,
                scratch: scratch)
            layer.norm.apply(to: states, count: rows)
        }
    }

    private func embed(_ sequences: [EncoderInput], _ states: UnsafeMutablePointer<Float>) {
        let width = configuration.width
        var row = states
        for sequence in sequences {
            for (position, id) in sequence.ids.enumerated() {
                let word = words.pointer + Int(id) * width
                let place = positions.pointer + (configuration.firstPosition + position) * width
                for index in 0..<width { row[index] = word[index] + place[index] }
                if let types {
                    let type = types.pointer + (sequence.types.isEmpty ? 0 : Int(sequence.types[position]) * width)
                    for index in 0..<width { row[index] += type[index] }
                }
                row += width
            }
        }
        norm.apply(to: states, count: (row - states) / width)
    }

    private func attend(
        _ sequences: [EncoderInput], _ wide: UnsafeMutablePointer<Float>, _ store: KeyValueStore,
        _ context: UnsafeMutablePointer<Float>, _ scratch: Scratch
    ) {
        let width = configuration.width
        var row = 0
        for sequence in sequences {
            let count = sequence.ids.count
            let start = wide + row * 3 * width
            store.store(
                keys: Rows(start + width, stride: 3 * width, count: count),
                values: Rows(start + 2 * width, stride: 3 * width, count: count), at: 0)
            for head in 0..<store.heads {
                let offset = head * store.headSize
                store.attend(
                    Rows(start + offset, stride: 3 * width, count: count), head: head, length: count,
                    output: context + row * width + offset, outputStride: width, scratch: scratch)
            }
            row += count
        }
    }
}
