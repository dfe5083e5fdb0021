// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Reading request bodies.
extension Connection {
    /// How much of an unread body is worth reading to keep the connection, in bytes.
    private static let discardLimit = 64 << 10

    /// The next chunk of a request's body; nil at the end.
    func readBody(_ number: Int) async throws(HTTPError) -> [UInt8]? {
        guard number == exchangeNumber, !isBroken, !bodyHasFailed else { throw HTTPError.connectionClosed }
        guard readWait == nil else {
            throw HTTPError(.internalServerError, code: "internal", detail: "The body is read by two tasks at once.")
        }
        if mustContinue {
            mustContinue = false
            ResponseEncoder.append("HTTP/1.1 100 Continue\r\n\r\n", to: &output)
            guard await sendOutput() else { throw HTTPError.connectionClosed }
        }
        do {
            switch remaining {
            case .nothing: return nil
            case .length(let length): return try await readRun(length)
            case .chunks: return try await readChunks()
            }
        } catch {
            bodyHasFailed = true
            throw error
        }
    }

    /// Reads content whose length is known.
    private func readRun(_ length: Int) async throws(HTTPError) -> [UInt8] {
        let limit = min(length, EventLoop.scratchSize)
        while true {
            var bytes: [UInt8] = []
            if inputStart < input.count {
                bytes = Array(input[inputStart..<min(input.count, inputStart + limit)])
                useInput(bytes.count)
            } else if mayRead {
                let received: Received
                (received, bytes) = receive(upTo: limit)
                try check(received)
            }
            if !bytes.isEmpty {
                remaining = length > bytes.count ? .length(length - bytes.count) : .nothing
                return bytes
            }
            if !mayRead { try await waitForBody() }
        }
    }

    /// Reads content that comes in chunks.
    private func readChunks() async throws(HTTPError) -> [UInt8]? {
        while true {
            if inputStart < input.count {
                let content = try decodeInput()
                if !content.isEmpty { return content }
                if case .nothing = remaining { return nil }
            }
            if mayRead { try check(receive()) } else { try await waitForBody() }
        }
    }

    /// Takes the chunked coding off all input.
    private func decodeInput() throws(HTTPError) -> [UInt8] {
        guard case .chunks(var decoder) = remaining else { return [] }
        var content: [UInt8] = []
        let bytes = input
        let span = bytes.span
        var position = inputStart
        decoding: while true {
            switch try decoder.next(span, from: &position) {
            case .incomplete: break decoding
            case .content(let range): content.append(contentsOf: bytes[range])
            case .end:
                useInput(position - inputStart)
                remaining = .nothing
                return content
            }
        }
        useInput(position - inputStart)
        remaining = .chunks(decoder)
        return content
    }

    private func check(_ received: Received) throws(HTTPError) {
        switch received {
        case .bytes, .blocked: return
        case .end: throw HTTPError.badRequest("The connection ended within the request's body.")
        case .failure:
            breakOff()
            throw HTTPError.connectionClosed
        }
    }

    private func waitForBody() async throws(HTTPError) {
        let isReady = await waitUntilReadable(deadline: loop.now + site.deadlines.bodyIdle)
        if isBroken { throw HTTPError.connectionClosed }
        guard isReady else { throw HTTPError.requestTimeout("The request's body comes too slowly.") }
    }

    /// Whether what is left of the body is worth reading to keep the connection.
    var isBodyShort: Bool {
        guard !bodyHasFailed else { return false }
        switch remaining {
        case .nothing: return true
        case .length(let length): return !mustContinue && length <= Self.discardLimit
        case .chunks: return !mustContinue
        }
    }

    /// Reads and drops what the handler left of the body.
    ///
    /// - Returns: Whether the next request can follow.
    func discardBody() async -> Bool {
        var budget = Self.discardLimit
        do {
            while case .some(let chunk) = try await readBody(exchangeNumber) {
                budget -= chunk.count
                guard budget >= 0 else { return false }
            }
            return true
        } catch {
            return false
        }
    }
}
