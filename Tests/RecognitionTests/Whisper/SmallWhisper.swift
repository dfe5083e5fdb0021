// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON
import TestPrograms
import Testing

/// The small checkpoint of Tests/Fixtures/whisper/small_whisper.py, made anew from its generator in a folder of its own.
struct SmallWhisper {
    var folder: String { place.path }
    private let place: TemporaryFolder
    let golden: JSONValue

    /// How numbers are stored.
    enum Storage: String, CaseIterable {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"

        /// The bits of the nearest number that can be stored; ties to even.
        func bits(_ value: Float) -> [UInt8] {
            switch self {
            case .float32: withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
            case .float16: withUnsafeBytes(of: Float16(value).bitPattern.littleEndian, Array.init)
            case .bfloat16:
                withUnsafeBytes(
                    of: UInt16((value.bitPattern + 0x7FFF + value.bitPattern >> 16 & 1) >> 16).littleEndian, Array.init)
            }
        }

        /// The nearest number that can be stored.
        func rounded(_ value: Float) -> Float {
            let bits = bits(value).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return switch self {
            case .float32: Float(bitPattern: bits)
            case .float16: Float(Float16(bitPattern: UInt16(bits)))
            case .bfloat16: Float(bitPattern: bits << 16)
            }
        }
    }

    /// - Parameters:
    ///   - storage: How the weights are stored.
    ///   - rounding: What they are rounded to before.
    ///   - shards: How many files they are in.
    init(storage: Storage = .float32, rounding: Storage = .float32, shards: Int = 1) throws {
        let fixtures =
            String(#filePath.dropLast("RecognitionTests/Whisper/SmallWhisper.swift".count)) + "Fixtures/whisper/"
        golden = try JSONValue(
            parsing: Self.contents(fixtures + "whisper_golden.json"),
            limits: JSONLimits(bytes: 1 << 20, depth: 8, stringBytes: 1 << 16))
        place = try TemporaryFolder()
        let config = try #require(golden["config"])
        try Self.write(config.utf8, to: folder + "/config.json")
        let shapes = Self.shapes(config)
        let size = (shapes.count + shards - 1) / shards
        var places = JSONObject()
        for shard in 0..<shards {
            let part = Array(shapes[shard * size..<min((shard + 1) * size, shapes.count)])
            let name = shards == 1 ? "model.safetensors" : "model-\(shard + 1)-of-\(shards).safetensors"
            for (tensor, _) in part { places[tensor] = .string(name) }
            try Self.write(
                Self.file(part, type: storage) { name, shape in
                    Self.weights(name, shape).flatMap { storage.bits(rounding.rounded($0)) }
                }, to: folder + "/" + name)
        }
        if shards > 1 {
            let index = JSONValue.object(["weight_map": .object(places)])
            try Self.write(index.utf8, to: folder + "/model.safetensors.index.json")
        }
    }

    /// The numbers of a golden value.
    func numbers(_ name: String) throws -> [Float] {
        guard case .array(let values)? = golden[name] else { throw Missing(name: name) }
        return values.map { Float($0.double ?? .nan) }
    }

    func integers(_ name: String) throws -> [Int] {
        guard case .array(let values)? = golden[name] else { throw Missing(name: name) }
        return values.map { Int($0.integer ?? -1) }
    }

    /// [bins, frames], as in the script.
    var spectrogram: [Float] { Self.numbers("spectrogram", 20 * 150).map { 1.25 * $0 } }

    struct Missing: Error { let name: String }

    // MARK: The generator

    private static func numbers(_ name: String, _ count: Int) -> [Float] {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            return Float(z >> 40) / Float(1 << 23) - 1
        }
    }

    private static func weights(_ name: String, _ shape: [Int]) -> [Float] {
        let values = numbers(name, shape.reduce(1, *))
        if name.contains("layer_norm.weight") { return values.map { 1 + 0.25 * $0 } }
        if shape.count == 1 { return values.map { 0.125 * $0 } }
        return values.map { (name.contains("embed") ? 0.5 : 0.1875) * $0 }
    }

    /// The tensors that a `config.json` asks for.
    private static func shapes(_ config: JSONValue) -> [(String, [Int])] {
        func size(_ key: String) -> Int { Int(config[key]?.integer ?? 0) }
        let (width, bins) = (size("d_model"), size("num_mel_bins"))
        var shapes: [(String, [Int])] = [
            ("model.encoder.conv1.weight", [width, bins, 3]), ("model.encoder.conv1.bias", [width]),
            ("model.encoder.conv2.weight", [width, width, 3]), ("model.encoder.conv2.bias", [width]),
            ("model.encoder.embed_positions.weight", [size("max_source_positions"), width]),
            ("model.decoder.embed_positions.weight", [size("max_target_positions"), width]),
            ("model.decoder.embed_tokens.weight", [size("vocab_size"), width]),
        ]
        func addNorm(_ name: String) { shapes += [(name + ".weight", [width]), (name + ".bias", [width])] }
        func addAttention(_ name: String) {
            for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                shapes.append((name + part + ".weight", [width, width]))
                if part != "k_proj" { shapes.append((name + part + ".bias", [width])) }
            }
        }
        for part in ["encoder", "decoder"] {
            let inner = size(part + "_ffn_dim")
            for index in 0..<size(part + "_layers") {
                let name = "model.\(part).layers.\(index)."
                addAttention(name + "self_attn.")
                addNorm(name + "self_attn_layer_norm")
                if part == "decoder" {
                    addAttention(name + "encoder_attn.")
                    addNorm(name + "encoder_attn_layer_norm")
                }
                addNorm(name + "final_layer_norm")
                shapes += [
                    (name + "fc1.weight", [inner, width]), (name + "fc1.bias", [inner]),
                    (name + "fc2.weight", [width, inner]), (name + "fc2.bias", [width]),
                ]
            }
            addNorm("model.\(part).layer_norm")
        }
        return shapes
    }

    /// A `model.safetensors` of the shapes that a `config.json` asks for.
    static func checkpoint(_ config: JSONValue) -> [UInt8] {
        file(shapes(config)) { weights($0, $1).flatMap { Storage.float32.bits($0) } }
    }

    private static func file(_ shapes: [(String, [Int])], type: Storage = .float32, data: (String, [Int]) -> [UInt8])
        -> [UInt8]
    {
        var header = JSONObject()
        var bytes: [UInt8] = []
        for (name, shape) in shapes {
            let start = bytes.count
            bytes += data(name, shape)
            header[name] = [
                "dtype": .string(type.rawValue), "shape": .array(shape.map { .integer(Int64($0)) }),
                "data_offsets": [.integer(Int64(start)), .integer(Int64(bytes.count))],
            ]
        }
        let text = JSONValue.object(header).utf8
        return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text + bytes
    }

    // MARK: Files

    static func contents(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "rb"), "can't open \(path)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, file)
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        unlink(path)
        let file = try #require(fopen(path, "wb"), "can't write \(path)")
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
