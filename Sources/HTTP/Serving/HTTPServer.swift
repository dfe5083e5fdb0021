// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import Synchronization

/// What an exchange of request and response came to, for metrics and the access log.
public struct HTTPExchange: Sendable {
    /// The method; nil when the header could not be read.
    public let method: HTTPMethod?
    /// The path; nil when the header could not be read.
    public let path: String?
    /// The pattern of the route that answered; nil when none did.
    public let route: String?
    /// The response's status.
    public let status: HTTPStatus
    /// From the end of the request's header to the last byte given to the system.
    public let duration: Duration
    /// The bytes sent, header included.
    public let bytesSent: Int
    /// Whether the whole response was sent.
    public let isComplete: Bool
    /// The client's address.
    public let remoteAddress: String
    /// The request's id; nil when the header could not be read.
    public let requestID: String?
}

/// What all loops and connections of a server share.
final class HTTPSite: Sendable {
    let configuration: HTTPServerConfiguration
    let deadlines: Deadlines
    let admission: Admission
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse
    let observer: (@Sendable (HTTPExchange) -> Void)?

    init(
        configuration: HTTPServerConfiguration, admission: Admission,
        handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse,
        observer: (@Sendable (HTTPExchange) -> Void)?
    ) {
        self.configuration = configuration
        self.admission = admission
        self.handler = handler
        self.observer = observer
        deadlines = Deadlines(configuration.limits)
    }
}

/// An HTTP/1.1 server.
///
/// Handlers run on the event loops' own threads and must not block them: files, databases and computation belong on
/// a `ThreadPool`.
///
/// ```swift
/// var router = Router()
/// router.add(.get, "/livez") { _ in .text("ok") }
/// let routes = router
/// let server = try HTTPServer(configuration: .init(port: 8080)) { await routes.respond(to: $0) }
/// await server.run()
/// ```
public final class HTTPServer: Sendable {
    /// The address the server listens on.
    public let address: String
    /// The port the server listens on; the one that the system chose if 0 was asked for.
    public let port: Int

    private struct State {
        var hasStarted = false
        var isShuttingDown = false
        var runningLoops = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let site: HTTPSite
    private let loops: [EventLoop]
    private let listener: Int32
    private let state = Mutex(State())

    /// Opens the port. Clients can connect at once and are served by ``run()``.
    ///
    /// Raises the process's soft limit of open files when it is too low for the connections allowed.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen and what to allow.
    ///   - observer: Called on a loop's thread after every response; it must be quick.
    ///   - handler: Answers requests.
    /// - Throws: ``HTTPServerError`` when the port can't be opened.
    public init(
        configuration: HTTPServerConfiguration, observer: (@Sendable (HTTPExchange) -> Void)? = nil,
        handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) throws(HTTPServerError) {
        precondition(configuration.eventLoops > 0, "a server needs an event loop")
        guard let number = UInt16(exactly: configuration.port) else {
            throw HTTPServerError(.address, "\(configuration.port) is no port; choose one from 0 to 65535")
        }
        let admission = Admission(limits: configuration.limits, exempt: configuration.trustedProxies)
        let site = HTTPSite(
            configuration: configuration, admission: admission, handler: handler, observer: observer)
        var loops: [EventLoop] = []
        for _ in 0..<configuration.eventLoops { loops.append(try EventLoop(site: site)) }
        oracy_raiseFileLimit(UInt64(max(0, configuration.limits.connections)) + 512)
        let listener = oracy_listen(configuration.address, number, 4096)
        guard listener >= 0 else {
            throw HTTPServerError.listening(on: configuration.address, port: configuration.port, errno)
        }
        self.site = site
        self.loops = loops
        self.listener = listener
        address = configuration.address
        port = Int(oracy_localPort(listener))
    }

    deinit {
        if state.withLock({ !$0.hasStarted }) { close(listener) }
    }

    /// The host and port as they stand in a URL, for example `127.0.0.1:8080` or `[::1]:8080`.
    public var localAddress: String { (address.contains(":") ? "[\(address)]" : address) + ":\(port)" }

    /// How many connections are open.
    public var connectionCount: Int { site.admission.total }

    /// Begins to serve, on threads of the server's own, and returns. Calling it again does nothing.
    public func start() {
        let isFirst = state.withLock { state in
            defer { state.hasStarted = true }
            if !state.hasStarted { state.runningLoops = loops.count }
            return !state.hasStarted
        }
        guard isFirst else { return }
        let acceptor = Acceptor(listener: listener, admission: site.admission, loops: loops)
        for (index, loop) in loops.enumerated() {
            loop.start(name: "oracy-http-\(index)", acceptor: index == 0 ? acceptor : nil) { self.loopEnded() }
        }
    }

    /// Serves until ``shutdown()`` is called or the task is cancelled, and until all connections have ended or the
    /// grace period is over.
    public func run() async {
        start()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasEnded = state.withLock { state in
                    if state.runningLoops > 0 { state.waiting.append(continuation) }
                    return state.runningLoops == 0
                }
                if hasEnded { continuation.resume() }
            }
        } onCancel: {
            shutdown()
        }
    }

    private func loopEnded() {
        let waiting = state.withLock { state in
            state.runningLoops -= 1
            guard state.runningLoops == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Stops accepting connections, closes idle ones, and lets requests in flight finish within the grace period.
    public func shutdown() {
        let isFirst = state.withLock { state in
            defer { state.isShuttingDown = true }
            return !state.isShuttingDown
        }
        // The first loop owns the listener and passes the word on when it has closed that.
        if isFirst { loops[0].drain() }
    }
}
