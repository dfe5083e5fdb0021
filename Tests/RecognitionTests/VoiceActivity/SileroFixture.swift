// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestPrograms
import TestRandom

@testable import Recognition

/// Weights of Silero VAD: the true ones where `scripts/bootstrap` could fetch them, and made-up ones of the same shapes.
enum SileroFixture {
    /// What Tests/Fixtures/vad/golden.py has written.
    static let golden = Result { try WhisperGolden.json("vad/golden.json") }

    /// Where `scripts/bootstrap` puts the weights.
    static let weights = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../.models/silero-vad/silero_vad_16k.safetensors").standardized.path

    /// Whether the true weights are there.
    static var hasWeights: Bool { FileManager.default.fileExists(atPath: weights) }

    /// Uniform in -0.5..<0.5, exact in single precision; as in golden.py.
    static func numbers(seed: UInt64, count: Int, factor: Float = 1) -> [Float] {
        var generator = SplitMix(seed: seed)
        return (0..<count).map { _ in (Float(generator.next() >> 40) / 0x1p24 - 0.5) * factor }
    }

    /// 2 s of noise that comes and goes; as in golden.py.
    static let noise: [Float] = numbers(seed: 7, count: 32_000).enumerated().map { index, value in
        value * Float(index / 4000 % 3) / 2
    }

    static let shapes: [(name: String, shape: [Int], factor: Float)] = [
        ("stft_conv.weight", [258, 1, 256], 0.25),
        ("conv1.weight", [128, 129, 3], 0.25),
        ("conv1.bias", [128], 0.25),
        ("conv2.weight", [64, 128, 3], 0.25),
        ("conv2.bias", [64], 0.25),
        ("conv3.weight", [64, 64, 3], 0.5),
        ("conv3.bias", [64], 0.25),
        ("conv4.weight", [128, 64, 3], 0.5),
        ("conv4.bias", [128], 0.25),
        ("lstm_cell.weight_ih", [512, 128], 0.5),
        ("lstm_cell.weight_hh", [512, 128], 0.5),
        ("lstm_cell.bias_ih", [512], 0.5),
        ("lstm_cell.bias_hh", [512], 0.5),
        ("final_conv.weight", [1, 128, 1], 2),
        ("final_conv.bias", [1], 0.5),
    ]

    private static let values: [[Float]] = shapes.enumerated().map { index, entry in
        numbers(seed: 1000 + UInt64(index), count: entry.shape.reduce(1, *), factor: entry.factor)
    }

    /// A safetensors file of made-up weights.
    ///
    /// - Parameter change: Alters a tensor before it is written.
    static func madeUp(
        _ change: (_ name: String, _ shape: inout [Int], _ values: inout [Float]) -> Void = { _, _, _ in }
    ) -> [UInt8] {
        var header: JSONObject = [:]
        var data: [UInt8] = []
        for (index, entry) in shapes.enumerated() {
            var shape = entry.shape
            var values = Self.values[index]
            change(entry.name, &shape, &values)
            let start = data.count
            data += values.withUnsafeBytes { Array($0) }
            header[entry.name] = [
                "dtype": "F32", "shape": .array(shape.map { .integer(Int64($0)) }),
                "data_offsets": [.integer(Int64(start)), .integer(Int64(data.count))],
            ]
        }
        let text = Array(JSONValue.object(header).text.utf8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + data
    }

    /// A detector with made-up weights.
    static let random = Result { try detector(madeUp()) }

    static func detector(_ file: [UInt8]) throws -> SileroDetector {
        let folder = try TemporaryFolder()
        let path = folder.path("weights.safetensors")
        try Data(file).write(to: URL(filePath: path))
        return try SileroDetector(weights: path)
    }
}
