// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Where a server listens and what it allows its clients.
public struct HTTPServerConfiguration: Sendable {
    /// The IPv4 or IPv6 address to listen on; no name is looked up.
    public var address: String
    /// The port to listen on; 0 lets the system choose.
    public var port: Int
    /// How many event loops serve connections, each on a thread of its own.
    public var eventLoops: Int
    /// What clients may do.
    public var limits: HTTPLimits
    /// The addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    public var trustedProxies: Set<String>
    /// How long requests in flight may go on after ``HTTPServer/shutdown()``.
    public var shutdownGrace: Duration

    /// Creates a configuration.
    public init(
        address: String = "127.0.0.1", port: Int = 8080, eventLoops: Int = 2, limits: HTTPLimits = HTTPLimits(),
        trustedProxies: Set<String> = [], shutdownGrace: Duration = .seconds(20)
    ) {
        self.address = address
        self.port = port
        self.eventLoops = eventLoops
        self.limits = limits
        self.trustedProxies = trustedProxies
        self.shutdownGrace = shutdownGrace
    }
}

/// Bounds on what a client may send, hold and wait for. Bounds on bodies are the handlers' business.
public struct HTTPLimits: Sendable {
    /// The longest request line, in bytes (414 beyond).
    public var requestLineBytes: Int = 8 << 10
    /// The largest header without the request line, in bytes (431 beyond).
    public var headerBytes: Int = 16 << 10
    /// The most field lines in a header (431 beyond).
    public var headerFields: Int = 64
    /// How long a client may take from a request's first byte to the end of its header (408 beyond).
    public var headerTime: Duration = .seconds(10)
    /// How long a client may pause while it sends a body that is being read (408 beyond).
    public var bodyIdleTime: Duration = .seconds(30)
    /// How long a client may pause while it is sent a response (cut beyond).
    public var writeIdleTime: Duration = .seconds(30)
    /// The slowest a body or a response may flow, in bytes a second, after ``minimumRateGrace``.
    public var minimumRate: Int = 1 << 10
    /// How long a transfer may be slower than ``minimumRate``; only time spent waiting for the client counts.
    public var minimumRateGrace: Duration = .seconds(10)
    /// How long a connection may stay open without a request.
    public var keepAliveTime: Duration = .seconds(60)
    /// The most requests on one connection.
    public var keepAliveRequests: Int = 1000
    /// The most connections from one address (closed at once beyond).
    public var connectionsPerAddress: Int = 256
    /// The most connections in all (503 beyond).
    public var connections: Int = 4096

    /// Creates the default limits.
    public init() {}
}
