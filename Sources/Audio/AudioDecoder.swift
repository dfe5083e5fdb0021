// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import JSON
import Threads

/// Turns stored audio files into samples, each in a process of its own that can do nothing but compute.
///
/// The files come from strangers and the parsers of audio formats are large C programs. Whatever a file does to its
/// decoder, that one call fails with an ``AudioError`` and nothing else is touched.
///
/// ```swift
/// let decoder = AudioDecoder()
/// let audio = try await decoder.decode(fileAt: "answer.webm")
/// print(audio.source.format, audio.waveform.duration)  // webm/opus 12.4
/// ```
public final class AudioDecoder: Sendable {
    private let executable: String?
    private let limits: DecodingLimits
    private let pool: ThreadPool

    /// Creates a decoder; nothing is started yet.
    ///
    /// - Parameters:
    ///   - executable: The path of `oracy-decode`. When nil it is the one beside our own executable, else the first on
    ///     `PATH`.
    ///   - limits: What each decoder may use.
    public init(executable: String? = nil, limits: DecodingLimits = DecodingLimits()) {
        self.executable = executable ?? DecoderLocation.find()
        self.limits = limits
        pool = ThreadPool(name: "decode", threads: limits.concurrentDecoders)
    }

    deinit { pool.close() }

    /// Decodes a file to 16 kHz mono.
    ///
    /// Cancelling the task kills the decoder.
    ///
    /// - Throws: ``AudioError``.
    public func decode(fileAt path: String) async throws -> DecodedAudio {
        try await decode(fileAt: path, limits)
    }

    /// Decodes only the first second of a file, to refuse early and at little cost what is no recording.
    ///
    /// - Throws: ``AudioError`` for what the beginning shows; a recording that is too long or damaged later passes.
    public func check(fileAt path: String) async throws {
        var beginning = limits
        beginning.maximumSeconds = 1
        do {
            _ = try await decode(fileAt: path, beginning)
        } catch let error as AudioError where error.code == .tooLong {
            return
        }
    }

    private func decode(fileAt path: String, _ limits: DecodingLimits) async throws -> DecodedAudio {
        return try await withDecoder { executable, cancellation in
            let file = oracy_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0)
            guard file >= 0 else { throw AudioError(.unreadable, "The stored recording can't be opened.") }
            defer { close(file) }
            var samples: [Float] = []
            let ending = try DecoderProcess(
                executable: executable, arguments: ["--max-seconds", "\(limits.maximumSeconds)"], input: file
            ).run(until: .now + limits.wallTime, sampleLimit: limits.maximumSamples, cancellation, into: &samples)
            let report = try DecoderReport(ending, sampleCount: samples.count, limits: limits)
            return DecodedAudio(
                waveform: Waveform(samples: samples), source: report.source, isDamaged: report.isDamaged)
        }
    }

    /// Lets the decoder show that its sandbox works here: opening files, connecting and starting programs must fail.
    ///
    /// - Returns: Each act that was tried and what became of it, such as `socket: EPERM`.
    /// - Throws: ``AudioError``, with code `decoderRefused` when anything was allowed.
    public func selfTest() async throws -> [(act: String, result: String)] {
        let limits = limits
        return try await withDecoder { executable, cancellation in
            let null = oracy_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
            guard null >= 0 else { throw AudioError(.unreadable, "/dev/null can't be opened.") }
            defer { close(null) }
            let ending = try DecoderProcess(executable: executable, arguments: ["--self-test"], input: null)
                .run(until: .now + limits.wallTime, cancellation)
            guard case .exited(let status) = ending.status, status == 0,
                let members = try? JSONValue(parsing: ending.errors).object?.members
            else { throw AudioError(.decoderRefused, "The audio decoder's sandbox doesn't work on this system.") }
            return members.compactMap { member in member.value.string.map { (act: member.key, result: $0) } }
        }
    }

    private func withDecoder<Value: Sendable>(
        _ body: @escaping @Sendable (_ executable: String, Cancellation) throws -> Value
    ) async throws -> Value {
        guard let executable else {
            throw AudioError(
                .decoderMissing,
                "The program oracy-decode isn't installed. Put it beside oracy, or on PATH.")
        }
        let cancellation = try Cancellation()
        return try await withTaskCancellationHandler {
            do {
                return try await pool.runUnlessCancelled { try body(executable, cancellation) }
            } catch is CancellationError {
                throw AudioError(.cancelled, "Decoding was cancelled.")
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}
