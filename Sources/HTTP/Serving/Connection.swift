// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// One client's connection: reads requests, has them answered, one after the other.
///
/// Isolated to its event loop. All bytes go through `receive` and `transmit` in `Connection+Transport.swift`: that is
/// where TLS belongs. Deadlines are checked by the loop's sweep, so that setting one costs nothing.
actor Connection {
    /// A task that waits for the socket, and since when and until when.
    struct Wait {
        let continuation: UnsafeContinuation<Bool, Never>
        let start: UInt64
        let deadline: UInt64
    }

    /// How fast bytes flow while the server waits for the client.
    struct Flow {
        var bytes = 0
        var waited: UInt64 = 0

        func isTooSlow(_ site: HTTPSite, waitingSince start: UInt64, now: UInt64) -> Bool {
            let waited = waited + (now - min(start, now))
            guard waited > site.deadlines.rateGrace else { return false }
            return Double(bytes) < Double(waited) / 1e9 * Double(site.configuration.limits.minimumRate)
        }
    }

    /// What of the present request's body has not been read.
    enum Remaining {
        case nothing
        case length(Int)
        case chunks(ChunkedDecoder)
    }

    nonisolated let socket: Int32
    /// Tells apart connections that had the same socket number.
    nonisolated let serial: UInt32
    nonisolated let peerAddress: String
    let loop: EventLoop
    let site: HTTPSite

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    var task: Task<Void, Never>?

    // Input.
    var parser: RequestHeadParser
    /// Bytes that have come and that nobody has used, from `inputStart` on.
    var input: [UInt8] = []
    var inputStart = 0
    /// Whether the socket may have more: it is edge-triggered, so this is known to be false only after a short read.
    var mayRead = true
    var readWait: Wait?
    var readFlow = Flow()
    var remaining = Remaining.nothing
    /// Whether the client waits for 100 (Continue).
    var mustContinue = false
    /// Whether the body broke off, so that where the next request starts is not known.
    var bodyHasFailed = false

    // Output.
    /// Bytes to send, from `outputStart` on.
    var output: [UInt8] = []
    var outputStart = 0
    var writeWait: Wait?
    var writeFlow = Flow()
    var willFlushLater = false
    /// Set while a response is streamed.
    var stream: ResponseStream?
    /// The framing of the streamed response's content.
    var streamIsChunked = false
    var lastOutput: UInt64 = 0

    /// Counts requests; a body or a writer of an earlier one is no longer served.
    var exchangeNumber = 0
    /// Whether the client has ended its side: no further request will come.
    var peerHasEnded = false
    /// Handlers that want to know when the client of the present request has gone.
    private var departures: [AsyncStream<Void>.Continuation] = []
    /// Whether nothing can be sent any more.
    var isBroken = false
    var isDraining = false

    init(socket: Int32, serial: UInt32, peerAddress: String, loop: EventLoop, site: HTTPSite) {
        self.socket = socket
        self.serial = serial
        self.peerAddress = peerAddress
        self.loop = loop
        self.site = site
        parser = RequestHeadParser(limits: site.configuration.limits)
    }

    /// Begins to serve.
    func start() {
        // Not structured: the loop owns its connections, counts them, and waits for them when it ends.
        task = Task(executorPreference: loop) { await self.serve() }
    }

    private func serve() async {
        var keepAlive = true
        while keepAlive, let head = await nextHead() {
            keepAlive = await exchange(head)
        }
        await finish()
        task = nil
    }

    /// Waits for the next request's header; nil when there will be none.
    private func nextHead() async -> RequestHead? {
        var deadline = loop.now + site.deadlines.keepAlive
        var isInHead = false
        do throws(HTTPError) {
            while !isBroken {
                if let head = try parseInput() { return head }
                if isDraining, !parser.isInHead { return nil }
                if parser.isInHead, !isInHead {
                    isInHead = true
                    deadline = loop.now + site.deadlines.header
                }
                guard mayRead else {
                    guard await waitUntilReadable(deadline: deadline) else {
                        guard parser.isInHead else { return nil }
                        throw HTTPError.requestTimeout("The request's header did not come in time.")
                    }
                    continue
                }
                switch receive() {
                case .bytes, .blocked: break
                case .end:
                    guard parser.isInHead else { return nil }
                    throw HTTPError.badRequest("The connection ended within the request's header.")
                case .failure: breakOff()
                }
            }
        } catch {
            await refuse(error)
        }
        return nil
    }

    /// Feeds the parser with what has come.
    private func parseInput() throws(HTTPError) -> RequestHead? {
        guard inputStart < input.count else { return nil }
        let bytes = input
        let (used, head) = try parser.feed(bytes.span.extracting(inputStart..<bytes.count))
        useInput(used)
        return head
    }

    /// Answers a request whose header can't be read, and gives up the connection.
    private func refuse(_ error: HTTPError) async {
        let start = loop.now
        exchangeNumber += 1
        let response = HTTPResponse.problem(error, requestID: nil)
        bodyHasFailed = true
        let sent = await send(response, head: nil, keepAlive: false)
        observe(nil, response, start: start, sent)
    }

    /// Has one request answered.
    ///
    /// - Returns: Whether a further request may follow.
    private func exchange(_ head: RequestHead) async -> Bool {
        let start = loop.now
        exchangeNumber += 1
        let number = exchangeNumber
        readFlow = Flow()
        mustContinue = head.expectsContinue
        let connection = self
        let body: RequestBody
        switch head.framing {
        case .none:
            remaining = .nothing
            body = RequestBody(.none, declaredLength: 0)
        case .length(let length):
            remaining = .length(length)
            body = RequestBody(.connection { try await connection.readBody(number) }, declaredLength: length)
        case .chunked:
            remaining = .chunks(ChunkedDecoder())
            body = RequestBody(.connection { try await connection.readBody(number) }, declaredLength: nil)
        }
        let origin = Forwarding.origin(head.headers, peer: peerAddress, proxies: site.configuration.trustedProxies)
        let request = HTTPRequest(
            head: head, body: body, remoteAddress: origin.address, isSecure: origin.isSecure,
            idNumber: loop.nextNumber(), exchange: Exchange(connection: self, number: number))

        let response = await site.handler(request)
        departures = []

        let canFollow =
            head.keepAlive && number < site.configuration.limits.keepAliveRequests && !isDraining && isBodyShort
        let sent = await send(response, head: head, keepAlive: canFollow)
        observe(request, response, start: start, sent)
        guard canFollow, sent.isComplete, !isBroken else { return false }
        return await discardBody()
    }

    private func observe(_ request: HTTPRequest?, _ response: HTTPResponse, start: UInt64, _ sent: Sent) {
        guard let observer = site.observer else { return }
        observer(
            HTTPExchange(
                method: request?.method, path: request?.path, route: response.route, status: response.status,
                duration: .nanoseconds(EventLoop.clock() - start), bytesSent: sent.bytes, isComplete: sent.isComplete,
                remoteAddress: request?.remoteAddress ?? peerAddress, requestID: request?.id))
    }

    /// Sends what is left and closes the socket.
    private func finish() async {
        _ = await sendOutput()
        if !isBroken, hasUnreadInput { await linger() }
        Glibc.close(socket)
        isBroken = true
        loop.remove(self)
    }

    /// Whether the client has sent, or will send, what nobody reads: closing at once would reset the connection, and
    /// with it destroy the response on its way.
    private var hasUnreadInput: Bool {
        if bodyHasFailed || inputStart < input.count || mayRead { return true }
        if case .nothing = remaining { return false }
        return true
    }

    /// Ends our side and lets the client end its own, for a while.
    private func linger() async {
        Glibc.shutdown(socket, Int32(SHUT_WR))
        let deadline = loop.now + 2_000_000_000
        var budget = 64
        while budget > 0, !isBroken, loop.now < deadline {
            guard mayRead else {
                guard await waitUntilReadable(deadline: deadline) else { return }
                continue
            }
            switch receive() {
            case .bytes: budget -= 1
            case .blocked: break
            case .end, .failure: return
            }
            useInput(input.count - inputStart)
        }
    }

    /// Returns when the client of a request has ended its side or gone, or when the task is cancelled.
    func waitForDeparture(during number: Int) async {
        guard number == exchangeNumber, !peerHasEnded, !isBroken else { return }
        let (departure, continuation) = AsyncStream<Void>.makeStream()
        departures.append(continuation)
        for await _ in departure {}
    }

    private func noteDeparture() {
        peerHasEnded = true
        for departure in departures { departure.finish() }
        departures = []
    }

    // MARK: Called by the loop

    /// Takes note of what epoll says.
    func handle(_ events: UInt32) {
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
            mayRead = true
            noteDeparture()
            if events & EPOLLERR.rawValue != 0 || stream != nil || writeWait != nil { return breakOff() }
        }
        if events & EPOLLRDHUP.rawValue != 0 {
            noteDeparture()
            // Who has ended its side may still wait for one response, but not for an endless one.
            if stream != nil { return breakOff() }
        }
        if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 {
            mayRead = true
            resumeReading(true)
        }
        if events & EPOLLOUT.rawValue != 0 {
            if outputStart < output.count { flushNow() }
            if outputStart == output.count { resumeWriting(true) }
        }
    }

    /// Ends waits that took too long, and keeps quiet streams alive.
    func checkDeadlines() {
        let now = loop.now
        if let wait = readWait,
            now >= wait.deadline
                || isReadingBody && readFlow.isTooSlow(site, waitingSince: wait.start, now: now)
        {
            resumeReading(false)
        }
        if let wait = writeWait,
            now >= wait.deadline || writeFlow.isTooSlow(site, waitingSince: wait.start, now: now)
        {
            resumeWriting(false)
        }
        if let heartbeat = stream?.heartbeat, outputStart == output.count,
            now >= lastOutput + heartbeat.interval.nanoseconds
        {
            appendStreamed(heartbeat.bytes)
            flushNow()
        }
    }

    /// Closes the connection as soon as the request in flight, if any, is answered.
    func drain() {
        isDraining = true
        if !parser.isInHead, inputStart == input.count, !isReadingBody { resumeReading(false) }
        // Event streams have no end of their own; clients connect again.
        if stream?.heartbeat != nil { task?.cancel() }
    }

    /// Ends the connection now, whatever it is doing.
    func cut() { breakOff() }

    /// Nothing can be sent or received any more: ends all waits, cancels the handler.
    func breakOff() {
        guard !isBroken else { return }
        isBroken = true
        noteDeparture()
        task?.cancel()
        Glibc.shutdown(socket, Int32(SHUT_RDWR))
        output.removeAll()
        outputStart = 0
        resumeReading(true)
        resumeWriting(false)
    }

    /// Whether a wait for input is for a body.
    private var isReadingBody: Bool {
        if case .nothing = remaining { return false }
        return true
    }
}

/// A request on its connection.
struct Exchange: Sendable {
    let connection: Connection
    let number: Int
}
