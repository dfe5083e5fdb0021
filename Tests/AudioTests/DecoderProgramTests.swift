// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Foundation
import TestPrograms
import Testing

@testable import Audio

/// The program itself, by its descriptors and exit statuses.
@Suite("oracy-decode")
struct DecoderProgramTests {
    private func run(_ arguments: [String], input: Int32) throws -> (ending: DecoderProcess.Ending, samples: [Float]) {
        var samples: [Float] = []
        let ending = try DecoderProcess(executable: BuiltProgram.decoder, arguments: arguments, input: input)
            .run(until: .now + .seconds(60), sampleLimit: 1 << 20, Cancellation(), into: &samples)
        return (ending, samples)
    }

    @Test func `decodes from a pipe what it decodes from a file`() async throws {
        let path = try Fixtures.encode("piped.webm", ["-c:a", "libopus", "-f", "webm", "-live", "1"], isLive: true)
        let expected = try await Fixtures.decoder.decode(fileAt: path)
        var ends: [Int32] = [-1, -1]
        try #require(oracy_pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        defer { close(reader) }
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        Foundation.Thread.detachNewThread {
            // A thousand bytes at a time, so that reads end anywhere.
            for start in stride(from: 0, to: bytes.count, by: 1000) {
                _ = bytes[start..<min(bytes.count, start + 1000)].withUnsafeBytes {
                    write(writer, $0.baseAddress, $0.count)
                }
            }
            close(writer)
        }
        let (ending, samples) = try run([], input: reader)
        #expect(ending.status == .exited(0))
        #expect(samples == expected.waveform.samples)
    }

    @Test(arguments: [
        (["--max-seconds", "0"], 64), (["--max-seconds"], 64), (["--fast"], 64), (["--help"], 0), ([], 12),
    ])
    func `answers with an exit status of its own`(arguments: [String], status: Int) throws {
        let null = oracy_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
        defer { close(null) }
        let input = fcntl(null, F_DUPFD_CLOEXEC, 3)
        defer { close(input) }
        let (ending, _) = try run(arguments, input: input)
        #expect(ending.status == .exited(Int32(status)))
        #expect(ending.errors.count { $0 == UInt8(ascii: "\n") } == (status == 0 ? 0 : 1))
    }
}
