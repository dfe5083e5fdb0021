// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The checked header of a request. A class, so that copies of a request share it.
final class RequestHead: Sendable {
    /// How the length of the content is known (RFC 9112 §6.3).
    enum Framing: Sendable, Hashable {
        case none
        case length(Int)
        case chunked
    }

    let method: HTTPMethod
    let target: RequestTarget
    let headers: HTTPHeaders
    let framing: Framing
    /// Whether the client speaks HTTP/1.0: it understands neither chunks nor 100 (Continue).
    let isHTTP10: Bool
    /// Whether the client wants to send further requests on the connection.
    let keepAlive: Bool
    /// Whether the client waits for 100 (Continue) before it sends the content.
    let expectsContinue: Bool

    init(
        method: HTTPMethod, target: RequestTarget, headers: HTTPHeaders, framing: Framing = .none,
        isHTTP10: Bool = false, keepAlive: Bool = true, expectsContinue: Bool = false
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.framing = framing
        self.isHTTP10 = isHTTP10
        self.keepAlive = keepAlive
        self.expectsContinue = expectsContinue
    }
}
