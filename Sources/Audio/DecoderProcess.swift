// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// A running `oracy-decode`: started, read, and in every case ended and reaped.
///
/// All calls block: use it on a thread of our own.
struct DecoderProcess: ~Copyable {
    /// How a decoder ended.
    enum Status: Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// What is left of a decoder.
    struct Ending {
        var status: Status
        /// What it wrote to descriptor 2; at most ``errorLimit`` bytes.
        var errors: [UInt8]
        /// Whether it sent whole samples only.
        var isAligned: Bool
    }

    private let process: pid_t
    private let output: Int32
    private let errors: Int32

    /// The most bytes of descriptor 2 that are kept.
    private static let errorLimit = 16 << 10
    private static let chunkSize = 64 << 10

    /// Starts the program with `input` as descriptor 0 and nothing else of ours: no environment, no descriptors.
    ///
    /// - Throws: ``AudioError``: `decoderMissing`, `decoderRefused`.
    init(executable: String, arguments: [String], input: Int32) throws(AudioError) {
        let (outputReader, outputWriter) = try Self.pipe()
        let (errorReader, errorWriter): (Int32, Int32)
        do throws(AudioError) {
            (errorReader, errorWriter) = try Self.pipe()
        } catch {
            close(outputReader)
            close(outputWriter)
            throw error
        }
        var strings = ([executable] + arguments).map { strdup($0) } + [nil]
        var process: pid_t = 0
        let status = oracy_spawn(&process, executable, &strings, nil, nil, input, outputWriter, errorWriter)
        for string in strings { free(string) }
        close(outputWriter)
        close(errorWriter)
        guard status == 0 else {
            close(outputReader)
            close(errorReader)
            throw status == ENOENT || status == EACCES || status == ENOTDIR || status == ENOEXEC
                ? AudioError(.decoderMissing, "The program oracy-decode can't be run: it is missing or not executable.")
                : AudioError(.decoderRefused, "The audio decoder can't be started (error \(status)).")
        }
        self.process = process
        output = outputReader
        errors = errorReader
    }

    private static func pipe() throws(AudioError) -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        guard oracy_pipe(&ends) == 0 else {
            throw AudioError(.decoderRefused, "The server has too many files open.")
        }
        return (ends[0], ends[1])
    }

    /// Reads until the decoder ends, and keeps the samples it sends on descriptor 1.
    ///
    /// - Throws: ``AudioError``: `decoderTimedOut`, `decoderCrashed` (it sends more than it may), `cancelled`.
    consuming func run(
        until deadline: ContinuousClock.Instant, sampleLimit: Int, _ cancellation: Cancellation,
        into samples: inout [Float]
    ) throws(AudioError) -> Ending {
        var stream = SampleStream(limit: sampleLimit)
        let ending = try run(until: deadline, cancellation) { (bytes) throws(AudioError) in
            try stream.append(bytes)
        }
        samples = stream.samples
        return Ending(status: ending.status, errors: ending.errors, isAligned: stream.isAligned)
    }

    /// Reads until the program ends; both descriptors 1 and 2 are kept as text.
    consuming func run(
        until deadline: ContinuousClock.Instant, _ cancellation: Cancellation
    ) throws(AudioError) -> Ending {
        var text: [UInt8] = []
        var ending = try run(until: deadline, cancellation) { (bytes) throws(AudioError) in
            text.append(contentsOf: bytes.prefix(Self.errorLimit - text.count))
        }
        if ending.errors.isEmpty { ending.errors = text }
        return ending
    }

    private consuming func run(
        until deadline: ContinuousClock.Instant, _ cancellation: Cancellation,
        onOutput: (UnsafeRawBufferPointer) throws(AudioError) -> Void
    ) throws(AudioError) -> Ending {
        defer {
            close(output)
            close(errors)
        }
        do throws(AudioError) {
            let errorText = try readAll(until: deadline, cancellation, onOutput: onOutput)
            let status = try awaitEnd(until: deadline, cancellation)
            return Ending(status: status, errors: errorText, isAligned: true)
        } catch {
            end()
            throw error
        }
    }

    private borrowing func readAll(
        until deadline: ContinuousClock.Instant, _ cancellation: Cancellation,
        onOutput: (UnsafeRawBufferPointer) throws(AudioError) -> Void
    ) throws(AudioError) -> [UInt8] {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkSize, alignment: 16)
        defer { chunk.deallocate() }
        var errorText: [UInt8] = []
        var outputIsOpen = true
        var errorsAreOpen = true
        while outputIsOpen || errorsAreOpen {
            // A negative descriptor is left out (poll(2)).
            var waits = [
                pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: outputIsOpen ? output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorsAreOpen ? errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            let remaining = try Self.milliseconds(until: deadline)
            if poll(&waits, nfds_t(waits.count), remaining) <= 0 { continue }
            if waits[0].revents != 0 { throw AudioError(.cancelled, "Decoding was cancelled.") }
            if waits[1].revents != 0 {
                let count = read(output, chunk.baseAddress, chunk.count)
                if count > 0 { try onOutput(UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
                if count == 0 { outputIsOpen = false }
            }
            if waits[2].revents != 0 {
                let count = read(errors, chunk.baseAddress, chunk.count)
                if count > 0 { errorText.append(contentsOf: chunk[..<count].prefix(Self.errorLimit - errorText.count)) }
                if count == 0 { errorsAreOpen = false }
            }
        }
        return errorText
    }

    /// Waits for a program that has closed its output, which ends as a rule within microseconds.
    private borrowing func awaitEnd(
        until deadline: ContinuousClock.Instant, _ cancellation: Cancellation
    ) throws(AudioError) -> Status {
        var status: Int32 = 0
        while true {
            let reaped = waitpid(process, &status, WNOHANG)
            if reaped == process { return Self.status(status) }
            // Somebody else reaped it: how it ended is unknown, which counts as failure.
            if reaped < 0, errno == ECHILD { return .exited(-1) }
            let remaining = try Self.milliseconds(until: deadline)
            var wait = pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, min(remaining, 2)) > 0 { throw AudioError(.cancelled, "Decoding was cancelled.") }
        }
    }

    /// Kills the program and whatever it started, and reaps it.
    private borrowing func end() {
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) throws(AudioError) -> Int32 {
        let remaining = deadline - .now
        guard remaining > .zero else {
            throw AudioError(.decoderTimedOut, "Decoding took too long; the recording may be damaged.")
        }
        let (seconds, attoseconds) = remaining.components
        return Int32(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue)
            .addingClamped(Int32(clamping: attoseconds / 1_000_000_000_000_000 + 1))
    }

    /// Takes a wait status apart (the W… macros of wait(2)).
    private static func status(_ status: Int32) -> Status {
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}

extension Int32 {
    fileprivate func addingClamped(_ other: Int32) -> Int32 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
