// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON
import Testing

/// The small checkpoint of Tests/Fixtures/whisper/small_whisper.py, made anew from its generator in a folder of its own.
struct SmallWhisper {
    let folder: String
    let golden: JSONValue

    init() throws {
        let fixtures =
            String(#filePath.dropLast("RecognitionTests/Whisper/SmallWhisper.swift".count)) + "Fixtures/whisper/"
        golden = try JSONValue(
            parsing: Self.contents(fixtures + "whisper_golden.json"),
            limits: JSONLimits(bytes: 1 << 20, depth: 8, stringBytes: 1 << 16))
        var template = Array("/tmp/oracy-whisper-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        folder = String(cString: made)
        let config = try #require(golden["config"])
        try Self.write(config.utf8, to: folder + "/config.json")
        try Self.write(Self.checkpoint(config), to: folder + "/model.safetensors")
    }

    func remove() {
        for name in ["/config.json", "/model.safetensors", "/model.safetensors.index.json"] { unlink(folder + name) }
        rmdir(folder)
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

    private static func checkpoint(_ config: JSONValue) throws -> [UInt8] {
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
        var header = JSONObject()
        var data: [UInt8] = []
        for (name, shape) in shapes {
            let start = data.count
            for value in weights(name, shape) {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
            header[name] = [
                "dtype": "F32", "shape": .array(shape.map { .integer(Int64($0)) }),
                "data_offsets": [.integer(Int64(start)), .integer(Int64(data.count))],
            ]
        }
        let text = JSONValue.object(header).utf8
        return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text + data
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
