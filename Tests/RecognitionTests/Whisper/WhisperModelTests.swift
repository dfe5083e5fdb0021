// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import JSON
import Recognition
import Testing

/// The forward pass against what `transformers` computes with the same weights (Tests/Fixtures/whisper).
@Suite("Whisper's forward pass")
struct WhisperModelTests {
    /// The largest difference, relative to the largest magnitude.
    private func difference(_ got: [Float], _ expected: [Float]) -> Float {
        guard got.count == expected.count else { return .infinity }
        let largest = expected.map(abs).max() ?? 0
        return zip(got, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
    }

    private func withModel(
        _ precision: Precision, threads: Int = 1, _ body: (WhisperModel, SmallWhisper) throws -> Void
    ) throws {
        let small = try SmallWhisper()
        try body(WhisperModel(folder: small.folder, precision: precision, threads: threads), small)
    }

    private func logits(_ output: WhisperDecoder.Output, _ row: Int = 0) -> [Float] {
        output.withLogits(row) { Array($0) }
    }

    /// Greedy, no token twice, as in the script.
    private func greedy(_ logits: [Float], without used: [Int]) -> Int {
        let used = Set(used)
        return logits.indices.filter { !used.contains($0) }.max { logits[$0] < logits[$1] } ?? 0
    }

    @Test(arguments: [1, 2])
    func `float32 gives the reference's states, logits, tokens and attention`(threads: Int) throws {
        try withModel(.float32, threads: threads) { model, small in
            let states = model.encode(small.spectrogram)
            #expect(difference(states.array, try small.numbers("states")) < 1e-5)

            let decoder = WhisperDecoder(model: model, slots: 1)
            decoder.begin(slot: 0, window: model.window(for: states))
            let prompt = try small.integers("prompt")
            let heads = [WhisperDecoder.Head(layer: 0, head: 2), WhisperDecoder.Head(layer: 1, head: 1)]
            var output = decoder.step([.init(slot: 0, tokens: prompt, allLogits: true)], attentionOf: heads)
            #expect(output.rows == prompt.count)
            #expect(
                difference(prompt.indices.flatMap { logits(output, $0) }, try small.numbers("prompt_logits")) < 1e-5)
            #expect(difference(output.attention, try small.numbers("attention")) < 1e-5)

            let expected = try small.integers("tokens")
            var tokens = [greedy(logits(output, prompt.count - 1), without: [])]
            while true {
                output = decoder.step([.init(slot: 0, tokens: [tokens[tokens.count - 1]])])
                if tokens.count == expected.count { break }
                tokens.append(greedy(logits(output), without: tokens))
            }
            #expect(tokens == expected)
            #expect(difference(logits(output), try small.numbers("last_logits")) < 1e-5)
            #expect(decoder.length(ofSlot: 0) == prompt.count + expected.count)
        }
    }

    @Test(arguments: Precision.allCases)
    func `a short window's states don't depend on longer ones before it`(precision: Precision) throws {
        let small = try SmallWhisper()
        func model() throws -> WhisperModel { try WhisperModel(folder: small.folder, precision: precision, threads: 2) }
        let used = try model()
        let (bins, all) = (used.configuration.melBins, used.configuration.frames)
        let frames = all / 4 * 2
        let short = (0..<bins).flatMap { small.spectrogram[$0 * all..<$0 * all + frames] }
        let long = used.encode(small.spectrogram)
        let states = used.encode(short)
        #expect(states.shape == [frames / 2, used.configuration.width])
        #expect(try states.array == model().encode(short).array)
        // It is not the beginning of the long one, whose attention saw more.
        #expect(states.array != Array(long.array.prefix(states.count)))
        #expect(used.encode(small.spectrogram).array == long.array)
    }

    @Test(arguments: [SmallWhisper.Storage.float16, .bfloat16], [1, 3])
    func `stored halves give what their numbers give, also in several files`(
        storage: SmallWhisper.Storage, shards: Int
    ) throws {
        func states(_ small: SmallWhisper) throws -> [Float] {
            return try WhisperModel(folder: small.folder, precision: .float32).encode(small.spectrogram).array
        }
        let halves = try states(SmallWhisper(storage: storage, rounding: storage, shards: shards))
        #expect(try halves == states(SmallWhisper(rounding: storage)))
        let whole = try SmallWhisper()
        #expect(try difference(halves, whole.numbers("states")) < (storage == .float16 ? 0.005 : 0.04))
    }

    @Test(arguments: [(Precision.bfloat16, Float(0.02)), (.int8, 0.05)])
    func `smaller numbers stay near the reference`(precision: Precision, limit: Float) throws {
        try withModel(precision) { model, small in
            let states = model.encode(small.spectrogram)
            #expect(difference(states.array, try small.numbers("states")) < limit)
            let decoder = WhisperDecoder(model: model, slots: 1)
            decoder.begin(slot: 0, window: model.window(for: states))
            let output = decoder.step([.init(slot: 0, tokens: try small.integers("prompt"), allLogits: true)])
            let found = (0..<output.rows).flatMap { logits(output, $0) }
            #expect(difference(found, try small.numbers("prompt_logits")) < limit)
        }
    }

    @Test(arguments: Precision.allCases)
    func `sequences of several lengths and windows in one step don't touch each other`(precision: Precision) throws {
        try withModel(precision, threads: 2) { model, small in
            let first = model.window(for: model.encode(small.spectrogram))
            let second = model.window(for: model.encode(small.spectrogram.map { -$0 }))
            let sequences: [(window: WhisperWindow, tokens: [Int])] = [
                (first, [1, 2, 3, 4, 5, 6]), (second, [9, 8, 7]), (first, [1, 2, 3, 4, 250]), (second, [299]),
            ]
            // Each alone, all tokens at once.
            let alone = sequences.map { sequence in
                let decoder = WhisperDecoder(model: model, slots: 1)
                decoder.begin(slot: 0, window: sequence.window)
                return logits(decoder.step([.init(slot: 0, tokens: sequence.tokens)]))
            }
            // Together: a prompt of all but two tokens, then token by token; slot 3 is one that was used before.
            let decoder = WhisperDecoder(model: model, slots: 4)
            decoder.begin(slot: 3, window: first)
            _ = decoder.step([.init(slot: 3, tokens: [11, 12, 13])])
            decoder.end(slot: 3)
            for (slot, sequence) in sequences.enumerated() { decoder.begin(slot: slot, window: sequence.window) }
            var left = sequences.map { $0.tokens[...] }
            var last: [Int: [Float]] = [:]
            while left.contains(where: { !$0.isEmpty }) {
                let inputs = left.indices.filter { !left[$0].isEmpty }.map { slot in
                    let count = max(1, left[slot].count - 2)
                    defer { left[slot] = left[slot].dropFirst(count) }
                    return WhisperDecoder.Input(slot: slot, tokens: Array(left[slot].prefix(count)))
                }
                let output = decoder.step(inputs)
                for (row, input) in inputs.enumerated() { last[input.slot] = logits(output, row) }
            }
            for slot in sequences.indices { #expect(last[slot] == alone[slot]) }
        }
    }

    @Test func `a sequence's logits have the same bits in a batch of any size`() throws {
        let small = try SmallWhisper()
        for precision in Precision.allCases {
            let model = try WhisperModel(folder: small.folder, precision: precision, threads: 2)
            let window = model.window(for: model.encode(small.spectrogram))
            func run(_ slots: Range<Int>) -> [[Float]] {
                let decoder = WhisperDecoder(model: model, slots: slots.count)
                for slot in 0..<slots.count { decoder.begin(slot: slot, window: window) }
                _ = decoder.step((0..<slots.count).map { .init(slot: $0, tokens: [1, 2, 3 + slots.lowerBound + $0]) })
                let output = decoder.step((0..<slots.count).map { .init(slot: $0, tokens: [40 + $0 % 2]) })
                return (0..<slots.count).map { logits(output, $0) }
            }
            let alone = run(0..<1)[0]
            for count in [3, 8, 17] { #expect(run(0..<count)[0] == alone) }
            #expect(run(0..<17)[8] == run(8..<11)[0])
        }
    }

    @Test func `beams go on from what they are rearranged to`() throws {
        try withModel(.float32) { model, small in
            let window = model.window(for: model.encode(small.spectrogram))
            let decoder = WhisperDecoder(model: model, slots: 4)
            for slot in 0..<4 { decoder.begin(slot: slot, window: window) }
            _ = decoder.step([[1], [2], [3, 3], [4]].enumerated().map { .init(slot: $0.offset, tokens: $0.element) })
            // 0 and 1 change places, 2 becomes a copy of 1's sequence, 3 of its own: then [2], [1], [2], [4].
            decoder.rearrange([0, 1, 2, 3], from: [1, 0, 1, 3])
            #expect((0..<4).map(decoder.length) == [1, 1, 1, 1])
            // 3 becomes a copy of a slot that stays: then [2], [1], [2], [2].
            decoder.rearrange([3], from: [0])
            let output = decoder.step((0..<4).map { .init(slot: $0, tokens: [20 + $0]) })
            for (slot, history) in [[2, 20], [1, 21], [2, 22], [2, 23]].enumerated() {
                let other = WhisperDecoder(model: model, slots: 1)
                other.begin(slot: 0, window: window)
                let expected = logits(other.step([.init(slot: 0, tokens: history)]))
                #expect(difference(logits(output, slot), expected) < 1e-5)
            }
            // Cut back to one token and tried again.
            decoder.truncate(slot: 1, to: 1)
            let again = decoder.step([.init(slot: 1, tokens: [21])])
            #expect(difference(logits(again), logits(decoder.step([.init(slot: 2, tokens: [5])]))) > 1e-3)
            #expect(decoder.length(ofSlot: 1) == 2)
        }
    }

    @Test func `the benchmark reports times of every part and the tokens`() throws {
        try withModel(.float32) { model, small in
            let prompt = try small.integers("prompt")
            let report = SpeechBenchmark(tokens: 5, repeats: 2, batch: 2, prompt: prompt)
                .run(model, spectrogram: small.spectrogram)
            #expect(report.encoder.count == 2 && report.prefill.count == 2 && report.token.count == 2)
            #expect((report.encoder + report.prefill + report.token).allSatisfy { $0 > 0 })
            #expect(report.json["tokens"] == 5)
            #expect(report.json["precision"] == "f32")
        }
    }

    @Test func `says what is wrong with a configuration or the weights`() throws {
        let small = try SmallWhisper()
        let config = try #require(small.golden["config"])
        guard case .object(let members) = config else { return }
        for (key, value) in [
            ("d_model", JSONValue.integer(72)), ("d_model", .integer(0)), ("d_model", "64"),
            ("vocab_size", .integer(301)),
            ("encoder_attention_heads", .integer(3)), ("decoder_layers", .integer(3)), ("model_type", "bert"),
            ("scale_embedding", true), ("num_mel_bins", .integer(-20)), ("max_target_positions", nil),
            ("encoder_ffn_dim", .integer(.max)),
        ] {
            var changed = members
            changed[key] = value
            try SmallWhisper.write(JSONValue.object(changed).utf8, to: small.folder + "/config.json")
            #expect { _ = try WhisperModel(folder: small.folder) } throws: {
                ($0 as? RecognitionError)?.code == .modelInvalid
            }
        }
        #expect { _ = try WhisperModel(folder: "/nowhere") } throws: {
            ($0 as? RecognitionError)?.code == .modelMissing
        }
    }
}
