// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestRandom
import Testing
import TextEncoders

/// Folders of encoders and adapters that are damaged or made to do harm: each is refused with a typed error, or works.
///
/// Set ORACY_FUZZ_ROUNDS for more rounds than the few hundred of a test run.
@Suite("Hostile encoders")
struct HostileEncoderTests {
    private static let rounds = ProcessInfo.processInfo.environment["ORACY_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 60

    private static let telling = [
        "1152921504606846976", "-1", "null", "[", "{}", "\"\"", "../", "1e300", "0", "I8", "F64", "\\u0000", ",",
    ].map { Array($0.utf8) }

    /// Bytes with a few of them changed; of weights mostly the header, which can mislead.
    private static func changed(_ bytes: [UInt8], _ name: String, _ random: inout SplitMix) -> [UInt8] {
        guard name.hasSuffix(".safetensors"), random.next(in: 0...3) > 0 else {
            return random.mutate(bytes, telling: telling)
        }
        let end = 8 + min(bytes.count - 8, bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) })
        let header = random.mutate(Array(bytes[8..<end]), telling: telling)
        // With a right length the JSON is read, and with a wrong one it is not.
        let length = random.next(in: 0...5) > 0 ? header.count : end - 8
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + bytes[end...]
    }

    private func attack(
        _ fixture: String, seed: UInt64, open: (_ folder: String) throws(TextEncoderError) -> TextEncoder
    ) throws -> (refused: Int, rounds: Int) {
        var random = SplitMix(seed: seed)
        let folder = try SpoiledFolder(of: "\(EncoderGolden.fixtures)/\(fixture)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        var (refused, rounds) = (0, 0)
        for name in names {
            let good = try folder.bytes(name)
            for _ in 0..<Self.rounds {
                try folder.write(name, Self.changed(good, name, &random))
                rounds += 1
                do throws(TextEncoderError) {
                    let encoder = try open(folder.path)
                    _ = encoder.tag(["Take one tablet."])
                    _ = encoder.classify(["Two."])
                    _ = encoder.encode(["", "é"])
                    _ = encoder.classify(pairs: [.init("One.", "Two.")])
                } catch {
                    #expect(!error.message.isEmpty)
                    refused += 1
                }
            }
            try folder.write(name, good)
        }
        return (refused, rounds)
    }

    @Test(arguments: ["bert", "bert-tags", "distilbert-classes", "xlm-roberta-classes"])
    func `Opens or refuses folders that were changed`(fixture: String) throws {
        let (refused, rounds) = try attack(fixture, seed: 5) { folder throws(TextEncoderError) in
            _ = try TextEncoder.check(.init(folder: folder))
            return try TextEncoder(.init(folder: folder))
        }
        #expect(refused > rounds / 4, "\(refused) of \(rounds)")
    }

    @Test(arguments: ["adapter-tags", "adapter-classes"])
    func `Opens or refuses adapters that were changed`(fixture: String) throws {
        let base = "\(EncoderGolden.fixtures)/bert-tags"
        let (refused, rounds) = try attack(fixture, seed: 6) { folder throws(TextEncoderError) in
            _ = try TextEncoder.check(adapter: folder)
            return try TextEncoder(.init(folder: base, adapter: folder))
        }
        #expect(refused > rounds / 4, "\(refused) of \(rounds)")
    }

    @Test func `Opens or refuses weights of adapters that nobody vouches for`() throws {
        let base = "\(EncoderGolden.fixtures)/bert-tags"
        let digest = try #require(try AdapterDescription(folder: "\(EncoderGolden.fixtures)/adapter-tags")).baseDigest
        let source = try SpoiledFolder(of: "\(EncoderGolden.fixtures)/adapter-tags")
        try source.set("adapter.json", "weights_sha256", nil)
        var random = SplitMix(seed: 7)
        let good = try source.bytes("adapter.safetensors")
        var refused = 0
        for _ in 0..<Self.rounds {
            try source.write("adapter.safetensors", Self.changed(good, "adapter.safetensors", &random))
            do throws(TextEncoderError) {
                _ = try TextEncoder(.init(folder: base, adapter: source.path, weightsDigest: digest)).tag(["One."])
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }
}
