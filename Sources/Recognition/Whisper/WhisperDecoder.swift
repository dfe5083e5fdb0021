// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference

/// Whisper's decoder at work on several sequences at once, one in each *slot*.
///
/// A step takes new tokens of any of the slots, each at its own position, so that sequences of different lengths and
/// windows share one pass over the weights, a prompt of many tokens may join sequences that go on token by token, and a
/// slot whose sequence has ended begins another one at once.
///
/// Not for several threads at the same time; blocks its caller like ``WhisperModel``.
package final class WhisperDecoder {
    /// New tokens of one sequence.
    package struct Input: Sendable {
        /// Which sequence.
        package var slot: Int
        /// The tokens, in order, that follow the ones of earlier steps.
        package var tokens: [Int]
        /// Whether logits are wanted for every token instead of for the last one alone.
        package var allLogits: Bool

        package init(slot: Int, tokens: [Int], allLogits: Bool = false) {
            self.slot = slot
            self.tokens = tokens
            self.allLogits = allLogits
        }
    }

    /// One head of one layer's cross-attention.
    package struct Head: Sendable, Hashable {
        package var layer: Int
        package var head: Int

        package init(layer: Int, head: Int) {
            self.layer = layer
            self.head = head
        }
    }

    private struct Slot {
        var window: WhisperWindow?
        var length = 0
        var layers: [KeyValueStore] = []
    }

    /// The model that runs.
    package let model: WhisperModel
    private var slots: [Slot]
    private var logits = Tensor(shape: [0])
    private var states = Tensor(shape: [0])
    private var normal = Tensor(shape: [0])
    private var wide = Tensor(shape: [0])
    private let scratches: [Scratch]

    /// Creates a decoder with room for `slots` sequences; a slot takes memory when it is first used.
    package init(model: WhisperModel, slots: Int) {
        self.model = model
        self.slots = Array(repeating: Slot(), count: slots)
        scratches = (0..<model.team.threads).map { _ in Scratch() }
    }

    /// How many sequences there is room for.
    package var slotCount: Int { slots.count }

    /// How many tokens a slot's sequence has.
    package func length(ofSlot slot: Int) -> Int { slots[slot].length }

    /// Begins a new, empty sequence about a window; what was in the slot is forgotten.
    package func begin(slot: Int, window: WhisperWindow) {
        if slots[slot].layers.isEmpty { slots[slot].layers = newStores() }
        slots[slot].window = window
        slots[slot].length = 0
    }

    /// Ends a slot's sequence and lets go of its window. Its memory stays for the next one.
    package func end(slot: Int) {
        slots[slot].window = nil
        slots[slot].length = 0
    }

    /// Cuts a slot's sequence back to its first tokens.
    package func truncate(slot: Int, to length: Int) {
        precondition(0...slots[slot].length ~= length)
        slots[slot].length = length
    }

    /// Makes each of `targets` go on from what the source beside it holds now, as a beam search does after each token:
    /// sources may repeat, and be targets themselves.
    ///
    /// A sequence that goes on in one place only is moved, not copied.
    package func rearrange(_ targets: [Int], from sources: [Int]) {
        precondition(targets.count == sources.count && Set(targets).count == targets.count)
        let old = slots
        // Memory that no sequence of the new arrangement owns: of targets that are nobody's source.
        var free = targets.filter { !sources.contains($0) }.map { old[$0].layers }.filter { !$0.isEmpty }
        var moved = Set<Int>()
        for (target, source) in zip(targets, sources) {
            slots[target].window = old[source].window
            slots[target].length = old[source].length
            // A source that is no target keeps its sequence, and so its memory.
            if targets.contains(source), moved.insert(source).inserted {
                slots[target].layers = old[source].layers
            } else {
                let stores = free.popLast() ?? newStores()
                for (new, store) in zip(stores, old[source].layers) {
                    new.copy(from: store, length: old[source].length)
                }
                slots[target].layers = stores
            }
        }
    }

    private func newStores() -> [KeyValueStore] {
        let configuration = model.configuration
        return (0..<configuration.decoderLayers).map { _ in
            KeyValueStore(
                heads: configuration.decoderHeads, headSize: configuration.width / configuration.decoderHeads,
                capacity: configuration.textPositions, precision: model.decoder.storePrecision)
        }
    }

    // MARK: One step

    /// What a step found. Valid until the decoder's next step.
    package struct Output {
        /// How many rows of logits there are: one for each input, or one for each of its tokens where all were wanted,
        /// in the order of the inputs.
        package let rows: Int
        /// The cross-attention weights of the chosen heads, [head, token, audio position], tokens in the order of the
        /// inputs; empty when no heads were chosen.
        package let attention: [Float]
        private let logits: Tensor
        private let vocabulary: Int

        fileprivate init(rows: Int, attention: [Float], logits: Tensor, vocabulary: Int) {
            self.rows = rows
            self.attention = attention
            self.logits = logits
            self.vocabulary = vocabulary
        }

        /// Lends one row of logits, a number for each token of the vocabulary; they may be changed in place.
        package func withLogits<Result>(
            _ row: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
        ) rethrows -> Result {
            precondition(row < rows)
            return try body(
                UnsafeMutableBufferPointer(start: logits.pointer + row * vocabulary, count: vocabulary))
        }
    }

    /// One row of the step: a token at its place in its sequence.
    private struct Row {
        let slot: Int
        let position: Int
        let window: WhisperWindow
    }

    /// Runs the new tokens of some sequences, each slot at most once.
    ///
    /// - Parameters:
    ///   - inputs: Tokens of slots that have begun; tokens are less than the vocabulary's size, and a sequence with them
    ///     not longer than the model's ``WhisperConfiguration/textPositions``.
    ///   - heads: Heads whose cross-attention is wanted too; all windows are then equally long.
    package func step(_ inputs: [Input], attentionOf heads: [Head] = []) -> Output {
        let configuration = model.configuration
        let (width, vocabulary) = (configuration.width, configuration.vocabulary)
        precondition(Set(inputs.map(\.slot)).count == inputs.count, "a slot takes part in a step once")
        var rows: [Row] = []
        var wanted: [Int] = []
        let count = inputs.reduce(0) { $0 + $1.tokens.count }
        grow(rows: count)
        for input in inputs {
            guard let window = slots[input.slot].window else { preconditionFailure("the slot has not begun") }
            let first = slots[input.slot].length
            precondition(
                !input.tokens.isEmpty && first + input.tokens.count <= configuration.textPositions,
                "a sequence is at most as long as the model allows")
            for (index, token) in input.tokens.enumerated() {
                precondition(0..<vocabulary ~= token, "tokens are of the vocabulary")
                model.decoder.embed(token, at: first + index, to: states.pointer + rows.count * width)
                if input.allLogits || index == input.tokens.count - 1 { wanted.append(rows.count) }
                rows.append(Row(slot: input.slot, position: first + index, window: window))
            }
        }
        let positions = rows.first?.window.positions ?? 0
        precondition(
            heads.isEmpty || rows.allSatisfy { $0.window.positions == positions },
            "cross-attention is wanted of windows of one length")
        var attention = [Float](repeating: 0, count: heads.count * rows.count * positions)
        for index in model.decoder.layers.indices {
            let layer = model.decoder.layers[index]
            attendToSelf(layer, index, rows)
            attendToAudio(layer, index, rows, heads, &attention)
            feedForward(layer, rows.count)
        }
        for input in inputs { slots[input.slot].length += input.tokens.count }
        // The states of the wanted rows move to the front, in order.
        for (place, row) in wanted.enumerated() {
            model.decoder.norm.apply(
                to: Rows(states.pointer + row * width, stride: width, count: 1),
                output: normal.pointer + place * width, outputStride: width)
        }
        if logits.count < wanted.count * vocabulary { logits = Tensor(shape: [wanted.count, vocabulary]) }
        apply(
            model.decoder.output, to: Rows(normal.pointer, stride: width, count: wanted.count), output: logits.pointer,
            Finish())
        return Output(rows: wanted.count, attention: attention, logits: logits, vocabulary: vocabulary)
    }

    private func grow(rows: Int) {
        let (width, inner) = (model.configuration.width, model.configuration.decoderInner)
        guard states.count < rows * width else { return }
        states = Tensor(shape: [rows, width])
        normal = Tensor(shape: [rows, width])
        wide = Tensor(shape: [rows, max(3 * width, inner)])
    }

    /// A layer on all threads, each computing some of the outputs.
    private func apply(
        _ layer: Linear, to input: Rows, output: UnsafeMutablePointer<Float>, _ finish: Finish
    ) {
        let threads = model.team.threads
        let parts = layer.panels >= 2 * threads ? threads : 1
        model.team.run(parts) { worker, part in
            layer.apply(
                to: input, panels: layer.panels * part / parts..<layer.panels * (part + 1) / parts, output: output,
                outputStride: layer.outputs, finish: finish, scratch: scratches[worker])
        }
    }

    private func attendToSelf(_ layer: WhisperDecoderLayers.Layer, _ index: Int, _ rows: [Row]) {
        let width = model.configuration.width
        let stateRows = Rows(states.pointer, stride: width, count: rows.count)
        layer.attentionNorm.apply(to: stateRows, output: normal.pointer, outputStride: width)
        apply(
            layer.queriesKeysValues, to: Rows(normal.pointer, stride: width, count: rows.count),
            output: wide.pointer, Finish())
        for (number, row) in rows.enumerated() {
            let place = wide.pointer + number * 3 * width
            slots[row.slot].layers[index].store(
                keys: Rows(place + width, stride: 3 * width, count: 1),
                values: Rows(place + 2 * width, stride: 3 * width, count: 1), at: row.position)
        }
        let heads = model.configuration.decoderHeads
        // A row looks at its own sequence up to itself, which makes the attention causal.
        let stores = rows.map { slots[$0.slot].layers[index] }
        let (wide, normal) = (wide.pointer, normal.pointer)
        model.team.run(heads) { worker, head in
            for (number, row) in rows.enumerated() {
                let store = stores[number]
                let offset = head * store.headSize
                store.attend(
                    Rows(wide + number * 3 * width + offset, stride: 3 * width, count: 1), head: head,
                    length: row.position + 1, output: normal + number * width + offset, outputStride: width,
                    exactly: true, scratch: scratches[worker])
            }
        }
        addToStates(layer.attentionOutput, rows.count)
    }

    private func attendToAudio(
        _ layer: WhisperDecoderLayers.Layer, _ index: Int, _ rows: [Row], _ wantedHeads: [Head],
        _ attention: inout [Float]
    ) {
        let width = model.configuration.width
        layer.crossNorm.apply(
            to: Rows(states.pointer, stride: width, count: rows.count), output: normal.pointer, outputStride: width)
        apply(
            layer.crossQueries, to: Rows(normal.pointer, stride: width, count: rows.count), output: wide.pointer,
            Finish())
        // Neighbouring rows about one window read its keys and values together.
        var groups: [Range<Int>] = []
        for (number, row) in rows.enumerated() {
            if let last = groups.last, rows[last.lowerBound].window === row.window {
                groups[groups.count - 1] = last.lowerBound..<number + 1
            } else {
                groups.append(number..<number + 1)
            }
        }
        let heads = model.configuration.decoderHeads
        let (wide, normal) = (wide.pointer, normal.pointer)
        attention.withUnsafeMutableBufferPointer { attention in
            let weights = attention.baseAddress
            model.team.run(heads * groups.count) { worker, part in
                let (head, group) = (part % heads, groups[part / heads])
                let store = rows[group.lowerBound].window.layers[index]
                let offset = head * store.headSize
                let wanted = wantedHeads.firstIndex(of: Head(layer: index, head: head))
                store.attend(
                    Rows(wide + group.lowerBound * width + offset, stride: width, count: group.count), head: head,
                    length: rows[group.lowerBound].window.positions,
                    output: normal + group.lowerBound * width + offset, outputStride: width,
                    weights: wanted.flatMap { wanted in
                        weights.map {
                            $0 + (wanted * rows.count + group.lowerBound) * rows[group.lowerBound].window.positions
                        }
                    }, exactly: true, scratch: scratches[worker])
            }
        }
        addToStates(layer.crossOutput, rows.count)
    }

    private func feedForward(_ layer: WhisperDecoderLayers.Layer, _ count: Int) {
        let (width, inner) = (model.configuration.width, model.configuration.decoderInner)
        layer.feedForwardNorm.apply(
            to: Rows(states.pointer, stride: width, count: count), output: normal.pointer, outputStride: width)
        apply(
            layer.feedForwardIn, to: Rows(normal.pointer, stride: width, count: count), output: wide.pointer,
            Finish(gelu: true))
        apply(
            layer.feedForwardOut, to: Rows(wide.pointer, stride: inner, count: count), output: states.pointer,
            Finish(residual: states.pointer, residualStride: width))
    }

    private func addToStates(_ layer: Linear, _ count: Int) {
        let width = model.configuration.width
        apply(
            layer, to: Rows(normal.pointer, stride: width, count: count), output: states.pointer,
            Finish(residual: states.pointer, residualStride: width))
    }
}
