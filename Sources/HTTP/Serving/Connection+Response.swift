// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Writing responses.
extension Connection {
    /// What came of sending a response.
    struct Sent {
        let bytes: Int
        let isComplete: Bool
    }

    /// Bodies up to this size are sent together with their header, in bytes.
    private static let joinLimit = 32 << 10
    /// Pipelined responses are gathered up to this size, in bytes.
    private static let gatherLimit = 64 << 10

    /// Sends a response.
    ///
    /// - Parameter head: The request's; nil when it could not be read.
    func send(_ response: HTTPResponse, head: RequestHead?, keepAlive: Bool) async -> Sent {
        writeFlow = Flow()
        let before = output.count - outputStart
        let body = response.body
        let isBodiless = response.status.forbidsContent
        let framing: ResponseEncoder.Framing
        if isBodiless {
            framing = .none
        } else if let length = body.length {
            framing = .length(length)
        } else if head?.isHTTP10 == true {
            framing = .close
        } else {
            framing = .chunked
        }
        ResponseEncoder.append(
            response, framing: framing, keepAlive: keepAlive, date: loop.dateLine.bytes, to: &output)
        var isComplete = true
        if !isBodiless, head?.method != .head {
            switch body.content {
            case .empty: break
            case .bytes(let bytes) where bytes.count <= Self.joinLimit: output.append(contentsOf: bytes)
            case .bytes(let bytes): isComplete = await sendOutput(andThen: bytes)
            case .file(let file, let range): isComplete = await send(file, range)
            case .stream(let stream): isComplete = await send(stream, isChunked: head?.isHTTP10 != true)
            }
        }
        let size = writeFlow.bytes + (output.count - outputStart) - before
        if isComplete {
            if keepAlive, inputStart < input.count, output.count - outputStart < Self.gatherLimit {
                flushLater()
            } else {
                isComplete = await sendOutput()
            }
        }
        return Sent(bytes: size, isComplete: isComplete && !isBroken)
    }

    private func send(_ file: FileContent, _ range: Range<Int>) async -> Bool {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + FileContent.pieceSize, range.upperBound)
            guard let piece = try? await file.read(start..<end) else {
                // The length is announced: only a cut tells the client that the rest will not come.
                breakOff()
                return false
            }
            guard await sendOutput(andThen: piece) else { return false }
            start = end
        }
        return true
    }

    private func send(_ stream: ResponseStream, isChunked: Bool) async -> Bool {
        // Who has ended its side may still wait for one response, but not for an endless one. The writer is called also
        // when nobody listens any more, in a task that is cancelled: it gives back what the response holds.
        if peerHasEnded { breakOff() } else { _ = await sendOutput() }
        let number = exchangeNumber
        self.stream = stream
        streamIsChunked = isChunked
        if let heartbeat = stream.heartbeat { loop.observe(interval: heartbeat.interval.nanoseconds) }
        if isDraining, stream.heartbeat != nil { task?.cancel() }
        do {
            let connection = self
            try await stream.write(ResponseWriter { try await connection.writeStreamed($0, number) })
        } catch {
            self.stream = nil
            // At the server's own end a stream may stop where it is; else only a cut tells that it is not complete.
            if !isDraining || !isChunked { breakOff() }
        }
        self.stream = nil
        guard !isBroken else { return false }
        if isChunked { ResponseEncoder.appendLastChunk(to: &output) }
        return true
    }

    /// Adds content of the streamed response to the output.
    func appendStreamed(_ bytes: [UInt8]) {
        if streamIsChunked {
            ResponseEncoder.appendChunk(bytes, to: &output)
        } else {
            output.append(contentsOf: bytes)
        }
    }

    private func writeStreamed(_ bytes: [UInt8], _ number: Int) async throws(HTTPError) {
        guard stream != nil, number == exchangeNumber, !isBroken else { throw HTTPError.connectionClosed }
        guard writeWait == nil else {
            throw HTTPError(.internalServerError, code: "internal", detail: "The response is written by two tasks.")
        }
        appendStreamed(bytes)
        guard await sendOutput() else { throw HTTPError.connectionClosed }
    }
}
