// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestRandom
import Testing

@testable import Audio

/// Programs that stand in for `oracy-decode` and misbehave.
@Suite("A misbehaving decoder")
struct DecoderFaultTests {
    private func failure(of script: String, _ name: String, wallTime: Duration = .seconds(20)) async throws
        -> AudioError?
    {
        let decoder = AudioDecoder(
            executable: try Fixtures.script(name, script),
            limits: DecodingLimits(maximumSeconds: 1, wallTime: wallTime))
        return await #expect(throws: AudioError.self) { try await decoder.decode(fileAt: Fixtures.speechFile) }
    }

    @Test func `that hangs is killed and fails its recording`() async throws {
        let error = try await failure(of: "exec /bin/sleep 1000", "hang", wallTime: .milliseconds(200))
        #expect(error?.code == .decoderTimedOut)
    }

    @Test func `that closes its output and then hangs is killed`() async throws {
        let error = try await failure(
            of: "exec >&- 2>&-; exec /bin/sleep 1000", "quiet-hang", wallTime: .milliseconds(200))
        #expect(error?.code == .decoderTimedOut)
    }

    @Test func `that crashes fails its recording`() async throws {
        let error = try await failure(of: "kill -SEGV $$", "crash")
        #expect(error?.code == .decoderCrashed)
    }

    @Test func `that uses up its processor time fails its recording`() async throws {
        let error = try await failure(of: "kill -XCPU $$", "busy")
        #expect(error?.code == .decoderTimedOut)
    }

    @Test func `that floods its output is killed`() async throws {
        let error = try await failure(of: "exec /bin/cat /dev/zero", "flood")
        #expect(error?.code == .decoderCrashed)
    }

    @Test func `that floods its error output is read to the end without keeping it`() async throws {
        let error = try await failure(of: "/usr/bin/head -c 3000000 /dev/zero >&2; exit 1", "error-flood")
        #expect(error?.code == .decoderCrashed)
    }

    @Test(arguments: [
        "exit 0",
        "printf '\\0\\0\\0\\0'; echo '{' >&2",
        "printf '\\0\\0\\0\\0'; echo '{\"samples\":2}' >&2",
        """
        printf '\\0\\0\\0\\0\\0'; echo '{"container":"wav","codec":"pcm","sample_rate":1,"channels":1,"samples":1,\
        "damaged":false}' >&2
        """,
    ])
    func `that reports anything but what it sent is not believed`(script: String) async throws {
        let error = try await failure(of: script, "liar-\(script.utf8.count)")
        #expect(error?.code == .decoderCrashed)
    }

    @Test func `is killed, with what it started, when the task is cancelled`() async throws {
        let pipe = Fixtures.folder.appending(path: "started").path
        #expect(mkfifo(pipe, 0o600) == 0)
        // Tells the numbers of both processes, then hangs.
        let script = try Fixtures.script("cancelled", "/bin/sleep 1000 & echo $$ $! >\(pipe); wait")
        let decoder = AudioDecoder(executable: script, limits: DecodingLimits())
        let decoding = Task { try await decoder.decode(fileAt: Fixtures.speechFile) }
        let processes = await withCheckedContinuation { continuation in
            Foundation.Thread.detachNewThread {
                let text = firstLine(ofPipe: pipe)
                decoding.cancel()
                continuation.resume(returning: text.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) })
            }
        }
        #expect(processes.count == 2)
        let error = await #expect(throws: AudioError.self) { try await decoding.value }
        #expect(error?.code == .cancelled)
        // Killed and reaped: there is no such process any more.
        if let process = processes.first { #expect(kill(process, 0) == -1 && errno == ESRCH) }
    }

    private func firstLine(ofPipe path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 100)
        return fgets(&line, 100, file) == nil
            ? "" : String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    @Test func `inherits three descriptors, no environment and no blocked signals`() throws {
        let script = try Fixtures.script(
            "inherits",
            "/bin/ls /proc/$$/fd; /usr/bin/env; /bin/grep -E 'SigBlk|SigIgn' /proc/self/status"
        )
        let null = open("/dev/null", O_RDONLY)
        let leaked = open("/dev/null", O_RDONLY)
        defer {
            close(null)
            close(leaked)
        }
        let input = fcntl(null, F_DUPFD_CLOEXEC, 3)
        defer { close(input) }
        let ending = try DecoderProcess(executable: script, arguments: [], input: input)
            .run(until: .now + .seconds(20), Cancellation())
        #expect(ending.status == .exited(0))
        let lines = String(decoding: ending.errors, as: UTF8.self).split(separator: "\n").map(String.init)
        // The shell keeps its script open as 10.
        #expect(Set(lines.compactMap { Int($0) }).subtracting([10]) == [0, 1, 2])
        // The shell adds these itself.
        let variables = lines.filter { $0.contains("=") }.map { $0.prefix { $0 != "=" } }
        #expect(Set(variables).subtracting(["PWD", "OLDPWD", "SHLVL", "_"]).isEmpty)
        #expect(lines.contains("SigBlk:\t0000000000000000"))
        // Signals 32 and 33 are the C library's own.
        #expect(lines.contains { $0.hasPrefix("SigIgn:") && $0.hasSuffix("0000000") })
    }

    @Test func `sends samples in pieces of any size`() throws {
        for seed in UInt64(0)..<20 {
            var generator = SplitMix(seed: seed)
            let samples = (0..<500).map { _ in Float.random(in: -1...1, using: &generator) }
            let bytes = samples.withUnsafeBytes { Array($0) }
            var stream = SampleStream(limit: 500)
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(.random(in: 1...11, using: &generator)))
                rest = rest.dropFirst(piece.count)
                try piece.withUnsafeBytes { try stream.append($0) }
            }
            #expect(stream.samples == samples && stream.isAligned, "seed \(seed)")
        }
    }
}
