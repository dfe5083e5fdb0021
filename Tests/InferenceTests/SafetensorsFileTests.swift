// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Inference
import JSON
import TestPrograms
import TestRandom
import Testing

@Suite("Safetensors files")
struct SafetensorsFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Header and data of two small tensors, as the format's reference implementation writes them.
    private static let sample: [UInt8] = file(
        #"{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
            + #""a":{"dtype":"F16","shape":[2],"data_offsets":[24,28]},"c":{"dtype":"BF16","shape":[],"data_offsets":[28,30]}}"#,
        [1, 2, 3, 4, 5, 6].flatMap { bytes(Float($0).bitPattern) } + [0x00, 0x3C, 0x00, 0xC0, 0x80, 0x3F])

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }

    private static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
        bytes(UInt64(header.utf8.count)) + Array(header.utf8) + data
    }

    private func open(_ bytes: [UInt8]) throws -> WeightFiles {
        try folder.write(bytes, to: "model.safetensors")
        return try WeightFiles(folder: folder.path)
    }

    @Test func `reads float, half and brain float tensors, widened`() throws {
        let weights = try open(Self.sample)
        #expect(try weights.tensor("b", shape: [2, 3]).array == [1, 2, 3, 4, 5, 6])
        #expect(try weights.tensor("a", shape: [2]).array == [1, -2])
        #expect(try weights.tensor("c", shape: []).array == [1])
        #expect(weights.shape(of: "b") == [2, 3])
        #expect(weights.names.sorted() == ["a", "b", "c"])
    }

    @Test func `says what is missing, of another shape or of a kind that it does not read`() throws {
        let weights = try open(Self.sample)
        #expect { _ = try weights.tensor("d", shape: [1]) } throws: { ($0 as? InferenceError)?.code == .missingTensor }
        #expect { _ = try weights.tensor("b", shape: [3, 2]) } throws: { ($0 as? InferenceError)?.code == .wrongShape }
        let integers = try open(Self.file(#"{"i":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}"#, [1, 2]))
        #expect { _ = try integers.tensor("i", shape: [2]) } throws: { ($0 as? InferenceError)?.code == .unsupported }
    }

    @Test(arguments: [
        ("", [UInt8]()),
        ("[]", []),
        ("{", []),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, [0, 0, 0]),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0, 0]),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, []),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, [0, 0, 0, 0]),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, [0, 0, 0, 0]),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}"#, [0, 0, 0, 0]),
        (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
        (
            #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
            [0, 0, 0, 0]
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
            [0, 0, 0, 0]
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
            [0, 0]
        ),
    ])
    func `refuses a file that contradicts itself`(header: String, data: [UInt8]) {
        #expect { _ = try open(Self.file(header, data)) } throws: { ($0 as? InferenceError)?.code == .malformed }
    }

    @Test func `refuses lengths beyond the file and beyond reason`() {
        for length in [UInt64(Self.sample.count), 1 << 26, .max] {
            let bytes = Self.bytes(length) + Self.sample.dropFirst(8)
            #expect { _ = try open(bytes) } throws: { ($0 as? InferenceError)?.code == .malformed }
        }
        #expect { _ = try open([1, 2, 3]) } throws: { ($0 as? InferenceError)?.code == .malformed }
        #expect { _ = try open([]) } throws: { ($0 as? InferenceError)?.code == .unreadable }
        #expect { _ = try WeightFiles(folder: "/nowhere") } throws: { ($0 as? InferenceError)?.code == .unreadable }
    }

    @Test func `reads shards by their index, and nothing outside of the folder`() throws {
        try folder.write(
            Self.file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, Self.bytes(Float(7).bitPattern)),
            to: "model-00001-of-00002.safetensors")
        try folder.write(
            Self.file(#"{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, Self.bytes(Float(8).bitPattern)),
            to: "model-00002-of-00002.safetensors")
        func index(_ map: String) throws {
            try folder.write(Array(#"{"metadata":{},"weight_map":{\#(map)}}"#.utf8), to: "model.safetensors.index.json")
        }
        try index(#""a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors""#)
        let weights = try WeightFiles(folder: folder.path)
        #expect(try weights.tensor("a", shape: [1]).array == [7])
        #expect(try weights.tensor("b", shape: [1]).array == [8])
        for map in [
            #""a":"model-00002-of-00002.safetensors""#, #""a":"../model.safetensors""#, #""a":"/etc/passwd""#,
            #""a":3"#, "",
        ] {
            try index(map)
            #expect { _ = try WeightFiles(folder: folder.path) } throws: { ($0 as? InferenceError)?.code == .malformed }
        }
        try index(#""a":"model-00003-of-00002.safetensors""#)
        #expect { _ = try WeightFiles(folder: folder.path) } throws: { ($0 as? InferenceError)?.code == .unreadable }
    }

    @Test func `survives 2,000 mutations with a typed error or valid tensors`() throws {
        var random = SplitMix(seed: 2026)
        let interesting = Array(#"{}[]",:-0129eE.\u"#.utf8) + [0x00, 0xFF, 0x80]
        var refused = 0
        for _ in 0..<2000 {
            var bytes = Self.sample
            for _ in 0..<random.next(in: 1...4) {
                let place = random.next(in: 0...max(0, bytes.count - 1))
                switch random.next(in: 0...4) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next() as UInt64)
                case 1: bytes[place] = interesting[random.next(in: 0...interesting.count - 1)]
                case 2: bytes.removeLast(random.next(in: 0...bytes.count / 2))
                case 3: bytes.insert(contentsOf: bytes[..<min(place, 40)], at: place)
                default:
                    bytes[random.next(in: 0...min(7, bytes.count - 1))] = UInt8(
                        truncatingIfNeeded: random.next() as UInt64)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            do {
                let weights = try open(bytes)
                for name in weights.names {
                    _ = try? weights.tensor(name, shape: weights.shape(of: name) ?? [])
                }
            } catch is InferenceError {
                refused += 1
            }
        }
        #expect(refused > 1000)
    }
}
