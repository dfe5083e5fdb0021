// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// The socket's side of a connection: reading, writing, and waiting for either.
extension Connection {
    enum Received {
        /// Bytes were added to the input.
        case bytes
        /// Nothing has come.
        case blocked
        /// The client has ended its side.
        case end
        case failure
    }

    /// Reads what has come into the input.
    func receive() -> Received {
        let count = read(loop.scratch.baseAddress, loop.scratch.count)
        guard count > 0 else { return outcome(count) }
        let bytes = UnsafeBufferPointer(rebasing: loop.scratch[..<count])
        if inputStart == input.count {
            input.removeAll(keepingCapacity: true)
            inputStart = 0
        }
        input.append(contentsOf: bytes)
        return .bytes
    }

    /// Reads what has come into an array of its own: one copy less for large bodies.
    func receive(upTo limit: Int) -> (Received, [UInt8]) {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            result = read(buffer.baseAddress, limit)
            count = max(result, 0)
        }
        return result > 0 ? (.bytes, bytes) : (outcome(result), [])
    }

    private func read(_ destination: UnsafeMutablePointer<UInt8>?, _ size: Int) -> Int {
        var count = recv(socket, destination, size, 0)
        while count < 0, errno == EINTR { count = recv(socket, destination, size, 0) }
        // After a short read the socket is empty and will say so when it no longer is; only its end may be left.
        mayRead = count == size || peerHasEnded && count > 0
        if count > 0 { readFlow.bytes += count }
        return count
    }

    private func outcome(_ count: Int) -> Received {
        if count == 0 { return .end }
        return errno == EAGAIN ? .blocked : .failure
    }

    /// Marks input as used.
    func useInput(_ count: Int) {
        inputStart += count
        guard inputStart == input.count else { return }
        if input.capacity > EventLoop.scratchSize { input = [] } else { input.removeAll(keepingCapacity: true) }
        inputStart = 0
    }

    /// Waits for input.
    ///
    /// - Returns: Whether it is worth reading: false after the deadline.
    func waitUntilReadable(deadline: UInt64) async -> Bool {
        let start = loop.now
        let isReady = await withUnsafeContinuation {
            readWait = Wait(continuation: $0, start: start, deadline: deadline)
        }
        readFlow.waited += loop.now - min(start, loop.now)
        return isReady
    }

    func resumeReading(_ isReady: Bool) {
        guard let wait = readWait else { return }
        readWait = nil
        wait.continuation.resume(returning: isReady)
    }

    func resumeWriting(_ isReady: Bool) {
        guard let wait = writeWait else { return }
        writeWait = nil
        wait.continuation.resume(returning: isReady)
    }

    /// Sends as much of the output as the socket takes now.
    func flushNow() {
        willFlushLater = false
        while outputStart < output.count {
            let count = output.withUnsafeBytes { transmit(UnsafeRawBufferPointer(rebasing: $0[outputStart...])) }
            guard let count else { return breakOff() }
            guard count > 0 else { return }
            outputStart += count
        }
        outputStart = 0
        if output.capacity > EventLoop.scratchSize { output = [] } else { output.removeAll(keepingCapacity: true) }
    }

    /// Has the output sent before the loop sleeps: responses to pipelined requests leave together.
    func flushLater() {
        guard !willFlushLater else { return }
        willFlushLater = true
        loop.flushLater(self)
    }

    /// - Returns: How many bytes the socket took, 0 when it is full, nil when the connection is broken.
    private func transmit(_ bytes: UnsafeRawBufferPointer) -> Int? {
        while true {
            let count = Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 {
                writeFlow.bytes += count
                lastOutput = loop.now
                return count
            }
            if errno == EINTR { continue }
            return errno == EAGAIN ? 0 : nil
        }
    }

    /// Sends all output.
    ///
    /// - Returns: Whether it was sent.
    func sendOutput() async -> Bool {
        flushNow()
        while outputStart < output.count, !isBroken { await waitUntilWritable() }
        return !isBroken
    }

    /// Sends all output and then bytes that need not be copied into it.
    ///
    /// - Returns: Whether all was sent.
    func sendOutput(andThen bytes: [UInt8]) async -> Bool {
        guard await sendOutput() else { return false }
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { transmit(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            guard let count else {
                breakOff()
                return false
            }
            start += count
            if count == 0 { await waitUntilWritable() }
            if isBroken { return false }
        }
        return true
    }

    /// Waits for the socket to take more, and breaks off when it does not in time.
    private func waitUntilWritable() async {
        let start = loop.now
        let isReady = await withUnsafeContinuation {
            writeWait = Wait(continuation: $0, start: start, deadline: start + site.deadlines.writeIdle)
        }
        writeFlow.waited += loop.now - min(start, loop.now)
        if !isReady { breakOff() }
    }
}
