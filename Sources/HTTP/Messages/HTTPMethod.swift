// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A request method (RFC 9110 §9). Any token is a method; those without a route are answered with 405.
public struct HTTPMethod: Sendable, Hashable, CustomStringConvertible {
    /// The token as it is written on the wire; methods are case-sensitive.
    public let rawValue: String

    /// Creates a method from a token.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// Reads.
    public static let get: HTTPMethod = HTTPMethod("GET")
    /// Reads the header only.
    public static let head: HTTPMethod = HTTPMethod("HEAD")
    /// Creates or acts.
    public static let post: HTTPMethod = HTTPMethod("POST")
    /// Replaces.
    public static let put: HTTPMethod = HTTPMethod("PUT")
    /// Changes in part (RFC 5789).
    public static let patch: HTTPMethod = HTTPMethod("PATCH")
    /// Removes.
    public static let delete: HTTPMethod = HTTPMethod("DELETE")
    /// Asks what is possible.
    public static let options: HTTPMethod = HTTPMethod("OPTIONS")

    /// The methods a router can have routes for; a bounded set for metrics labels.
    public static let known: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// Whether the method is one of ``known``.
    public var isKnown: Bool { Self.known.contains(self) }

    /// The token.
    public var description: String { rawValue }
}
